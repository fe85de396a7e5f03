// A served archive with a small history, and clients for it.
#pragma once

#include <httplib.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/http_server.hpp"
#include "tests/support/api_world.hpp"
#include "tests/support/raw_client.hpp"

namespace entitywatch::test {

using namespace std::chrono_literals;
using daemon::HttpAccess;
using daemon::HttpOptions;
using daemon::HttpServer;

// How many times longer a build with a sanitizer or counters may take.
#ifdef ENTITYWATCH_INSTRUMENTED
inline constexpr int patience = 10;
#else
inline constexpr int patience = 1;
#endif

// Short patience, so that tests of it are short.
inline HttpOptions quick() {
  HttpOptions out;
  out.listen = "127.0.0.1:0";
  out.header_timeout = 400ms;
  out.body_timeout = 400ms;
  out.write_timeout = 400ms;
  out.stream_tick = 10s;  // news come by wake() alone
  return out;
}

struct Endpoint : ApiWorld {
  explicit Endpoint(HttpOptions options = quick(), HttpAccess access = {}) {
    fill();
    auto started = HttpServer::start(*api, std::move(options), std::move(access));
    if (!started) FAIL(started.error().describe());
    server = std::move(*started);
  }
  [[nodiscard]] httplib::Client client() const {
    httplib::Client out("127.0.0.1", server->port());
    out.set_tcp_nodelay(true);
    out.set_read_timeout(5s);
    return out;
  }
  [[nodiscard]] RawClient raw() const { return RawClient(server->port()); }
  [[nodiscard]] int status_of(std::string_view request) const {
    RawClient c = raw();
    const std::string answer = ask_raw(c, request);
    return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
  }
  std::unique_ptr<HttpServer> server;
};

inline constexpr std::string_view good = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace entitywatch::test
