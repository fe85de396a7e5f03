// Who may ask the HTTP endpoint: names, other sites' pages, tokens.
#include "tests/support/endpoint.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using test::Endpoint;
using test::quick;

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
  CHECK(client
            .Post("/v1/subscriptions/try", {{"Authorization", "Bearer look"}}, R"({"name": "x"})",
                  "application/json")
            ->status == 200);
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

}  // namespace
}  // namespace entitywatch::daemon
