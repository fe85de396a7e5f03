#include "daemon/api_history.hpp"

namespace entitywatch::daemon {
namespace {

constexpr Date ever{std::chrono::days{-1'000'000}};

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
  // An earlier state rests on its own authority; the latest may have been confirmed by another source since.
  if (version.number < entry.versions && !version.source.empty()) {
    entry.source = version.source;
    entry.document = version.document;
  }
}

}  // namespace

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
