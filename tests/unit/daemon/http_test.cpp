// The HTTP endpoint over real sockets: what it answers and what it refuses.
#include <zlib.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/endpoint.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using test::ask_raw;
using test::Endpoint;
using test::good;
using test::quick;
using test::RawClient;

TEST_CASE("a question over HTTP is answered as the API answers it", "[http]") {
  const Endpoint world;
  httplib::Client client = world.client();
  const auto answer = client.Get("/v1/entries?q=B%C3%A9ta&status=all");
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->get_header_value("Content-Type") == "application/json");
  CHECK(answer->get_header_value("X-Content-Type-Options") == "nosniff");
  CHECK(answer->get_header_value("Server").rfind("entitywatch/", 0) == 0);
  CHECK(Json::parse(answer->body)["entries"][0]["name"] == "Béta Söhne");
  CHECK(answer->body == world.get("/v1/entries?q=B%C3%A9ta&status=all").body);
  const auto page = client.Get("/");
  CHECK(page->get_header_value("Content-Security-Policy").rfind("default-src 'none'; script-src 'self'", 0) ==
        0);
  const auto missing = client.Get("/nothing");
  CHECK(missing->status == 404);
  CHECK(missing->get_header_value("Content-Type") == "application/problem+json");
  const auto wrong = client.Put("/v1/changes", "x", "text/plain");
  CHECK(wrong->status == 405);
  CHECK(wrong->get_header_value("Allow") == "GET, HEAD");
}

TEST_CASE("HEAD answers as GET without the body", "[http]") {
  const Endpoint world;
  httplib::Client client = world.client();
  const auto head = client.Head("/v1/changes");
  const auto get = client.Get("/v1/changes");
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->body.empty());
  CHECK(head->get_header_value("Content-Length") == std::to_string(get->body.size()));
  CHECK(head->get_header_value("ETag") == get->get_header_value("ETag"));
  CHECK(client.Head("/v1/export/entries.csv")->status == 200);
  CHECK(client.Head("/v1/changes/stream")->status == 200);
  CHECK(client.Get("/readyz")->status == 200);
}

TEST_CASE("an answer the client has is not sent again", "[http]") {
  Endpoint world;
  httplib::Client client = world.client();
  const auto first = client.Get("/v1/changes");
  const std::string tag = first->get_header_value("ETag");
  REQUIRE(tag.rfind("W/\"", 0) == 0);
  const auto again = client.Get("/v1/changes", {{"If-None-Match", "\"other\", " + tag}});
  CHECK(again->status == 304);
  CHECK(again->body.empty());
  CHECK_FALSE(again->has_header("Content-Length"));
  Commit later;
  Document rule;
  rule.number = "2026-00030";
  later.new_changes = {test::added(test::entry(ListId::meu_list, "Zeta Aero"), rule, "2026-03-25T12:00:00Z")};
  world.commit(later);
  CHECK(client.Get("/v1/changes", {{"If-None-Match", tag}})->status == 200);
}

std::string gunzip(const std::string& packed) {
  z_stream z{};
  REQUIRE(inflateInit2(&z, 15 + 16) == Z_OK);
  z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  z.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  int status = Z_OK;
  while (status == Z_OK) {
    std::array<char, 4096> buffer{};
    z.next_out = reinterpret_cast<Bytef*>(buffer.data());
    z.avail_out = buffer.size();
    status = inflate(&z, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - z.avail_out);
  }
  inflateEnd(&z);
  CHECK(status == Z_STREAM_END);
  return out;
}

TEST_CASE("answers are compressed for those who accept it", "[http]") {
  const Endpoint world;
  httplib::Client client = world.client();
  client.set_decompress(false);
  const auto plain = client.Get("/v1/changes");
  CHECK_FALSE(plain->has_header("Content-Encoding"));
  CHECK(plain->get_header_value("Vary") == "Accept-Encoding");
  const auto packed = client.Get("/v1/changes", {{"Accept-Encoding", "br, gzip"}});
  CHECK(packed->get_header_value("Content-Encoding") == "gzip");
  CHECK(gunzip(packed->body) == plain->body);
  CHECK_FALSE(
      client.Get("/v1/changes", {{"Accept-Encoding", "gzip;q=0, identity"}})->has_header("Content-Encoding"));
  const auto exported = client.Get("/v1/export/entries.csv", {{"Accept-Encoding", "gzip"}});
  CHECK(exported->get_header_value("Content-Encoding") == "gzip");
  CHECK(gunzip(exported->body) == client.Get("/v1/export/entries.csv")->body);
}

TEST_CASE("exports stream to clients of both versions of HTTP", "[http]") {
  const Endpoint world;
  httplib::Client client = world.client();
  const auto csv = client.Get("/v1/export/entries.csv?status=all");
  REQUIRE(csv);
  CHECK(csv->get_header_value("Transfer-Encoding") == "chunked");
  CHECK(std::count(csv->body.begin(), csv->body.end(), '\n') == 6);
  CHECK(client.Get("/readyz")->status == 200);  // the connection goes on
  RawClient old = world.raw();
  REQUIRE(old.send("GET /v1/export/entries.csv?status=all HTTP/1.0\r\nHost: localhost\r\n\r\n"));
  const std::string answer = old.read_all();
  CHECK(answer.find("chunked") == std::string::npos);
  CHECK(answer.substr(answer.find("\r\n\r\n") + 4) == csv->body);
}

TEST_CASE("what is no clear request is refused and never guessed at", "[http]") {
  const Endpoint world;
  const std::string host = "Host: localhost\r\n";
  const std::vector<std::pair<std::string, int>> cases = {
      {"GET /readyz HTTP/1.1\r\n" + host + "\r\n", 200},
      {"GET /readyz HTTP/1.0\r\n" + host + "\r\n", 200},
      {"GET /readyz\r\n\r\n", 400},
      {"GET /readyz HTTP/2.0\r\n" + host + "\r\n", 400},
      {"GET  /readyz HTTP/1.1\r\n" + host + "\r\n", 400},
      {"BREW /readyz HTTP/1.1\r\n" + host + "\r\n", 400},
      {"TRACE /readyz HTTP/1.1\r\n" + host + "\r\n", 405},
      {"GET /readyz HTTP/1.1\r\n\r\n", 400},
      {"GET /readyz HTTP/1.1\r\n" + host + host + "\r\n", 400},
      {"GET /readyz HTTP/1.1\r\n" + host + "X : y\r\n\r\n", 400},
      {"GET /readyz HTTP/1.1\r\n" + host + " folded\r\n\r\n", 400},
      {"GET /readyz HTTP/1.1\r\n" + host + "X: a\nY: b\r\n\r\n", 400},
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host +
           "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
       400},
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host + "Content-Length: -2\r\n\r\nab", 400},
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
       501},
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n", 400},
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host +
           "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
       400},  // no name in it
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
       415},
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host + "Content-Length: 1048577\r\n\r\n", 413},
      {"POST /v1/subscriptions HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n100001\r\n", 413},
      {"GET /readyz HTTP/1.1\r\n" + host + "X: " + std::string(20000, 'x') + "\r\n\r\n", 431},
      {"GET /v1/changes?q=" + std::string(9000, 'x') + " HTTP/1.1\r\n" + host + "\r\n", 414},
  };
  for (const auto& [request, status] : cases) {
    INFO(request.substr(0, 200));
    CHECK(world.status_of(request) == status);
    CHECK(world.status_of(good) == 200);
  }
}

TEST_CASE("refusals made before the API is asked are problem documents too", "[http]") {
  const Endpoint world;
  for (const char* request :
       {"GET /readyz\r\n\r\n", "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/subscriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n"}) {
    RawClient client = world.raw();
    const std::string answer = ask_raw(client, request);
    INFO(answer);
    CHECK(answer.find("Content-Type: application/problem+json") != std::string::npos);
    const Json body = Json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
    CHECK(body["status"] == std::stoi(answer.substr(9, 3)));
  }
}

TEST_CASE("a body too large is refused however it is sent, and the client gets to read so", "[http]") {
  const Endpoint world;
  RawClient client = world.raw();
  REQUIRE(client.send(
      "POST /v1/subscriptions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"));
  const std::string chunk = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
  for (int i = 0; i < 64; ++i)
    if (!client.send(chunk)) break;
  CHECK(client.read_all().rfind("HTTP/1.1 413", 0) == 0);
}

TEST_CASE("bodies arrive by length, by chunks and after a 100", "[http]") {
  const Endpoint world;
  const std::string body = R"({"name": "NAME", "channels": ["grc"]})";
  const auto named = [&](const std::string& name) {
    return std::string(body).replace(body.find("NAME"), 4, name);
  };
  const std::string head =
      "POST /v1/subscriptions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  const std::string a = named("aaaa");
  CHECK(world.status_of(head + "Content-Length: " + std::to_string(a.size()) + "\r\n\r\n" + a) == 201);
  const std::string b = named("bbbb");
  CHECK(world.status_of(head + "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n" + b.substr(0, 5) + "\r\n" +
                        [&] {
                          std::array<char, 16> size{};
                          std::snprintf(size.data(), size.size(), "%zx", b.size() - 5);
                          return std::string(size.data());
                        }() +
                        "\r\n" + b.substr(5) + "\r\n0\r\n\r\n") == 201);
  RawClient client = world.raw();
  const std::string c = named("cccc");
  REQUIRE(
      client.send(head + "Expect: 100-continue\r\nContent-Length: " + std::to_string(c.size()) + "\r\n\r\n"));
  CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  REQUIRE(client.send(c));
  CHECK(client.read_until("\r\n\r\n").rfind("HTTP/1.1 201", 0) == 0);
  CHECK(world.json("/v1/subscriptions")["subscriptions"].size() == 4);
}

TEST_CASE("requests sent in one go are answered in order", "[http]") {
  const Endpoint world;
  RawClient client = world.raw();
  std::string all;
  for (int i = 1; i <= 100; ++i)
    all += "GET /v1/changes?limit=" + std::to_string(i) + "&x=" + std::to_string(i) +
           " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  all += "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  REQUIRE(client.send(all));
  const std::string answers = client.read_all();
  std::size_t count = 0;
  for (std::size_t at = 0; (at = answers.find("HTTP/1.1 400", at)) != std::string::npos; ++at) ++count;
  CHECK(count == 100);
  CHECK(answers.find("\"ready\"") != std::string::npos);
}

TEST_CASE("a request that trickles in byte by byte is answered", "[http]") {
  HttpOptions options = quick();
  options.header_timeout = 5s;
  const Endpoint world(options);
  RawClient client = world.raw();
  for (const char c : good) REQUIRE(client.send(std::string_view(&c, 1)));
  CHECK(client.read_until("ready").rfind("HTTP/1.1 200", 0) == 0);
}

TEST_CASE("an address that is taken is named", "[http]") {
  const Endpoint world;
  HttpOptions options = quick();
  options.listen = "127.0.0.1:" + std::to_string(world.server->port());
  const auto second = HttpServer::start(*world.api, options, {});
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::in_use);
}

TEST_CASE("a unix socket serves, outlives a crash and goes with the server", "[http]") {
  test::ApiWorld world;
  HttpOptions options = quick();
  const std::string path = world.scratch.path("api.sock");
  options.listen = "unix:" + path;
  {
    const auto first = HttpServer::start(*world.api, options, {});
    REQUIRE(first);
    CHECK(HttpServer::start(*world.api, options, {}).error().code == ErrorCode::in_use);
    RawClient client(path);
    CHECK(ask_raw(client, "GET /readyz HTTP/1.1\r\nHost: anything\r\n\r\n").rfind("HTTP/1.1 200", 0) == 0);
  }
  CHECK_FALSE(std::filesystem::exists(path));
  {
    // What a killed process leaves: a socket nobody listens on.
    const auto left_behind = HttpServer::start(*world.api, options, {});
    std::filesystem::rename(path, path + ".dead");
  }
  std::filesystem::rename(path + ".dead", path);
  CHECK(HttpServer::start(*world.api, options, {}));
  std::ofstream(world.scratch.path("file")) << "precious";
  options.listen = "unix:" + world.scratch.path("file");
  CHECK(HttpServer::start(*world.api, options, {}).error().code == ErrorCode::refused);
}

TEST_CASE("many clients at once are all answered", "[http]") {
  const Endpoint world;
  std::atomic<int> answered{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 16; ++t)
      threads.emplace_back([&] {
        httplib::Client client = world.client();
        client.set_keep_alive(true);
        for (int i = 0; i < 100; ++i) {
          const auto answer = client.Get(i % 2 == 0 ? "/v1/changes" : "/v1/export/entries.csv");
          if (answer && answer->status == 200 && answer->body.size() > 100) ++answered;
        }
      });
  }
  CHECK(answered == 1600);
}

}  // namespace
}  // namespace entitywatch::daemon
