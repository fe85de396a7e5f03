#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/compare.hpp"
#include "core/denied.hpp"
#include "core/draft.hpp"
#include "core/hash.hpp"
#include "core/identity.hpp"
#include "core/text.hpp"
#include "core/track_denied.hpp"

#include <fmt/format.h>

namespace entitywatch {
namespace {

const std::vector<ChangeKind> listing_kinds{ChangeKind::added, ChangeKind::revised, ChangeKind::corrected};
const std::vector<ChangeKind> removal_kinds{ChangeKind::removed};

std::string source_phrase(const TrackContext& context) {
  if (context.source == source::ecfr) return "the eCFR";
  if (context.source == source::csl) return "the Consolidated Screening List";
  if (context.source == source::dpl) return "the Denied Persons List file";
  return context.source;
}

// Lists whose changes are made by rules; elsewhere the file itself is the authority.
bool made_by_rules(ListId list) { return supplement_of_list(list).has_value(); }

std::string digest(const Listing& l) {
  return stable_id({l.country, l.name, text::join(l.aliases, ";"), text::join(l.addresses, ";"), l.license_requirement,
                    l.license_review_policy, l.raw.citation});
}

Check only_here(const TrackContext& context) {
  return {"second_source", "a rule or another list", "none", false, "seen only in " + source_phrase(context)};
}

// Rows of the file that became neither an entry nor a part of one, as the reader counted them.
std::size_t rows_not_placed(const ListReading& reading) {
  for (const Check& c : reading.checks) {
    if (c.name != "rows_placed" || c.ok) continue;
    std::size_t placed = 0;
    std::from_chars(c.found.data(), c.found.data() + c.found.size(), placed);
    return reading.rows_in_file > placed ? reading.rows_in_file - placed : 0;
  }
  return 0;
}

// One list of one snapshot against what the source showed before and what is known.
class ListTracker {
 public:
  ListTracker(const Knowledge& known, const ListReading& reading, Draft& draft)
      : known_(known), reading_(reading), context_(draft.context()), draft_(draft) {
    for (const SourceRow* row : known.rows(context_.source, reading.list)) previous_.push_back(row);
    for (const SourceRow* row : previous_) before_.push_back(&row->listing);
    for (const Listing& row : reading.rows) after_.push_back(&row);
  }

  [[nodiscard]] std::optional<std::string> match(bool brake_released) {
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
      return fmt::format("{} of {} entries of the {} were replaced at once", unexplained, previous_.size(), display_name(reading_.list));
    return implausible(reading_, previous_.size(), std::max(lost, cut_rows(unexplained)), changed);
  }

  void apply() {
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

 private:
  // When nothing at all came new, what went is what was cut.
  [[nodiscard]] std::size_t cut_rows(std::size_t unexplained) const { return matching_.fresh.empty() ? unexplained : 0; }

  [[nodiscard]] bool is_explained_removal(const SourceRow& row) const {
    const Entry* e = known_.entry(row.entry_id);
    return e != nullptr && e->status == EntryStatus::removed;
  }

  [[nodiscard]] SourceRow source_row(const std::string& entry_id, const Listing& listing, bool gone = false) const {
    return {context_.source, reading_.list, entry_id, listing, gone};
  }

  [[nodiscard]] Change make_change(ChangeKind kind, const char* what, const Entry& entry, const Listing* before, const Listing* after) const {
    Change c = draft_.make_change(kind, draft_.snapshot_change_id(what, entry.id, before ? digest(*before) : "", after ? digest(*after) : ""));
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

  [[nodiscard]] std::string lone_note() const {
    if (!made_by_rules(reading_.list) && context_.authority == Authority::primary) return {};
    return "Seen only in " + source_phrase(context_) + "; no rule is known for it yet.";
  }

  // The first reading of this list by this source: every row is tied to the entry it shows.
  void link_all() {
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

  // Namesakes under two orders are two entries.
  void adopt_or_record(const Entry& entry, const Listing& row, Mode mode) {
    const bool another = reading_.list == ListId::denied_persons && !entry.document.empty() && !same_denial(entry.listing, row);
    another ? record_new(row, mode) : adopt(entry, row);
  }

  // The file's row for an alias or a further address of a party whose order is known: it stands on the list,
  // and nobody is told twice.
  [[nodiscard]] bool joins_notice(const Listing& row) {
    if (reading_.list != ListId::denied_persons) return false;
    const Entry* noticed = noticed_entry(draft_, row);
    if (noticed == nullptr) return false;
    const bool shown = adopted_.contains(noticed->id) || std::any_of(previous_.begin(), previous_.end(), [&](const SourceRow* r) { return r->entry_id == noticed->id; });
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

  // The source shows an entry that is known from elsewhere: it confirms it, or prints it otherwise.
  void adopt(Entry entry, const Listing& row) {
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
      return;
    }
    settle(std::move(entry), row, difference);
  }

  // A removal whose merging into this snapshot is still to come.
  [[nodiscard]] bool still_merging(const Entry& entry) const {
    if (first_) return true;
    return !context_.as_of || (entry.effective_on && *entry.effective_on >= *context_.as_of);
  }

  void relist(Entry entry, const Listing& row) {
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

  // The entry takes the text of this source; changes that announced it are confirmed, or contradicted
  // where the two disagree in substance.
  void settle(Entry entry, const Listing& row, const Comparison& difference) {
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
      raise_revised(std::move(entry), row, difference.substance, {});
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
      told.findings.push_back({Finding::Severity::review, "sources_differ",
                               fmt::format("{} prints the {} otherwise than {}.", source_phrase(context_), fields, told.source), {}});
      told.before = before;
      told.entry = entry;
      draft_.amend(std::move(told), draft_.sighting("contradicts", "differs in: " + fields), Draft::Tell::subscribers);
      for (Change& c : changes)
        if (c.id != last->id) confirm_one(c);
    }
    draft_.put(std::move(entry), Draft::Versioning::new_version, last == changes.rend() ? "" : last->id);
  }

  // The row cites every act the entry does and one more: the entry was merged and then amended by an act
  // that is not known here.
  [[nodiscard]] static bool amended_since(const Listing& entry, const Listing& row) {
    const auto cites = [](const Listing& l, const Citation& wanted) {
      return std::any_of(l.citations.begin(), l.citations.end(), [&](const Citation& c) { return same_rule(c, wanted); });
    };
    const bool keeps = !entry.citations.empty() && std::all_of(entry.citations.begin(), entry.citations.end(), [&](const Citation& c) { return cites(row, c); });
    return keeps && std::any_of(row.citations.begin(), row.citations.end(), [&](const Citation& c) { return !cites(entry, c); });
  }

  void confirm_one(Change& c) {
    const bool listing = std::find(listing_kinds.begin(), listing_kinds.end(), c.kind) != listing_kinds.end();
    const bool seen = std::any_of(c.sightings.begin(), c.sightings.end(), [&](const Sighting& s) { return s.source == context_.source; });
    if (listing && !seen) draft_.amend(c, draft_.sighting("confirms"), Draft::Tell::quietly);
  }

  void row_kept(const SourceRow& previous, const Listing& row, const std::string& reason) {
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

  void row_respelled(Entry entry, const Listing& before, const Listing& row, const Comparison& difference) {
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
      c.effective_on = context_.as_of;
      c.checks.clear();
      c.findings.clear();
      draft_.raise(std::move(c));
    } else if (!ahead && context_.authority == Authority::primary) {
      entry.listing = row;
    }
    draft_.put(std::move(entry), Draft::Versioning::same_version);
  }

  // Which announced state of the entry the row shows, among those after the one the source showed before.
  [[nodiscard]] std::optional<EntryVersion> announced_state(const Entry& entry, const Listing& previous, const Listing& row) const {
    const std::vector<EntryVersion> versions = known_.versions(entry.id);
    std::size_t from = 0;
    for (std::size_t i = 0; i < versions.size(); ++i)
      if (compare_sightings(reading_.list, versions[i].listing, previous).substance.empty()) from = i + 1;
    for (std::size_t i = versions.size(); i > from; --i)
      if (compare_sightings(reading_.list, versions[i - 1].listing, row).substance.empty()) return versions[i - 1];
    return std::nullopt;
  }

  // A row of a party whose order is known says what the notice said, in its own way, or has not caught up.
  [[nodiscard]] bool is_as_noticed(const Entry& entry, const Listing& previous, const Listing& row) const {
    if (reading_.list != ListId::denied_persons || entry.document.empty()) return false;
    const bool behind = row.end_date == previous.end_date && same_denied_party(previous, row);
    return behind || compare_sightings(reading_.list, entry.listing, row).substance.empty();
  }

  void row_as_noticed(Entry entry, const Listing& row) {
    if (compare_sightings(reading_.list, entry.listing, row).substance.empty()) {
      entry.listing = shown_by_row(entry, row);
      entry.last_confirmed = context_.seen_at;
      draft_.confirm(entry, listing_kinds);
    }
    draft_.put(std::move(entry), Draft::Versioning::same_version);
  }

  void row_revised(Entry entry, const Listing& previous, const Listing& row, const std::string& reason) {
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
    if (awaits_merge(entry)) {
      settle(std::move(entry), row, compare_sightings(reading_.list, entry.listing, row));
      return;
    }
    const bool noticed = reading_.list == ListId::denied_persons && !entry.document.empty();
    std::vector<std::string> fields = (noticed ? compare_sightings(reading_.list, entry.listing, row) : compare(entry.listing, row)).substance;
    if (fields.empty()) fields = compare(previous, row).substance;
    raise_revised(std::move(entry), row, std::move(fields), reason);
  }

  void raise_revised(Entry entry, const Listing& row, std::vector<std::string> fields, const std::string& reason) {
    const Entry before = entry;
    entry.listing = shown_by_row(entry, row);
    entry.source = context_.source;
    entry.effective_on = context_.as_of;
    entry.last_confirmed = context_.seen_at;
    if (entry.status == EntryStatus::removed) entry.status = EntryStatus::listed;
    Change c = make_change(ChangeKind::revised, "revised", entry, &before.listing, &row);
    c.before = before;
    c.fields = std::move(fields);
    c.note = lone_note();
    if (!reason.empty() && reason != "name") c.note += (c.note.empty() ? "" : " ") + fmt::format("Taken for the same entry because: {}.", reason);
    const std::string id = draft_.raise(std::move(c));
    draft_.put(std::move(entry), Draft::Versioning::new_version, id);
  }

  // A rule has announced a state of the entry that this source has not shown yet.
  [[nodiscard]] bool awaits_merge(const Entry& entry) const {
    for (const Change& c : draft_.changes_of_entry(entry.id)) {
      const bool listing = std::find(listing_kinds.begin(), listing_kinds.end(), c.kind) != listing_kinds.end();
      const bool seen = std::any_of(c.sightings.begin(), c.sightings.end(), [&](const Sighting& s) { return s.source == context_.source; });
      if (listing && !seen) return true;
    }
    return false;
  }

  void row_gone(const SourceRow& previous) {
    draft_.put_row(source_row(previous.entry_id, previous.listing, true));
    const Entry* known = draft_.entry(previous.entry_id);
    if (known == nullptr) return;
    Entry entry = *known;
    if (entry.status == EntryStatus::removed) {
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

  void rows_fresh(const std::vector<const Listing*>& fresh) {
    std::set<std::string> shown;
    for (const SourceRow* row : previous_) shown.insert(row->entry_id);
    std::vector<Entry> unlinked;
    for (const Entry* e : draft_.entries_of(reading_.list))
      if (!shown.contains(e->id)) unlinked.push_back(*e);
    std::vector<const Listing*> listings;
    for (const Entry& e : unlinked) listings.push_back(&e.listing);
    const Matching ties = match_rows(listings, fresh);
    for (const Match& m : ties.pairs) adopt_or_record(unlinked[m.before], *fresh[m.after], context_.mode);
    for (std::size_t n : ties.fresh)
      if (!joins_notice(*fresh[n])) record_new(*fresh[n], context_.mode);
  }

  void record_new(const Listing& row, Mode mode) {
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

  const Knowledge& known_;
  const ListReading& reading_;
  const TrackContext& context_;
  Draft& draft_;
  std::vector<const SourceRow*> previous_;
  std::vector<const Listing*> before_;
  std::vector<const Listing*> after_;
  Matching matching_;
  std::set<std::string> untied_;
  std::set<std::string> adopted_;  // entries that a row was tied to in this reading
  bool first_ = false;
};

}  // namespace

std::optional<std::string> implausible(const ListReading& reading, std::size_t rows_before, std::size_t unexplained_gone,
                                       std::size_t substantially_changed) {
  const std::string_view name = display_name(reading.list);
  if (reading.rows.empty()) return fmt::format("the {} came without a single entry", name);
  // A list that could be read only in part must not be taken for a shorter one.
  const std::size_t unread = rows_not_placed(reading);
  if (unread > std::max<std::size_t>(5, reading.rows_in_file / 10))
    return fmt::format("{} of {} rows of the {} could not be read", unread, reading.rows_in_file, name);
  if (unexplained_gone > std::max<std::size_t>(1, rows_before / 10))
    return fmt::format("{} of {} entries of the {} are missing and no rule removes them", unexplained_gone, rows_before, name);
  if (rows_before > 6 && substantially_changed * 2 > rows_before)
    return fmt::format("{} of {} entries of the {} changed at once", substantially_changed, rows_before, name);
  return std::nullopt;
}

Tracked track_lists(const Knowledge& known, const std::vector<ListReading>& readings, const TrackContext& context, bool brake_released) {
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
    const bool shown_now = std::any_of(readings.begin(), readings.end(), [&](const ListReading& r) { return r.list == list; });
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
