#include "daemon/http_connection.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace entitywatch::daemon {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() { reset(); }

void Descriptor::reset() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

int Descriptor::release() { return std::exchange(fd_, -1); }

Received receive(Connection& connection, std::size_t limit) {
  std::array<char, 16u << 10> buffer;
  std::size_t taken = 0;
  while (taken < limit) {
    const ssize_t n =
        ::recv(connection.socket.get(), buffer.data(), std::min(buffer.size(), limit - taken), MSG_DONTWAIT);
    if (n > 0) {
      connection.in.append(buffer.data(), static_cast<std::size_t>(n));
      taken += static_cast<std::size_t>(n);
      if (static_cast<std::size_t>(n) < buffer.size()) break;
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    return taken > 0 && n == 0 ? Received::some : Received::closed;
  }
  return taken > 0 ? Received::some : Received::nothing;
}

SendResult send_pending(Connection& connection) {
  SendResult result;
  while (connection.sent < connection.out.size()) {
    const ssize_t n = ::send(connection.socket.get(), connection.out.data() + connection.sent,
                             connection.out.size() - connection.sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) {
      connection.sent += static_cast<std::size_t>(n);
      result.progress = true;
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    result.sent = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Sent::part : Sent::failed;
    return result;
  }
  connection.out.clear();
  connection.sent = 0;
  return result;
}

BodySource::After append_piece(Connection& connection) {
  const BodySource::Piece piece = connection.source->next();
  if (!piece.bytes.empty() && connection.chunked)
    connection.out += fmt::format("{:x}\r\n", piece.bytes.size());
  connection.out += piece.bytes;
  if (!piece.bytes.empty() && connection.chunked) connection.out += "\r\n";
  if (piece.after == BodySource::After::end && connection.chunked) connection.out += "0\r\n\r\n";
  return piece.after;
}

}  // namespace entitywatch::daemon
