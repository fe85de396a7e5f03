// Readers by cursor while changes are committed. A long version of it is cursor_bench.
#include "tests/support/cursor_race.hpp"

#include <catch2/catch_test_macros.hpp>

namespace entitywatch::test {
namespace {

TEST_CASE("readers by cursor see each change once and in order while more are committed", "[http][cursor]") {
  const CursorRace race = race_cursors(3000, 20);
  CHECK(race.committed == 3000);
  CHECK(race.seen == 3000);
  CHECK(race.repeated == 0);
  CHECK(race.misordered == 0);
  CHECK(race.polls > 30);
}

}  // namespace
}  // namespace entitywatch::test
