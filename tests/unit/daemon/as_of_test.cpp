// The list on a day, held against one recomputed from the log of changes. A long version of it with every day
// of a thousand is as_of_bench.
#include <catch2/catch_test_macros.hpp>

#include "daemon/config.hpp"
#include "tests/support/api_world.hpp"
#include "tests/support/long_history.hpp"

namespace entitywatch::daemon {
namespace {

TEST_CASE("the list on a day is what the log of changes says it was", "[history]") {
  const test::ApiWorld world;
  const test::LongHistory history = test::write_history(*world.archive, 60, 120);
  const std::vector<Json> log = test::change_log(*world.api);
  REQUIRE(log.size() > 250);
  std::size_t differing_days = 0;
  for (std::size_t d = 0; d < 170; ++d) {
    const std::string day = format_date(history.first + std::chrono::days{d});
    const test::ListOnDay expected = test::recomputed(history, log, day);
    INFO(day);
    CHECK(test::list_of(test::asked_pages(*world.api, day)) == expected);
    differing_days += expected != history.baseline ? 1 : 0;
  }
  CHECK(differing_days > 160);
  // Of a day to come, as it was known before noon: the rule of the day itself came in the afternoon.
  std::size_t learned_later = 0;
  for (std::size_t d = 1; d <= 120; d += 3) {
    const std::string day = format_date(history.first + std::chrono::days{d + 15});
    const std::string known_at = format_date(history.first + std::chrono::days{d}) + "T12:00:00Z";
    const test::ListOnDay expected = test::recomputed(history, log, day, known_at);
    INFO(day << " as known at " << known_at);
    CHECK(test::list_of(test::asked_pages(*world.api, day, known_at)) == expected);
    learned_later += expected != test::recomputed(history, log, day) ? 1 : 0;
  }
  CHECK(learned_later > 30);
}

}  // namespace
}  // namespace entitywatch::daemon
