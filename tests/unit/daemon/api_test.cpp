// The query API on a real archive: every route's shape, filters, paging, the two times of the list.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <thread>

#include "core/hash.hpp"
#include "daemon/api_params.hpp"
#include "daemon/api_route.hpp"
#include "daemon/cursor.hpp"
#include "tests/support/api_world.hpp"
#include "tests/support/json_schema.hpp"

namespace entitywatch::daemon {
namespace {

using test::ApiWorld;
using test::complaints;

struct Filled : ApiWorld {
  Filled() { fill(); }
  [[nodiscard]] std::vector<std::string> names(const std::string& target) const {
    std::vector<std::string> out;
    const Json page = json(target);
    for (const Json& e : page["entries"]) out.push_back(e["name"]);
    std::sort(out.begin(), out.end());
    return out;
  }
  [[nodiscard]] std::vector<std::string> kinds(const std::string& target) const {
    std::vector<std::string> out;
    const Json page = json(target);
    for (const Json& c : page["changes"]) out.push_back(c["kind"]);
    return out;
  }
  void refused(const std::string& target, int status, const std::string& word) const {
    const ApiResponse response = get(target);
    INFO(target << ": " << response.body);
    CHECK(response.status == status);
    CHECK(response.content_type == "application/problem+json");
    const Json body = Json::parse(response.body);
    CHECK(body["status"] == status);
    CHECK(body["detail"].get<std::string>().find(word) != std::string::npos);
  }
};

using Names = std::vector<std::string>;

TEST_CASE_METHOD(Filled, "changes come oldest first and page by cursor", "[api]") {
  const Json first = json("/v1/changes?limit=3");
  CHECK(first["changes"].size() == 3);
  CHECK(first["changes"][0]["seq"] < first["changes"][1]["seq"]);
  const Json second = json("/v1/changes?limit=3&cursor=" + first["next_cursor"].get<std::string>());
  CHECK(second["changes"].size() == 1);
  const Json end = json("/v1/changes?cursor=" + second["next_cursor"].get<std::string>());
  CHECK(end["changes"].empty());
  REQUIRE(end["next_cursor"].is_string());
  // The same cursor shows what comes later.
  const Entry zeta = test::entry(ListId::meu_list, "Zeta Aero");
  Document rule;
  rule.number = "2026-00030";
  Commit later;
  later.entries = {zeta};
  later.new_changes = {test::added(zeta, rule, "2026-03-25T12:00:00Z")};
  commit(later);
  CHECK(json("/v1/changes?cursor=" + end["next_cursor"].get<std::string>())["changes"].size() == 1);
}

TEST_CASE_METHOD(Filled, "an empty archive gives a cursor too", "[api]") {
  const ApiWorld empty;
  const Json page = empty.json("/v1/changes");
  CHECK(page["changes"].empty());
  CHECK(page["next_cursor"].is_string());
  CHECK(empty.json("/v1/changes?order=newest")["changes"].empty());
}

TEST_CASE_METHOD(Filled, "changes are filtered", "[api]") {
  CHECK(kinds("/v1/changes?kind=added") == Names{"added", "added"});
  CHECK(kinds("/v1/changes?kind=added,removed").size() == 3);
  CHECK(kinds("/v1/changes?kind=added&kind=removed").size() == 3);
  CHECK(kinds("/v1/changes?list=unverified-list").empty());
  CHECK(kinds("/v1/changes?country=DE") == Names{"removed"});
  CHECK(kinds("/v1/changes?country=de") == Names{"removed"});
  CHECK(kinds("/v1/changes?document=2026-00020") == Names{"revised", "removed"});
  CHECK(kinds("/v1/changes?document=91+FR+20000") == Names{"revised", "removed"});
  CHECK(kinds("/v1/changes?document=2026-99999").empty());
  CHECK(kinds("/v1/changes?q=beta+sohne") == Names{"removed"});
  CHECK(kinds("/v1/changes?q=alpha+werke") == Names{"revised"});
  CHECK(kinds("/v1/changes?q=nothing+of+the+kind").empty());
}

TEST_CASE_METHOD(Filled, "since is inclusive and until exclusive", "[api]") {
  CHECK(kinds("/v1/changes?since=2026-03-20T12:45:00Z").size() == 2);
  CHECK(kinds("/v1/changes?since=2026-03-20T12:45:00.001Z").empty());
  CHECK(kinds("/v1/changes?until=2026-03-20T12:45:00Z").size() == 2);
  CHECK(kinds("/v1/changes?since=2026-03-10&until=2026-03-11").size() == 2);
  CHECK(kinds("/v1/changes?since=2026-03-20T14:45:00+02:00").size() == 2);  // the offset's + unencoded
}

TEST_CASE_METHOD(Filled, "what is wrong with a question is said", "[api]") {
  refused("/v1/changes?limit=0", 400, "1 to 1000");
  refused("/v1/changes?limit=1001", 400, "1 to 1000");
  refused("/v1/changes?limit=ten", 400, "1 to 1000");
  refused("/v1/changes?limit=", 400, "1 to 1000");
  refused("/v1/changes?knd=added", 400, "kind");
  refused("/v1/changes?kind=add", 400, "corrected");
  refused("/v1/changes?list=entitylist", 400, "entity-list");
  refused("/v1/changes?country=Atlantis", 400, "ISO 3166-1");
  refused("/v1/changes?since=yesterday", 400, "RFC 3339");
  refused("/v1/changes?updates=maybe", 400, "true or false");
  refused("/v1/changes?since=2026-01-01&since=2026-01-02", 400, "more than once");
  refused("/v1/changes?cursor=garbage", 400, "cursor");
  refused("/v1/entries?as_of=2026-02-30", 400, "date");
  refused("/v1/entries?status=gone", 400, "pending");
  refused("/v1/deliveries?status=gone", 400, "dead");
  refused("/v1/nothing", 404, "/openapi.json");
  refused("/v1/changes/0000", 404, "0000");
  refused("/v1/entries/0000", 404, "0000");
  refused("/v1/documents/0000", 404, "0000");
  refused("/v1/documents/0000/evidence", 404, "0000");
  refused("/v1/evidence/0000", 400, "SHA-256");
  refused("/healthz?x=1", 400, "takes none");
}

TEST_CASE_METHOD(Filled, "a cursor of one listing is refused by another", "[api]") {
  const std::string cursor = json("/v1/changes?limit=1")["next_cursor"];
  refused("/v1/entries?cursor=" + cursor, 400, "another listing");
  refused("/v1/changes?order=newest&cursor=" + cursor, 400, "another");
  refused("/v1/changes?updates=true&cursor=" + cursor, 400, "another");
  refused("/v1/changes?cursor=" + cursor.substr(0, cursor.size() - 2), 400, "cursor");
  CHECK(get("/v1/changes/stream?cursor=" + cursor).status == 200);
}

TEST_CASE_METHOD(Filled, "the newest come first when asked for, and page too", "[api]") {
  const Json first = json("/v1/changes?order=newest&limit=3");
  REQUIRE(first["changes"].size() == 3);
  CHECK(first["changes"][0]["seq"] > first["changes"][1]["seq"]);
  const Json rest =
      json("/v1/changes?order=newest&limit=3&cursor=" + first["next_cursor"].get<std::string>());
  REQUIRE(rest["changes"].size() == 1);
  CHECK(rest["changes"][0]["seq"] < first["changes"][2]["seq"]);
  CHECK(json("/v1/changes?order=newest&cursor=" + rest["next_cursor"].get<std::string>())["changes"].empty());
}

TEST_CASE_METHOD(Filled, "a completed change shows again at a new position when asked for updates", "[api]") {
  const Json before = json("/v1/changes?updates=true");
  CHECK(before["changes"].size() == 4);
  Change change =
      archive->reader()->change(json("/v1/changes?limit=1")["changes"][0]["id"].get<std::string>())->value();
  change.revision = 2;
  change.sightings.push_back({"ecfr", "confirms", clock.now(), "", test::day("2026-03-25"), "", ""});
  Commit update;
  update.updated_changes = {change};
  commit(update);
  const Json after = json("/v1/changes?updates=true&cursor=" + before["next_cursor"].get<std::string>());
  REQUIRE(after["changes"].size() == 1);
  CHECK(after["changes"][0]["id"] == change.id);
  CHECK(after["changes"][0]["revision"] == 2);
  CHECK(after["changes"][0]["seq"] == change.seq);
  CHECK(after["changes"][0]["confirmed_by"] == Json::array({"ecfr"}));
  CHECK(json("/v1/changes")["changes"].size() == 4);
  CHECK(json("/v1/changes?updates=true")["changes"].size() == 4);
}

TEST_CASE_METHOD(Filled, "entries in force are shown unless another status is asked for", "[api]") {
  CHECK(names("/v1/entries") == Names{"Alpha Works", "Béta Söhne", "Delta Optics", "Gamma Ltd"});
  CHECK(names("/v1/entries?status=pending") == Names{"Epsilon Radar"});
  CHECK(names("/v1/entries?status=removed").empty());
  CHECK(names("/v1/entries?status=all").size() == 5);
  CHECK(names("/v1/entries?list=unverified-list") == Names{"Gamma Ltd"});
  CHECK(names("/v1/entries?list=unverified-list,meu-list") == Names{"Gamma Ltd"});
  CHECK(names("/v1/entries?country=CN&q=alpha") == Names{"Alpha Works"});
  CHECK(names("/v1/entries?q=SOHNE") == Names{"Béta Söhne"});
  CHECK(names("/v1/entries?q=alpha+factory") == Names{"Alpha Works"});
}

TEST_CASE_METHOD(Filled, "a status changes with the day, not with a commit", "[api]") {
  clock.set("2026-03-31T23:59:59Z");
  CHECK(names("/v1/entries?status=pending") == Names{"Epsilon Radar"});
  clock.set("2026-04-01T00:00:00Z");
  CHECK(names("/v1/entries?status=pending").empty());
  CHECK(names("/v1/entries?q=epsilon") == Names{"Epsilon Radar"});
  CHECK(json("/v1/entries?q=epsilon")["entries"][0]["status"] == "listed");
  CHECK(names("/v1/entries?q=sohne") == Names{"Béta Söhne"});
  clock.set("2026-05-01T00:00:00Z");
  CHECK(names("/v1/entries?q=sohne").empty());
  CHECK(names("/v1/entries?q=sohne&status=removed") == Names{"Béta Söhne"});
}

TEST_CASE_METHOD(Filled, "an announced removal is told beside an entry still in force", "[api]") {
  const Json beta_now = json("/v1/entries?q=sohne")["entries"][0];
  CHECK(beta_now["status"] == "listed");
  CHECK(beta_now["upcoming"]["status"] == "removed");
  CHECK(beta_now["upcoming"]["effective_on"] == "2026-05-01");
}

TEST_CASE_METHOD(Filled, "the list as it was in force on a day", "[api]") {
  CHECK(names("/v1/entries?as_of=2026-03-09") == Names{"Alpha Works", "Béta Söhne", "Gamma Ltd"});
  CHECK(names("/v1/entries?as_of=2026-03-10") ==
        Names{"Alpha Works", "Béta Söhne", "Delta Optics", "Gamma Ltd"});
  CHECK(names("/v1/entries?as_of=2026-04-01").size() == 5);
  CHECK(names("/v1/entries?as_of=2026-05-01") ==
        Names{"Alpha Works", "Delta Optics", "Epsilon Radar", "Gamma Ltd"});
  const Json then = json("/v1/entries?as_of=2026-03-19&q=alpha")["entries"][0];
  CHECK(then["aliases"] == Json::array({"AW", "Alpha Factory"}));
  CHECK(json("/v1/entries?as_of=2026-03-20&q=alpha")["entries"][0]["aliases"].size() == 3);
}

TEST_CASE_METHOD(Filled, "the list as this system knew it at a time", "[api]") {
  CHECK(names("/v1/entries?known_at=2026-03-05") == Names{"Alpha Works", "Béta Söhne", "Gamma Ltd"});
  // On the day itself the rule was not yet known at noon.
  CHECK(names("/v1/entries?known_at=2026-03-10T12:00:00Z").size() == 3);
  CHECK(names("/v1/entries?known_at=2026-03-10T12:45:00Z").size() == 4);
  // What was known on the 11th about May: no word yet of the removal.
  CHECK(names("/v1/entries?known_at=2026-03-11&as_of=2026-05-01").size() == 5);
  CHECK(names("/v1/entries?known_at=2026-02-01").empty());
}

TEST_CASE_METHOD(Filled, "a look back beyond the first reading says that it is not complete", "[api]") {
  CHECK(json("/v1/entries?as_of=2026-02-28")["complete"] == false);
  CHECK(json("/v1/entries?as_of=2026-03-01")["complete"] == true);
  CHECK(json("/v1/entries?as_of=2026-03-01&list=meu-list")["complete"] == false);  // never read
  CHECK_FALSE(json("/v1/entries").contains("complete"));
  REQUIRE(archive->put_note("first-reading unverified-list", "2026-01-15"));
  CHECK(json("/v1/entries?as_of=2026-01-15&list=unverified-list")["complete"] == true);
  CHECK(json("/v1/entries?as_of=2026-01-15")["complete"] == false);
}

TEST_CASE_METHOD(Filled, "entries page by cursor, each once", "[api]") {
  std::multiset<std::string> seen;
  std::string cursor;
  for (int i = 0; i < 10; ++i) {
    const Json page = json("/v1/entries?status=all&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const Json& e : page["entries"]) seen.insert(e["id"].get<std::string>());
    cursor = page["next_cursor"];
    if (page["entries"].empty()) break;
  }
  CHECK(seen.size() == 5);
  CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 5);
}

TEST_CASE_METHOD(Filled, "an entry that its source still shows is confirmed by each of its successes",
                 "[api]") {
  CHECK(json("/v1/entries?q=gamma")["entries"][0]["last_confirmed"] == "2026-03-25T11:55:00Z");
  CHECK(json("/v1/entries/" + gamma.id)["last_confirmed"] == "2026-03-25T11:55:00Z");
  // Its source has told nothing since.
  CHECK(json("/v1/entries?q=delta")["entries"][0]["last_confirmed"] == "2026-03-10T12:45:00Z");
  CHECK(json("/v1/entries?q=gamma&as_of=2026-03-05")["entries"][0]["last_confirmed"] ==
        "2026-03-01T06:00:00Z");
}

TEST_CASE_METHOD(Filled, "an entry comes with its whole history", "[api]") {
  const Json found = json("/v1/entries/" + alpha.id);
  CHECK(found["name"] == "Alpha Works");
  CHECK(found["versions"].size() == 2);
  CHECK(found["versions"][0]["effective_on"].is_null());
  REQUIRE(found["changes"].size() == 1);
  CHECK(found["changes"][0]["fields"] == Json::array({"aliases"}));
  CHECK(found["changes"][0]["before"]["aliases"].size() == 2);
}

TEST_CASE_METHOD(Filled, "a document comes with what it changed", "[api]") {
  const Json list = json("/v1/documents");
  REQUIRE(list["documents"].size() == 2);
  CHECK(list["documents"][0]["counts"]["added"] == 2);
  const Json page = json("/v1/documents?limit=1");
  CHECK(json("/v1/documents?limit=5&cursor=" +
             page["next_cursor"].get<std::string>())["documents"][0]["number"] == "2026-00020");
  CHECK(json("/v1/documents?q=20000")["documents"].size() == 1);
  const Json one = json("/v1/documents/2026-00020");
  CHECK(one["changes"].size() == 2);
  CHECK(one["counts"]["removed"] == 1);
}

TEST_CASE_METHOD(Filled, "the stored bytes of a document are given as they came", "[api]") {
  const ApiResponse text = get("/v1/documents/2026-00010/evidence");
  CHECK(text.status == 200);
  CHECK(text.body == "<RULE/>");
  CHECK(text.content_type == "text/xml");
  CHECK(get("/v1/documents/2026-00010/evidence?part=metadata").body ==
        "{\"document_number\": \"2026-00010\"}");
  CHECK(get("/v1/documents/2026-00010/evidence?part=2").body == "<RULE/>");
  CHECK(get("/v1/documents/2026-00010/evidence?part=" + sha256_hex("<RULE/>")).body == "<RULE/>");
  refused("/v1/documents/2026-00010/evidence?part=pdf", 404, "metadata, xml");
  refused("/v1/documents/2026-00020/evidence", 404, "evidence");
  const Json meta = json("/v1/documents/2026-00010/evidence?meta=true&part=metadata");
  CHECK(meta["sha256"] == sha256_hex("{\"document_number\": \"2026-00010\"}"));
  CHECK(meta["url"] == "https://www.example.gov/d/2026-00010.json");
  CHECK(meta["headers"]["etag"] == "\"1\"");
  CHECK(meta["fetched_at"] == "2026-03-10T12:45:00Z");
  CHECK(meta["chain_number"].get<int>() > 0);
  CHECK(meta["parts"].size() == 2);
  // A publisher's markup has no way to run here.
  const auto csp = std::find_if(text.headers.begin(), text.headers.end(),
                                [](const auto& h) { return h.first == "Content-Security-Policy"; });
  REQUIRE(csp != text.headers.end());
  CHECK(csp->second.find("sandbox") != std::string::npos);
  CHECK(get("/v1/evidence/" + sha256_hex("<RULE/>")).body == "<RULE/>");
  CHECK(json("/v1/evidence/" + sha256_hex("<RULE/>") + "?meta=true")["role"] == "xml");
  refused("/v1/evidence/" + std::string(64, '0'), 404, "000");
}

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
  CHECK(Json::parse(tried.body)["changes"] == 2);
  CHECK(Json::parse(tried.body)["alerts"] == 1);
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
      {R"({"name": "x", "watchlist": "/etc/passwd"})", "configuration file"},
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

std::string whole(const ApiResponse& response) {
  REQUIRE(response.source);
  std::string out;
  for (int i = 0; i < 1000; ++i) {
    const BodySource::Piece piece = response.source->next();
    out += piece.bytes;
    if (piece.after == BodySource::After::end) return out;
    REQUIRE(piece.after == BodySource::After::more);
  }
  FAIL("the export does not end");
  return out;
}

TEST_CASE_METHOD(Filled, "the list is exported, safe for spreadsheets", "[api]") {
  const std::string csv = whole(get("/v1/export/entries.csv"));
  CHECK(csv.rfind("id,list,country,country_code,name,", 0) == 0);
  CHECK(csv.find("Béta Söhne") != std::string::npos);
  CHECK(csv.find("\"CHINA, PEOPLE'S REPUBLIC OF\"") != std::string::npos);
  CHECK(csv.find("1 First Road; =2+5") != std::string::npos);  // inside a cell a formula is none
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 5);
  CHECK(csv.find("Epsilon") == std::string::npos);

  Commit odd;
  Entry formula = test::entry(ListId::entity_list, "=HYPERLINK(\"http://x\")");
  odd.entries = {formula};
  odd.versions = {test::version(formula, 1, nullptr, "2026-03-25T06:00:00Z")};
  commit(odd);
  CHECK(whole(get("/v1/export/entries.csv?q=hyperlink")).find(",\"'=HYPERLINK(\"\"http://x\"\")\",") !=
        std::string::npos);

  const std::string lines = whole(get("/v1/export/entries.jsonl?as_of=2026-03-05&list=entity-list"));
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 3);
  CHECK(Json::parse(lines.substr(0, lines.find('\n'))).contains("license_requirement"));
  const std::string ftm = whole(get("/v1/export/entries.ftm?country=DE"));
  CHECK(Json::parse(ftm.substr(0, ftm.find('\n')))["schema"] == "LegalEntity");
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
}

TEST_CASE_METHOD(Filled, "a method a path does not know is refused with those it knows", "[api]") {
  const ApiResponse refused_put = send("PUT", "/v1/subscriptions");
  CHECK(refused_put.status == 405);
  REQUIRE(refused_put.headers.size() == 1);
  CHECK(refused_put.headers[0].second == "DELETE, GET, HEAD, POST");
  CHECK(send("DELETE", "/v1/changes").status == 405);
}

TEST_CASE_METHOD(Filled, "the stream shows what comes, with the cursor as id, and goes on after a break",
                 "[api]") {
  const ApiResponse live = get("/v1/changes/stream");
  REQUIRE(live.source);
  const BodySource::Piece greeting = live.source->next();
  CHECK(greeting.bytes.find("id: ") != std::string::npos);
  CHECK(greeting.bytes.find("event:") == std::string::npos);
  CHECK(greeting.after == BodySource::After::wait);

  const Entry zeta = test::entry(ListId::meu_list, "Zeta Aero");
  Document rule;
  rule.number = "2026-00030";
  Commit later;
  later.entries = {zeta};
  later.new_changes = {test::added(zeta, rule, "2026-03-25T12:00:00Z")};
  commit(later);
  const std::string news = live.source->next().bytes;
  CHECK(news.find("event: change\ndata: {\"id\"") != std::string::npos);
  CHECK(news.find("Zeta Aero") != std::string::npos);
  CHECK(live.source->next().bytes.empty());
  clock.advance(std::chrono::seconds{16});
  CHECK(live.source->next().bytes == ": still here\n\n");

  ApiRequest resume = test::request_of("/v1/changes/stream");
  resume.last_event_id = greeting.bytes.substr(greeting.bytes.find("id: ") + 4);
  resume.last_event_id.erase(resume.last_event_id.find('\n'));
  CHECK(api->handle(resume).source->next().bytes.find("Zeta Aero") != std::string::npos);
  CHECK(get("/v1/changes/stream?since=2026-01-01&kind=removed").source->next().bytes.find("Söhne") !=
        std::string::npos);
}

TEST_CASE("a reader paging while changes are committed sees each once, in order", "[api][concurrency]") {
  ApiWorld world;
  constexpr int batches = 200;
  constexpr int a_batch = 5;
  std::atomic<bool> done{false};
  std::jthread writer([&] {
    for (int i = 0; i < batches; ++i) {
      Commit commit;
      for (int k = 0; k < a_batch; ++k) {
        const Entry e = test::entry(ListId::entity_list, "Party " + std::to_string(i * a_batch + k));
        Document rule;
        rule.number = "2026-" + std::to_string(i);
        commit.new_changes.push_back(test::added(e, rule, "2026-03-25T12:00:00Z"));
      }
      if (!world.archive->commit(commit)) break;
    }
    done = true;
  });
  std::vector<std::string> seen;
  std::string cursor;
  std::uint64_t last_seq = 0;
  bool in_order = true;
  for (bool last = false; !last;) {
    last = done;
    while (true) {
      const Json page = world.json("/v1/changes?limit=7" + (cursor.empty() ? "" : "&cursor=" + cursor));
      cursor = page["next_cursor"];
      for (const Json& c : page["changes"]) {
        in_order = in_order && c["seq"].get<std::uint64_t>() > last_seq;
        last_seq = c["seq"].get<std::uint64_t>();
        seen.push_back(c["id"]);
      }
      if (page["changes"].empty()) break;
    }
  }
  CHECK(in_order);
  CHECK(seen.size() == batches * a_batch);
  CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == seen.size());
}

TEST_CASE_METHOD(Filled, "every route answers in the shape that its description gives", "[api][openapi]") {
  const Json description = json("/openapi.json");
  CHECK(description["openapi"] == "3.1.0");
  const std::map<std::string, std::string> examples = {
      {"/v1/changes/{id}",
       "/v1/changes/" + json("/v1/changes?limit=1")["changes"][0]["id"].get<std::string>()},
      {"/v1/entries/{id}", "/v1/entries/" + beta.id},
      {"/v1/screen", "/v1/screen?name=Delta+Optics"},
      {"/v1/documents/{number}", "/v1/documents/2026-00010"},
      {"/v1/documents/{number}/evidence", "/v1/documents/2026-00010/evidence"},
      {"/v1/evidence/{sha256}", "/v1/evidence/" + sha256_hex("<RULE/>")},
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

TEST_CASE("cursors survive neither alteration nor guessing", "[cursor]") {
  const std::string cursor = encode_cursor(CursorKind::entries, "0123456789abcdef0123");
  CHECK(decode_cursor(CursorKind::entries, cursor).value() == "0123456789abcdef0123");
  CHECK(decode_cursor(CursorKind::entries, encode_cursor(CursorKind::entries, std::string("\x00\xff?", 3)))
            .value() == std::string("\x00\xff?", 3));
  for (std::size_t i = 0; i + 1 < cursor.size(); ++i) {
    std::string altered = cursor;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(decode_cursor(CursorKind::entries, altered));
    CHECK_FALSE(decode_cursor(CursorKind::entries, cursor.substr(0, i)));
  }
  CHECK_FALSE(decode_number_cursor(CursorKind::changes, encode_cursor(CursorKind::changes, "12x")));
  CHECK(decode_number_cursor(CursorKind::changes,
                             encode_cursor(CursorKind::changes, std::uint64_t{18446744073709551615u}))
            .value() == 18446744073709551615u);
}

}  // namespace
}  // namespace entitywatch::daemon
