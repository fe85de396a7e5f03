// Remembered answers: the same bytes as long as they are true, and not a moment longer.
#include <atomic>
#include <thread>

#include "tests/support/endpoint.hpp"

namespace entitywatch::daemon {
namespace {

using test::Endpoint;

// The library's client says "Connection: close" of its own accord; what ends a connection is not remembered.
httplib::Client staying(const Endpoint& world) {
  httplib::Client out = world.client();
  out.set_keep_alive(true);
  return out;
}

std::size_t recalled(const Endpoint& world) {
  const std::string metrics = world.server->metrics();
  constexpr std::string_view name = "\nentitywatch_http_recalled_total ";
  const std::size_t at = metrics.find(name);
  REQUIRE(at != std::string::npos);
  return std::stoul(metrics.substr(at + name.size()));
}

std::string address_of(const httplib::Result& answer) {
  if (!answer || answer->status != 200) return "status " + std::to_string(answer ? answer->status : 0);
  return Json::parse(answer->body)["addresses"][0].get<std::string>();
}

// The entry moves to "NUMBER Main Road".
void move_entry(Endpoint& world, std::uint64_t number) {
  Commit commit;
  world.alpha.listing.addresses = {std::to_string(number) + " Main Road"};
  // The version shown is the one in force: it has to move as well.
  EntryVersion version = test::version(world.alpha, 100 + number, "2026-03-21", "2026-03-21T00:00:00Z");
  world.alpha.versions = 100 + number;
  commit.entries = {world.alpha};
  commit.versions = {version};
  world.commit(commit);
}

TEST_CASE("an answer asked for again is given again, to the byte", "[http][memory]") {
  Endpoint world;
  httplib::Client client = staying(world);
  const std::string path = "/v1/entries/" + world.alpha.id;
  const auto first = client.Get(path);
  const auto again = client.Get(path);
  REQUIRE(first);
  REQUIRE(again);
  CHECK(again->body == first->body);
  CHECK(again->headers == first->headers);
  const std::string tag = first->get_header_value("ETag");
  for (int i = 0; i < 2; ++i) {
    CHECK(client.Get(path, {{"If-None-Match", tag}})->status == 304);
    CHECK(client.Head(path)->body.empty());
    CHECK(client.Get(path + "?x=1")->status == 400);
  }
  CHECK(recalled(world) == 3);
}

TEST_CASE("no remembered answer outlives a commit", "[http][memory]") {
  Endpoint world;
  httplib::Client client = staying(world);
  const std::string path = "/v1/entries/" + world.alpha.id;
  for (std::uint64_t n = 1; n <= 50; ++n) {
    move_entry(world, n);
    for (int asked = 0; asked < 3; ++asked)
      REQUIRE(address_of(client.Get(path)) == std::to_string(n) + " Main Road");
  }
  CHECK(recalled(world) == 100);
}

TEST_CASE("readers never see what a commit before their question has overtaken", "[http][memory]") {
  Endpoint world;
  move_entry(world, 1);
  std::atomic<std::uint64_t> committed{1};
  std::atomic<std::size_t> answers{0};
  std::atomic<std::size_t> stale{0};
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i)
      readers.emplace_back([&](std::stop_token stop) {
        httplib::Client client = staying(world);
        std::uint64_t last = 0;
        while (!stop.stop_requested()) {
          const std::uint64_t least = committed;
          const std::string address = address_of(client.Get("/v1/entries/" + world.alpha.id));
          const std::uint64_t shown = std::strtoull(address.c_str(), nullptr, 10);
          if (shown < least || shown < last) ++stale;
          last = shown;
          ++answers;
        }
      });
    for (std::uint64_t n = 2; n <= 300; ++n) {
      move_entry(world, n);
      committed = n;
      if (n % 20 != 0) continue;
      // A pause long enough for remembered answers, however slow the build.
      const std::size_t enough = answers + 8;
      while (answers < enough) std::this_thread::yield();
    }
  }
  CHECK(recalled(world) > 0);
  CHECK(recalled(world) < answers);
  CHECK(stale == 0);
}

TEST_CASE("a remembered answer ends with its day", "[http][memory]") {
  Endpoint world;
  httplib::Client client = staying(world);
  const std::string path = "/v1/entries/" + world.epsilon.id;
  const auto status = [&] { return Json::parse(client.Get(path)->body)["status"].get<std::string>(); };
  CHECK(status() == "pending");
  CHECK(status() == "pending");
  CHECK(recalled(world) == 1);
  world.clock.set("2026-04-01T00:00:00Z");
  CHECK(status() == "listed");
}

TEST_CASE("a token that is revoked gets no remembered answer", "[http][memory]") {
  Endpoint world(test::quick(), {{}, parse_tokens("read:old\nread:other")});
  httplib::Client client = staying(world);
  const std::string path = "/v1/entries/" + world.alpha.id;
  const auto status = [&](const char* token) {
    return client.Get(path, {{"Authorization", std::string("Bearer ") + token}})->status;
  };
  for (int i = 0; i < 2; ++i) {
    CHECK(status("old") == 200);
    CHECK(status("other") == 200);
    CHECK(status("neither") == 401);
  }
  CHECK(client.Get(path)->status == 401);
  CHECK(recalled(world) == 2);
  world.server->reconfigure({{}, parse_tokens("read:other")});
  CHECK(status("old") == 401);
  CHECK(status("other") == 200);
}

TEST_CASE("remembered answers and others keep their order on one connection", "[http][memory]") {
  Endpoint world;
  const std::string entry = "GET /v1/entries/" + world.alpha.id + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string missing = "GET /v1/entries/none HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string last = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  for (int round = 0; round < 3; ++round) {
    test::RawClient client = world.raw();
    REQUIRE(client.send(entry + entry + missing + entry + last));
    const std::string all = client.read_all();
    std::string statuses;
    for (std::size_t at = all.find("HTTP/1.1 "); at != std::string::npos; at = all.find("HTTP/1.1 ", at + 9))
      statuses += all.substr(at + 9, 3) + " ";
    CHECK(statuses == "200 200 404 200 200 ");
  }
  CHECK(recalled(world) == 8);
}

TEST_CASE("with room for few answers all are still right", "[http][memory]") {
  HttpOptions options = test::quick();
  options.max_remembered_bytes = 3000;
  Endpoint world(options);
  httplib::Client client = staying(world);
  for (int round = 0; round < 5; ++round)
    for (const Entry* e : {&world.alpha, &world.beta, &world.gamma, &world.delta})
      CHECK(Json::parse(client.Get("/v1/entries/" + e->id)->body)["id"] == e->id);
}

}  // namespace
}  // namespace entitywatch::daemon
