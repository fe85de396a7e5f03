#include "daemon/watchlists.hpp"

#include <fstream>
#include <algorithm>

namespace entitywatch::daemon {

Watchlists::Watchlists(const std::vector<notify::Subscription>& subscriptions) {
  for (const notify::Subscription& s : subscriptions) {
    if (s.watchlist.empty() || lists_.contains(s.watchlist)) continue;
    std::ifstream in(s.watchlist, std::ios::binary);
    if (!in) {
      problems_.push_back(s.watchlist + " cannot be read");
      continue;
    }
    auto parties = notify::parse_watchlist(std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>()));
    if (!parties) {
      problems_.push_back(s.watchlist + ": " + parties.error().describe());
      continue;
    }
    List list{std::move(*parties), nullptr};
    std::vector<ScreenParty> indexed;
    for (std::size_t i = 0; i < list.parties.size(); ++i)
      indexed.push_back({std::to_string(i), ListId::entity_list, list.parties[i].country, {list.parties[i].name}});
    list.index = std::make_unique<ScreeningIndex>(indexed);
    lists_.emplace(s.watchlist, std::move(list));
  }
}

std::vector<WatchlistMatch> Watchlists::match(const notify::Subscription& subscription, const Change& change) const {
  const auto list = lists_.find(subscription.watchlist);
  if (list == lists_.end() || !change.entry) return {};
  const ScreenParty listed = screen_party(*change.entry);
  std::map<std::string, WatchlistMatch> best;
  for (const std::string& name : listed.names)
    for (const ScreenHit& hit : list->second.index->search({name, "", {}, least_score, 20})) {
      const notify::Counterparty& party = list->second.parties[std::stoul(hit.entry_id)];
      WatchlistMatch match{change.id, party.name, party.id, hit.score, name};
      const auto [it, fresh] = best.try_emplace(hit.entry_id, match);
      if (!fresh && match.score > it->second.score) it->second = match;
    }
  std::vector<WatchlistMatch> out;
  for (auto& [id, match] : best) out.push_back(std::move(match));
  std::stable_sort(out.begin(), out.end(), [](const WatchlistMatch& a, const WatchlistMatch& b) { return a.score > b.score; });
  return out;
}

}  // namespace entitywatch::daemon
