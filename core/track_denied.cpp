#include "core/track_denied.hpp"

#include <algorithm>

#include "core/denied.hpp"
#include "core/text.hpp"

namespace entitywatch {
namespace {

constexpr std::chrono::days longest{400};

// Temporary denials last 180 days or a year.
bool is_temporary(const Listing& l) {
  return l.start_date && l.end_date && *l.end_date - *l.start_date <= longest;
}

// What a renewal may renew: a temporary denial, or one that ends about when the renewal begins.
bool is_due(const Listing& listed, const Listing& renewal) {
  if (!listed.end_date || !renewal.start_date) return true;
  if (*listed.end_date > *renewal.start_date + longest) return false;
  return is_temporary(listed) || *listed.end_date >= *renewal.start_date - std::chrono::days(45);
}

bool is_later(const Listing& a, const Listing& b) {
  return a.start_date && b.start_date && a.end_date && b.end_date && *a.start_date > *b.start_date &&
         *a.end_date > *b.end_date;
}

// The first order of a temporary denial that the list shows renewed.
bool was_renewed(const Listing& first, const Listing& listed) {
  return same_denied_party(first, listed) && is_temporary(first) && is_temporary(listed) &&
         is_later(listed, first);
}

bool is_meant(const Entry& e, const Operation& op, const std::string& document) {
  const bool ours = e.document == document && same_denied_party(e.listing, op.listing);
  // A party of several countries is an entry in each.
  if (op.kind != OperationKind::remove && op.listing.cross_references.empty() &&
      same_denial_elsewhere(e.listing, op.listing))
    return true;
  switch (op.kind) {
    case OperationKind::add:
      return ours || same_denial(e.listing, op.listing) || was_renewed(op.listing, e.listing);
    case OperationKind::revise:
      return ours || same_denial(e.listing, op.listing) ||
             (e.status != EntryStatus::removed && same_denied_party(e.listing, op.listing) &&
              is_due(e.listing, op.listing));
    default:
      return same_denied_party(e.listing, op.listing);
  }
}

int rank(const Entry& e, const Operation& op, const std::string& document) {
  int out = e.document == document ? 100 : 0;
  out += text::fold(e.listing.name) == text::fold(op.listing.name) ? 40 : 0;
  out += e.status != EntryStatus::removed ? 20 : 0;
  out += e.listing.country_code == op.listing.country_code ? 10 : 0;
  out += e.document.empty() ? 0 : 5;
  for (const std::string& a : e.listing.addresses)
    for (const std::string& b : op.listing.addresses) out += text::fold(a) == text::fold(b) ? 1 : 0;
  return out;
}

// What a source other than a document raised of the entry.
std::optional<Change> lone_change(const Draft& draft, const Entry& e, ChangeKind kind) {
  std::vector<Change> changes = draft.changes_of_entry(e.id);
  for (auto c = changes.rbegin(); c != changes.rend(); ++c)
    if (c->kind == kind && !c->document) return *c;
  return std::nullopt;
}

ChangeKind kind_of(OperationKind kind) {
  return kind == OperationKind::add      ? ChangeKind::added
         : kind == OperationKind::remove ? ChangeKind::removed
                                         : ChangeKind::revised;
}

void follow(Entry& e, const Operation& op) {
  if (op.kind == OperationKind::remove) {
    e.status = EntryStatus::removed;
  } else if (op.kind == OperationKind::revise) {
    e.listing.start_date = op.listing.start_date;
    e.listing.end_date = op.listing.end_date;
    std::erase_if(e.listing.findings, [](const Finding& f) { return f.code == "end_date_computed"; });
    for (const Finding& f : op.listing.findings)
      if (f.code == "end_date_computed") e.listing.findings.push_back(f);
    for (const Citation& c : op.listing.citations)
      if (std::find(e.listing.citations.begin(), e.listing.citations.end(), c) == e.listing.citations.end())
        e.listing.citations.push_back(c);
  }
}

bool changes_state(const Entry& e, const Operation& op) {
  if (op.kind == OperationKind::remove) return e.status != EntryStatus::removed;
  return op.kind == OperationKind::revise &&
         !compare_sightings(op.list, e.listing, op.listing).substance.empty();
}

}  // namespace

const Entry* find_denied(const Draft& draft, const Operation& op, const std::string& document) {
  const Entry* chosen = nullptr;
  int most = -1;
  for (const Entry* e : draft.entries_of(op.list)) {
    if (!is_meant(*e, op, document)) continue;
    if (const int r = rank(*e, op, document); r > most) {
      most = r;
      chosen = e;
    }
  }
  return chosen;
}

std::vector<std::string> companion_rows(const Draft& draft, const Operation& op,
                                        const std::string& document) {
  std::vector<std::string> out;
  const Entry* main = find_denied(draft, op, document);
  if (main == nullptr) return out;
  for (const Entry* e : draft.entries_of(op.list)) {
    if (e->id == main->id || !is_meant(*e, op, document)) continue;
    // Under the order the main row is under: namesakes under another order stay as they are.
    Listing as_main = e->listing;
    as_main.name = main->listing.name;
    if (same_denial(as_main, main->listing) || same_denial(e->listing, op.listing)) out.push_back(e->id);
  }
  return out;
}

bool is_overtaken(const Operation& op, const Entry* main, Time seen_at) {
  if (op.kind == OperationKind::remove) return false;
  if (main != nullptr && main->status != EntryStatus::removed && is_later(main->listing, op.listing))
    return true;
  return op.listing.end_date && Time{*op.listing.end_date} + std::chrono::days(2) < seen_at;
}

bool was_told_before(const Draft& draft, const Operation& op, const Change& told,
                     const std::string& document) {
  if (!told.entry || told.list != op.list || told.kind != kind_of(op.kind)) return false;
  if (!same_denied_party(told.entry->listing, op.listing)) return false;
  const Entry* now = draft.entry(told.entry->id);
  return now != nullptr && !now->document.empty() && now->document != document;
}

void carry_companions(Draft& draft, const Operation& op, const Document& document, const std::string& main_id,
                      const std::vector<std::string>& companions) {
  const Entry* main = draft.entry(main_id);
  const std::string id = main == nullptr ? std::string{} : change_by_notice(draft, *main);
  for (const std::string& companion : companions) {
    const Entry* known = draft.entry(companion);
    if (known == nullptr || known->document == document.number) continue;
    Entry e = *known;
    if (auto lone = lone_change(draft, e, kind_of(op.kind))) {
      lone->document = reference(document);
      if (op.effective_on) lone->effective_on = op.effective_on;
      Sighting made = draft.sighting(
          "completes", "made by " + (document.citation.empty() ? document.number : document.citation));
      made.document = document.number;
      draft.amend(std::move(*lone), std::move(made), Draft::Tell::quietly);
    }
    const bool changes = changes_state(e, op);
    follow(e, op);
    e.document = document.number;
    if (op.effective_on) e.effective_on = op.effective_on;
    draft.put(std::move(e), changes ? Draft::Versioning::new_version : Draft::Versioning::same_version, id);
  }
}

const Entry* noticed_entry(const Draft& draft, const Listing& row) {
  const Entry* chosen = nullptr;
  int most = -1;
  for (const Entry* e : draft.entries_of(ListId::denied_persons)) {
    if (e->document.empty() || e->status == EntryStatus::removed) continue;
    const bool here = same_denial(e->listing, row);
    if (!here && !same_denial_elsewhere(e->listing, row)) continue;
    const int rank = (here ? 2 : 0) + (text::fold(e->listing.name) == text::fold(row.name) ? 1 : 0);
    if (rank <= most) continue;
    most = rank;
    chosen = e;
  }
  return chosen;
}

std::string change_by_notice(const Draft& draft, const Entry& entry) {
  const std::vector<Change> changes = draft.changes_of_entry(entry.id);
  for (auto c = changes.rbegin(); c != changes.rend(); ++c)
    if (c->document && c->document->number == entry.document) return c->id;
  return {};
}

}  // namespace entitywatch
