// Watchlists over the screening index: which of the user's own counterparties a change concerns.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/screening.hpp"
#include "notify/config.hpp"
#include "notify/watchlist.hpp"

namespace entitywatch::daemon {

// Immutable; safe from any thread. A watchlist that cannot be read is left out and named in `problems`:
// its subscription then gets whatever else it asks for, rather than nothing.
class Watchlists final : public notify::WatchlistMatcher {
 public:
  // Names at least this alike are one party to a subscriber.
  static constexpr double least_score = 0.88;

  explicit Watchlists(const std::vector<notify::Subscription>& subscriptions);
  [[nodiscard]] std::vector<WatchlistMatch> match(const notify::Subscription& subscription, const Change& change) const override;
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] bool complete() const { return problems_.empty(); }

 private:
  struct List {
    std::vector<notify::Counterparty> parties;
    std::unique_ptr<ScreeningIndex> index;
  };
  std::map<std::string, List> lists_;
  std::vector<std::string> problems_;
};

}  // namespace entitywatch::daemon
