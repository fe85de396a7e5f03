// The history through the query API, on a real archive: filters, paging, the stream, cursors.
#include <atomic>
#include <set>
#include <thread>

#include "core/hash.hpp"
#include "daemon/cursor.hpp"
#include "tests/support/filled_world.hpp"

namespace entitywatch::daemon {
namespace {

using test::ApiWorld;
using test::Filled;

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
