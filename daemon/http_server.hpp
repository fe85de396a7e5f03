// The HTTP endpoint. One thread holds every connection and reads requests as they trickle in; a request is
// handed to a worker only once it is there in full, and an answer that a client is slow to take waits in the
// same place. So a client that stalls costs a descriptor and a buffer, never a thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "daemon/api.hpp"
#include "daemon/config.hpp"
#include "daemon/http_access.hpp"

namespace entitywatch::daemon {

struct HttpOptions {
  std::string listen = "127.0.0.1:8744";  // or "[::1]:8744", "unix:/path"; port 0: any free one
  std::size_t workers = 8;
  std::size_t max_connections = 1024;  // beyond: the one that has kept us waiting longest is closed
  std::size_t max_per_client = 128;    // connections of one address; not of loopback and unix sockets
  std::size_t max_queue = 256;         // requests waiting for a worker; beyond: 503
  std::size_t max_streams = 128;       // open event streams; beyond: 503
  std::size_t max_transfers = 16;      // exports under way, each holds a snapshot; beyond: 503
  std::size_t max_header_bytes = 16u << 10;
  std::size_t max_body_bytes = 1 << 20;                 // beyond: 413, however it is sent
  std::size_t max_remembered_bytes = 8 << 20;           // of answers that still stand
  std::size_t max_half_sent_bytes = 32 << 20;           // of requests still on their way, together
  std::size_t max_requests = 10'000;                    // of one connection
  std::chrono::milliseconds header_timeout{5'000};      // from the first byte of a request to its last header
  std::chrono::milliseconds body_timeout{10'000};       // from there to the end of its body
  std::chrono::milliseconds idle_timeout{30'000};       // between requests
  std::chrono::milliseconds write_timeout{10'000};      // without the client taking a byte
  std::chrono::milliseconds transfer_timeout{600'000};  // of one export, as it holds a snapshot
  std::chrono::milliseconds stream_tick{1'000};  // streams look for news this often even when not woken
};

[[nodiscard]] HttpOptions http_options(const Config& config);

class HttpEngine;

class HttpServer {
 public:
  // Binds and serves from threads of its own until stop. `api` outlives the server. in_use when the address
  // is taken, refused when it would serve other machines without a token.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(const Api& api, HttpOptions options,
                                                                 HttpAccess access);
  ~HttpServer();  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] int port() const;  // 0 on a unix socket
  // Something was committed: streams look now. Quick, from any thread.
  void wake();
  // SIGHUP: other tokens and names from now on.
  void reconfigure(HttpAccess access);
  // Answers under way are given up to a second, streams end; returns within two.
  void stop();
  // For /metrics: connections, streams, answers by class. Prometheus text.
  [[nodiscard]] std::string metrics() const;
  // Whether it still takes and answers requests, as far as it can see by itself.
  [[nodiscard]] bool alive() const;

 private:
  explicit HttpServer(std::unique_ptr<HttpEngine> engine);
  std::unique_ptr<HttpEngine> engine_;
};

}  // namespace entitywatch::daemon
