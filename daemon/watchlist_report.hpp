// A watchlist held against everything that is listed, in words: what a revised watchlist's owner is told.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/entry.hpp"
#include "core/result.hpp"
#include "core/screening.hpp"
#include "notify/watchlist.hpp"

namespace entitywatch::daemon {

// How the lists are searched.
struct ListedParties {
  std::function<std::vector<ScreenHit>(const ScreenQuery&)> search;
  std::function<Result<std::optional<Entry>>(const std::string& id)> entry;
};

struct WatchlistReport {
  std::string subject;  // "vendors.csv: 2 of 120 counterparties may be listed"
  std::string text;     // a line a match, best first; what does not fit is counted
  std::size_t matched = 0;
};

// `file_name` as people know it, without folders.
[[nodiscard]] Result<WatchlistReport> report_watchlist(const std::string& file_name,
                                                       const std::vector<notify::Counterparty>& parties,
                                                       const ListedParties& listed);

}  // namespace entitywatch::daemon
