// The socket the endpoint listens on.
#pragma once

#include <optional>
#include <string>

#include "core/result.hpp"
#include "daemon/http_connection.hpp"

namespace entitywatch::daemon {

struct Listener {
  Descriptor socket;
  int port = 0;           // 0: a unix socket
  std::string host;       // as configured, without brackets; empty: a unix socket
  std::string unix_path;  // removed when the server stops
  bool is_loopback = true;
};

// "127.0.0.1:8744", "[::1]:8744", "name:8744" or "unix:/path". A socket file that nobody listens on any more
// is replaced; it is readable and writable by its owner and group.
[[nodiscard]] Result<Listener> open_listener(const std::string& listen);

struct Arrival {
  Descriptor socket;
  Peer peer;
};
// The next connection; nullopt when none waits.
[[nodiscard]] std::optional<Arrival> accept_next(const Listener& listener);

}  // namespace entitywatch::daemon
