#include "daemon/curl_receive.hpp"

#include <algorithm>
#include <charconv>

#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t most_header_bytes = 256u << 10;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// libcurl is C: nothing may be thrown through it. Taking less than offered ends the transfer.
std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) noexcept {
  auto& received = *static_cast<CurlReceived*>(user);
  const std::uint64_t room = received.max_bytes - received.body.size();
  try {
    received.body.append(data, static_cast<std::size_t>(std::min<std::uint64_t>(size, room)));
  } catch (...) {
    return 0;
  }
  if (size <= room) return size;
  received.too_large = true;
  return 0;
}

void take_header(CurlReceived& received, std::string_view line) {
  if (line.substr(0, 5) == "HTTP/") {
    // An answer begins; what a redirect or a 100 before it said does not count.
    received.headers.clear();
    received.body.clear();
    const std::size_t space = line.find(' ');
    received.status = 0;
    if (space != std::string_view::npos)
      std::from_chars(line.data() + space + 1, line.data() + line.size(), received.status);
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  received.headers.emplace_back(lower(text::trim(line.substr(0, colon))), text::trim(line.substr(colon + 1)));
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) noexcept {
  auto& received = *static_cast<CurlReceived*>(user);
  try {
    std::size_t bytes = size;
    for (const auto& [name, value] : received.headers) bytes += name.size() + value.size();
    if (bytes > most_header_bytes) return 0;
    take_header(received, {data, size});
  } catch (...) {
    return 0;
  }
  return size;
}

}  // namespace

std::string CurlReceived::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

void receive_into(CurlSession& session, CurlReceived& received) {
  set_option(session.easy(), CURLOPT_WRITEFUNCTION, &on_body);
  set_option(session.easy(), CURLOPT_WRITEDATA, &received);
  set_option(session.easy(), CURLOPT_HEADERFUNCTION, &on_header);
  set_option(session.easy(), CURLOPT_HEADERDATA, &received);
}

}  // namespace entitywatch::daemon
