// Readers that page through the changes by cursor over HTTP while changes are committed.
#pragma once

#include <cstddef>

namespace entitywatch::test {

struct CursorRace {
  std::size_t committed = 0;
  std::size_t seen = 0;      // by the reader that saw least
  std::size_t repeated = 0;  // by all readers together, as the next two
  std::size_t misordered = 0;
  std::size_t polls = 0;
  std::size_t empty_polls = 0;  // that found nothing new
  double seconds = 0;           // of the commits
};

// Commits `changes` changes, one to `most_a_commit` at once, while two readers poll, one with pages of 1,000
// and one with pages of 7 to 100. Ends when both have seen the last change or nothing new came for a while.
[[nodiscard]] CursorRace race_cursors(std::size_t changes, std::size_t most_a_commit);

}  // namespace entitywatch::test
