#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "core/json.hpp"
#include "daemon/sources/public_inspection_listing.hpp"
#include "tests/unit/daemon/poll_support.hpp"

using namespace entitywatch;
using namespace entitywatch::daemon;
using namespace entitywatch::test;
using namespace std::chrono_literals;

namespace {

using Strings = std::vector<std::string>;
const std::string listing = "/api/v1/public-inspection-documents/current.json";

struct Inspection : Watch {
  Inspection() : Watch(source::public_inspection) { file({}); }

  Json document(const std::string& number, const std::string& agency = "industry-and-security-bureau") const {
    return {{"agencies",
             {{{"name", "Commerce Department"}, {"slug", "commerce-department"}}, {{"slug", agency}}}},
            {"document_number", number},
            {"filed_at", "2026-03-02T08:45:00.000-05:00"},
            {"filing_type", "special"},
            {"publication_date", "2026-03-04"},
            {"raw_text_url", "https://www.federalregister.gov/pi/" + number + ".txt"},
            {"title", "Additions to the {\"Entity\"} [List]"}};
  }
  // What is on file now, beside a document of another agency.
  void file(const std::vector<Json>& documents) {
    Json results = Json::array({document("2026-00001", "forest-service")});
    for (const Json& d : documents) results.push_back(d);
    LoopbackAnswer answer;
    answer.body = Json{{"count", results.size()}, {"results", results}}.dump();
    answer.etag = "\"" + sha256_hex(answer.body).substr(0, 16) + "\"";
    server.set(listing, answer);
  }
  void text(const std::string& number) {
    LoopbackAnswer answer;
    answer.body = "BILLING CODE 3510-33-P the text";
    answer.content_type = "text/plain";
    server.set("/pi/" + number + ".txt", answer);
  }
};

}  // namespace

TEST_CASE("a watched agency's document is observed with its text when it is filed") {
  Inspection watch;
  CHECK(watch.poll().observations == 0);
  CHECK(watch.state.has_baseline);
  watch.text("2026-04001");
  watch.file({watch.document("2026-04001")});
  CHECK(watch.poll().observations == 1);
  const Observation& observation = watch.sink.observations.at(0);
  CHECK(observation.kind == ObservationKind::public_inspection_document);
  CHECK(observation.key == "2026-04001");
  CHECK(Json::parse(observation.part("metadata")->bytes) == watch.document("2026-04001"));
  CHECK(observation.part("text")->bytes == "BILLING CODE 3510-33-P the text");
  CHECK(observation.part("text")->url == watch.server.url("/pi/2026-04001.txt"));
  CHECK(watch.poll().summary == "unchanged");
  CHECK(watch.server.hits() == 1);
  CHECK(watch.server.not_modified(listing) == 1);

  SECTION("and again when the publisher changes what it says") {
    Json changed = watch.document("2026-04001");
    changed["publication_date"] = "2026-03-05";
    watch.file({changed});
    CHECK(watch.poll().observations == 1);
  }
}

TEST_CASE("a text that is not there yet is waited for") {
  Inspection watch;
  watch.file({watch.document("2026-04001")});
  CHECK(watch.poll().observations == 1);
  CHECK(watch.sink.observations.at(0).part("text") == nullptr);
  CHECK(watch.poll().observations == 0);
  watch.text("2026-04001");
  CHECK(watch.poll().observations == 1);
  CHECK(watch.sink.observations.at(0).part("text") != nullptr);
  CHECK(watch.poll().observations == 0);
}

TEST_CASE("a withdrawal is believed at the second reading that lacks the document") {
  Inspection watch;
  watch.text("2026-04001");
  watch.file({watch.document("2026-04001")});
  watch.poll();

  SECTION("gone from the listing") { watch.file({}); }
  SECTION("or without a date of publication") {
    Json revoked = watch.document("2026-04001");
    revoked["publication_date"] = nullptr;
    watch.file({revoked});
  }
  CHECK(watch.poll().observations == 0);
  CHECK(watch.poll().observations == 1);
  const Observation& observation = watch.sink.observations.at(0);
  CHECK(observation.kind == ObservationKind::document_withdrawn);
  CHECK(observation.key == "2026-04001");
  CHECK(observation.parts.at(0).url == watch.server.url(listing));
  CHECK(watch.poll().observations == 0);
}

TEST_CASE("a document that comes back was not withdrawn") {
  Inspection watch;
  watch.text("2026-04001");
  watch.file({watch.document("2026-04001")});
  watch.poll();
  watch.file({});
  watch.poll();
  watch.file({watch.document("2026-04001")});
  CHECK(watch.poll().observations == 0);
  watch.file({});
  CHECK(watch.poll().observations == 0);
}

TEST_CASE("a document that was published was not withdrawn") {
  Inspection watch;
  watch.text("2026-04001");
  watch.file({watch.document("2026-04001")});
  watch.poll();
  watch.file({});
  SECTION("because its day has come") { watch.clock.set("2026-03-04T12:00:00Z"); }
  SECTION("because the Federal Register has it") {
    LoopbackAnswer published;
    published.body = R"({"document_number":"2026-04001"})";
    watch.server.set("/api/v1/documents/2026-04001.json", published);
  }
  for (int i = 0; i < 3; ++i) CHECK(watch.poll().observations == 0);
  CHECK_FALSE(watch.state.memory.contains("document 2026-04001"));
}

TEST_CASE("a listing that cannot be true withdraws nothing") {
  Inspection watch;
  watch.text("2026-04001");
  watch.file({watch.document("2026-04001")});
  watch.poll();
  for (const char* body : {R"({"count":0,"results":[]})", R"({"count":9,"results":[]})",
                           R"({"results":[{"title":"x"}]})", R"({"a":1})"}) {
    LoopbackAnswer answer;
    answer.body = body;
    watch.server.set(listing, answer);
    CHECK(watch.poll().failure);
    CHECK(watch.poll().failure);
    CHECK(watch.observed().empty());
  }
}

TEST_CASE("a document keeps the publisher's own bytes") {
  const auto read = read_inspection_listing(
      R"({"results" : [ { "document_number":"2026-1", "x":"]}\"", "agencies":[{"slug":"a"}] } , {"document_number":"2026-2"}],"count":2})");
  REQUIRE(read);
  CHECK(read->at(0).json == R"({ "document_number":"2026-1", "x":"]}\"", "agencies":[{"slug":"a"}] })");
  CHECK(read->at(0).agencies == Strings{"a"});
  CHECK(read->at(1).json == R"({"document_number":"2026-2"})");
  CHECK_FALSE(read_inspection_listing(std::string(100, '[') + std::string(100, ']')));
}
