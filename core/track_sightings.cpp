// A source shows an entry that is known from elsewhere: it confirms it, or prints it otherwise.
#include <fmt/format.h>

#include <algorithm>

#include "core/list_tracker.hpp"
#include "core/text.hpp"
#include "core/track_denied.hpp"
#include "core/track_words.hpp"

namespace entitywatch {

void ListTracker::link_all() {
  std::vector<const Entry*> entries = draft_.entries_of(reading_.list);
  std::vector<const Listing*> known_listings;
  for (const Entry* e : entries) known_listings.push_back(&e->listing);
  const Matching ties = match_rows(known_listings, after_);
  std::vector<std::pair<std::size_t, Entry>> tied;
  for (const Match& m : ties.pairs) tied.emplace_back(m.after, *entries[m.before]);
  for (auto& [row, entry] : tied) adopt_or_record(entry, *after_[row], Mode::baseline);
  for (std::size_t n : ties.fresh)
    if (!joins_notice(*after_[n])) record_new(*after_[n], Mode::baseline);
}

void ListTracker::adopt_or_record(const Entry& entry, const Listing& row, Mode mode) {
  const bool another = reading_.list == ListId::denied_persons && !entry.document.empty() &&
                       !same_denial(entry.listing, row);
  another ? record_new(row, mode) : adopt(entry, row);
}

bool ListTracker::joins_notice(const Listing& row) {
  if (reading_.list != ListId::denied_persons) return false;
  const Entry* noticed = noticed_entry(draft_, row);
  if (noticed == nullptr) return false;
  const bool shown = adopted_.contains(noticed->id) ||
                     std::any_of(previous_.begin(), previous_.end(),
                                 [&](const SourceRow* r) { return r->entry_id == noticed->id; });
  if (!shown && text::fold(noticed->listing.name) == text::fold(row.name)) {
    adopt(*noticed, row);
    return true;
  }
  const Entry party = *noticed;
  if (context_.authority == Authority::primary) {
    Entry entry = draft_.make_entry(reading_.list, row);
    entry.document = party.document;
    entry.effective_on = party.effective_on;
    draft_.put_row(source_row(entry.id, row));
    draft_.put(std::move(entry), Draft::Versioning::new_version, change_by_notice(draft_, party));
  } else {
    record_new(row, Mode::baseline);
  }
  draft_.confirm(party, listing_kinds);
  return true;
}

void ListTracker::adopt(Entry entry, const Listing& row) {
  adopted_.insert(entry.id);
  draft_.put_row(source_row(entry.id, row));
  if (entry.status == EntryStatus::removed) {
    if (still_merging(entry)) return;
    relist(entry, row);
    return;
  }
  const Comparison difference = compare_sightings(reading_.list, entry.listing, row);
  if (context_.authority == Authority::secondary) {
    draft_.confirm(entry, listing_kinds);
    entry.last_confirmed = context_.seen_at;
    draft_.put(std::move(entry), Draft::Versioning::same_version);
    return;
  }
  settle(std::move(entry), row, difference);
}

bool ListTracker::still_merging(const Entry& entry) const {
  if (first_) return true;
  return !context_.as_of || (entry.effective_on && *entry.effective_on >= *context_.as_of);
}

void ListTracker::relist(Entry entry, const Listing& row) {
  if (context_.authority == Authority::secondary) return;
  const Entry before = entry;
  entry.status = EntryStatus::listed;
  entry.listing = row;
  entry.source = context_.source;
  entry.effective_on = context_.as_of;
  entry.last_confirmed = context_.seen_at;
  Change c = make_change(ChangeKind::added, "relisted", entry, &before.listing, &row);
  c.note = lone_note();
  const std::string id = draft_.raise(std::move(c));
  draft_.put(std::move(entry), Draft::Versioning::new_version, id);
}

void ListTracker::settle(Entry entry, const Listing& row, const Comparison& difference) {
  entry.last_confirmed = context_.seen_at;
  entry.source = context_.source;
  if (difference.substance.empty()) {
    entry.listing = shown_by_row(entry, row);
    draft_.confirm(entry, listing_kinds);
    draft_.put(std::move(entry), Draft::Versioning::same_version);
    return;
  }
  if (amended_since(entry.listing, row)) {
    draft_.confirm(entry, listing_kinds);
    raise_revised(std::move(entry), row, difference, {});
    return;
  }
  std::vector<Change> changes = draft_.changes_of_entry(entry.id);
  const Entry before = entry;
  entry.listing = shown_by_row(entry, row);
  const auto last = std::find_if(changes.rbegin(), changes.rend(), [](const Change& c) {
    return std::find(listing_kinds.begin(), listing_kinds.end(), c.kind) != listing_kinds.end();
  });
  if (last != changes.rend()) {
    Change told = *last;
    const std::string fields = text::join(difference.substance, ", ");
    told.review = true;
    told.findings.push_back({Finding::Severity::review,
                             "sources_differ",
                             fmt::format("{} prints the {} otherwise than {}.",
                                         source_phrase(context_.source), fields, told.source),
                             {}});
    told.before = before;
    told.entry = entry;
    draft_.amend(std::move(told), draft_.sighting("contradicts", "differs in: " + fields),
                 Draft::Tell::subscribers);
    for (Change& c : changes)
      if (c.id != last->id) confirm_one(c);
  }
  draft_.put(std::move(entry), Draft::Versioning::new_version, last == changes.rend() ? "" : last->id);
}

bool ListTracker::amended_since(const Listing& entry, const Listing& row) {
  const auto cites = [](const Listing& l, const Citation& wanted) {
    return std::any_of(l.citations.begin(), l.citations.end(),
                       [&](const Citation& c) { return same_rule(c, wanted); });
  };
  const bool keeps =
      !entry.citations.empty() && std::all_of(entry.citations.begin(), entry.citations.end(),
                                              [&](const Citation& c) { return cites(row, c); });
  return keeps && std::any_of(row.citations.begin(), row.citations.end(),
                              [&](const Citation& c) { return !cites(entry, c); });
}

void ListTracker::confirm_one(Change& c) {
  const bool listing = is_listing_kind(c.kind);
  const bool seen = has_sighting(c, context_.source);
  if (listing && !seen) draft_.amend(c, draft_.sighting("confirms"), Draft::Tell::quietly);
}

}  // namespace entitywatch
