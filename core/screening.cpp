#include "core/screening.hpp"

#include <algorithm>
#include <map>

namespace entitywatch {
namespace {

// Beyond this many changed entries, or a tenth of the large index, that is built anew.
constexpr std::size_t least_rebuild = 2'000;

}  // namespace

ScreenParty screen_party(const Entry& entry) {
  ScreenParty party{entry.id, entry.list, entry.listing.country_code, {entry.listing.name}};
  party.names.insert(party.names.end(), entry.listing.aliases.begin(), entry.listing.aliases.end());
  party.names.insert(party.names.end(), entry.listing.former_names.begin(), entry.listing.former_names.end());
  return party;
}

// A large index built seldom and a small one of what changed since: the small one hides the large one's
// idea of the same entries.
struct Screener::State {
  std::shared_ptr<const ScreeningIndex> base;
  std::shared_ptr<const ScreeningIndex> recent;
  std::map<std::string, std::optional<ScreenParty>, std::less<>> changed;  // nullopt: left the lists
  std::size_t base_parties = 0;

  void rebuild(std::vector<ScreenParty> parties) {
    base_parties = parties.size();
    base = std::make_shared<ScreeningIndex>(std::move(parties));
    recent = std::make_shared<ScreeningIndex>(std::vector<ScreenParty>{}, base);
    changed.clear();
  }
};

Screener::Screener() { load({}); }

void Screener::load(const std::vector<Entry>& entries) {
  const std::scoped_lock lock(writer_);
  std::vector<ScreenParty> parties;
  for (const Entry& e : entries)
    if (e.status != EntryStatus::removed) parties.push_back(screen_party(e));
  auto state = std::make_shared<State>();
  state->rebuild(std::move(parties));
  state_.set(std::move(state));
}

void Screener::update(const std::vector<Entry>& entries) {
  if (entries.empty()) return;
  const std::scoped_lock lock(writer_);
  auto state = std::make_shared<State>(*state_.get());
  for (const Entry& e : entries)
    state->changed[e.id] = e.status == EntryStatus::removed ? std::nullopt : std::optional(screen_party(e));
  std::vector<ScreenParty> parties;
  for (const auto& [id, party] : state->changed)
    if (party) parties.push_back(*party);
  if (state->changed.size() > std::max(least_rebuild, state->base_parties / 10)) {
    state->base->each_party([&](ScreenParty party) {
      if (!state->changed.contains(party.entry_id)) parties.push_back(std::move(party));
    });
    state->rebuild(std::move(parties));
  } else {
    state->recent = std::make_shared<ScreeningIndex>(std::move(parties), state->base);
  }
  state_.set(std::move(state));
}

std::vector<ScreenHit> Screener::search(const ScreenQuery& query) const {
  const std::shared_ptr<const State> state = state_.get();
  const auto hidden = [&](std::string_view id) { return state->changed.find(id) != state->changed.end(); };
  std::vector<ScreenHit> out =
      state->base->search(query, state->changed.empty() ? ScreeningIndex::Hidden{} : hidden);
  std::vector<ScreenHit> recent = state->recent->search(query);
  std::move(recent.begin(), recent.end(), std::back_inserter(out));
  std::stable_sort(out.begin(), out.end(), [](const ScreenHit& a, const ScreenHit& b) {
    return a.score != b.score ? a.score > b.score : a.entry_id < b.entry_id;
  });
  if (out.size() > query.limit) out.resize(query.limit);
  return out;
}

std::size_t Screener::names() const {
  const std::shared_ptr<const State> state = state_.get();
  return state->base->names() + state->recent->names();
}

}  // namespace entitywatch
