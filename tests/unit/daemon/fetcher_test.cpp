#include <zlib.h>

#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "daemon/curl_handle.hpp"
#include "daemon/http_fetcher.hpp"
#include "daemon/plausible_body.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/unit/daemon/fixed_clock.hpp"

using namespace entitywatch;
using namespace entitywatch::daemon;
using namespace entitywatch::test;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

std::string gzip(const std::string& plain) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, plain.size()) + 32, '\0');
  std::string input = plain;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

LoopbackAnswer json(std::string body) {
  LoopbackAnswer answer;
  answer.body = std::move(body);
  return answer;
}

struct World {
  LoopbackServer server;
  FixedClock clock{"2026-03-02T12:00:00Z"};
  HttpFetcher fetcher{HttpFetcherOptions{make_user_agent("1.2.3", "ops@example.org"), {}, {}}, clock};

  [[nodiscard]] FetchRequest request(const std::string& path) const {
    FetchRequest r;
    r.url = server.url(path);
    r.timeout = 5s;
    return r;
  }
  [[nodiscard]] Fetched<FetchResponse> get(const FetchRequest& r) { return fetcher.get(r, {}); }
  [[nodiscard]] Fetched<FetchResponse> get(const std::string& path) { return get(request(path)); }
  [[nodiscard]] FetchFailure failure(const FetchRequest& r) {
    auto response = get(r);
    REQUIRE_FALSE(response);
    CHECK(response.error().error.context.find(shown_url(r.url)) != std::string::npos);
    return response.error();
  }
  [[nodiscard]] FetchFailure failure(const std::string& path) { return failure(request(path)); }
};

}  // namespace

TEST_CASE("a fetch gives body and headers and says who asks") {
  World world;
  LoopbackAnswer answer = json(R"({"a":1})");
  answer.headers = {{"X-Thing", "two words"}, {"Last-Modified", "Mon, 02 Mar 2026 00:00:00 GMT"}};
  world.server.set("/a", answer);
  const auto response = world.get("/a");
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(response->body == R"({"a":1})");
  CHECK(response->header("x-thing") == "two words");
  CHECK(response->header("last-modified") == "Mon, 02 Mar 2026 00:00:00 GMT");
  CHECK(world.server.requests().at(0).header("user-agent") == "entitywatch/1.2.3 (+ops@example.org)");
}

TEST_CASE("a conditional request that matches is not modified") {
  World world;
  LoopbackAnswer answer = json("{}");
  answer.etag = "\"v1\"";
  world.server.set("/a", answer);
  FetchRequest request = world.request("/a");
  request.etag = "\"v1\"";
  request.last_modified = "Mon, 02 Mar 2026 00:00:00 GMT";
  const auto response = world.get(request);
  REQUIRE(response);
  CHECK(response->not_modified());
  CHECK(response->body.empty());
  CHECK(world.server.not_modified("/a") == 1);
  CHECK(world.server.requests().at(0).header("if-modified-since") == "Mon, 02 Mar 2026 00:00:00 GMT");
}

TEST_CASE("not modified without a condition is a failure") {
  World world;
  LoopbackAnswer answer;
  answer.status = 304;
  world.server.set("/a", answer);
  CHECK(world.failure("/a").error.code == ErrorCode::implausible);
}

TEST_CASE("connections are kept between fetches") {
  World world;
  world.server.set("/a", json("{}"));
  for (int i = 0; i < 5; ++i) REQUIRE(world.get("/a"));
  CHECK(world.server.hits("/a") == 5);
  CHECK(world.server.connections() == 1);
}

TEST_CASE("compressed and chunked answers arrive whole") {
  World world;
  const std::string plain = "{\"text\":\"" + std::string(300'000, 'x') + "\"}";
  LoopbackAnswer answer = json(gzip(plain));
  answer.headers = {{"Content-Encoding", "gzip"}};
  answer.transfer = Transfer::chunked;
  world.server.set("/a", answer);
  FetchRequest request = world.request("/a");
  request.expect = "json";
  const auto response = world.get(request);
  REQUIRE(response);
  CHECK(response->body == plain);
  CHECK(world.server.requests().at(0).header("accept-encoding").find("gzip") != std::string::npos);
}

TEST_CASE("a gzip bomb ends at the cap of the decompressed size") {
  World world;
  const std::string bomb = gzip(std::string(64u << 20, ' '));
  REQUIRE(bomb.size() < 100'000);
  LoopbackAnswer answer = json(bomb);
  answer.headers = {{"Content-Encoding", "gzip"}};
  world.server.set("/a", answer);
  FetchRequest request = world.request("/a");
  request.max_bytes = 1u << 20;
  const FetchFailure failure = world.failure(request);
  CHECK(failure.error.code == ErrorCode::too_large);
  CHECK(failure.error.message.find("1048576 bytes once decompressed") != std::string::npos);
}

TEST_CASE("the cap lets a body of exactly its size through") {
  World world;
  world.server.set("/a", json("[12345678]"));
  FetchRequest request = world.request("/a");
  request.max_bytes = 10;
  CHECK(world.get(request));
  request.max_bytes = 9;
  CHECK(world.failure(request).error.code == ErrorCode::too_large);
}

TEST_CASE("an answer shorter than announced is a failure") {
  World world;
  LoopbackAnswer answer = json(R"({"a":1})");
  answer.transfer = Transfer::cut;
  world.server.set("/a", answer);
  const FetchFailure failure = world.failure("/a");
  CHECK(failure.error.code == ErrorCode::unavailable);
  CHECK(failure.error.message.find("cut off") != std::string::npos);
}

TEST_CASE(
    "rows whose end nothing announces are refused, as those of a connection that broke would look the same") {
  World world;
  LoopbackAnswer answer;
  answer.content_type = "text/csv";
  answer.body = "name,country\nfirst,CN\n";
  for (const auto& [transfer, whole] :
       {std::pair{Transfer::whole, true}, {Transfer::chunked, true}, {Transfer::unannounced, false}}) {
    answer.transfer = transfer;
    world.server.set("/list", answer);
    for (const char* kind : {"csv", "text"}) {
      FetchRequest request = world.request("/list");
      request.expect = kind;
      const auto got = world.get(request);
      CHECK(got.has_value() == whole);
      if (!got) CHECK(got.error().error.code == ErrorCode::implausible);
    }
  }
  LoopbackAnswer complete = json(R"({"a":1})");  // shows by itself that it is whole
  complete.transfer = Transfer::unannounced;
  world.server.set("/a", complete);
  FetchRequest request = world.request("/a");
  request.expect = "json";
  CHECK(world.get(request));
}

TEST_CASE("an answer that stalls ends at the timeout") {
  World world;
  LoopbackAnswer answer = json(std::string(1000, ' '));
  answer.transfer = Transfer::stalled;
  world.server.set("/a", answer);
  FetchRequest request = world.request("/a");
  request.timeout = 200ms;
  const auto started = Steady::now();
  CHECK(world.failure(request).error.code == ErrorCode::timeout);
  CHECK(Steady::now() - started < 1500ms);
}

TEST_CASE("a stop ends a fetch at once") {
  World world;
  LoopbackAnswer answer = json(std::string(1000, ' '));
  answer.transfer = Transfer::stalled;
  world.server.set("/a", answer);
  std::stop_source stop;
  const FetchRequest request = world.request("/a");
  Steady::duration took{};
  std::jthread fetching([&] {
    const auto response = world.fetcher.get(request, stop.get_token());
    CHECK_FALSE(response);
  });
  while (world.server.hits("/a") == 0) std::this_thread::yield();
  const auto stopped = Steady::now();
  stop.request_stop();
  fetching.join();
  took = Steady::now() - stopped;
  CHECK(took < 600ms);
}

TEST_CASE("a challenge page is a failure whatever its status") {
  World world;
  LoopbackAnswer page;
  page.content_type = "text/html";
  page.body =
      "<!DOCTYPE html><html><head><title>Federal Register :: Request "
      "Access</title></head><body>…</body></html>";
  world.server.set("/a", page);
  for (const char* expect : {"json", "xml", "csv", "text", "html", ""}) {
    FetchRequest request = world.request("/a");
    request.expect = expect;
    const FetchFailure failure = world.failure(request);
    CHECK(failure.error.code == ErrorCode::implausible);
    CHECK(failure.error.message.find("request access") != std::string::npos);
  }
}

TEST_CASE("an empty answer is a failure") {
  World world;
  world.server.set("/a", json(""));
  CHECK(world.failure("/a").error.code == ErrorCode::implausible);
  world.server.set("/a", json(" \r\n "));
  CHECK(world.failure("/a").error.code == ErrorCode::implausible);
}

TEST_CASE("statuses") {
  World world;
  const auto code = [&](int status) {
    LoopbackAnswer answer = json("{}");
    answer.status = status;
    world.server.set("/a", answer);
    return world.failure("/a").error.code;
  };
  CHECK(code(404) == ErrorCode::not_found);
  CHECK(code(410) == ErrorCode::not_found);
  CHECK(code(403) == ErrorCode::unavailable);
  CHECK(code(500) == ErrorCode::unavailable);
  CHECK(code(204) == ErrorCode::unavailable);
}

TEST_CASE("Retry-After is read in both forms") {
  World world;
  const auto asked = [&](int status, const std::string& value) {
    LoopbackAnswer answer = json("{}");
    answer.status = status;
    answer.headers = {{"Retry-After", value}};
    world.server.set("/a", answer);
    return world.failure("/a").retry_at;
  };
  CHECK(asked(429, "120") == parse_time("2026-03-02T12:02:00Z"));
  CHECK(asked(503, "Mon, 02 Mar 2026 13:30:00 GMT") == parse_time("2026-03-02T13:30:00Z"));
  CHECK(asked(503, "Mon, 02 Mar 2020 13:30:00 GMT") == world.clock.now());
  CHECK(asked(429, "99999999999999999999") == parse_time("2026-04-01T12:00:00Z"));
  CHECK_FALSE(asked(429, "soon"));
}

TEST_CASE("redirects are followed three times at most, and never to another kind of URL") {
  World world;
  const auto redirect = [&](const std::string& from, const std::string& to) {
    LoopbackAnswer answer;
    answer.status = 302;
    answer.headers = {{"Location", to}};
    world.server.set(from, answer);
  };
  redirect("/1", "/2");
  redirect("/2", "/3");
  redirect("/3", "/end");
  redirect("/0", "/1");
  world.server.set("/end", json("{}"));
  REQUIRE(world.get("/1"));
  CHECK(world.failure("/0").error.code == ErrorCode::implausible);
  redirect("/file", "file:///etc/passwd");
  CHECK(world.failure("/file").error.code == ErrorCode::refused);
  redirect("/loop", "/loop");
  CHECK(world.failure("/loop").error.code == ErrorCode::implausible);
}

TEST_CASE("only http and https are fetched") {
  World world;
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"}) {
    FetchRequest request;
    request.url = url;
    const auto response = world.get(request);
    REQUIRE_FALSE(response);
    CHECK(response.error().error.code == ErrorCode::refused);
  }
}

TEST_CASE("nobody listening is a failure that names the host") {
  World world;
  FetchRequest request;
  request.url = "http://127.0.0.1:1/x?key=hidden";
  const auto response = world.get(request);
  REQUIRE_FALSE(response);
  CHECK(response.error().error.code == ErrorCode::unavailable);
  CHECK(response.error().error.context == "http://127.0.0.1:1/x");
}

TEST_CASE("requests to one host keep their distance") {
  LoopbackServer server;
  server.set("/a", json("{}"));
  const FixedClock clock("2026-03-02T12:00:00Z");
  HttpFetcherOptions options;
  options.rates = {100ms, 400ms, RateLimits::Loopback::limited};
  HttpFetcher fetcher(options, clock);
  FetchRequest request;
  request.url = server.url("/a");
  const auto started = Steady::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { CHECK(fetcher.get(request, {})); });
  }
  const auto took = Steady::now() - started;
  CHECK(took >= 300ms);
  CHECK(took < 1200ms);
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(fetcher.get(request, stop.get_token()));
  CHECK(server.hits("/a") == 4);
}

TEST_CASE("a publisher on loopback is not slowed down") {
  World world;
  world.server.set("/a", json("{}"));
  FetchRequest request = world.request("/a");
  request.rate = RequestClass::bulk;
  const auto started = Steady::now();
  for (int i = 0; i < 5; ++i) REQUIRE(world.get(request));
  CHECK(Steady::now() - started < 800ms);
}

TEST_CASE("bodies that cannot be what was asked for") {
  const auto code = [](std::string_view body, std::string_view expect) {
    const auto fault = fault_of_body(body, expect);
    return fault ? std::optional(fault->code) : std::nullopt;
  };
  CHECK_FALSE(code("\xef\xbb\xbf{\"a\":1}\n", "json"));
  CHECK(code("{\"a\":1", "json") == ErrorCode::implausible);
  CHECK(code("oops", "json") == ErrorCode::malformed);
  CHECK_FALSE(code("<?xml version=\"1.0\"?>\n<!-- c -->\n<RULE></RULE>\n", "xml"));
  CHECK(code("<?xml version=\"1.0\"?><RULE><P>half", "xml") == ErrorCode::implausible);
  CHECK(code("<?xml version=\"1.0\"?><html><title>x</title></html>", "xml") == ErrorCode::implausible);
  CHECK(code("{}", "xml") == ErrorCode::malformed);
  CHECK_FALSE(code("Name\tAddress\nA\tB\n", "csv"));
  CHECK(code("<html><body>no</body></html>", "csv") == ErrorCode::implausible);
  CHECK(code("just words", "csv") == ErrorCode::malformed);
  CHECK_FALSE(code("plain words", "text"));
  CHECK_FALSE(
      code("<html><head><title>Federal Register</title></head><body><pre>[FR]</pre></body></html>", "text"));
  CHECK_FALSE(code("<rss version=\"2.0\"></rss>", "html"));
  CHECK_FALSE(code("<!doctype html><title>News updates</title>", "html"));
  CHECK(code(std::string_view("a\0b", 3), "") == ErrorCode::malformed);
  CHECK(code("<html><title>Just a moment...</title></html>", "html") == ErrorCode::implausible);
  CHECK(code("<html><p>Due to aggressive automated scraping of FederalRegister.gov and eCFR.gov, "
             "programmatic access to these "
             "sites is limited</p></html>",
             "html") == ErrorCode::implausible);
}
