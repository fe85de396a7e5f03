#include "daemon/api_history.hpp"

#include <algorithm>

namespace entitywatch::daemon {
namespace {

constexpr Date ever{std::chrono::days{-1'000'000}};

Date start_of(const EntryVersion& version) { return version.effective_on.value_or(ever); }

bool known(const EntryVersion& version, const Viewpoint& viewpoint) {
  return !viewpoint.known_at || version.known_at <= *viewpoint.known_at;
}

// True when `later`, learned after `earlier`, takes its place on a day both have begun.
bool replaces(const EntryVersion& later, const EntryVersion& earlier) {
  const bool was_to_come = start_of(earlier) > std::chrono::floor<std::chrono::days>(later.known_at);
  return start_of(earlier) <= start_of(later) || !was_to_come;
}

// A change told anew (its day was put off, a citation filled in) leaves nothing of how it was told before.
bool is_retold(const std::vector<EntryVersion>& versions, const EntryVersion& version,
               const Viewpoint& viewpoint) {
  return !version.change_id.empty() &&
         std::any_of(versions.begin(), versions.end(), [&](const EntryVersion& later) {
           return later.number > version.number && later.change_id == version.change_id &&
                  known(later, viewpoint);
         });
}

bool counts(const std::vector<EntryVersion>& versions, const EntryVersion& version,
            const Viewpoint& viewpoint) {
  return known(version, viewpoint) && !is_retold(versions, version, viewpoint);
}

// The usual case, decided without loading versions: one version, in force since before the viewpoint.
bool plainly_in_force(const Entry& entry, const Viewpoint& viewpoint) {
  return entry.versions == 1 && entry.status == EntryStatus::listed &&
         entry.effective_on.value_or(ever) <= viewpoint.as_of &&
         (!viewpoint.known_at || entry.first_seen <= *viewpoint.known_at);
}

void apply(const EntryVersion& version, EntryStatus status, Entry& entry) {
  entry.listing = version.listing;
  entry.status = status;
  entry.effective_on = version.effective_on;
}

}  // namespace

std::optional<EntryVersion> version_in_force(const std::vector<EntryVersion>& versions,
                                             const Viewpoint& viewpoint) {
  const EntryVersion* current = nullptr;
  for (const EntryVersion& version : versions) {
    if (!counts(versions, version, viewpoint) || start_of(version) > viewpoint.as_of) continue;
    if (current == nullptr || replaces(version, *current)) current = &version;
  }
  return current == nullptr ? std::nullopt : std::optional(*current);
}

std::optional<EntryVersion> version_to_come(const std::vector<EntryVersion>& versions,
                                            const Viewpoint& viewpoint) {
  const EntryVersion* next = nullptr;
  for (const EntryVersion& version : versions) {
    if (!counts(versions, version, viewpoint) || start_of(version) <= viewpoint.as_of) continue;
    // The last word on a day counts: an announcement withdrawn or corrected has the same date.
    if (next == nullptr || start_of(version) <= start_of(*next)) next = &version;
  }
  return next == nullptr ? std::nullopt : std::optional(*next);
}

Result<std::optional<EntryView>> view_entry(const storage::Reader& reader, const Entry& entry,
                                            const Viewpoint& viewpoint) {
  if (plainly_in_force(entry, viewpoint)) return EntryView{entry, std::nullopt};
  const auto versions = reader.versions(entry.id);
  if (!versions) return tl::unexpected(versions.error());
  const auto now = version_in_force(*versions, viewpoint);
  auto next = version_to_come(*versions, viewpoint);
  EntryView view{entry, std::nullopt};
  if (now && now->status != EntryStatus::removed) {
    apply(*now, EntryStatus::listed, view.entry);
    // What only restores what is in force anyway (a withdrawn revision) is no news.
    if (next && !(next->status == now->status && next->listing == now->listing))
      view.upcoming = std::move(next);
  } else if (next && next->status != EntryStatus::removed) {
    apply(*next, EntryStatus::pending, view.entry);
  } else if (now) {
    apply(*now, EntryStatus::removed, view.entry);
  } else if (next) {
    // Announced and called off again before it took effect.
    apply(*next, EntryStatus::removed, view.entry);
  } else {
    return std::nullopt;
  }
  return view;
}

Json to_json(const EntryView& view) {
  Json out = to_json(view.entry);
  if (view.upcoming)
    out["upcoming"] = Json{{"status", to_string(view.upcoming->status)},
                           {"effective_on", date_or_null(view.upcoming->effective_on)},
                           {"change", view.upcoming->change_id}};
  return out;
}

}  // namespace entitywatch::daemon
