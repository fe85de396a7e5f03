#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "core/json.hpp"
#include "tests/unit/daemon/poll_support.hpp"

using namespace entitywatch;
using namespace entitywatch::daemon;
using namespace entitywatch::test;
using namespace std::chrono_literals;

namespace {

LoopbackAnswer tagged(std::string body, const std::string& type) {
  LoopbackAnswer answer;
  answer.etag = "\"" + sha256_hex(body).substr(0, 16) + "\"";
  answer.body = std::move(body);
  answer.content_type = type;
  return answer;
}

const std::string titles_path = "/api/versioner/v1/titles.json";

struct Ecfr : Watch {
  Ecfr() : Watch(source::ecfr) {}

  static std::string part_path(const std::string& day) {
    return "/api/versioner/v1/full/" + day + "/title-15.xml";
  }
  void publish(const std::string& day, const std::string& xml) {
    server.set(
        titles_path,
        tagged(fmt::format(R"({{"titles":[{{"number":14,"up_to_date_as_of":"2030-01-01"}},)"
                           R"({{"number":15,"name":"Commerce","latest_amended_on":"{0}",)"
                           R"("latest_issue_date":"{0}","up_to_date_as_of":"{0}","reserved":false}}]}})",
                           day),
               "application/json"));
    server.set(part_path(day), tagged(xml, "application/xml"));
  }
};

const std::string part_one = "<?xml version=\"1.0\"?><DIV5 N=\"744\"><P>one</P></DIV5>";
const std::string part_two = "<?xml version=\"1.0\"?><DIV5 N=\"744\"><P>two</P></DIV5>";

}  // namespace

TEST_CASE("the eCFR's part is read as of the day it is complete to") {
  Ecfr watch;
  watch.publish("2026-02-27", part_one);
  const PollReport report = watch.poll();
  CHECK_FALSE(report.failure);
  REQUIRE(watch.sink.observations.size() == 1);
  const Observation& observation = watch.sink.observations[0];
  CHECK(observation.kind == ObservationKind::ecfr_part);
  CHECK(observation.key == "part-744");
  CHECK(observation.as_of == parse_iso_date("2026-02-27"));
  CHECK(observation.parts.at(0).role == "body");
  CHECK(observation.parts.at(0).bytes == part_one);
  CHECK(observation.parts.at(0).url == watch.server.url(Ecfr::part_path("2026-02-27")) + "?part=744");
  CHECK(watch.sink.states.at(0).has_baseline);
  CHECK(watch.state.has_baseline);

  SECTION("an unchanged poll is two requests that are not modified") {
    CHECK(watch.poll().summary == "unchanged");
    CHECK(watch.server.hits() == 2);
    CHECK(watch.server.not_modified(titles_path) == 1);
    CHECK(watch.server.not_modified(Ecfr::part_path("2026-02-27")) == 1);
  }
  SECTION("the same bytes on another day are unchanged") {
    watch.publish("2026-02-28", part_one);
    CHECK(watch.poll().observations == 0);
    CHECK(watch.state.memory.at("date") == "2026-02-28");
    CHECK(watch.poll().observations == 0);
    CHECK(watch.server.not_modified(Ecfr::part_path("2026-02-28")) == 1);
  }
  SECTION("other bytes are an observation, and old validators are dropped") {
    watch.publish("2026-02-28", part_two);
    CHECK(watch.poll().observations == 1);
    CHECK(watch.sink.observations[0].as_of == parse_iso_date("2026-02-28"));
    for (const auto& [key, value] : watch.state.memory) CHECK(key.find("2026-02-27") == std::string::npos);
    CHECK(watch.state.memory.at("sha256") == sha256_hex(part_two));
  }
  SECTION("a day that runs backwards is held back") {
    watch.publish("2026-02-26", part_two);
    const auto before = watch.state.memory;
    const PollReport backwards = watch.poll();
    REQUIRE(backwards.failure);
    CHECK(backwards.failure->error.code == ErrorCode::implausible);
    CHECK(watch.observed().empty());
    CHECK(watch.state.memory == before);
    CHECK(watch.server.hits(Ecfr::part_path("2026-02-26")) == 0);
  }
  SECTION("what the archive refuses is not remembered") {
    watch.publish("2026-02-28", part_two);
    watch.sink.refuse = [](const Observation&) { return Error{ErrorCode::malformed, "not a part", ""}; };
    CHECK(watch.poll().failure);
    CHECK(watch.state.memory.at("date") == "2026-02-27");
    watch.sink.refuse = nullptr;
    CHECK(watch.poll().observations == 1);
  }
  SECTION("a cut part is a failure") {
    watch.publish("2026-02-28", part_two.substr(0, 40));
    CHECK(watch.poll().failure);
    CHECK(watch.observed().empty());
  }
}

TEST_CASE("a first reading that is held is no baseline") {
  Ecfr watch;
  watch.publish("2026-02-27", part_one);
  watch.sink.hold = true;
  const PollReport report = watch.poll();
  CHECK(report.held);
  CHECK_FALSE(watch.state.has_baseline);
}

TEST_CASE("a list that is one file is read when its bytes change") {
  for (const std::string_view kind : {source::csl, source::dpl, source::bis_news}) {
    INFO(kind);
    Watch watch(kind);
    watch.config.url = watch.server.url("/list");
    const bool news = kind == source::bis_news;
    watch.server.set("/list", tagged(news ? "<rss><channel/></rss>" : "name,address\nA,B\n",
                                     news ? "application/rss+xml" : "text/csv"));
    CHECK(watch.poll().observations == 1);
    const Observation& observation = watch.sink.observations.at(0);
    CHECK(observation.kind == (news                  ? ObservationKind::news
                               : kind == source::csl ? ObservationKind::csl
                                                     : ObservationKind::dpl));
    CHECK(observation.key == (news ? "news" : "list"));
    CHECK(observation.source == kind);
    CHECK(watch.sink.states.at(0).has_baseline);
    CHECK(watch.poll().summary == "unchanged");
    CHECK(watch.server.not_modified("/list") == 1);
    watch.server.set("/list",
                     tagged(news ? "<rss><channel>new</channel></rss>" : "name,address\nA,C\n", "text/csv"));
    CHECK(watch.poll().observations == 1);
    LoopbackAnswer challenge;
    challenge.body = "<html><title>Access Denied</title></html>";
    watch.server.set("/list", challenge);
    CHECK(watch.poll().failure->error.code == ErrorCode::implausible);
    CHECK(watch.observed().empty());
  }
}

TEST_CASE("a list that moves to another URL leaves no validators behind") {
  Watch watch(source::dpl);
  watch.server.set("/one", tagged("name,address\nA,B\n", "text/csv"));
  watch.server.set("/two", tagged("name,address\nA,C\n", "text/csv"));
  watch.config.url = watch.server.url("/one");
  watch.poll();
  watch.config.url = watch.server.url("/two");
  CHECK(watch.poll().observations == 1);
  for (const auto& [key, value] : watch.state.memory) CHECK(key.find("/one") == std::string::npos);
}

TEST_CASE("every kind of source that the configuration knows has a program") {
  for (const SourceConfig& config : default_config().sources) CHECK(make_source(config.kind) != nullptr);
  CHECK(make_source("nonsense") == nullptr);
  CHECK(source_kinds().size() == default_config().sources.size());
}
