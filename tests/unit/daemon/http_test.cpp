// The HTTP endpoint over real sockets: what it answers, what it refuses, and that bad clients take nothing
// from good ones.
#include <httplib.h>
#include <zlib.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <thread>

#include "daemon/http_server.hpp"
#include "tests/support/api_world.hpp"
#include "tests/support/raw_client.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using test::ask_raw;
using test::RawClient;

HttpOptions quick() {
  HttpOptions out;
  out.listen = "127.0.0.1:0";
  out.header_timeout = 400ms;
  out.body_timeout = 400ms;
  out.write_timeout = 400ms;
  out.stream_tick = 10s;  // news come by wake() alone
  return out;
}

struct Endpoint : test::ApiWorld {
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

constexpr std::string_view good = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";

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

TEST_CASE("names other than ours are misdirected", "[http][access]") {
  const Endpoint world;
  const std::vector<std::pair<std::string, int>> cases = {{"localhost", 200},
                                                          {"LOCALHOST:8744", 200},
                                                          {"127.0.0.1", 200},
                                                          {"[::1]:8744", 200},
                                                          {"localhost.", 200},
                                                          {"evil.example", 421},
                                                          {"evil.example:8744", 421},
                                                          {"127.0.0.1.evil.example", 421},
                                                          {"localhost.evil.example", 421},
                                                          {"192.168.0.1", 421},
                                                          {"", 421}};
  for (const auto& [host, status] : cases) {
    INFO(host);
    CHECK(world.status_of("GET /readyz HTTP/1.1\r\nHost: " + host + "\r\n\r\n") == status);
  }
}

TEST_CASE("a configured name is ours", "[http][access]") {
  Endpoint world(quick(), {{"watch.example"}, {}});
  const std::string request = "GET /readyz HTTP/1.1\r\nHost: watch.example:443\r\n\r\n";
  CHECK(world.status_of(request) == 200);
  world.server->reconfigure({});
  CHECK(world.status_of(request) == 421);
}

TEST_CASE("pages of other sites cannot write", "[http][access]") {
  Endpoint world;
  const std::string host = "127.0.0.1:" + std::to_string(world.server->port());
  const std::vector<std::pair<std::string, int>> cases = {{"", 202},
                                                          {"Origin: http://" + host + "\r\n", 202},
                                                          {"Sec-Fetch-Site: same-origin\r\n", 202},
                                                          {"Origin: http://evil.example\r\n", 403},
                                                          {"Origin: http://127.0.0.1:1\r\n", 403},
                                                          {"Origin: null\r\n", 403},
                                                          {"Sec-Fetch-Site: cross-site\r\n", 403}};
  for (const auto& [field, status] : cases) {
    INFO(field);
    world.polled.clear();
    CHECK(world.status_of("POST /v1/sources/ecfr/poll HTTP/1.1\r\nHost: " + host + "\r\n" + field +
                          "Content-Length: 0\r\n\r\n") == status);
    CHECK(world.polled.size() == (status == 202 ? 1 : 0));
    CHECK(world.status_of("GET /readyz HTTP/1.1\r\nHost: " + host + "\r\n" + field + "\r\n") == 200);
  }
}

TEST_CASE("tokens are asked for, may be several, and may be for reading only", "[http][access]") {
  Endpoint world(quick(), {{}, parse_tokens("# rotated yearly\nread:look\n\nwrite:act\nboth\n")});
  httplib::Client client = world.client();
  const auto get = [&](const std::string& token) {
    return client.Get("/v1/sources", {{"Authorization", token}})->status;
  };
  const auto post = [&](const std::string& token) {
    return client.Post("/v1/sources/ecfr/poll", {{"Authorization", token}}, "", "text/plain")->status;
  };
  const auto without = client.Get("/v1/sources");
  CHECK(without->status == 401);
  CHECK(without->get_header_value("WWW-Authenticate").rfind("Bearer", 0) == 0);
  CHECK(get("Bearer wrong") == 401);
  CHECK(get("Basic look") == 401);
  CHECK(get("Bearer ") == 401);
  CHECK(get("Bearer look") == 200);
  CHECK(get("bearer act") == 200);
  CHECK(get("Bearer both") == 200);
  CHECK(post("Bearer look") == 403);
  CHECK(post("Bearer act") == 202);
  CHECK(post("Bearer both") == 202);
  // Asked by POST, and yet nothing is written.
  CHECK(client.Post("/v1/subscriptions/try", {{"Authorization", "Bearer look"}}, R"({"name": "x"})", "application/json")->status == 200);
  CHECK(client.Get("/healthz")->status == 200);
  CHECK(client.Get("/")->status == 200);
  world.server->reconfigure({{}, parse_tokens("new")});
  CHECK(get("Bearer look") == 401);
  CHECK(get("Bearer new") == 200);
}

TEST_CASE("no token, no listening for other machines", "[http][access]") {
  test::ApiWorld world;
  HttpOptions options = quick();
  options.listen = "0.0.0.0:0";
  const auto refused = HttpServer::start(*world.api, options, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("token_file") != std::string::npos);
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
  CHECK(steady_clock::now() - start < 2s);
  // One more than may be under way at once is told to come back.
  CHECK(world.status_of("GET /v1/export/entries.jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n") == 503);
  // And those who never read are let go, their places with them.
  const auto until = steady_clock::now() + 5s;
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
