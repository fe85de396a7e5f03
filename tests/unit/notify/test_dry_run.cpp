#include <catch2/catch_test_macros.hpp>

#include "notify/dry_run.hpp"

namespace entitywatch::notify {
namespace {

Time at(const char* text) { return parse_time(text).value(); }

Change change(const std::string& id, const char* detected, const char* document, const char* published) {
  Change out;
  out.id = id;
  out.kind = ChangeKind::added;
  out.list = ListId::entity_list;
  out.detected_at = at(detected);
  out.source = "federal_register";
  out.document = DocumentRef{};
  out.document->number = document;
  out.document->publication_date = parse_iso_date(published);
  return out;
}

Subscription subscription(std::string digest) {
  Subscription out;
  out.name = "s";
  out.digest = std::move(digest);
  return out;
}

TEST_CASE("a dry run tells history on the day it was published") {
  const Change live = change("a", "2026-03-10T12:50:00Z", "2026-1", "2026-03-10");
  const Change loaded = change("b", "2026-11-01T00:00:00Z", "2026-1", "2026-03-10");
  const Change early = change("c", "2026-03-09T20:15:00Z", "2026-1", "2026-03-10");
  CHECK(told_at(live) == live.detected_at);
  CHECK(told_at(loaded) == at("2026-03-10T12:45:00Z"));
  CHECK(told_at(early) == early.detected_at);
}

TEST_CASE("a dry run groups as routing does: one document, one alert") {
  const std::vector<Change> changes{change("a", "2026-03-10T12:50:00Z", "2026-1", "2026-03-10"),
                                    change("b", "2026-03-10T12:50:00Z", "2026-1", "2026-03-10"),
                                    change("c", "2026-03-10T12:50:00Z", "2026-2", "2026-03-10"),
                                    change("d", "2026-03-12T12:50:00Z", "2026-3", "2026-03-12")};
  CHECK(dry_run(subscription("immediate"), changes, {}, nullptr).size() == 3);

  const auto daily = dry_run(subscription("daily 08:00 UTC"), changes, {}, nullptr);
  REQUIRE(daily.size() == 2);
  CHECK(daily[0].change_ids == std::vector<std::string>{"a", "b", "c"});
  CHECK(daily[0].not_before == at("2026-03-11T08:00:00Z"));

  const auto weekly = dry_run(subscription("weekly mon 08:00 UTC"), changes, {}, nullptr);
  REQUIRE(weekly.size() == 1);
  CHECK(weekly[0].change_ids.size() == 4);
}

TEST_CASE("a dry run keeps quiet hours") {
  Subscription quiet = subscription("immediate");
  quiet.quiet_hours = "12:00-18:00 UTC";
  const auto alerts =
      dry_run(quiet, {change("a", "2026-03-10T12:50:00Z", "2026-1", "2026-03-10")}, {}, nullptr);
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].not_before == at("2026-03-10T18:00:00Z"));
}

TEST_CASE("alerts by week count the quiet weeks too") {
  const std::vector<Change> changes{change("a", "2026-03-10T12:50:00Z", "2026-1", "2026-03-10"),
                                    change("b", "2026-03-25T12:50:00Z", "2026-2", "2026-03-25")};
  const auto alerts = dry_run(subscription("immediate"), changes, {}, nullptr);
  const auto weeks = alerts_by_week(alerts, at("2026-03-09T00:00:00Z"), at("2026-03-30T00:00:00Z"));
  REQUIRE(weeks.size() == 3);
  CHECK(format_date(weeks[0].monday) == "2026-03-09");
  CHECK(weeks[0].alerts == 1);
  CHECK(weeks[1] == WeekOfAlerts{weeks[1].monday, 0, 0});
  CHECK(weeks[2].changes == 1);
}

}  // namespace
}  // namespace entitywatch::notify
