// What of the bookkeeping may go. History and evidence never do: the chain vouches for them.
#pragma once

#include <cstddef>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

struct Forgetting {
  std::vector<Write> batch;
  std::size_t deliveries = 0;
};
// The writes that remove deliveries which ended before `before`, and alerts none of whose deliveries is left;
// a bounded number at a time, the oldest first.
[[nodiscard]] Result<Forgetting> forgetting(const View& view, Time before);

}  // namespace entitywatch::storage
