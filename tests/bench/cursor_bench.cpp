// Readers by cursor over HTTP while changes are committed: cursor_bench [CHANGES] [MOST A COMMIT]. Status 1
// when a reader missed a change, saw one twice or out of order.
#include <fmt/format.h>

#include "tests/support/cursor_race.hpp"

int main(int argc, char** argv) {
  const std::size_t changes = argc > 1 ? std::stoul(argv[1]) : 100'000;
  const std::size_t most = argc > 2 ? std::stoul(argv[2]) : 50;
  const entitywatch::test::CursorRace race = entitywatch::test::race_cursors(changes, most);
  fmt::print("{} changes committed in {:.1f} s while two readers polled {} times, {} of them for nothing\n",
             race.committed, race.seconds, race.polls, race.empty_polls);
  fmt::print("seen {}, repeated {}, out of order {}\n", race.seen, race.repeated, race.misordered);
  return race.seen == changes && race.repeated == 0 && race.misordered == 0 ? 0 : 1;
}
