#include "daemon/http_listener.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "daemon/http_access.hpp"

namespace entitywatch::daemon {
namespace {

constexpr int backlog = 512;
constexpr std::string_view unix_prefix = "unix:";

tl::unexpected<Error> cannot(const std::string& listen, int error) {
  const std::string why = std::strerror(error);
  if (error == EADDRINUSE)
    return fail(ErrorCode::in_use, fmt::format("listen = \"{}\": the address is taken; is another "
                                               "entitywatch running? Stop it or choose another port",
                                               listen));
  return fail(ErrorCode::io, fmt::format("listen = \"{}\": {}", listen, why));
}

bool answers(const sockaddr_un& address) {
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return probe.get() >= 0 &&
         ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Result<Listener> open_unix(const std::string& listen, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return fail(ErrorCode::invalid_config,
                fmt::format("listen = \"{}\": a socket's path has from 1 to {} bytes", listen,
                            sizeof address.sun_path - 1));
  std::memcpy(address.sun_path, path.c_str(), path.size());
  struct stat found {};
  if (::lstat(path.c_str(), &found) == 0) {
    if (!S_ISSOCK(found.st_mode))
      return fail(ErrorCode::refused,
                  fmt::format("listen = \"{}\": there is a file of that name that is no socket", listen));
    if (answers(address)) return cannot(listen, EADDRINUSE);
    ::unlink(path.c_str());
  }
  Listener out;
  out.socket = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (out.socket.get() < 0 ||
      ::bind(out.socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return cannot(listen, errno);
  out.unix_path = path;
  if (::chmod(path.c_str(), 0660) != 0 || ::listen(out.socket.get(), backlog) != 0)
    return cannot(listen, errno);
  return out;
}

struct AddressList {
  addrinfo* first = nullptr;
  ~AddressList() {
    if (first != nullptr) ::freeaddrinfo(first);
  }
};

int bound_port(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                                             : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

std::string printed(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.ss_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr;
  } else if (address.ss_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
  }
  if (bytes == nullptr || ::inet_ntop(address.ss_family, bytes, text.data(), text.size()) == nullptr)
    return {};
  std::string out = text.data();
  constexpr std::string_view mapped = "::ffff:";
  if (out.rfind(mapped, 0) == 0 && out.find('.') != std::string::npos) out.erase(0, mapped.size());
  return out;
}

}  // namespace

Result<Listener> open_listener(const std::string& listen) {
  if (listen.rfind(unix_prefix, 0) == 0) return open_unix(listen, listen.substr(unix_prefix.size()));
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0)
    return fail(
        ErrorCode::invalid_config,
        fmt::format("listen = \"{}\": write \"127.0.0.1:8744\", \"[::1]:8744\" or \"unix:/path\"", listen));
  const std::string host = host_of(listen);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  AddressList addresses;
  if (const int error = ::getaddrinfo(host.c_str(), listen.c_str() + colon + 1, &hints, &addresses.first);
      error != 0)
    return fail(ErrorCode::invalid_config, fmt::format("listen = \"{}\": {}", listen, ::gai_strerror(error)));

  Listener out;
  const addrinfo* at = addresses.first;
  out.socket = Descriptor(::socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (out.socket.get() < 0) return cannot(listen, errno);
  const int on = 1;
  ::setsockopt(out.socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(out.socket.get(), at->ai_addr, at->ai_addrlen) != 0 || ::listen(out.socket.get(), backlog) != 0)
    return cannot(listen, errno);
  out.port = bound_port(out.socket.get());
  out.host = host;
  sockaddr_storage bound{};
  std::memcpy(&bound, at->ai_addr, at->ai_addrlen);
  out.is_loopback = is_loopback_name(printed(bound));
  return out;
}

std::optional<Arrival> accept_next(const Listener& listener) {
  sockaddr_storage client{};
  socklen_t size = sizeof client;
  Descriptor socket(::accept4(listener.socket.get(), reinterpret_cast<sockaddr*>(&client), &size,
                              SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket.get() < 0) return std::nullopt;
  Peer peer;
  peer.listen_host = listener.host;
  if (listener.unix_path.empty()) {
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_storage local{};
    socklen_t local_size = sizeof local;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&local), &local_size);
    peer.client = printed(client);
    peer.local = printed(local);
  }
  return Arrival{std::move(socket), std::move(peer)};
}

}  // namespace entitywatch::daemon
