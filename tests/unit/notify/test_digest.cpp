#include <catch2/catch_test_macros.hpp>

#include "notify/digest.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;
using samples::at;

namespace {

std::string end_of(std::string_view digest, std::string_view now) {
  return format_time(window_end(parse_digest(digest).value(), at(now)));
}

std::string quiet(std::string_view hours, std::string_view now) {
  const auto until = quiet_until(parse_quiet_hours(hours).value(), at(now));
  return until ? format_time(*until) : "no";
}

}  // namespace

TEST_CASE("digests as they may be written") {
  CHECK(parse_digest("immediate")->kind == Digest::Kind::immediate);
  CHECK(parse_digest("Hourly")->kind == Digest::Kind::hourly);
  const auto daily = parse_digest("daily 08:00 America/New_York");
  REQUIRE(daily);
  CHECK(daily->at == std::chrono::minutes{480});
  CHECK(daily->zone == "America/New_York");
  CHECK(parse_digest("weekly mon 08:00 Europe/Berlin")->day == std::chrono::Monday);
  CHECK(parse_digest("weekly Sunday 23:59")->day == std::chrono::Sunday);
  CHECK(parse_digest("daily 08:00")->zone == "UTC");
  for (const char* bad :
       {"", "sometimes", "daily", "daily 8:00", "daily 24:00", "daily 08:60", "daily 08:00 Mars/Olympus",
        "weekly 08:00", "weekly mon", "hourly 08:00", "daily 08:00 UTC extra", "immediate now"}) {
    const auto digest = parse_digest(bad);
    CAPTURE(bad);
    REQUIRE_FALSE(digest);
    CHECK(digest.error().code == ErrorCode::invalid_config);
  }
}

TEST_CASE("windows end strictly after now") {
  CHECK(end_of("immediate", "2026-03-04T10:11:12Z") == "2026-03-04T10:11:12Z");
  CHECK(end_of("hourly", "2026-03-04T10:00:00Z") == "2026-03-04T11:00:00Z");
  CHECK(end_of("hourly", "2026-03-04T10:59:59.999Z") == "2026-03-04T11:00:00Z");
  CHECK(end_of("daily 08:00 UTC", "2026-03-04T07:59:59Z") == "2026-03-04T08:00:00Z");
  CHECK(end_of("daily 08:00 UTC", "2026-03-04T08:00:00Z") == "2026-03-05T08:00:00Z");
  CHECK(end_of("weekly mon 08:00 UTC", "2026-03-02T08:00:00Z") == "2026-03-09T08:00:00Z");  // a Monday
  CHECK(end_of("weekly fri 08:00 UTC", "2026-03-02T08:00:00Z") == "2026-03-06T08:00:00Z");
}

TEST_CASE("eight o'clock in New York on both sides of the change of clocks") {
  CHECK(end_of("daily 08:00 America/New_York", "2026-03-07T12:00:00Z") ==
        "2026-03-07T13:00:00Z");  // winter, UTC-5
  CHECK(end_of("daily 08:00 America/New_York", "2026-03-07T13:00:00Z") ==
        "2026-03-08T12:00:00Z");  // summer begins, UTC-4
  CHECK(end_of("daily 08:00 America/New_York", "2026-10-31T12:00:00Z") ==
        "2026-11-01T13:00:00Z");  // winter begins
  CHECK(end_of("weekly mon 08:00 America/New_York", "2026-03-02T13:00:00Z") == "2026-03-09T12:00:00Z");
}

TEST_CASE("a time that is skipped or comes twice happens once") {
  // 02:30 does not exist on 2026-03-08: the clocks go from 02:00 to 03:00 at 07:00 UTC.
  CHECK(end_of("daily 02:30 America/New_York", "2026-03-08T06:00:00Z") == "2026-03-08T07:00:00Z");
  CHECK(end_of("daily 02:30 America/New_York", "2026-03-08T07:00:00Z") == "2026-03-09T06:30:00Z");
  // 01:30 comes twice on 2026-11-01: at 05:30 and 06:30 UTC.
  CHECK(end_of("daily 01:30 America/New_York", "2026-11-01T05:00:00Z") == "2026-11-01T05:30:00Z");
  CHECK(end_of("daily 01:30 America/New_York", "2026-11-01T05:30:00Z") == "2026-11-02T06:30:00Z");
}

TEST_CASE("every instant of a year lies in one window, and windows follow each other") {
  const Digest digest = parse_digest("daily 02:30 America/New_York").value();
  Time now = at("2026-01-01T00:00:00Z");
  std::size_t windows = 0;
  for (Time end = window_end(digest, now); end < at("2027-01-01T00:00:00Z"); end = window_end(digest, end)) {
    CHECK(end > now);
    CHECK(end - now <= std::chrono::hours{25});
    CHECK(window_end(digest, end - std::chrono::milliseconds{1}) == end);
    now = end;
    ++windows;
  }
  CHECK(windows == 365);
}

TEST_CASE("quiet hours over midnight, in their zone") {
  CHECK(quiet("22:00-07:00 America/New_York", "2026-01-10T02:59:59Z") == "no");  // 21:59:59
  CHECK(quiet("22:00-07:00 America/New_York", "2026-01-10T03:00:00Z") == "2026-01-10T12:00:00Z");
  CHECK(quiet("22:00-07:00 America/New_York", "2026-01-10T11:59:59Z") == "2026-01-10T12:00:00Z");
  CHECK(quiet("22:00-07:00 America/New_York", "2026-01-10T12:00:00Z") == "no");
  CHECK(quiet("09:00-17:00", "2026-01-10T12:00:00Z") == "2026-01-10T17:00:00Z");
  for (const char* bad :
       {"", "22:00", "22:00-22:00", "22-07", "22:00-07:00 Nowhere/At_All", "22:00 - 07:00 UTC"})
    CHECK_FALSE(parse_quiet_hours(bad));
}
