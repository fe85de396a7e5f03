// A document meets what was told before: by an earlier reading of itself, or by a source that was first.
#include <fmt/format.h>

#include "core/compare.hpp"
#include "core/document_tracker.hpp"
#include "core/text.hpp"

namespace entitywatch {

bool DocumentTracker::cites_this(const Listing& l) const {
  return std::any_of(l.citations.begin(), l.citations.end(), [&](const Citation& c) {
    const bool page = c.volume == document_.volume && c.page >= document_.start_page &&
                      c.page <= document_.end_page && c.page != 0;
    const bool day = c.volume == document_.volume && c.date && c.date == document_.publication_date;
    return page || day;
  });
}

std::optional<Change> DocumentTracker::seen_before(const Entry& entry, ChangeKind kind) const {
  std::vector<Change> changes = draft_.changes_of_entry(entry.id);
  for (auto c = changes.rbegin(); c != changes.rend(); ++c)
    if (c->kind == kind && !c->document) return *c;
  return std::nullopt;
}

void DocumentTracker::explain(Change change, const Operation& op, const Entry& entry) {
  change.document = reference(document_);
  change.entry = entry;
  if (const auto date = effective(op)) change.effective_on = date;
  change.note.clear();
  std::erase_if(change.checks, [](const Check& c) { return c.name == "second_source"; });
  append(change.checks, op.checks);
  append(change.checks, document_.checks);
  append(change.findings, op.findings);
  change.review =
      std::any_of(change.checks.begin(), change.checks.end(), [](const Check& c) { return !c.ok; }) ||
      std::any_of(change.findings.begin(), change.findings.end(),
                  [](const Finding& f) { return f.severity == Finding::Severity::review; });
  handled_.insert(change.id);
  const std::string note = fmt::format("made by {}{}", document_.number,
                                       document_.citation.empty() ? "" : ", " + document_.citation);
  draft_.amend(std::move(change), sighting("completes", note), Draft::Tell::subscribers);
}

bool DocumentTracker::meet_again(const std::string& id, const Operation& op) {
  const auto found = existing_.find(id);
  if (found == existing_.end()) return false;
  handled_.insert(id);
  Change change = found->second;
  const bool same_source = change.source == context_.source;
  Comparison difference;
  if (op.has_row && change.entry) difference = compare_across_sources(change.entry->listing, op.listing);
  const bool published =
      change.document && !change.document->publication_date && document_.publication_date && !same_source;
  const bool dated = effective(op) && change.effective_on != effective(op);
  const bool filled = change.document != reference(document_);
  if (same_source && difference.substance.empty() && !dated && !filled) return true;
  change.document = reference(document_);
  if (effective(op)) change.effective_on = effective(op);
  if (const Entry* e = change.entry ? draft_.entry(change.entry->id) : nullptr; e != nullptr && op.has_row) {
    Entry entry = *e;
    entry.listing = op.listing;
    entry.source = context_.source;
    entry.effective_on = effective(op);
    entry.last_confirmed = context_.seen_at;
    if (entry.status != EntryStatus::removed) entry.status = status_from(entry.effective_on);
    change.entry = entry;
    const bool versioned = !difference.substance.empty() || dated;
    draft_.put(std::move(entry), versioned ? Draft::Versioning::new_version : Draft::Versioning::same_version,
               id);
  }
  std::vector<std::string> news;
  if (!difference.substance.empty())
    news.push_back(fmt::format("the {} now read otherwise", text::join(difference.substance, ", ")));
  if (dated && change.effective_on)
    news.push_back(fmt::format("effective {}", format_date_long(*change.effective_on)));
  const bool substantial = !news.empty();
  if (published)
    news.insert(news.begin(),
                fmt::format("published{}", document_.citation.empty() ? "" : " as " + document_.citation));
  const char* role = substantial ? "completes" : "confirms";
  if (same_source && !substantial) {
    draft_.amend(std::move(change), sighting("completes", "metadata filled in"), Draft::Tell::quietly);
  } else {
    draft_.amend(std::move(change), sighting(role, text::join(news, "; ")),
                 substantial ? Draft::Tell::subscribers : Draft::Tell::quietly);
  }
  return true;
}

void DocumentTracker::shown_already(Change& c, const Entry& entry) const {
  Sighting shown = draft_.sighting("confirms", "already shown when the document was first read");
  shown.source = entry.source;
  shown.sha256.clear();
  if (shown.source != context_.source) c.sightings.push_back(std::move(shown));
}

void DocumentTracker::explain_addition(const Change& lone, const Operation& op, Entry entry) {
  entry.document = document_.number;
  if (const auto date = effective(op)) entry.effective_on = date;
  if (op.list == ListId::denied_persons && op.has_row) entry.listing = joined_listing(entry, op.listing);
  explain(lone, op, entry);
  draft_.put(std::move(entry), Draft::Versioning::new_version, lone.id);
}

void DocumentTracker::note_in_place(Change& c) const {
  const bool had_text = before_ && (!before_->content_digest.empty() || !existing_.empty());
  if (had_text && before_->stage == document_.stage && !existing_.empty())
    c.note = "The document changed in place: its first reading did not contain this.";
}

}  // namespace entitywatch
