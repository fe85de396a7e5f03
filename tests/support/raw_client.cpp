#include "tests/support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <utility>

namespace entitywatch::test {
namespace {

using std::chrono::steady_clock;

int left(steady_clock::time_point until) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now()).count();
  return ms < 0 ? 0 : static_cast<int>(ms);
}

}  // namespace

RawClient::RawClient(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

RawClient::RawClient(const std::string& unix_path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, unix_path.c_str(), unix_path.size());
  REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

RawClient::RawClient(RawClient&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

RawClient::~RawClient() {
  if (fd_ >= 0) ::close(fd_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string RawClient::read_until(std::string_view mark, std::chrono::milliseconds within) {
  const auto until = steady_clock::now() + within;
  std::string out;
  std::array<char, 16384> buffer;
  while (mark.empty() || out.find(mark) == std::string::npos) {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, left(until)) <= 0) break;
    const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (n <= 0) break;
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return out;
}

std::string RawClient::read_all(std::chrono::milliseconds within) { return read_until({}, within); }

bool RawClient::is_closed(std::chrono::milliseconds within) {
  const auto until = steady_clock::now() + within;
  std::array<char, 4096> buffer;
  while (true) {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, left(until)) <= 0) return false;
    if (::recv(fd_, buffer.data(), buffer.size(), 0) <= 0) return true;
  }
}

void RawClient::shrink_receive_buffer() {
  const int bytes = 4096;
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

std::string ask_raw(RawClient& client, std::string_view request) {
  if (!client.send(request)) return {};
  std::string head = client.read_until("\r\n\r\n");
  const std::size_t end = head.find("\r\n\r\n");
  const std::size_t at = head.find("Content-Length: ");
  if (end == std::string::npos || at == std::string::npos || at > end) return head;
  const std::size_t wanted = end + 4 + std::stoul(head.substr(at + 16));
  while (head.size() < wanted) {
    const std::string more = client.read_until({}, std::chrono::milliseconds{100});
    if (more.empty()) break;
    head += more;
  }
  return head;
}

}  // namespace entitywatch::test
