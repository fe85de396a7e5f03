// What operators hear: every kind of trouble once, daily while it lasts, and once when it is over.
#include <catch2/catch_test_macros.hpp>

#include "daemon/operator_desk.hpp"
#include "daemon/outbox_store.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/rounds.hpp"
#include "daemon/source_book.hpp"
#include "daemon/watchlist_report.hpp"
#include "tests/support/api_world.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

struct Operators {
  Operators() { reopen(); }
  void reopen() {
    desk.reset();
    desk = *OperatorDesk::create(*archive, clock, record(told, outbox_works),
                                 record(told_directly, direct_works));
  }
  OperatorDesk::Send record(Strings& into, const bool& works) {
    return [&into, &works](const Notice& notice) -> Result<void> {
      if (!works) return fail(ErrorCode::io, "the disk is full");
      into.push_back(notice.subject);
      return {};
    };
  }
  test::Scratch scratch;
  test::FixedClock clock{"2026-03-25T12:00:00Z"};
  std::unique_ptr<storage::Archive> archive = *storage::Archive::open({.directory = scratch.path("db")});
  bool outbox_works = true;
  bool direct_works = true;
  Strings told;
  Strings told_directly;
  std::unique_ptr<OperatorDesk> desk;
};

TEST_CASE_METHOD(Operators, "a trouble is told once, daily while it lasts, and when it is over",
                 "[operators]") {
  for (int i = 0; i < 3; ++i) CHECK(desk->begin("source ecfr", "ecfr", "ecfr is failing", "Error 503."));
  CHECK(told == Strings{"ecfr is failing"});
  clock.advance(23h);
  desk->remind();
  CHECK(told.size() == 1);
  clock.advance(1h);
  desk->remind();
  desk->remind();
  CHECK(told == Strings{"ecfr is failing", "Still: ecfr is failing"});
  clock.advance(24h);
  desk->remind();
  CHECK(told.size() == 3);
  CHECK(desk->end("source ecfr", "ecfr answers again", ""));
  CHECK(desk->end("source ecfr", "ecfr answers again", ""));
  CHECK(told.back() == "ecfr answers again");
  clock.advance(48h);
  desk->remind();
  CHECK(told.size() == 4);
}

TEST_CASE_METHOD(Operators, "a restart neither repeats nor forgets a trouble", "[operators]") {
  REQUIRE(desk->begin("channel grc", "", "Channel grc is failing", "no answer"));
  reopen();
  CHECK(desk->begin("channel grc", "", "Channel grc is failing", "no answer"));
  CHECK(told.size() == 1);
  clock.advance(25h);
  desk->remind();
  CHECK(told.back() == "Still: Channel grc is failing");
  reopen();
  CHECK(desk->end("channel grc", "Channel grc works again", ""));
  CHECK(told.back() == "Channel grc works again");
  CHECK(desk->lasting().empty());
}

TEST_CASE_METHOD(Operators, "a trouble that turns into another is told again", "[operators]") {
  REQUIRE(desk->begin("source ecfr", "ecfr", "ecfr is silent", ""));
  REQUIRE(desk->begin("source ecfr", "ecfr", "ecfr: a reading is held", ""));
  CHECK(told.size() == 2);
  CHECK(desk->lasting().size() == 1);
}

TEST_CASE_METHOD(Operators, "what nobody watches any more is dropped in silence", "[operators]") {
  REQUIRE(desk->begin("channel grc", "", "Channel grc is failing", ""));
  desk->keep_only([](std::string_view name) { return name != "channel grc"; });
  clock.advance(48h);
  desk->remind();
  CHECK(told.size() == 1);
}

TEST_CASE_METHOD(Operators, "when the outbox takes nothing, operators are told directly", "[operators]") {
  outbox_works = false;
  CHECK(desk->begin("database", "", "The database is in trouble", ""));
  CHECK(told_directly == Strings{"The database is in trouble"});
  direct_works = false;
  CHECK_FALSE(desk->begin("disk", "", "The disk is nearly full", ""));
  CHECK(desk->lasting().size() == 1);  // nobody heard of the disk: it is told again
}

struct RoundsMade : Operators {
  RoundsMade() { config.heartbeat_url = "https://watcher.example/ping"; }
  void make() {
    Rounds rounds({*desk, certificates, clock, [this]() -> Result<std::uint64_t> { return free_bytes; },
                   [this]() -> Result<void> {
                     if (database_works) return {};
                     return fail(ErrorCode::io, "input/output error");
                   },
                   [this] { return sources_well; },
                   [this](const std::string& url) -> Result<void> {
                     pings.push_back(url);
                     return {};
                   }});
    if (rounds.look(config)) rounds.beat(config);
  }
  OperatorsConfig config;
  CertificateBook certificates;
  std::uint64_t free_bytes = std::uint64_t{10} << 30;
  bool database_works = true;
  bool sources_well = true;
  Strings pings;
};

TEST_CASE_METHOD(RoundsMade, "a disk nearly full is told once and when there is room again", "[operators]") {
  make();
  CHECK(told.empty());
  free_bytes = 500u << 20;
  make();
  make();
  CHECK(told == Strings{"The disk is nearly full"});
  free_bytes = 600u << 20;  // above the threshold, not yet a quarter above
  make();
  CHECK(told.size() == 1);
  clock.advance(24h);
  make();
  CHECK(told.back() == "Still: The disk is nearly full");
  free_bytes = 700u << 20;
  make();
  make();
  CHECK(told.back() == "The disk has room again");
  CHECK(told.size() == 3);
}

TEST_CASE_METHOD(RoundsMade, "a database in trouble is told past the outbox, and stops the heartbeat",
                 "[operators]") {
  database_works = outbox_works = false;
  make();
  make();
  CHECK(told_directly == Strings{"The database is in trouble"});
  CHECK(pings.empty());
  database_works = outbox_works = true;
  make();
  CHECK(told == Strings{"The database works again"});
  CHECK(pings.size() == 1);
}

TEST_CASE_METHOD(RoundsMade, "a certificate near its end is told, and its renewal", "[operators]") {
  const auto certificate = [](const char* from, const char* until) {
    return SeenCertificate{"hooks.example:443", parse_time(from).value(), parse_time(until).value()};
  };
  certificates.note(certificate("2026-01-10T00:00:00Z", "2026-04-10T00:00:00Z"));
  make();
  CHECK(told.empty());
  clock.set("2026-03-28T00:00:00Z");  // 13 days left
  make();
  make();
  CHECK(told == Strings{"The certificate of hooks.example:443 ends soon"});
  clock.advance(24h);
  make();
  CHECK(told.size() == 2);
  certificates.note(certificate("2026-03-29T00:00:00Z", "2026-06-27T00:00:00Z"));
  make();
  CHECK(told.back() == "The certificate of hooks.example:443 was renewed");
}

TEST_CASE("a certificate of six days is no news before its last third", "[operators]") {
  const Time issued = parse_time("2026-03-01T00:00:00Z").value();
  const SeenCertificate short_lived{"a:443", issued, issued + 144h};
  CHECK_FALSE(ends_soon(short_lived, issued + 90h));
  CHECK(ends_soon(short_lived, issued + 100h));
  CHECK(ends_soon(short_lived, issued + 200h));
}

TEST_CASE_METHOD(RoundsMade, "the heartbeat leaves after good rounds only", "[operators]") {
  make();
  CHECK(pings == Strings{"https://watcher.example/ping"});
  sources_well = false;
  make();
  CHECK(pings.size() == 1);
  sources_well = true;
  config.heartbeat_url.clear();
  make();
  CHECK(pings.size() == 1);
}

TEST_CASE_METHOD(Operators, "a source's trouble goes over the desk", "[operators]") {
  const auto pipeline = *Pipeline::create(*archive, clock, {});
  ArchiveSourceBook book(*archive, *pipeline, *desk);
  REQUIRE(book.tell_operators("csl", "csl is silent", "", false));
  clock.advance(24h);
  desk->remind();
  REQUIRE(book.tell_operators("csl", "csl answers again", "", true));
  CHECK(told == Strings{"csl is silent", "Still: csl is silent", "csl answers again"});
}

TEST_CASE("a free disk is measured where the database lies", "[operators]") {
  const test::Scratch scratch;
  CHECK(free_bytes_at(scratch.path("")).value() > 0);
  CHECK(free_bytes_at(scratch.path("not/there")).error().code == ErrorCode::io);
}

TEST_CASE("a revised watchlist is reported with every match, best first", "[operators]") {
  const Entry listed_entry = test::entry(ListId::entity_list, "Delta Optics Co., Ltd.");
  Screener screener;
  screener.load({listed_entry, test::entry(ListId::unverified_list, "Gamma Trading", "RU")});
  const ListedParties listed{[&](const ScreenQuery& query) { return screener.search(query); },
                             [&](const std::string& id) -> Result<std::optional<Entry>> {
                               return id == listed_entry.id ? std::optional(listed_entry) : std::nullopt;
                             }};
  const std::vector<notify::Counterparty> parties{{"Delta Optics", "CN", "", "V-7"},
                                                  {"Harmless Baker", "DE", "", ""}};
  const auto report = report_watchlist("vendors.csv", parties, listed);
  REQUIRE(report);
  CHECK(report->subject == "vendors.csv: 1 of 2 counterparties may be listed");
  CHECK(report->matched == 1);
  CHECK(report->text.find("“Delta Optics” (V-7): Delta Optics Co., Ltd., CHINA") != std::string::npos);
  CHECK(report->text.find("Harmless") == std::string::npos);

  const std::vector<notify::Counterparty> many(40, {"Delta Optics", "CN", "", ""});
  CHECK(report_watchlist("v.csv", many, listed)->text.find("and 10 more: entitywatch screen --file v.csv") !=
        std::string::npos);
  CHECK(report_watchlist("v.csv", {{"Nobody Known", "", "", ""}}, listed)->text.find("None") !=
        std::string::npos);
}

}  // namespace
}  // namespace entitywatch::daemon
