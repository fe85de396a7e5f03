// Sources, deliveries, subscriptions, feeds and the description of it all through the query API.
#include <fstream>
#include <map>
#include <set>

#include "core/hash.hpp"
#include "daemon/api_actions.hpp"
#include "daemon/api_route.hpp"
#include "tests/support/filled_world.hpp"
#include "tests/support/json_schema.hpp"

namespace entitywatch::daemon {
namespace {

using test::complaints;
using test::Filled;

using Names = std::vector<std::string>;

TEST_CASE_METHOD(Filled, "sources show their freshness", "[api]") {
  const Json sources = json("/v1/sources")["sources"];
  REQUIRE(sources.size() == config.sources.size());
  const auto ecfr =
      std::find_if(sources.begin(), sources.end(), [](const Json& s) { return s["name"] == "ecfr"; });
  REQUIRE(ecfr != sources.end());
  CHECK((*ecfr)["status"] == "ok");
  CHECK((*ecfr)["last_success_at"] == "2026-03-25T11:55:00Z");
  CHECK((*ecfr)["last_error"].is_null());
  CHECK((*ecfr)["held"].is_null());
  const Json page = json("/v1/sources?limit=1");
  CHECK(page["sources"].size() == 1);
  CHECK(json("/v1/sources?cursor=" + page["next_cursor"].get<std::string>())["sources"].size() ==
        sources.size() - 1);
}

TEST_CASE_METHOD(Filled, "a source is polled at once when it may be", "[api]") {
  CHECK(send("POST", "/v1/sources/ecfr/poll").status == 202);
  CHECK(polled == Names{"ecfr"});
  CHECK(send("POST", "/v1/sources/nothing/poll").status == 404);
  poll_answer = PollRequest::already_running;
  CHECK(send("POST", "/v1/sources/ecfr/poll").status == 409);
  poll_answer = PollRequest::disabled;
  CHECK(send("POST", "/v1/sources/ecfr/poll").status == 409);
  poll_answer = PollRequest::must_wait;
  const ApiResponse wait = send("POST", "/v1/sources/ecfr/poll");
  CHECK(wait.status == 429);
  REQUIRE(wait.headers.size() == 1);
  CHECK(wait.headers[0] == std::pair<std::string, std::string>("Retry-After", "21300"));  // until 17:55
  const Api alone(*archive, config, clock, {});
  ApiRequest poll = test::request_of("/v1/sources/ecfr/poll");
  poll.method = "POST";
  CHECK(alone.handle(poll).status == 409);
}

TEST_CASE_METHOD(Filled, "deliveries are listed, filtered and sent again", "[api]") {
  const Json all = json("/v1/deliveries");
  REQUIRE(all["deliveries"].size() == 3);
  CHECK(all["deliveries"][0]["id"] == "delivery-a");
  CHECK(all["deliveries"][0]["last_response"]["status"] == 200);
  CHECK(json("/v1/deliveries?status=dead")["deliveries"].size() == 1);
  CHECK(json("/v1/deliveries?channel=other")["deliveries"].empty());
  const Json latest = json("/v1/deliveries?order=newest&limit=2");
  CHECK(latest["deliveries"][0]["id"] == "delivery-c");
  CHECK(latest["deliveries"][1]["id"] == "delivery-b");
  const Json before = json("/v1/deliveries?order=newest&cursor=" + latest["next_cursor"].get<std::string>());
  REQUIRE(before["deliveries"].size() == 1);
  CHECK(before["deliveries"][0]["id"] == "delivery-a");
  CHECK(json("/v1/deliveries?limit=2&cursor=" +
             json("/v1/deliveries?limit=2")["next_cursor"].get<std::string>())["deliveries"]
            .size() == 1);

  REQUIRE(archive->put_note("channel grc disabled", "410 Gone"));
  const ApiResponse again = send("POST", "/v1/deliveries/delivery-c/redeliver");
  CHECK(again.status == 202);
  CHECK(Json::parse(again.body)["status"] == "pending");
  CHECK(json("/v1/deliveries?status=dead")["deliveries"].empty());
  CHECK(archive->reader()->delivery("delivery-c")->value().next_attempt_at == clock.now());
  CHECK(archive->reader()->note("channel grc disabled").value() == std::nullopt);
  CHECK(send("POST", "/v1/deliveries/delivery-a/redeliver").status == 409);
  CHECK(send("POST", "/v1/deliveries/nothing/redeliver").status == 404);
}

TEST_CASE_METHOD(Filled, "subscriptions are made, listed, tried and removed", "[api]") {
  const std::string body =
      R"({"name": "chips", "channels": ["grc"], "kinds": ["added"], "countries": ["CN"], "match": ["optics*"], "digest": "hourly"})";
  const ApiResponse made = send("POST", "/v1/subscriptions", body);
  INFO(made.body);
  CHECK(made.status == 201);
  CHECK(Json::parse(made.body)["origin"] == "api");
  const Json list = json("/v1/subscriptions")["subscriptions"];
  REQUIRE(list.size() == 2);
  CHECK(list[0]["name"] == "chips");
  CHECK(list[0]["digest"] == "hourly");
  CHECK(list[1]["origin"] == "file");
  CHECK(send("POST", "/v1/subscriptions", body).status == 409);
  CHECK(send("POST", "/v1/subscriptions", R"({"name": "everything"})").status == 409);
  CHECK(send("DELETE", "/v1/subscriptions/everything").status == 409);
  CHECK(send("DELETE", "/v1/subscriptions/chips").status == 204);
  CHECK(send("DELETE", "/v1/subscriptions/chips").status == 404);
  CHECK(send("DELETE", "/v1/subscriptions?name=chips").status == 404);

  const ApiResponse tried = send("POST", "/v1/subscriptions/try", R"({"name": "x", "kinds": ["added"]})");
  CHECK(tried.status == 200);
  const Json trial = Json::parse(tried.body);
  CHECK(trial["changes"] == 2);
  CHECK(trial["alerts"] == 1);
  CHECK(trial["weeks"].size() == 53);
  CHECK(trial["latest_alerts"][0]["subject"] == "Entity List: 1 added, 1 to be added (China) — 91 FR 10000");
  CHECK(json("/v1/subscriptions/everything/try")["alerts"] == 2);
  CHECK(json("/v1/subscriptions/everything/try?since=2026-03-15")["alerts"] == 1);
  CHECK(get("/v1/subscriptions/nobody/try").status == 404);
  refused("/v1/subscriptions/everything/try?since=2027-01-01", 400, "since");
}

TEST_CASE_METHOD(Filled, "every field of routing is given at run time", "[api]") {
  config.file = scratch.path("entitywatch.toml");
  api = std::make_unique<daemon::Api>(*archive, config, clock, daemon::archive_actions(*archive, clock));
  std::ofstream(scratch.path("vendors.csv")) << "name,id\nDelta Optics,V-1\n";
  const std::string body =
      R"({"name": "own", "documents": ["2026-*"], "topics": [], "watchlist": "vendors.csv", )"
      R"("digest": "weekly mon 08:00 UTC", "quiet_hours": "22:00-07:00 UTC", "quiet_override": false})";
  const ApiResponse made = send("POST", "/v1/subscriptions", body);
  INFO(made.body);
  REQUIRE(made.status == 201);
  const Json stored = json("/v1/subscriptions")["subscriptions"][1];
  CHECK(stored["documents"] == Json{"2026-*"});
  CHECK(stored["watchlist"] == "vendors.csv");
  CHECK(stored["quiet_hours"] == "22:00-07:00 UTC");
  CHECK(stored["quiet_override"] == false);
  const Json trial = json("/v1/subscriptions/own/try");
  CHECK(trial["changes"] == 1);  // Delta Optics alone is on the watchlist
  CHECK(trial["latest_alerts"][0]["at"] == "2026-03-16T08:00:00Z");
  CHECK(trial["latest_alerts"][0]["watchlist_matches"] == 1);
  for (const char* wrong : {"../vendors.csv", "/etc/passwd", ".csv", "secret.key", "missing.csv"})
    CHECK(send("POST", "/v1/subscriptions", R"({"name": "w", "watchlist": ")" + std::string(wrong) + "\"}")
              .status == 400);
}

TEST_CASE_METHOD(Filled, "a subscription that cannot work is refused with the reason", "[api]") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "JSON object"},
      {"[]", "JSON object"},
      {R"({"name": "x", "kinds": ["add"]})", "add"},
      {R"({"name": "x", "lists": ["nope"]})", "nope"},
      {R"({"name": "x", "channels": ["nope"]})", "nope"},
      {R"({"name": "x", "digest": "daily"})", "digest"},
      {R"({"name": "x", "colour": "red"})", "colour"},
      {R"({"name": "x", "kinds": {"a": 1}})", "kinds"},
      {R"({"name": "x", "watchlist": "/etc/passwd"})", "beside the daemon"},
      {R"({"kinds": ["added"]})", "name"},
      {R"({"name": "x]]\n[daemon]\ny", "digest": "]"})", "digest"},
      {std::string(4000, '['), "JSON object"}};
  for (const auto& [body, word] : cases) {
    const ApiResponse refused_body = send("POST", "/v1/subscriptions", body);
    INFO(body << " -> " << refused_body.body);
    CHECK(refused_body.status == 400);
    CHECK(refused_body.body.find(word) != std::string::npos);
    CHECK(refused_body.body.find("subscriptions[0]") == std::string::npos);
  }
}

TEST_CASE_METHOD(Filled, "feeds and the calendar hold the latest changes", "[api]") {
  const ApiResponse atom = get("/feed.atom");
  CHECK(atom.body.find("Added to the Entity List: Delta Optics (China)") != std::string::npos);
  CHECK(atom.body.find("&lt;2026-00010&gt;") != std::string::npos);
  CHECK(atom.body.find("<updated>2026-03-20T12:45:00Z</updated>") != std::string::npos);
  const Json feed = Json::parse(get("/feed.json?limit=1").body);
  REQUIRE(feed["items"].size() == 1);
  CHECK(feed["items"][0]["title"].get<std::string>().rfind("Removed from", 0) == 0);
  const std::string ics = get("/calendar.ics").body;
  CHECK(ics.find("DTSTART;VALUE=DATE:20260401\r\n") != std::string::npos);
  CHECK(ics.find("DTSTART;VALUE=DATE:20260501\r\n") != std::string::npos);
  for (std::size_t at = 0, end = 0; (end = ics.find("\r\n", at)) != std::string::npos; at = end + 2)
    CHECK(end - at <= 75);
  CHECK(get("/calendar.ics").body == ics);
}

TEST_CASE_METHOD(Filled, "the calendar names each party once and says how many it leaves out", "[api]") {
  Document document;
  document.number = "2026-00030";
  document.title = "Orders";
  Commit rows;
  for (int i = 0; i < 60; ++i)
    for (const char* place : {"CN", "RU"}) {
      Entry party = test::entry(ListId::denied_persons, "Party " + std::to_string(i), place);
      party.effective_on = test::day("2026-03-22");
      rows.new_changes.push_back(test::added(party, document, "2026-03-22T00:00:00Z"));
    }
  commit(rows);
  std::string ics = get("/calendar.ics?document=2026-00030").body;
  for (std::size_t fold = 0; (fold = ics.find("\r\n ")) != std::string::npos;) ics.erase(fold, 3);
  CHECK(ics.find("120 added\\, effective") != std::string::npos);
  CHECK(ics.find("Party 48\\nParty 49\\nand 10 more\r\n") != std::string::npos);
  CHECK(ics.find("Party 0\\nParty 1\\n") != std::string::npos);
}

TEST_CASE_METHOD(Filled, "metrics count what there is", "[api]") {
  const std::string text = get("/metrics").body;
  CHECK(text.find("entitywatch_changes_total{kind=\"added\"} 2\n") != std::string::npos);
  CHECK(text.find("entitywatch_source_status{source=\"ecfr\",status=\"ok\"} 1\n") != std::string::npos);
  CHECK(text.find("entitywatch_outbox_pending 1\n") != std::string::npos);
  CHECK(text.find("entitywatch_store_bytes ") != std::string::npos);
  CHECK(get("/metrics").body.find("entitywatch_changes_total{kind=\"added\"} 2\n") != std::string::npos);
}

TEST_CASE_METHOD(Filled, "health follows the loops, readiness the database", "[api]") {
  CHECK(json("/healthz")["status"] == "ok");
  CHECK(json("/readyz")["status"] == "ready");
  ApiActions actions;
  actions.healthy = [] { return false; };
  const Api stuck(*archive, config, clock, std::move(actions));
  CHECK(stuck.handle(test::request_of("/healthz")).status == 503);
  CHECK(stuck.handle(test::request_of("/readyz")).status == 200);
  ApiActions broken;
  broken.ready = [] { return false; };
  const Api unready(*archive, config, clock, std::move(broken));
  CHECK(unready.handle(test::request_of("/readyz")).status == 503);
  CHECK(unready.handle(test::request_of("/healthz")).status == 200);
}

TEST_CASE_METHOD(Filled, "a method a path does not know is refused with those it knows", "[api]") {
  const ApiResponse refused_put = send("PUT", "/v1/subscriptions");
  CHECK(refused_put.status == 405);
  REQUIRE(refused_put.headers.size() == 1);
  CHECK(refused_put.headers[0].second == "DELETE, GET, HEAD, POST");
  CHECK(send("DELETE", "/v1/changes").status == 405);
}

TEST_CASE_METHOD(Filled, "every route answers in the shape that its description gives", "[api][openapi]") {
  const Json description = json("/openapi.json");
  CHECK(description["openapi"] == "3.1.0");
  const std::map<std::string, std::string> examples = {
      {"/v1/changes/{id}",
       "/v1/changes/" + json("/v1/changes?limit=1")["changes"][0]["id"].get<std::string>()},
      {"/v1/changes/{id}/evidence",
       "/v1/changes/" + json("/v1/changes?limit=1")["changes"][0]["id"].get<std::string>() + "/evidence"},
      {"/v1/changes/{id}/preview",
       "/v1/changes/" + json("/v1/changes?limit=1")["changes"][0]["id"].get<std::string>() + "/preview"},
      {"/v1/entries/{id}", "/v1/entries/" + beta.id},
      {"/v1/screen", "/v1/screen?name=Delta+Optics"},
      {"/v1/documents/{number}", "/v1/documents/2026-00010"},
      {"/v1/documents/{number}/evidence", "/v1/documents/2026-00010/evidence"},
      {"/v1/evidence/{sha256}", "/v1/evidence/" + sha256_hex("<RULE/>")},
      {"/v1/subscriptions/{name}/try", "/v1/subscriptions/everything/try"},
      {"/v1/screen", "/v1/screen?name=alpha+works"}};
  std::set<std::string> operations;
  for (const Route& route : routes()) {
    const std::string pattern(route.pattern);
    const std::string method = route.method == "GET" ? "get" : route.method == "POST" ? "post" : "delete";
    INFO(method << " " << pattern);
    REQUIRE(description["paths"].contains(pattern));
    const Json& operation = description["paths"][pattern][method];
    CHECK(operations.insert(operation["operationId"].get<std::string>()).second);
    if (route.method != "GET") continue;
    const ApiResponse response = get(examples.contains(pattern) ? examples.at(pattern) : pattern);
    CHECK(response.status == 200);
    if (route.media != "*/*") CHECK(response.content_type.rfind(route.media, 0) == 0);
    if (route.schema.empty()) continue;
    CHECK(complaints(description, Json{{"$ref", "#/components/schemas/" + std::string(route.schema)}},
                     Json::parse(response.body)) == Names{});
  }
  const Json bad = Json::parse(get("/v1/changes?limit=0").body);
  CHECK(complaints(description, Json{{"$ref", "#/components/schemas/Problem"}}, bad) == Names{});
  // The checker itself can fail.
  CHECK_FALSE(
      complaints(description, Json{{"$ref", "#/components/schemas/Problem"}}, Json::object()).empty());
}

}  // namespace
}  // namespace entitywatch::daemon
