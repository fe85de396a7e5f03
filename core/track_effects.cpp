// What was announced takes effect on its day.
#include "core/draft.hpp"
#include "core/hash.hpp"
#include "core/timeline.hpp"

namespace entitywatch {

bool awaits_effect(const Change& change) {
  switch (change.kind) {
    case ChangeKind::added:
    case ChangeKind::removed:
    case ChangeKind::revised:
    case ChangeKind::corrected:
      break;
    default:
      return false;
  }
  return change.entry && change.effective_on && Time{*change.effective_on} > change.detected_at;
}

Tracked track_effects(const Knowledge& known, const std::vector<Change>& due, Time now) {
  const Date today = std::chrono::floor<std::chrono::days>(now);
  TrackContext context;
  context.seen_at = now;
  Draft draft(known, context);
  for (const Change& c : due) {
    const Entry* entry = c.entry ? draft.entry(c.entry->id) : nullptr;
    if (entry == nullptr || !awaits_effect(c) || *c.effective_on > today) continue;
    const std::string id = stable_id({"change", "effective", c.id, format_date(*c.effective_on)});
    if (known.has_change(id)) continue;
    const std::vector<EntryVersion> versions = draft.versions(entry->id);
    // Withdrawn, put off or overtaken by another: then it is not this that takes effect.
    const auto then = version_in_force(versions, {*c.effective_on, std::nullopt});
    if (!then || then->change_id != c.id) continue;
    Change effect = c;
    effect.id = id;
    effect.seq = effect.position = 0;
    effect.revision = 1;
    effect.kind = ChangeKind::effective;
    effect.detected_at = now;
    effect.checks.clear();
    effect.findings.clear();
    effect.review = false;
    effect.sightings = {
        draft.sighting("first", "announced as " + std::string(to_string(c.kind)) + ", change " + c.id)};
    effect.sightings.front().source = c.source;
    effect.entry = as_it_stands(*entry, versions, today);
    effect.entry->listing = then->listing;
    effect.entry->status = then->status;
    effect.note = "Announced on " + format_date_long(std::chrono::floor<std::chrono::days>(c.detected_at)) +
                  "; takes effect today.";
    draft.raise(std::move(effect));
    draft.put(as_it_stands(*entry, versions, today), Draft::Versioning::same_version);
  }
  return draft.take();
}

}  // namespace entitywatch
