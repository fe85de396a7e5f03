// A watchlist: the user's own counterparties, as a CSV file with a header naming its columns.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "notify/routing.hpp"

namespace entitywatch::notify {

// Alert::source of the notice that reports a revised watchlist: for those who are alerted by it, not for
// operators.
inline constexpr std::string_view watchlist_report_source = "watchlist";

struct Counterparty {
  std::string name;
  std::string country;  // ISO code, or as the file gives it where it names none
  std::string address;
  std::string id;
  bool operator==(const Counterparty&) const = default;
};

// Columns name (needed), country, address, id, in any order, others ignored; comma or semicolon, quotes as
// in RFC 4180, a byte-order mark allowed. The error names the line.
[[nodiscard]] Result<std::vector<Counterparty>> parse_watchlist(std::string_view csv);

// Matches by equal names, ignoring case, accents and punctuation: what stands in where there is no
// screening index. `watchlists` maps the path a subscription names to its counterparties.
class EqualNames final : public WatchlistMatcher {
 public:
  explicit EqualNames(std::map<std::string, std::vector<Counterparty>> watchlists);
  [[nodiscard]] std::vector<WatchlistMatch> match(const Subscription& subscription,
                                                  const Change& change) const override;

 private:
  struct Keyed {
    std::multimap<std::string, Counterparty> by_key;
  };
  std::map<std::string, Keyed> lists_;
};

}  // namespace entitywatch::notify
