#include <catch2/catch_test_macros.hpp>

#include "core/time.hpp"

using namespace entitywatch;

TEST_CASE("times round-trip as RFC 3339 in UTC") {
  CHECK(format_time(*parse_time("2026-03-25T08:45:00Z")) == "2026-03-25T08:45:00Z");
  CHECK(format_time(*parse_time("2026-03-25T08:45:00.250-04:00")) == "2026-03-25T12:45:00.250Z");
  CHECK(format_time(*parse_time("2026-03-25")) == "2026-03-25T00:00:00Z");
  for (const char* bad : {"", "2026-13-01", "2026-02-30T00:00:00Z", "2026-03-25T25:00:00Z", "2026-03-25T08:45:00", "2026-03-25Tx"})
    CHECK_FALSE(parse_time(bad));
}

TEST_CASE("printed dates in the publishers' forms") {
  for (const char* form : {"10/9/2019", "10/9/19", "October 9, 2019", "Oct. 9, 2019", "2019-10-09", "9 October 2019", "October 9, 2019."})
    CHECK(parse_printed_date(form) == parse_iso_date("2019-10-09"));
  for (const char* bad : {"13/9/2019", "2/30/2019", "Foo 9, 2019", "10/9", "10/9/201", ""}) CHECK_FALSE(parse_printed_date(bad));
  CHECK(format_date_long(*parse_iso_date("2019-10-09")) == "October 9, 2019");
}
