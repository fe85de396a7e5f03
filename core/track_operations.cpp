// What a document does to entries.
#include <fmt/format.h>

#include "core/compare.hpp"
#include "core/document_tracker.hpp"
#include "core/identity.hpp"
#include "core/text.hpp"
#include "core/track_denied.hpp"

namespace entitywatch {

void DocumentTracker::apply_denial(const Operation& op) {
  bool told = false;
  for (const auto& [id, change] : existing_)
    if (was_told_before(draft_, op, change, document_.number)) {
      handled_.insert(id);
      told = true;
    }
  if (told) return;
  const std::vector<std::string> companions = companion_rows(draft_, op, document_.number);
  const Entry* main = find_denied(draft_, op, document_.number);
  const bool known = main != nullptr && main->document == document_.number;
  if (!known && is_overtaken(op, main, context_.seen_at)) return;
  const std::string main_id = main == nullptr ? std::string{} : main->id;
  apply(op);
  carry_companions(draft_, op, document_, main_id, companions);
}

void DocumentTracker::apply(const Operation& op) {
  switch (op.kind) {
    case OperationKind::add:
      return add(op);
    case OperationKind::revise:
      return revise(op);
    case OperationKind::remove:
      return remove(op, find(op));
    case OperationKind::remove_country:
      return remove_country(op);
    case OperationKind::add_country:
      return;  // the entries under it come as additions of their own
  }
}

const Entry* DocumentTracker::find(const Operation& op) const {
  if (op.list == ListId::denied_persons) return find_denied(draft_, op, document_.number);
  for (const std::string& name : {op.name, op.listing.name}) {
    if (name.empty()) continue;
    const std::vector<const Entry*> found = draft_.named(op.list, op.listing.country, name);
    if (const Entry* e = best(found, op)) return e;
  }
  return op.kind == OperationKind::add ? nullptr : find_by_alias(op);
}

const Entry* DocumentTracker::best(const std::vector<const Entry*>& found, const Operation& op) const {
  const Entry* chosen = nullptr;
  int most = -1;
  for (const Entry* e : found) {
    int score = e->status == EntryStatus::removed ? 0 : 10;
    for (const std::string& a : e->listing.addresses)
      for (const std::string& b : op.listing.addresses) score += text::fold(a) == text::fold(b) ? 1 : 0;
    if (score > most) {
      most = score;
      chosen = e;
    }
  }
  return chosen;
}

const Entry* DocumentTracker::find_by_alias(const Operation& op) const {
  const std::string wanted = text::fold(op.name.empty() ? op.listing.name : op.name);
  const std::string country = name_key(op.list, op.listing.country, "");
  const Entry* found = nullptr;
  for (const Entry* e : draft_.entries_of(op.list)) {
    if (e->status == EntryStatus::removed || name_key(op.list, e->listing.country, "") != country) continue;
    const bool hit = std::any_of(e->listing.aliases.begin(), e->listing.aliases.end(),
                                 [&](const std::string& a) { return text::fold(a) == wanted; });
    if (!hit) continue;
    if (found != nullptr) return nullptr;  // ambiguous: better unknown than wrong
    found = e;
  }
  return found;
}

void DocumentTracker::add(const Operation& op) {
  const Entry* found = find(op);
  if (is_past(op, found)) return record_past(op, ChangeKind::added, "add", found);
  if (found == nullptr) return add_new(op);
  const Entry entry_before = *found;
  const std::string id = change_id("add", entry_before.id);
  if (meet_again(id, op)) return;
  if (entry_before.status == EntryStatus::removed) return add_again(op, entry_before);
  if (const auto lone = seen_before(entry_before, ChangeKind::added))
    return explain_addition(*lone, op, entry_before);
  const bool same = op.has_row && compare_sightings(op.list, entry_before.listing, op.listing).substance.empty();
  if (before_ && same) return;  // recorded by a baseline of this very document
  Entry entry = entry_before;
  Change c = make_change(ChangeKind::added, "add", entry, op);
  if (cites_this(entry.listing) || same) {
    shown_already(c, entry);
    draft_.raise(std::move(c));
    entry.document = document_.number;
    draft_.put(std::move(entry), Draft::Versioning::same_version);
    return;
  }
  c.checks.push_back(
      {"not_yet_listed", "not listed", "listed", false,
       fmt::format("{} is on the list already; the rule may add a second entry or replace this one",
                   entry.listing.name)});
  apply_listing(entry, op);
  c.entry = entry;
  c.before = entry_before;
  const std::string raised = draft_.raise(std::move(c));
  draft_.put(std::move(entry), Draft::Versioning::new_version, raised);
}

void DocumentTracker::apply_listing(Entry& entry, const Operation& op) const {
  if (op.has_row) entry.listing = op.listing;
  entry.source = context_.source;
  entry.effective_on = effective(op);
  entry.status = status_from(entry.effective_on);
  entry.document = document_.number;
  entry.last_confirmed = context_.seen_at;
}

void DocumentTracker::add_new(const Operation& op) {
  Entry entry = draft_.make_entry(op.list, op.listing);
  apply_listing(entry, op);
  raise_added(op, std::move(entry));
}

void DocumentTracker::add_again(const Operation& op, Entry entry) {
  if (!op.has_row) entry.listing = op.listing;
  apply_listing(entry, op);
  raise_added(op, std::move(entry));
}

void DocumentTracker::raise_added(const Operation& op, Entry entry) {
  Change c = make_change(ChangeKind::added, "add", entry, op);
  note_in_place(c);
  const std::string id = draft_.raise(std::move(c));
  draft_.put(std::move(entry), Draft::Versioning::new_version, id);
}

void DocumentTracker::revise(const Operation& op) {
  const Entry* found = find(op);
  if (is_past(op, found)) return record_past(op, ChangeKind::revised, "revise", found);
  if (found == nullptr) return revise_unknown(op);
  const Entry before = *found;
  if (meet_again(change_id("revise", before.id), op)) return;
  const Comparison across = compare_sightings(op.list, before.listing, op.listing);
  const Comparison difference =
      op.list == ListId::denied_persons ? across : compare(before.listing, op.listing);
  if (op.has_row && across.substance.empty()) {
    if (const auto lone = seen_before(before, ChangeKind::revised))
      return explain_addition(*lone, op, before);
    if (before_) return;
  }
  Entry entry = before;
  apply_listing(entry, op);
  const bool renamed = !op.has_row && !op.listing.name.empty() && !op.name.empty() && text::fold(op.listing.name) != text::fold(op.name);
  if (renamed) {
    entry.listing.name = op.listing.name;
    entry.listing.raw = {};  // no cell prints it so yet
  }
  Change c = make_change(ChangeKind::revised, "revise", entry, op);
  c.before = before;
  if (renamed) c.fields = {"name"};
  if (op.has_row && across.substance.empty()) {
    shown_already(c, before);
    c.note = "The list already shows the revised entry; what it was before is not known here.";
  } else if (op.has_row) {
    c.fields = difference.substance;
    c.decisions = difference.decisions;
  }
  note_in_place(c);
  const std::string id = draft_.raise(std::move(c));
  draft_.put(std::move(entry), Draft::Versioning::new_version, id);
}

void DocumentTracker::revise_unknown(const Operation& op) {
  Entry entry = draft_.make_entry(op.list, op.listing);
  if (meet_again(change_id("revise", entry.id), op)) return;
  apply_listing(entry, op);
  Change c = make_change(ChangeKind::revised, "revise", entry, op);
  c.checks.push_back(entry_known(op));
  const std::string id = draft_.raise(std::move(c));
  draft_.put(std::move(entry), Draft::Versioning::new_version, id);
}

Check DocumentTracker::entry_known(const Operation& op) {
  return {"entry_known", "listed", "none", false,
          fmt::format("no entry {} under {} is known here", op.name.empty() ? op.listing.name : op.name,
                      op.listing.country)};
}

void DocumentTracker::remove(const Operation& op, const Entry* found) {
  if (is_past(op, found)) return record_past(op, ChangeKind::removed, "remove", found);
  if (found == nullptr) return remove_unknown(op);
  Entry entry = *found;
  const std::string id = change_id("remove", entry.id);
  if (meet_again(id, op)) return;
  if (entry.status == EntryStatus::removed) {
    if (const auto lone = seen_before(entry, ChangeKind::removed)) return explain_addition(*lone, op, entry);
    if (before_) return;
  }
  entry.status = EntryStatus::removed;
  entry.source = context_.source;
  entry.effective_on = effective(op);
  entry.document = document_.number;
  entry.last_confirmed = context_.seen_at;
  Change c = make_change(ChangeKind::removed, "remove", entry, op);
  c.checks.push_back({"entry_known", "listed", "listed", true, {}});
  note_in_place(c);
  const std::string raised = draft_.raise(std::move(c));
  draft_.put(std::move(entry), Draft::Versioning::new_version, raised);
}

void DocumentTracker::remove_unknown(const Operation& op) {
  Entry entry = draft_.make_entry(op.list, op.listing);
  if (meet_again(change_id("remove", entry.id), op)) return;
  apply_listing(entry, op);
  entry.status = EntryStatus::removed;
  Change c = make_change(ChangeKind::removed, "remove", entry, op);
  c.checks.push_back(entry_known(op));
  const std::string id = draft_.raise(std::move(c));
  draft_.put(std::move(entry), Draft::Versioning::new_version, id);
}

void DocumentTracker::remove_country(const Operation& op) {
  const std::string country = name_key(op.list, op.listing.country, "");
  std::vector<Entry> under;
  for (const Entry* e : draft_.entries_of(op.list)) {
    const bool done = e->status == EntryStatus::removed && e->document != document_.number;
    if (!done && name_key(op.list, e->listing.country, "") == country) under.push_back(*e);
  }
  for (const Entry& e : under) {
    Operation one = op;
    one.kind = OperationKind::remove;
    one.listing = e.listing;
    one.has_row = false;
    const Entry* now = draft_.entry(e.id);
    remove(one, now);
  }
  if (under.empty()) remove_unknown_country(op);
}

void DocumentTracker::remove_unknown_country(const Operation& op) {
  Operation all = op;
  all.listing.name = "All entries under " + op.listing.country;
  all.findings.push_back(
      {Finding::Severity::review, "country_without_entries",
       fmt::format("The rule removes the listing for {}, and no entry under it is known here.",
                   op.listing.country),
       op.instruction});
  remove_unknown(all);
}

}  // namespace entitywatch
