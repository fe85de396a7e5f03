// What became of each row of a snapshot.
#include <fmt/format.h>

#include <algorithm>

#include "core/hash.hpp"
#include "core/list_tracker.hpp"
#include "core/text.hpp"
#include "core/track_words.hpp"

namespace entitywatch {
namespace {

std::string digest(const Listing& l) {
  return stable_id({l.country, l.name, text::join(l.aliases, ";"), text::join(l.addresses, ";"),
                    l.license_requirement, l.license_review_policy, l.raw.citation});
}

Check only_here(const TrackContext& context) {
  return {"second_source", "a rule or another list", "none", false,
          "seen only in " + source_phrase(context.source)};
}

}  // namespace

SourceRow ListTracker::source_row(const std::string& entry_id, const Listing& listing, bool gone) const {
  return {context_.source, reading_.list, entry_id, listing, gone};
}

Change ListTracker::make_change(ChangeKind kind, const char* what, const Entry& entry, const Listing* before,
                                const Listing* after) const {
  Change c = draft_.make_change(kind, draft_.snapshot_change_id(what, entry.id, before ? digest(*before) : "",
                                                                after ? digest(*after) : ""));
  c.list = reading_.list;
  c.entry = entry;
  c.effective_on = entry.effective_on;
  const Listing& l = after ? *after : *before;
  c.checks = l.checks;
  c.findings = l.findings;
  // Of the reading as a whole only what failed concerns each row.
  for (const Check& check : reading_.checks)
    if (!check.ok) c.checks.push_back(check);
  return c;
}

std::string ListTracker::lone_note() const {
  if (!made_by_rules(reading_.list) && context_.authority == Authority::primary) return {};
  return "Seen only in " + source_phrase(context_.source) + "; no rule is known for it yet.";
}

void ListTracker::row_kept(const SourceRow& previous, const Listing& row, const std::string& reason) {
  const Comparison difference = compare(previous.listing, row);
  if (difference.same() && previous.listing == row) return;
  draft_.put_row(source_row(previous.entry_id, row));
  const Entry* known = draft_.entry(previous.entry_id);
  if (known == nullptr) return;  // a secondary source's row that is tied to no entry
  Entry entry = *known;
  if (difference.substance.empty()) {
    row_respelled(std::move(entry), previous.listing, row, difference);
  } else if (context_.authority == Authority::primary) {
    row_revised(std::move(entry), previous.listing, row, reason);
  } else if (compare_sightings(reading_.list, entry.listing, row).substance.empty()) {
    draft_.confirm(entry, listing_kinds);
  }
}

void ListTracker::row_respelled(Entry entry, const Listing& before, const Listing& row,
                                const Comparison& difference) {
  // The entry may be ahead of this source, by a rule not merged yet: then it keeps its text.
  const bool ahead = !compare(entry.listing, row).substance.empty();
  if (!difference.editorial.empty() && context_.authority == Authority::primary) {
    Entry old = entry;
    old.listing = before;
    if (!ahead) entry.listing = row;
    Change c = make_change(ChangeKind::editorial, "editorial", entry, &before, &row);
    c.before = std::move(old);
    c.entry->listing = row;
    c.fields = difference.editorial;
    c.decisions = difference.decisions;
    c.effective_on = context_.as_of;
    c.checks.clear();
    c.findings.clear();
    draft_.raise(std::move(c));
  } else if (!ahead && context_.authority == Authority::primary) {
    entry.listing = row;
  }
  draft_.put(std::move(entry), Draft::Versioning::same_version);
}

std::optional<EntryVersion> ListTracker::announced_state(const Entry& entry, const Listing& previous,
                                                         const Listing& row) const {
  const std::vector<EntryVersion> versions = known_.versions(entry.id);
  std::size_t from = 0;
  for (std::size_t i = 0; i < versions.size(); ++i)
    if (compare_sightings(reading_.list, versions[i].listing, previous).substance.empty()) from = i + 1;
  for (std::size_t i = versions.size(); i > from; --i)
    if (compare_sightings(reading_.list, versions[i - 1].listing, row).substance.empty()) return versions[i - 1];
  return std::nullopt;
}

bool ListTracker::is_as_noticed(const Entry& entry, const Listing& previous, const Listing& row) const {
  if (reading_.list != ListId::denied_persons || entry.document.empty()) return false;
  const bool behind = row.end_date == previous.end_date && same_denied_party(previous, row);
  return behind || compare_sightings(reading_.list, entry.listing, row).substance.empty();
}

void ListTracker::row_as_noticed(Entry entry, const Listing& row) {
  if (compare_sightings(reading_.list, entry.listing, row).substance.empty()) {
    entry.listing = shown_by_row(entry, row);
    entry.last_confirmed = context_.seen_at;
    draft_.confirm(entry, listing_kinds);
  }
  draft_.put(std::move(entry), Draft::Versioning::same_version);
}

void ListTracker::row_revised(Entry entry, const Listing& previous, const Listing& row,
                              const std::string& reason) {
  if (is_as_noticed(entry, previous, row)) return row_as_noticed(std::move(entry), row);
  if (const auto state = announced_state(entry, previous, row)) {
    const bool present = compare_sightings(reading_.list, entry.listing, row).substance.empty();
    entry.last_confirmed = context_.seen_at;
    if (present) {
      entry.listing = shown_by_row(entry, row);
      draft_.confirm(entry, listing_kinds);
    } else {
      for (Change& c : draft_.changes_of_entry(entry.id))
        if (c.id == state->change_id) confirm_one(c);
    }
    draft_.put(std::move(entry), Draft::Versioning::same_version);
    return;
  }
  if (const auto said = said_by_rule(entry, row)) {
    entry.last_confirmed = context_.seen_at;
    entry.source = context_.source;
    entry.listing = shown_by_row(entry, row);
    draft_.confirm(entry, listing_kinds);
    const std::string change = said->change_id;
    draft_.put(std::move(entry), Draft::Versioning::new_version, change);
    return;
  }
  if (awaits_merge(entry)) {
    const auto difference = compare_sightings(reading_.list, entry.listing, row);
    settle(std::move(entry), row, difference);
    return;
  }
  const bool noticed = reading_.list == ListId::denied_persons && !entry.document.empty();
  Comparison difference = noticed ? compare_sightings(reading_.list, entry.listing, row) : compare(entry.listing, row);
  if (difference.substance.empty()) difference = compare(previous, row);
  raise_revised(std::move(entry), row, std::move(difference), reason);
}

// The source printed the entry otherwise than the rule that made it, and now prints it as the rule does.
std::optional<EntryVersion> ListTracker::said_by_rule(const Entry& entry, const Listing& row) const {
  const std::vector<EntryVersion> versions = known_.versions(entry.id);
  for (auto v = versions.rbegin(); v != versions.rend(); ++v)
    if (!entry.document.empty() && v->document == entry.document && !v->as_of &&
        v->status != EntryStatus::removed && compare_sightings(reading_.list, v->listing, row).substance.empty())
      return *v;
  return std::nullopt;
}

void ListTracker::raise_revised(Entry entry, const Listing& row, Comparison difference,
                                const std::string& reason) {
  const Entry before = entry;
  entry.listing = shown_by_row(entry, row);
  entry.source = context_.source;
  entry.effective_on = context_.as_of;
  entry.last_confirmed = context_.seen_at;
  if (entry.status == EntryStatus::removed) entry.status = EntryStatus::listed;
  Change c = make_change(ChangeKind::revised, "revised", entry, &before.listing, &row);
  c.before = before;
  c.fields = std::move(difference.substance);
  c.decisions = std::move(difference.decisions);
  c.note = lone_note();
  if (!reason.empty() && reason != "name")
    c.note += (c.note.empty() ? "" : " ") + fmt::format("Taken for the same entry because: {}.", reason);
  const std::string id = draft_.raise(std::move(c));
  draft_.put(std::move(entry), Draft::Versioning::new_version, id);
}

bool ListTracker::awaits_merge(const Entry& entry) const {
  for (const Change& c : draft_.changes_of_entry(entry.id)) {
    const bool listing = is_listing_kind(c.kind);
    const bool seen = has_sighting(c, context_.source);
    if (listing && !seen) return true;
  }
  return false;
}

void ListTracker::row_gone(const SourceRow& previous) {
  draft_.put_row(source_row(previous.entry_id, previous.listing, true));
  const Entry* known = draft_.entry(previous.entry_id);
  if (known == nullptr) return;
  Entry entry = *known;
  if (entry.status == EntryStatus::removed || draft_.standing(entry).status != EntryStatus::listed) {
    draft_.confirm(entry, removal_kinds);
    return;
  }
  if (context_.authority == Authority::secondary) return;
  entry.status = EntryStatus::removed;
  entry.source = context_.source;
  entry.effective_on = context_.as_of;
  entry.last_confirmed = context_.seen_at;
  Change c = make_change(ChangeKind::removed, "removed", entry, &previous.listing, nullptr);
  c.note = lone_note();
  const std::string id = draft_.raise(std::move(c));
  draft_.put(std::move(entry), Draft::Versioning::new_version, id);
}

void ListTracker::rows_fresh(const std::vector<const Listing*>& fresh) {
  std::set<std::string> shown;
  for (const SourceRow* row : previous_) shown.insert(row->entry_id);
  std::vector<Entry> unlinked;
  for (const Entry* e : draft_.entries_of(reading_.list))
    if (!shown.contains(e->id)) unlinked.push_back(*e);
  std::vector<const Listing*> listings;
  for (const Entry& e : unlinked) listings.push_back(&e.listing);
  const Matching ties = match_rows(listings, fresh);
  for (const Match& m : ties.pairs) {
    const Entry& entry = unlinked[m.before];
    adopt_or_record(entry.status == EntryStatus::listed ? entry : draft_.standing(entry), *fresh[m.after], context_.mode);
  }
  for (std::size_t n : ties.fresh)
    if (!joins_notice(*fresh[n])) record_new(*fresh[n], context_.mode);
}

void ListTracker::record_new(const Listing& row, Mode mode) {
  if (mode == Mode::baseline && context_.authority == Authority::secondary) {
    // Tied to no entry; namesakes stay apart.
    std::string id;
    std::size_t ordinal = 1;
    do id = context_.source + ':' + entry_id(reading_.list, row.country, row.name, ordinal++);
    while (!untied_.insert(id).second);
    draft_.put_row(source_row(id, row));
    return;
  }
  Entry entry = draft_.make_entry(reading_.list, row);
  if (mode == Mode::live) entry.effective_on = context_.as_of;
  draft_.put_row(source_row(entry.id, row));
  std::string id;
  if (mode == Mode::live) {
    Change c = make_change(ChangeKind::added, "added", entry, nullptr, &row);
    c.note = lone_note();
    if (context_.authority == Authority::secondary) c.checks.push_back(only_here(context_));
    id = draft_.raise(std::move(c));
  }
  draft_.put(std::move(entry), Draft::Versioning::new_version, id);
}

}  // namespace entitywatch
