#include <fmt/format.h>

#include <algorithm>

#include "core/list_tracker.hpp"

namespace entitywatch {

std::optional<std::string> ListTracker::match(bool brake_released) {
  if (previous_.empty()) {
    first_ = true;
    return brake_released ? std::nullopt : implausible(reading_, 0, 0, 0);
  }
  matching_ = match_rows(before_, after_);
  if (brake_released) return std::nullopt;
  std::size_t unexplained = 0;
  for (std::size_t g : matching_.gone) unexplained += is_explained_removal(*previous_[g]) ? 0 : 1;
  // Fresh rows stand for themselves: a list that lost as many as it gained was not cut short.
  const std::size_t lost = unexplained > matching_.fresh.size() ? unexplained - matching_.fresh.size() : 0;
  std::size_t changed = 0;
  for (const Match& m : matching_.pairs)
    changed += !compare(*before_[m.before], *after_[m.after]).substance.empty() ? 1 : 0;
  // A list of which most rows left at once, whatever came instead, was garbled or is another list.
  if (previous_.size() > 6 && unexplained * 5 > previous_.size() * 3)
    return fmt::format("{} of {} entries of the {} were replaced at once", unexplained, previous_.size(),
                       display_name(reading_.list));
  return implausible(reading_, previous_.size(), std::max(lost, cut_rows(unexplained)), changed);
}

void ListTracker::apply() {
  if (first_) {
    link_all();
    return;
  }
  for (const Match& m : matching_.pairs) row_kept(*previous_[m.before], *after_[m.after], m.reason);
  for (std::size_t g : matching_.gone) row_gone(*previous_[g]);
  std::vector<const Listing*> fresh;
  for (std::size_t n : matching_.fresh) fresh.push_back(after_[n]);
  rows_fresh(fresh);
}

std::size_t ListTracker::cut_rows(std::size_t unexplained) const {
  return matching_.fresh.empty() ? unexplained : 0;
}

bool ListTracker::is_explained_removal(const SourceRow& row) const {
  const Entry* e = known_.entry(row.entry_id);
  return e != nullptr && (e->status == EntryStatus::removed || draft_.standing(*e).status != EntryStatus::listed);
}

Tracked track_lists(const Knowledge& known, const std::vector<ListReading>& readings,
                    const TrackContext& context, bool brake_released) {
  Draft draft(known, context);
  std::vector<ListTracker> trackers;
  trackers.reserve(readings.size());
  Tracked held;
  for (const ListReading& reading : readings) {
    trackers.emplace_back(known, reading, draft);
    if (auto reason = trackers.back().match(brake_released)) {
      held.hold = std::move(reason);
      return held;
    }
  }
  for (const ListId list : all_lists()) {
    const bool shown_before = !known.rows(context.source, list).empty();
    const bool shown_now =
        std::any_of(readings.begin(), readings.end(), [&](const ListReading& r) { return r.list == list; });
    const bool elsewhere = std::find(context.elsewhere.begin(), context.elsewhere.end(), list) != context.elsewhere.end();
    if (shown_before && !shown_now && !elsewhere && !brake_released) {
      held.hold = fmt::format("the {} is missing altogether", display_name(list));
      return held;
    }
  }
  for (ListTracker& tracker : trackers) tracker.apply();
  return draft.take();
}

}  // namespace entitywatch
