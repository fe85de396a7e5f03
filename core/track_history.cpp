// Documents of the past: their changes are recorded, and what is known to follow them stays as it is.
#include <fmt/format.h>

#include "core/compare.hpp"
#include "core/document_tracker.hpp"
#include "core/timeline.hpp"

namespace entitywatch {
namespace {

// The day to which a version speaks.
Date asserted_on(const EntryVersion& v) {
  return v.effective_on.value_or(v.as_of.value_or(std::chrono::floor<std::chrono::days>(v.known_at)));
}

}  // namespace

bool DocumentTracker::is_past(const Operation& op, const Entry* found) const {
  const auto day = effective(op);
  if (context_.mode != Mode::history || !day) return false;
  if (found == nullptr) return context_.snapshot_day && *context_.snapshot_day >= *day;
  const std::vector<EntryVersion> versions = draft_.versions(found->id);
  return std::any_of(versions.begin(), versions.end(), [&](const EntryVersion& v) {
    return v.document != document_.number && asserted_on(v) > *day;
  });
}

void DocumentTracker::record_past(const Operation& op, ChangeKind kind, const char* what,
                                  const Entry* found) {
  const Date day = *effective(op);
  const bool is_new = found == nullptr;
  if (is_new) {
    Entry gone = draft_.make_entry(op.list, op.listing);
    gone.status = EntryStatus::removed;
    gone.source = context_.source;
    // Not among what the list showed when it was read: it left before that day.
    gone.effective_on = context_.snapshot_day;
    gone.document = document_.number;
    found = remember_past(std::move(gone));
  }
  const std::string id = change_id(what, found->id);
  const auto again = existing_.find(id);
  handled_.insert(id);
  const std::vector<EntryVersion> versions = draft_.versions(found->id);
  const auto former = version_in_force(versions, {day - std::chrono::days{1}, std::nullopt});
  EntryVersion v;
  v.entry_id = found->id;
  v.status = kind == ChangeKind::removed ? EntryStatus::removed : EntryStatus::listed;
  v.effective_on = day;
  v.listing = op.has_row || is_new ? op.listing : former ? former->listing : found->listing;
  v.change_id = id;
  v.document = document_.number;
  v.past = true;
  Entry then = *found;
  then.listing = v.listing;
  then.status = v.status;
  then.effective_on = day;
  then.document = document_.number;
  if (again != existing_.end()) {
    const bool same = again->second.entry &&
                      compare(again->second.entry->listing, v.listing).substance.empty() &&
                      again->second.effective_on == day;
    if (same) return;
    Change change = again->second;
    change.entry = then;
    change.effective_on = day;
    draft_.amend(std::move(change), sighting("completes", "the document changed in place"),
                 Draft::Tell::quietly);
    draft_.put_version(std::move(v));
    return;
  }
  Change c = make_change(kind, what, then, op);
  if (kind == ChangeKind::revised && former) {
    c.before = then;
    c.before->listing = former->listing;
    const Comparison difference = compare(former->listing, then.listing);
    c.fields = difference.substance;
    c.decisions = difference.decisions;
  }
  c.note = "Recorded from history.";
  draft_.raise(std::move(c));
  draft_.put_version(std::move(v));
}

// The entry as a list that was read later leaves it; its history is told by the versions before.
const Entry* DocumentTracker::remember_past(Entry gone) {
  const std::string id = gone.id;
  draft_.put(std::move(gone), Draft::Versioning::new_version);
  return draft_.entry(id);
}

}  // namespace entitywatch
