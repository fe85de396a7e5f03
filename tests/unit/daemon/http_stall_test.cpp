// Bad clients take nothing from good ones; streams come at once and end in time.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "tests/support/endpoint.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using test::ask_raw;
using test::Endpoint;
using test::good;
using test::patience;
using test::quick;
using test::RawClient;

TEST_CASE("half a request is told that it took too long, an idle connection is closed", "[http][stall]") {
  HttpOptions options = quick();
  options.idle_timeout = 300ms;
  const Endpoint world(options);
  RawClient half = world.raw();
  REQUIRE(half.send("GET /readyz HTTP/1.1\r\nHos"));
  RawClient body = world.raw();
  REQUIRE(body.send("POST /v1/subscriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{"));
  RawClient idle = world.raw();
  CHECK(ask_raw(idle, good).rfind("HTTP/1.1 200", 0) == 0);
  RawClient silent = world.raw();
  CHECK(half.read_all(2s).rfind("HTTP/1.1 408", 0) == 0);
  CHECK(body.read_all(2s).rfind("HTTP/1.1 408", 0) == 0);
  CHECK(idle.is_closed(2s));
  CHECK(silent.is_closed(2s));
}

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * 4096 / 1e6;
}

std::chrono::microseconds median_wait(httplib::Client& client, int requests) {
  std::vector<std::chrono::microseconds> waits;
  for (int i = 0; i < requests; ++i) {
    const auto start = steady_clock::now();
    const auto answer = client.Get("/v1/entries?limit=1");
    REQUIRE(answer);
    REQUIRE(answer->status == 200);
    waits.push_back(std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start));
  }
  std::sort(waits.begin(), waits.end());
  return waits[waits.size() / 2];
}

TEST_CASE("a good client is answered at once while 300 stalled ones hang on", "[http][stall]") {
  HttpOptions options;
  options.listen = "127.0.0.1:0";
  const Endpoint world(options);
  httplib::Client client = world.client();
  client.set_keep_alive(true);
  const auto idle = median_wait(client, 200);
  const double before = resident_mb();
  std::vector<RawClient> stalled;
  for (int i = 0; i < 300; ++i) {
    stalled.push_back(world.raw());
    const std::string_view part =
        i % 3 == 0   ? "GET /v1/changes HTTP/1.1\r\nHost: local"
        : i % 3 == 1 ? "POST /v1/subscriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{"
                     : "";
    REQUIRE(stalled.back().send(part));
  }
  const auto beset = median_wait(client, 200);
  httplib::Client newcomer = world.client();
  const auto fresh = median_wait(newcomer, 50);
  INFO("idle " << idle.count() << " us, beset " << beset.count() << " us, new connections " << fresh.count()
               << " us, memory " << resident_mb() - before << " MB");
  CHECK(beset < idle * 4 + 5ms);
  CHECK(fresh < 50ms);
  CHECK(resident_mb() - before < 32);
}

TEST_CASE("beyond the cap the longest stalled make room", "[http][stall]") {
  HttpOptions options = quick();
  options.header_timeout = 30s;
  options.max_connections = 20;
  const Endpoint world(options);
  std::vector<RawClient> stalled;
  for (int i = 0; i < 40; ++i) {
    stalled.push_back(world.raw());
    REQUIRE(stalled.back().send("GET /"));
  }
  CHECK(world.status_of(good) == 200);
  CHECK(stalled.front().is_closed(1s));
  CHECK_FALSE(stalled.back().is_closed(50ms));
}

TEST_CASE("a client that never reads holds no worker", "[http][stall]") {
  HttpOptions options = quick();
  options.workers = 2;
  options.max_transfers = 8;
  options.write_timeout *= patience;
  Endpoint world(options);
  Commit bulk;
  for (int i = 0; i < 4000; ++i) {
    Entry e = test::entry(ListId::entity_list, "Bulk " + std::to_string(i));
    e.listing.addresses = {std::string(2000, 'x')};
    bulk.entries.push_back(e);
    bulk.versions.push_back(test::version(e, 1, nullptr, "2026-03-01T06:00:00Z"));
  }
  world.commit(bulk);
  std::vector<RawClient> deaf;
  for (int i = 0; i < 8; ++i) {
    deaf.push_back(world.raw());
    deaf.back().shrink_receive_buffer();
    REQUIRE(deaf.back().send("GET /v1/export/entries.jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  }
  const auto start = steady_clock::now();
  for (int i = 0; i < 20; ++i) CHECK(world.status_of(good) == 200);
  CHECK(steady_clock::now() - start < 2s * patience);
  // One more than may be under way at once is told to come back.
  CHECK(world.status_of("GET /v1/export/entries.jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n") == 503);
  // And those who never read are let go, their places with them.
  const auto until = steady_clock::now() + 5s * patience;
  while (world.server->metrics().find("entitywatch_http_transfers 0\n") == std::string::npos &&
         steady_clock::now() < until)
    std::this_thread::yield();
  CHECK(world.server->metrics().find("entitywatch_http_transfers 0\n") != std::string::npos);
  httplib::Client client = world.client();
  const auto whole = client.Get("/v1/export/entries.jsonl");
  REQUIRE(whole);
  CHECK(std::count(whole->body.begin(), whole->body.end(), '\n') == 4004);
}

TEST_CASE("a stream shows a commit at once and ends with the server", "[http][stream]") {
  Endpoint world;
  RawClient stream = world.raw();
  REQUIRE(stream.send("GET /v1/changes/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  const std::string head = stream.read_until("retry: 3000\n");
  CHECK(head.find("Content-Type: text/event-stream") != std::string::npos);
  Commit later;
  Document rule;
  rule.number = "2026-00030";
  later.new_changes = {test::added(test::entry(ListId::meu_list, "Zeta Aero"), rule, "2026-03-25T12:00:00Z")};
  world.commit(later);
  const auto committed = steady_clock::now();
  world.server->wake();
  CHECK(stream.read_until("Zeta Aero").find("event: change") != std::string::npos);
  CHECK(steady_clock::now() - committed < 1s);
  const auto stopping = steady_clock::now();
  world.server->stop();
  CHECK(steady_clock::now() - stopping < 2s);
  CHECK(stream.read_all().find("0\r\n\r\n") != std::string::npos);
}

TEST_CASE("streams are few, and what is beyond is told to page", "[http][stream]") {
  HttpOptions options = quick();
  options.max_streams = 3;
  const Endpoint world(options);
  const std::string request = "GET /v1/changes/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::vector<RawClient> streams;
  for (int i = 0; i < 3; ++i) {
    streams.push_back(world.raw());
    REQUIRE(streams.back().send(request));
    CHECK(streams.back().read_until("retry:").rfind("HTTP/1.1 200", 0) == 0);
  }
  CHECK(world.status_of(request) == 503);
  streams.pop_back();
  const auto until = steady_clock::now() + 2s;
  int status = 503;
  while (status == 503 && steady_clock::now() < until) {
    RawClient next = world.raw();
    REQUIRE(next.send(request));
    status = std::stoi(next.read_until("\r\n").substr(9, 3));
  }
  CHECK(status == 200);
}

TEST_CASE("the server stops in time whatever clients do", "[http][stall]") {
  Endpoint world;
  std::vector<RawClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(world.raw());
    REQUIRE(clients.back().send(i % 2 == 0 ? "GET /v1/changes/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                           : "GET /v1/chan"));
  }
  std::atomic<bool> go_on{true};
  std::jthread busy([&] {
    while (go_on) {
      httplib::Client client = world.client();
      if (!client.Get("/readyz")) return;
    }
  });
  CHECK(world.status_of(good) == 200);
  const auto start = steady_clock::now();
  world.server->stop();
  CHECK(steady_clock::now() - start < 2s);
  go_on = false;
}

}  // namespace
}  // namespace entitywatch::daemon
