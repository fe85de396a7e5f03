// Connections of deliveries, opened only to addresses a channel may reach.
#pragma once

#include <chrono>
#include <string>

#include "core/result.hpp"
#include "daemon/curl_handle.hpp"

namespace entitywatch::daemon {

enum class Reach { public_only, anywhere };

// Connections opened under one reach are never used under the other.
struct GuardedPools {
  CurlPool open;
  CurlPool guarded;
  [[nodiscard]] CurlPool& of(Reach reach) { return reach == Reach::anywhere ? open : guarded; }
};

// Judges every address libcurl is about to connect to; remembers the one it refused.
struct ConnectionGuard {
  Reach reach = Reach::public_only;
  std::string refused;  // the address in print
};

// TLS floor, timeouts, no proxy, the guard. `guard` and `ca_file` must outlive the transfer.
void set_up_delivery(CURL* easy, ConnectionGuard& guard, const std::string& ca_file,
                     std::chrono::milliseconds timeout);

// Why a delivery got no answer, in words that show neither path nor query of the URL: they hold secrets.
[[nodiscard]] Error delivery_error(const CurlSession& session, CURLcode code, const ConnectionGuard& guard,
                                   const std::string& host, std::chrono::milliseconds timeout);

}  // namespace entitywatch::daemon
