#include "daemon/delivery_transport_guard.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "daemon/address_rules.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;

std::string printed(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes =
      address.sa_family == AF_INET
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr)
          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
  if (inet_ntop(address.sa_family, bytes, text.data(), text.size()) == nullptr)
    return "an unknown kind of address";
  return text.data();
}

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) noexcept {
  auto& guard = *static_cast<ConnectionGuard*>(user);
  if (guard.reach == Reach::public_only && is_private_address(address->addr)) {
    try {
      guard.refused = printed(address->addr);
    } catch (...) {
      guard.refused.clear();
    }
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace

void set_up_delivery(CURL* easy, ConnectionGuard& guard, const std::string& ca_file,
                     std::chrono::milliseconds timeout) {
  const auto whole = std::max<std::chrono::milliseconds>(timeout, 1ms);
  set_option(easy, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set_option(easy, CURLOPT_OPENSOCKETDATA, &guard);
  set_option(easy, CURLOPT_PROXY, "");
  set_option(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set_option(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(whole.count()));
  set_option(easy, CURLOPT_CONNECTTIMEOUT_MS,
             static_cast<long>(std::min<std::chrono::milliseconds>(whole, 10s).count()));
  if (!ca_file.empty()) set_option(easy, CURLOPT_CAINFO, ca_file.c_str());
}

Error delivery_error(const CurlSession& session, CURLcode code, const ConnectionGuard& guard,
                     const std::string& host, std::chrono::milliseconds timeout) {
  if (!guard.refused.empty() && code == CURLE_COULDNT_CONNECT)
    return {ErrorCode::refused,
            fmt::format(
                "{} leads to {}, an address of the private network; set allow_private_network = true on the "
                "channel if that is meant",
                host, guard.refused),
            host};
  if (code == CURLE_OPERATION_TIMEDOUT)
    return {ErrorCode::timeout, fmt::format("no answer from {} within {} ms", host, timeout.count()), host};
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return {
        ErrorCode::unavailable,
        fmt::format("the certificate of {} is not trusted ({}); give the authority's certificate as ca_file",
                    host, session.failure(code)),
        host};
  if (code == CURLE_USE_SSL_FAILED)
    return {
        ErrorCode::refused,
        fmt::format(
            "{} does not offer STARTTLS, and mail is not sent in the clear; use smtps://, or tls = \"none\" "
            "if that is meant",
            host),
        host};
  return {ErrorCode::unavailable, fmt::format("no answer from {}: {}", host, session.failure(code)), host};
}

}  // namespace entitywatch::daemon
