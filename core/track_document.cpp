#include "core/document_tracker.hpp"

namespace entitywatch {
namespace {

// Parts 730 to 774 of title 15 are the Export Administration Regulations.
bool is_ear_part(const std::string& part) {
  return part.size() == 3 && part >= "730" && part <= "774" &&
         part.find_first_not_of("0123456789") == std::string::npos;
}

// Documents that matter to subscribers even when they change no entry: rules that amend the EAR, orders
// that deny export privileges, corrections of either, and what BIS itself tells as news.
bool touches_watched(const Document& d) {
  static const std::set<std::string, std::less<>> topics{"entity-list", "unverified-list", "meu-list",
                                                         "denial-order", "correction"};
  const bool amends = std::any_of(d.touched.begin(), d.touched.end(),
                                  [](const Touched& t) { return t.title == 15 && is_ear_part(t.part); });
  return amends || topics.contains(d.topic) || d.type == "News";
}

}  // namespace

void DocumentTracker::apply() {
  before_ = known_.document(document_.number);
  settle_document();
  for (Change& c : known_.changes_of_document(document_.number)) {
    std::string id = c.id;
    existing_.emplace(std::move(id), std::move(c));
  }
  for (const Operation& op : reading_.operations)
    op.list == ListId::denied_persons ? apply_denial(op) : apply(op);
  apply_relations();
  tell_document();
  tell_vanished();
  draft_.put_document(document_);
}

void DocumentTracker::settle_document() {
  document_.source = context_.source;
  document_.first_seen = before_ ? before_->first_seen : context_.seen_at;
  if (!before_) return;
  if (!document_.filed_at) document_.filed_at = before_->filed_at;
  if (document_.stage == DocumentStage::inspection && before_->stage == DocumentStage::published)
    document_.stage = DocumentStage::published;
  if (document_.citation.empty()) document_.citation = before_->citation;
  if (document_.url.empty()) document_.url = before_->url;
  if (!document_.publication_date) document_.publication_date = before_->publication_date;
  if (!document_.effective_on) {
    document_.effective_on = before_->effective_on;
    document_.effective_dates = before_->effective_dates;
  }
}

std::optional<Date> DocumentTracker::effective(const Operation& op) const {
  if (op.effective_on) return op.effective_on;
  return document_.effective_on ? document_.effective_on : document_.publication_date;
}

std::string DocumentTracker::change_id(std::string_view what, const std::string& entry_id) const {
  return stable_id({"change", "document", document_.number, what, entry_id});
}

EntryStatus DocumentTracker::status_from(const std::optional<Date>& effective_on) const {
  const bool later = effective_on && Time{*effective_on} > context_.seen_at;
  return later ? EntryStatus::pending : EntryStatus::listed;
}

Change DocumentTracker::make_change(ChangeKind kind, const char* what, const Entry& entry,
                                    const Operation& op) const {
  Change c = draft_.make_change(op.is_correction ? ChangeKind::corrected : kind, change_id(what, entry.id));
  c.list = op.list;
  c.entry = entry;
  c.document = reference(document_);
  c.effective_on = effective(op);
  c.sightings.front().document = document_.number;
  append(c.checks, op.checks);
  if (op.has_row) append(c.checks, op.listing.checks);
  append(c.checks, document_.checks);
  append(c.findings, op.findings);
  if (op.has_row) append(c.findings, op.listing.findings);
  append(c.findings, document_.findings);
  return c;
}

Sighting DocumentTracker::sighting(const char* role, std::string note) const {
  Sighting s = draft_.sighting(role, std::move(note));
  s.document = document_.number;
  return s;
}

void DocumentTracker::tell_document() {
  if (!reading_.operations.empty() || acted_ || !touches_watched(document_)) return;
  const std::string id = change_id("document", "");
  const auto found = existing_.find(id);
  handled_.insert(id);
  if (found != existing_.end()) {
    Change change = found->second;
    if (change.document == reference(document_)) return;
    change.document = reference(document_);
    draft_.amend(std::move(change), sighting("completes", "metadata filled in"), Draft::Tell::quietly);
    return;
  }
  if (before_ && before_->stage == document_.stage) return;  // known since a baseline
  Change c = draft_.make_change(ChangeKind::document, id);
  c.document = reference(document_);
  c.effective_on = document_.effective_on;
  c.sightings.front().document = document_.number;
  c.checks = document_.checks;
  c.findings = document_.findings;
  draft_.raise(std::move(c));
}

void DocumentTracker::tell_vanished() {
  for (const auto& [id, change] : existing_) {
    const bool mine = change.source == context_.source && change.kind != ChangeKind::document &&
                      change.kind != ChangeKind::withdrawn;
    if (!mine || handled_.contains(id) || reading_.operations.empty()) continue;
    Change told = change;
    told.review = true;
    const Finding gone{Finding::Severity::review,
                       "no_longer_in_document",
                       "A later reading of the document does not contain this any more.",
                       {}};
    if (std::find(told.findings.begin(), told.findings.end(), gone) != told.findings.end()) continue;
    told.findings.push_back(gone);
    draft_.amend(std::move(told), sighting("contradicts", "no longer in the document"),
                 Draft::Tell::subscribers);
  }
}

Tracked track_document(const Knowledge& known, const DocumentReading& reading, const TrackContext& context) {
  Draft draft(known, context);
  DocumentTracker(known, reading, draft).apply();
  return draft.take();
}

}  // namespace entitywatch
