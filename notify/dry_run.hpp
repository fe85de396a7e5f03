// What a subscription would have sent over a stretch of history: the changes go through the same routing,
// each at the time it would have been told. Pure.
#pragma once

#include <vector>

#include "core/alert.hpp"
#include "core/change.hpp"
#include "core/document.hpp"
#include "notify/config.hpp"
#include "notify/routing.hpp"

namespace entitywatch::notify {

// When the change would have been told had we been watching: at detection, or, for history that was loaded
// days later, when its document was published.
[[nodiscard]] Time told_at(const Change& change);

// The alerts in the order they would have left (Alert::not_before), digests and quiet hours as configured.
// `documents`: those the changes refer to. `watchlists` as in RoutingInput.
[[nodiscard]] std::vector<Alert> dry_run(const Subscription& subscription, const std::vector<Change>& changes,
                                         const std::vector<Document>& documents,
                                         const WatchlistMatcher* watchlists);

struct WeekOfAlerts {
  Date monday;
  std::size_t alerts = 0;
  std::size_t changes = 0;
  bool operator==(const WeekOfAlerts&) const = default;
};

// Every week (from Monday, UTC) that [since, until) touches, the quiet ones included.
[[nodiscard]] std::vector<WeekOfAlerts> alerts_by_week(const std::vector<Alert>& alerts, Time since,
                                                       Time until);

}  // namespace entitywatch::notify
