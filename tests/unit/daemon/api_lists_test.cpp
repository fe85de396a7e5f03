// Lists, entries, documents and their evidence through the query API: the two times of the list, exports.
#include <set>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "tests/support/filled_world.hpp"

namespace entitywatch::daemon {
namespace {

using test::Filled;

using Names = std::vector<std::string>;

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

TEST_CASE_METHOD(Filled, "the export for screening tools holds what the model can hold", "[api]") {
  const auto records = [&](const std::string& target) {
    std::vector<Json> out;
    for (const std::string& line : text::split(whole(get(target)), '\n'))
      if (!line.empty()) out.push_back(Json::parse(line));
    REQUIRE(out.size() == 2);
    return out;
  };
  const auto now = records("/v1/export/entries.ftm?q=beta");
  CHECK(now[0]["properties"]["topics"] == Json{"export.control"});
  CHECK(now[1]["properties"]["entity"] == Json{now[0]["id"]});
  const auto gone = records("/v1/export/entries.ftm?q=beta&as_of=2026-06-01&status=removed");
  CHECK_FALSE(gone[0]["properties"].contains("topics"));

  Commit wordy;
  Entry entry = test::entry(ListId::entity_list, "Wordy Works");
  entry.listing.license_requirement = std::string(1024, 'a');
  entry.listing.license_review_policy = std::string(1025, 'b');
  wordy.entries = {entry};
  wordy.versions = {test::version(entry, 1, nullptr, "2026-03-25T06:00:00Z")};
  commit(wordy);
  const auto terms = records("/v1/export/entries.ftm?q=wordy");
  CHECK(terms[1]["properties"]["provisions"] == Json{entry.listing.license_requirement});
  CHECK(terms[1]["properties"]["description"] == Json{entry.listing.license_review_policy});
}

TEST_CASE_METHOD(Filled, "entries are listed by name when asked for, page by page", "[api]") {
  Names names;
  for (Json page = json("/v1/entries?order=name&limit=2"); !page["entries"].empty();
       page = json("/v1/entries?order=name&limit=2&cursor=" + page["next_cursor"].get<std::string>()))
    for (const Json& e : page["entries"]) names.push_back(e["name"]);
  CHECK(names == Names{"Alpha Works", "Béta Söhne", "Delta Optics", "Gamma Ltd"});
  refused("/v1/entries?order=size", 400, "list nor name");
  refused("/v1/entries?order=name&cursor=" + json("/v1/entries?limit=1")["next_cursor"].get<std::string>(), 400, "another listing");
}

TEST_CASE_METHOD(Filled, "documents are listed by day when asked for, the latest first", "[api]") {
  Names numbers;
  for (Json page = json("/v1/documents?order=newest&limit=1"); !page["documents"].empty();
       page = json("/v1/documents?order=newest&limit=1&cursor=" + page["next_cursor"].get<std::string>()))
    numbers.push_back(page["documents"][0]["number"]);
  CHECK(numbers == Names{"2026-00020", "2026-00010"});
  refused("/v1/documents?order=upwards", 400, "newest");
}

}  // namespace
}  // namespace entitywatch::daemon
