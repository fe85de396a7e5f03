#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "core/json.hpp"
#include "core/text.hpp"
#include "daemon/sources/federal_register_documents.hpp"
#include "tests/unit/daemon/poll_support.hpp"

using namespace entitywatch;
using namespace entitywatch::daemon;
using namespace entitywatch::test;
using namespace std::chrono_literals;

namespace {

using Strings = std::vector<std::string>;
const std::string listing = "/api/v1/documents.json";

// The Federal Register's API in small, with what it does wrong on request.
class Register {
 public:
  struct Entry {
    std::string number;
    std::string date;
    std::string title = "Additions to the Entity List";
    std::optional<std::string> xml = "<RULE><P>text</P></RULE>";
    int views = 0;
  };

  explicit Register(Watch& watch) : watch_(watch) {
    watch.server.set(listing, [this](const LoopbackRequest& request) { return list(request); });
  }

  void publish(const Entry& entry) {
    entries_[entry.number] = entry;
    watch_.server.set(json_path(entry.number), [this, number = entry.number](const LoopbackRequest&) {
      return tagged(item(entries_.at(number), true).dump(), "application/json");
    });
    if (entry.xml)
      watch_.server.set(xml_path(entry), tagged(*entry.xml, "text/xml"));
    else
      watch_.server.remove(xml_path(entry));
  }

  static std::string json_path(const std::string& number) { return "/api/v1/documents/" + number + ".json"; }
  static std::string xml_path(const Entry& entry) {
    return "/documents/full_text/xml/" + entry.number + ".xml";
  }

  std::size_t count_error = 0;  // added to the count
  std::size_t page_size = 1000;
  bool repeats_pages = false;  // every page is the first
  bool gives_etags = true;
  std::string link_host = "https://www.federalregister.gov";

 private:
  LoopbackAnswer tagged(std::string body, const std::string& type) const {
    LoopbackAnswer answer;
    answer.content_type = type;
    if (gives_etags) answer.etag = "\"" + sha256_hex(body).substr(0, 16) + "\"";
    answer.body = std::move(body);
    return answer;
  }

  Json item(const Entry& entry, bool whole) const {
    Json json{{"document_number", entry.number},
              {"publication_date", entry.date},
              {"title", entry.title},
              {"type", "Rule"},
              {"json_url", link_host + "/api/v1/documents/" + entry.number + ".json"},
              {"full_text_xml_url", nullptr}};
    if (entry.xml) json["full_text_xml_url"] = link_host + xml_path(entry);
    if (whole) json["page_views"] = {{"count", entry.views}};
    return json;
  }

  LoopbackAnswer list(const LoopbackRequest& request) const {
    const auto value = [&](const std::string& key) {
      const auto at = request.query.find(key);
      return at == request.query.end() ? std::string() : at->second;
    };
    std::vector<const Entry*> found;
    for (const auto& [number, entry] : entries_)
      if (entry.date >= value("conditions[publication_date][gte]") &&
          entry.date <= value("conditions[publication_date][lte]"))
        found.push_back(&entry);
    const std::size_t pages = (found.size() + page_size - 1) / page_size;
    const std::size_t page = value("page").empty() || repeats_pages ? 1 : std::stoul(value("page"));
    Json results = Json::array();
    for (std::size_t i = (page - 1) * page_size; i < std::min(found.size(), page * page_size); ++i)
      results.push_back(item(*found[i], false));
    Json json{{"count", found.empty() ? 0 : found.size() + count_error}, {"description", "Documents"}};
    if (!found.empty()) {
      json["total_pages"] = pages;
      json["results"] = results;
    }
    return tagged(json.dump(), "application/json");
  }

  Watch& watch_;
  std::map<std::string, Entry> entries_;
};

struct FederalRegister : Watch {
  FederalRegister() : Watch(source::federal_register), publisher(*this) {}
  Register publisher;
};

const Register::Entry older{"2026-01001", "2026-02-10"};
const Register::Entry newer{"2026-02002", "2026-03-02"};

}  // namespace

TEST_CASE(
    "the first pass reads every document of the lookback in order of publication, and is the baseline") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.publisher.publish(older);
  watch.publisher.publish({"2025-99999", "2025-12-31"});
  const PollReport report = watch.poll();
  CHECK_FALSE(report.failure);
  CHECK(report.observations == 2);
  CHECK(report.changes == 2);
  CHECK(report.summary == "2 documents read, 2 changes");
  CHECK(watch.observed() == Strings{"2026-01001", "2026-02002"});
  const Observation& first = watch.sink.observations.at(0);
  CHECK(first.kind == ObservationKind::federal_register_document);
  CHECK(first.source == "federal_register");
  CHECK(first.fetched_at == watch.clock.now());
  REQUIRE(first.parts.size() == 2);
  CHECK(first.parts[0].role == "metadata");
  CHECK(first.parts[0].url == watch.server.url(Register::json_path("2026-01001")));
  CHECK(first.parts[1].role == "xml");
  // The publisher's links name another host; what is fetched is on the one configured.
  CHECK(first.parts[1].url == watch.server.url(Register::xml_path(older)));
  CHECK(first.parts[1].bytes == "<RULE><P>text</P></RULE>");
  CHECK(first.parts[1].content_type.find("text/xml") == 0);
  // The baseline is complete with the last document, not before.
  CHECK_FALSE(watch.sink.states.at(0).has_baseline);
  CHECK(watch.sink.states.at(1).has_baseline);
  CHECK(watch.sink.states.at(1).memory.at("through") == "2026-03-02");
  CHECK(watch.state.has_baseline);
}

TEST_CASE("the listing is asked by agency and date, for the fields wanted, without a search term") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.poll();
  const LoopbackRequest request = watch.server.requests().at(0);
  const auto value = [&](const std::string& key) { return request.query.find(key)->second; };
  CHECK(value("conditions[agencies][]") == "industry-and-security-bureau");
  CHECK(value("conditions[publication_date][gte]") == "2026-01-31");
  CHECK(value("per_page") == "1000");
  CHECK(value("order") == "oldest");
  CHECK(request.query.count("fields[]") == 28);
  CHECK(request.target.find("term") == std::string::npos);
  // The last slice reaches past today: documents dated tomorrow appear early.
  Strings until;
  for (const LoopbackRequest& r : watch.server.requests())
    if (r.path == listing) until.push_back(r.query.find("conditions[publication_date][lte]")->second);
  CHECK(until == Strings{"2026-02-22", "2026-03-09"});
}

TEST_CASE("an unchanged poll is one request that is not modified") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.poll();
  const PollReport report = watch.poll();
  CHECK(report.summary == "unchanged");
  CHECK(watch.server.hits() == 1);
  CHECK(watch.server.not_modified(listing) == 1);
}

TEST_CASE("a publisher without validators is told unchanged by its bytes") {
  FederalRegister watch;
  watch.publisher.gives_etags = false;
  watch.publisher.publish(newer);
  watch.poll();
  CHECK(watch.poll().summary == "unchanged");
  CHECK(watch.server.hits() == 1);
}

TEST_CASE("a new document is read once, and its digest and the listing's validators land with it") {
  FederalRegister watch;
  watch.publisher.publish(older);
  watch.poll();
  watch.publisher.publish(newer);
  CHECK(watch.poll().observations == 1);
  CHECK(watch.observed() == Strings{"2026-02002"});
  CHECK(watch.sink.states.at(0).memory == watch.state.memory);
  CHECK(watch.poll().observations == 0);
  CHECK(watch.server.hits() == 1);
}

TEST_CASE("a document whose metadata changed is read again, whole") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.poll();
  Register::Entry changed = newer;
  changed.title = "Additions to the Entity List; Correction";
  watch.publisher.publish(changed);
  CHECK(watch.poll().observations == 1);
  const Observation& observation = watch.sink.observations.at(0);
  CHECK(observation.part("metadata")->bytes.find("Correction") != std::string::npos);
  CHECK(observation.part("xml")->bytes == *newer.xml);
}

TEST_CASE("a document changed in place is found by reading it again after six hours") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.poll();
  Register::Entry patched = newer;
  patched.xml = "<RULE><P>patched</P></RULE>";
  watch.publisher.publish(patched);
  watch.clock.advance(5h);
  CHECK(watch.poll().observations == 0);
  CHECK(watch.server.hits() == 1);
  watch.clock.advance(2h);
  CHECK(watch.poll().observations == 1);
  CHECK(watch.sink.observations.at(0).part("xml")->bytes == *patched.xml);
  CHECK(watch.sink.observations.at(0).part("metadata") != nullptr);

  SECTION("and the same bytes are no observation") {
    watch.clock.advance(4h);
    watch.poll();
    watch.clock.advance(3h);
    CHECK(watch.poll().observations == 0);
    CHECK(watch.server.not_modified(Register::xml_path(newer)) == 1);
    CHECK(watch.server.not_modified(Register::json_path(newer.number)) == 1);
  }
  SECTION("and counted readers are no change") {
    patched.views = 17;
    watch.publisher.publish(patched);
    watch.clock.advance(7h);
    CHECK(watch.poll().observations == 0);
    CHECK(watch.server.hits(Register::json_path(newer.number)) == 1);
  }
}

TEST_CASE("a document without full text is told of at once and completed later") {
  FederalRegister watch;
  Register::Entry early = newer;
  early.xml = std::nullopt;
  watch.publisher.publish(early);
  CHECK(watch.poll().observations == 1);
  CHECK(watch.sink.observations.at(0).part("xml") == nullptr);
  CHECK(watch.poll().observations == 0);
  CHECK(watch.server.hits(Register::json_path(early.number)) == 1);
  watch.publisher.publish(newer);
  CHECK(watch.poll().observations == 1);
  CHECK(watch.sink.observations.at(0).part("xml")->bytes == *newer.xml);
  CHECK(watch.poll().observations == 0);
}

TEST_CASE("full text that is listed and not yet there is waited for") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.server.remove(Register::xml_path(newer));
  CHECK_FALSE(watch.poll().failure);
  CHECK(watch.sink.observations.at(0).part("xml") == nullptr);
  watch.publisher.publish(newer);
  CHECK(watch.poll().observations == 1);
  CHECK(watch.sink.observations.at(0).part("xml") != nullptr);
}

TEST_CASE("a mirror without single documents is read from its listing") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.server.remove(Register::json_path(newer.number));
  CHECK_FALSE(watch.poll().failure);
  const Observation& observation = watch.sink.observations.at(0);
  CHECK(Json::parse(observation.part("metadata")->bytes)["document_number"] == newer.number);
  CHECK(observation.part("xml") != nullptr);
  watch.clock.advance(7h);
  CHECK_FALSE(watch.poll().failure);
}

TEST_CASE("a listing whose count is not met is held back") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.publisher.count_error = 1;
  const PollReport report = watch.poll();
  REQUIRE(report.failure);
  CHECK(report.failure->error.code == ErrorCode::implausible);
  CHECK(watch.observed().empty());
  CHECK_FALSE(watch.state.has_baseline);
  CHECK(watch.state.memory.empty());
}

TEST_CASE("a listing of several pages is read to its end") {
  FederalRegister watch;
  watch.publisher.page_size = 2;
  for (int day = 1; day <= 5; ++day)
    watch.publisher.publish({fmt::format("2026-0200{}", day), fmt::format("2026-02-2{}", day + 3)});
  CHECK(watch.poll().observations == 5);
  CHECK(watch.poll().observations == 0);

  SECTION("and a page seen twice is held back") {
    watch.publisher.repeats_pages = true;
    const PollReport report = watch.poll();
    REQUIRE(report.failure);
    CHECK(report.failure->error.message.find("twice") != std::string::npos);
  }
}

TEST_CASE("an empty listing where documents were is not believed") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.poll();
  LoopbackAnswer empty;
  empty.body = R"({"description":"Documents","count":0})";
  watch.server.set(listing, empty);
  const PollReport report = watch.poll();
  REQUIRE(report.failure);
  CHECK(report.failure->error.code == ErrorCode::implausible);
}

TEST_CASE("a slice larger than the API can count is read in halves") {
  FederalRegister watch;
  std::vector<std::pair<std::string, std::string>> asked;
  watch.server.set(listing, [&](const LoopbackRequest& request) {
    const std::string from = request.query.find("conditions[publication_date][gte]")->second;
    const std::string to = request.query.find("conditions[publication_date][lte]")->second;
    asked.emplace_back(from, to);
    LoopbackAnswer answer;
    answer.body = from == "2026-01-31" && to == "2026-02-22"
                      ? R"({"count":10000,"total_pages":10,"results":[]})"
                      : R"({"count":0})";
    return answer;
  });
  CHECK_FALSE(watch.poll().failure);
  CHECK(asked == std::vector<std::pair<std::string, std::string>>{{"2026-01-31", "2026-02-22"},
                                                                  {"2026-01-31", "2026-02-11"},
                                                                  {"2026-02-12", "2026-02-22"},
                                                                  {"2026-02-23", "2026-03-09"}});
}

TEST_CASE("a fault of one document leaves the others their turn and is tried again") {
  FederalRegister watch;
  watch.publisher.publish(older);
  watch.publisher.publish(newer);
  LoopbackAnswer challenge;
  challenge.body = "<html><title>Request Access</title></html>";
  watch.server.set(Register::xml_path(older), challenge);
  const PollReport report = watch.poll();
  REQUIRE(report.failure);
  CHECK(report.failure->error.message.find("2026-01001") != std::string::npos);
  CHECK(watch.observed() == Strings{"2026-02002"});
  CHECK_FALSE(watch.state.has_baseline);
  CHECK_FALSE(watch.sink.states.at(0).has_baseline);
  watch.publisher.publish(older);
  CHECK_FALSE(watch.poll().failure);
  CHECK(watch.observed() == Strings{"2026-01001"});
  CHECK(watch.state.has_baseline);
}

TEST_CASE("a document at fault for long does not keep the first reading open") {
  FederalRegister watch;
  watch.publisher.publish(older);
  watch.publisher.publish(newer);
  LoopbackAnswer broken;
  broken.body = "<html><title>Request Access</title></html>";
  watch.server.set(Register::xml_path(older), broken);
  CHECK(watch.poll().failure);
  watch.clock.advance(30min);
  CHECK(watch.poll().failure);
  CHECK_FALSE(watch.state.has_baseline);
  watch.clock.advance(31min);
  CHECK(watch.poll().failure);
  CHECK(watch.state.has_baseline);
  watch.publisher.publish(older);
  CHECK_FALSE(watch.poll().failure);
  CHECK(watch.observed() == Strings{"2026-01001"});
  for (const auto& [key, value] : watch.state.memory) CHECK(key.rfind("fault ", 0) != 0);
}

TEST_CASE("a publisher that asks for quiet ends the pass") {
  FederalRegister watch;
  watch.publisher.publish(older);
  watch.publisher.publish(newer);
  LoopbackAnswer busy;
  busy.status = 429;
  busy.headers = {{"Retry-After", "60"}};
  watch.server.set(Register::json_path(older.number), busy);
  const PollReport report = watch.poll();
  REQUIRE(report.failure);
  CHECK(report.failure->retry_at == watch.clock.now() + 60s);
  CHECK(watch.observed().empty());
  CHECK(watch.server.hits(Register::json_path(newer.number)) == 0);
}

TEST_CASE("what the archive refuses is not remembered") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.sink.refuse = [](const Observation&) { return Error{ErrorCode::io, "disk full", ""}; };
  const PollReport report = watch.poll();
  REQUIRE(report.failure);
  CHECK(report.failure->error.code == ErrorCode::io);
  CHECK(watch.state.memory.empty());
  watch.sink.refuse = nullptr;
  CHECK(watch.poll().observations == 1);
}

TEST_CASE("memory does not grow without bound") {
  FederalRegister watch;
  for (int week = 0; week < 30; ++week) {
    const Date day = std::chrono::floor<std::chrono::days>(watch.clock.now());
    watch.publisher.publish({fmt::format("2026-{:05}", week), format_date(day)});
    REQUIRE_FALSE(watch.poll().failure);
    CHECK(watch.observed() == Strings{fmt::format("2026-{:05}", week)});
    watch.clock.advance(24h * 7);
  }
  CHECK(watch.state.memory.size() < 30);
}

TEST_CASE("after an outage the days missed are read") {
  FederalRegister watch;
  watch.publisher.publish(newer);
  watch.poll();
  watch.clock.advance(24h * 60);
  watch.publisher.publish({"2026-03003", "2026-03-20"});
  watch.publisher.publish({"2026-03004", "2026-04-29"});
  CHECK_FALSE(watch.poll().failure);
  CHECK(watch.observed() == Strings{"2026-03003", "2026-03004"});
}

TEST_CASE("a stop ends the pass between documents and keeps what went through") {
  FederalRegister watch;
  watch.publisher.publish(older);
  watch.publisher.publish(newer);
  watch.sink.refuse = [&](const Observation&) {
    watch.stop.request_stop();
    return std::nullopt;
  };
  CHECK(watch.poll().failure);
  CHECK(watch.observed() == Strings{"2026-01001"});
  CHECK(watch.state.memory.contains("document 2026-01001"));
  CHECK_FALSE(watch.state.has_baseline);
}

TEST_CASE("a document number that is none does not become a path") {
  FederalRegister watch;
  LoopbackAnswer answer;
  answer.body =
      R"({"count":1,"total_pages":1,"results":[{"document_number":"../../x","publication_date":"2026-03-02"}]})";
  watch.server.set(listing, answer);
  CHECK(watch.poll().failure);
  CHECK(watch.observed().empty());
}

TEST_CASE("slices are at most half a year and leave no gap") {
  const Date from = parse_iso_date("2026-01-01").value();
  const auto parts = slices({from, from + std::chrono::days{364}});
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].to == from + std::chrono::days{179});
  CHECK(parts[1].from == from + std::chrono::days{180});
  CHECK(parts[2].to == from + std::chrono::days{364});
  CHECK(slices({from, from}).size() == 1);
}

TEST_CASE("what is remembered of a document survives being written down") {
  const DocumentMemory memory{
      "abc",           parse_iso_date("2026-03-02"), parse_time("2026-03-02T12:00:00Z").value(), "def", "",
      "http://h/x.xml"};
  CHECK(decode_document_memory(encode(memory)) == memory);
  CHECK_FALSE(decode_document_memory("garbage"));
}

TEST_CASE("links stay on the publisher that was configured") {
  const std::string base = "http://127.0.0.1:9000";
  CHECK(on_base_url(base, "https://www.federalregister.gov/a/b.xml?x=1#f") == base + "/a/b.xml?x=1");
  CHECK(on_base_url(base, "/a/b.xml") == base + "/a/b.xml");
  for (const char* wrong :
       {"", "a.xml", "//evil.example/x", "file:///etc/passwd", "https://evil.example", "/a b"})
    CHECK(on_base_url(base, wrong).empty());
  const std::string real = "https://www.federalregister.gov";
  CHECK(on_base_url(real, "https://public-inspection.federalregister.gov/2019-22210.txt") ==
        "https://public-inspection.federalregister.gov/2019-22210.txt");
  CHECK(on_base_url(real, "https://evil.example/x") == real + "/x");
  CHECK(on_base_url(real, "https://federalregister.gov@evil.example/x") == real + "/x");
  CHECK(on_base_url(real, "http://www.federalregister.gov/x") == real + "/x");
}
