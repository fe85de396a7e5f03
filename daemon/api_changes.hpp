// Pages of the history, shared by /v1/changes, the stream and the feeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "daemon/api_filters.hpp"

namespace entitywatch::daemon {

enum class HistoryOrder {
  oldest,   // by seq
  newest,   // by seq, downwards
  updates,  // by position: a change that was completed shows again
};

struct HistoryPage {
  std::vector<Change> changes;
  std::uint64_t last = 0;  // seq or position up to which everything was looked at
};

// At most `limit` changes beyond `after` that match. A page is empty only at the end of the history; one
// that holds a match ends early once `scan_budget` changes were looked at, so that a rare match does not
// cost a whole history in one answer.
inline constexpr std::size_t scan_budget = 20'000;
[[nodiscard]] Result<HistoryPage> history_page(const storage::Reader& reader, const ChangeFilter& filter,
                                               HistoryOrder order, std::uint64_t after, std::size_t limit);

}  // namespace entitywatch::daemon
