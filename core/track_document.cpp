#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/compare.hpp"
#include "core/denied.hpp"
#include "core/draft.hpp"
#include "core/hash.hpp"
#include "core/identity.hpp"
#include "core/text.hpp"
#include "core/track.hpp"
#include "core/track_denied.hpp"

namespace entitywatch {
namespace {

// Parts 730 to 774 of title 15 are the Export Administration Regulations.
bool is_ear_part(const std::string& part) {
  return part.size() == 3 && part >= "730" && part <= "774" && part.find_first_not_of("0123456789") == std::string::npos;
}

// Documents that matter to subscribers even when they change no entry: rules that amend the EAR, orders
// that deny export privileges, corrections of either, and what BIS itself tells as news.
bool touches_watched(const Document& d) {
  static const std::set<std::string, std::less<>> topics{"entity-list", "unverified-list", "meu-list", "denial-order", "correction"};
  const bool amends = std::any_of(d.touched.begin(), d.touched.end(), [](const Touched& t) { return t.title == 15 && is_ear_part(t.part); });
  return amends || topics.contains(d.topic) || d.type == "News";
}

class DocumentTracker {
 public:
  DocumentTracker(const Knowledge& known, const DocumentReading& reading, Draft& draft)
      : known_(known), reading_(reading), context_(draft.context()), draft_(draft), document_(reading.document) {}

  void apply() {
    before_ = known_.document(document_.number);
    settle_document();
    for (Change& c : known_.changes_of_document(document_.number)) {
      std::string id = c.id;
      existing_.emplace(std::move(id), std::move(c));
    }
    for (const Operation& op : reading_.operations)
      op.list == ListId::denied_persons ? apply_denial(op) : apply(op);
    tell_document();
    tell_vanished();
    draft_.put_document(document_);
  }

 private:
  // Keeps what an earlier reading of the same document knew and this one does not.
  void settle_document() {
    document_.source = context_.source;
    document_.first_seen = before_ ? before_->first_seen : context_.seen_at;
    if (!before_) return;
    if (!document_.filed_at) document_.filed_at = before_->filed_at;
    if (document_.stage == DocumentStage::inspection && before_->stage == DocumentStage::published) document_.stage = DocumentStage::published;
    if (document_.citation.empty()) document_.citation = before_->citation;
    if (document_.url.empty()) document_.url = before_->url;
    if (!document_.publication_date) document_.publication_date = before_->publication_date;
    if (!document_.effective_on) {
      document_.effective_on = before_->effective_on;
      document_.effective_dates = before_->effective_dates;
    }
  }

  [[nodiscard]] std::optional<Date> effective(const Operation& op) const {
    if (op.effective_on) return op.effective_on;
    return document_.effective_on ? document_.effective_on : document_.publication_date;
  }

  [[nodiscard]] std::string change_id(std::string_view what, const std::string& entry_id) const {
    return stable_id({"change", "document", document_.number, what, entry_id});
  }

  // Not yet effective when we learn of it.
  [[nodiscard]] EntryStatus status_from(const std::optional<Date>& effective_on) const {
    const bool later = effective_on && Time{*effective_on} > context_.seen_at;
    return later ? EntryStatus::pending : EntryStatus::listed;
  }

  // The file gives a party several rows; the one the change is told of leads, the others follow.
  void apply_denial(const Operation& op) {
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

  void apply(const Operation& op) {
    switch (op.kind) {
      case OperationKind::add: return add(op);
      case OperationKind::revise: return revise(op);
      case OperationKind::remove: return remove(op, find(op));
      case OperationKind::remove_country: return remove_country(op);
      case OperationKind::add_country: return;  // the entries under it come as additions of their own
    }
  }

  // The entry an operation is about: by the name the instruction uses, then by the row's, then by an alias.
  [[nodiscard]] const Entry* find(const Operation& op) const {
    if (op.list == ListId::denied_persons) return find_denied(draft_, op, document_.number);
    for (const std::string& name : {op.name, op.listing.name}) {
      if (name.empty()) continue;
      const std::vector<const Entry*> found = draft_.named(op.list, op.listing.country, name);
      if (const Entry* e = best(found, op)) return e;
    }
    return op.kind == OperationKind::add ? nullptr : find_by_alias(op);
  }

  // Among namesakes: one that is listed, and the one that shares most with the row.
  [[nodiscard]] const Entry* best(const std::vector<const Entry*>& found, const Operation& op) const {
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

  [[nodiscard]] const Entry* find_by_alias(const Operation& op) const {
    const std::string wanted = text::fold(op.name.empty() ? op.listing.name : op.name);
    const std::string country = name_key(op.list, op.listing.country, "");
    const Entry* found = nullptr;
    for (const Entry* e : draft_.entries_of(op.list)) {
      if (e->status == EntryStatus::removed || name_key(op.list, e->listing.country, "") != country) continue;
      const bool hit = std::any_of(e->listing.aliases.begin(), e->listing.aliases.end(), [&](const std::string& a) { return text::fold(a) == wanted; });
      if (!hit) continue;
      if (found != nullptr) return nullptr;  // ambiguous: better unknown than wrong
      found = e;
    }
    return found;
  }

  [[nodiscard]] Change make_change(ChangeKind kind, const char* what, const Entry& entry, const Operation& op) const {
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

  template <class T>
  static void append(std::vector<T>& to, const std::vector<T>& from) {
    for (const T& item : from)
      if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }

  [[nodiscard]] Sighting sighting(const char* role, std::string note) const {
    Sighting s = draft_.sighting(role, std::move(note));
    s.document = document_.number;
    return s;
  }

  [[nodiscard]] bool cites_this(const Listing& l) const {
    return std::any_of(l.citations.begin(), l.citations.end(), [&](const Citation& c) {
      const bool page = c.volume == document_.volume && c.page >= document_.start_page && c.page <= document_.end_page && c.page != 0;
      const bool day = c.volume == document_.volume && c.date && c.date == document_.publication_date;
      return page || day;
    });
  }

  // A change of another source that this document explains: seen in the eCFR before the rule was read.
  [[nodiscard]] std::optional<Change> seen_before(const Entry& entry, ChangeKind kind) const {
    std::vector<Change> changes = draft_.changes_of_entry(entry.id);
    for (auto c = changes.rbegin(); c != changes.rend(); ++c)
      if (c->kind == kind && !c->document) return *c;
    return std::nullopt;
  }

  void explain(Change change, const Operation& op, const Entry& entry) {
    change.document = reference(document_);
    change.entry = entry;
    if (const auto date = effective(op)) change.effective_on = date;
    change.note.clear();
    std::erase_if(change.checks, [](const Check& c) { return c.name == "second_source"; });
    append(change.checks, op.checks);
    append(change.checks, document_.checks);
    append(change.findings, op.findings);
    change.review = std::any_of(change.checks.begin(), change.checks.end(), [](const Check& c) { return !c.ok; }) ||
                    std::any_of(change.findings.begin(), change.findings.end(), [](const Finding& f) { return f.severity == Finding::Severity::review; });
    handled_.insert(change.id);
    const std::string note = fmt::format("made by {}{}", document_.number, document_.citation.empty() ? "" : ", " + document_.citation);
    draft_.amend(std::move(change), sighting("completes", note), Draft::Tell::subscribers);
  }

  // The change was raised by an earlier reading of this document; this one confirms or completes it.
  bool meet_again(const std::string& id, const Operation& op) {
    const auto found = existing_.find(id);
    if (found == existing_.end()) return false;
    handled_.insert(id);
    Change change = found->second;
    const bool same_source = change.source == context_.source;
    Comparison difference;
    if (op.has_row && change.entry) difference = compare_across_sources(change.entry->listing, op.listing);
    const bool published = change.document && !change.document->publication_date && document_.publication_date && !same_source;
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
      draft_.put(std::move(entry), versioned ? Draft::Versioning::new_version : Draft::Versioning::same_version, id);
    }
    std::vector<std::string> news;
    if (!difference.substance.empty())
      news.push_back(fmt::format("the {} now read otherwise", text::join(difference.substance, ", ")));
    if (dated && change.effective_on) news.push_back(fmt::format("effective {}", format_date_long(*change.effective_on)));
    const bool substantial = !news.empty();
    if (published) news.insert(news.begin(), fmt::format("published{}", document_.citation.empty() ? "" : " as " + document_.citation));
    const char* role = substantial ? "completes" : "confirms";
    if (same_source && !substantial) {
      draft_.amend(std::move(change), sighting("completes", "metadata filled in"), Draft::Tell::quietly);
    } else {
      draft_.amend(std::move(change), sighting(role, text::join(news, "; ")), substantial ? Draft::Tell::subscribers : Draft::Tell::quietly);
    }
    return true;
  }

  void add(const Operation& op) {
    const Entry* found = find(op);
    if (found == nullptr) return add_new(op);
    const Entry entry_before = *found;
    const std::string id = change_id("add", entry_before.id);
    if (meet_again(id, op)) return;
    if (entry_before.status == EntryStatus::removed) return add_again(op, entry_before);
    if (const auto lone = seen_before(entry_before, ChangeKind::added)) return explain_addition(*lone, op, entry_before);
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
    c.checks.push_back({"not_yet_listed", "not listed", "listed", false,
                        fmt::format("{} is on the list already; the rule may add a second entry or replace this one", entry.listing.name)});
    apply_listing(entry, op);
    c.entry = entry;
    c.before = entry_before;
    const std::string raised = draft_.raise(std::move(c));
    draft_.put(std::move(entry), Draft::Versioning::new_version, raised);
  }

  // A list read at the start already contained what this document does; nobody was told of it.
  void shown_already(Change& c, const Entry& entry) const {
    Sighting shown = draft_.sighting("confirms", "already shown when the document was first read");
    shown.source = entry.source;
    shown.sha256.clear();
    if (shown.source != context_.source) c.sightings.push_back(std::move(shown));
  }

  void explain_addition(const Change& lone, const Operation& op, Entry entry) {
    entry.document = document_.number;
    if (const auto date = effective(op)) entry.effective_on = date;
    if (op.list == ListId::denied_persons && op.has_row) entry.listing = joined_listing(entry, op.listing);
    explain(lone, op, entry);
    draft_.put(std::move(entry), Draft::Versioning::new_version, lone.id);
  }

  void apply_listing(Entry& entry, const Operation& op) const {
    if (op.has_row) entry.listing = op.listing;
    entry.source = context_.source;
    entry.effective_on = effective(op);
    entry.status = status_from(entry.effective_on);
    entry.document = document_.number;
    entry.last_confirmed = context_.seen_at;
  }

  void add_new(const Operation& op) {
    Entry entry = draft_.make_entry(op.list, op.listing);
    apply_listing(entry, op);
    raise_added(op, std::move(entry));
  }

  void add_again(const Operation& op, Entry entry) {
    if (!op.has_row) entry.listing = op.listing;
    apply_listing(entry, op);
    raise_added(op, std::move(entry));
  }

  void raise_added(const Operation& op, Entry entry) {
    Change c = make_change(ChangeKind::added, "add", entry, op);
    note_in_place(c);
    const std::string id = draft_.raise(std::move(c));
    draft_.put(std::move(entry), Draft::Versioning::new_version, id);
  }

  // The document was read before without this operation in it.
  void note_in_place(Change& c) const {
    const bool had_text = before_ && (!before_->content_digest.empty() || !existing_.empty());
    if (had_text && before_->stage == document_.stage && !existing_.empty())
      c.note = "The document changed in place: its first reading did not contain this.";
  }

  void revise(const Operation& op) {
    const Entry* found = find(op);
    if (found == nullptr) return revise_unknown(op);
    const Entry before = *found;
    if (meet_again(change_id("revise", before.id), op)) return;
    const Comparison across = compare_sightings(op.list, before.listing, op.listing);
    const Comparison difference = op.list == ListId::denied_persons ? across : compare(before.listing, op.listing);
    if (op.has_row && across.substance.empty()) {
      if (const auto lone = seen_before(before, ChangeKind::revised)) return explain_addition(*lone, op, before);
      if (before_) return;
    }
    Entry entry = before;
    apply_listing(entry, op);
    Change c = make_change(ChangeKind::revised, "revise", entry, op);
    c.before = before;
    if (op.has_row && across.substance.empty()) {
      shown_already(c, before);
      c.note = "The list already shows the revised entry; what it was before is not known here.";
    } else if (op.has_row) {
      c.fields = difference.substance;
    }
    note_in_place(c);
    const std::string id = draft_.raise(std::move(c));
    draft_.put(std::move(entry), Draft::Versioning::new_version, id);
  }

  void revise_unknown(const Operation& op) {
    Entry entry = draft_.make_entry(op.list, op.listing);
    if (meet_again(change_id("revise", entry.id), op)) return;
    apply_listing(entry, op);
    Change c = make_change(ChangeKind::revised, "revise", entry, op);
    c.checks.push_back(entry_known(op));
    const std::string id = draft_.raise(std::move(c));
    draft_.put(std::move(entry), Draft::Versioning::new_version, id);
  }

  [[nodiscard]] static Check entry_known(const Operation& op) {
    return {"entry_known", "listed", "not found", false,
            fmt::format("no entry {} under {} is known here", op.name.empty() ? op.listing.name : op.name, op.listing.country)};
  }

  void remove(const Operation& op, const Entry* found) {
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

  void remove_unknown(const Operation& op) {
    Entry entry = draft_.make_entry(op.list, op.listing);
    if (meet_again(change_id("remove", entry.id), op)) return;
    apply_listing(entry, op);
    entry.status = EntryStatus::removed;
    Change c = make_change(ChangeKind::removed, "remove", entry, op);
    c.checks.push_back(entry_known(op));
    const std::string id = draft_.raise(std::move(c));
    draft_.put(std::move(entry), Draft::Versioning::new_version, id);
  }

  void remove_country(const Operation& op) {
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

  // The rule empties a country that is empty here: what it removed is not known, and that is told.
  void remove_unknown_country(const Operation& op) {
    Operation all = op;
    all.listing.name = "All entries under " + op.listing.country;
    all.findings.push_back({Finding::Severity::review, "country_without_entries",
                            fmt::format("The rule removes the listing for {}, and no entry under it is known here.", op.listing.country), op.instruction});
    remove_unknown(all);
  }

  // A document that changes no entry is told as such, once its text was read.
  void tell_document() {
    if (!reading_.operations.empty() || !touches_watched(document_)) return;
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

  // What an earlier reading of the same stage contained and this one does not is not undone by silence.
  void tell_vanished() {
    for (const auto& [id, change] : existing_) {
      const bool mine = change.source == context_.source && change.kind != ChangeKind::document && change.kind != ChangeKind::withdrawn;
      if (!mine || handled_.contains(id) || reading_.operations.empty()) continue;
      Change told = change;
      told.review = true;
      const Finding gone{Finding::Severity::review, "no_longer_in_document", "A later reading of the document does not contain this any more.", {}};
      if (std::find(told.findings.begin(), told.findings.end(), gone) != told.findings.end()) continue;
      told.findings.push_back(gone);
      draft_.amend(std::move(told), sighting("contradicts", "no longer in the document"), Draft::Tell::subscribers);
    }
  }

  const Knowledge& known_;
  const DocumentReading& reading_;
  const TrackContext& context_;
  Draft& draft_;
  Document document_;
  std::optional<Document> before_;
  std::map<std::string, Change> existing_;
  std::set<std::string> handled_;
};

}  // namespace

Tracked track_document(const Knowledge& known, const DocumentReading& reading, const TrackContext& context) {
  Draft draft(known, context);
  DocumentTracker(known, reading, draft).apply();
  return draft.take();
}

Tracked track_withdrawal(const Knowledge& known, const std::string& number, const TrackContext& context) {
  Draft draft(known, context);
  std::optional<Document> document = known.document(number);
  if (!document || document->stage != DocumentStage::inspection) return draft.take();
  document->stage = DocumentStage::withdrawn;
  for (const Change& c : known.changes_of_document(number)) {
    if (c.kind == ChangeKind::withdrawn || c.kind == ChangeKind::document) continue;
    Change told = draft.make_change(ChangeKind::withdrawn, stable_id({"change", "withdrawn", c.id}));
    told.list = c.list;
    told.entry = c.entry;
    told.before = c.before;
    told.document = reference(*document);
    told.note = "The document was withdrawn from public inspection before publication; what it announced does not happen.";
    const Entry* now = c.entry ? draft.entry(c.entry->id) : nullptr;
    const bool still_ours = now != nullptr && now->document == number;
    std::string id;
    if (still_ours) {
      Entry entry = *now;
      if (c.before) {
        entry = *c.before;
        entry.versions = now->versions;
        entry.effective_on = c.effective_on;  // on that day the former state goes on
      } else {
        entry.status = c.kind == ChangeKind::removed ? EntryStatus::listed : EntryStatus::removed;
      }
      entry.document.clear();
      entry.last_confirmed = context.seen_at;
      told.entry = entry;
      id = draft.raise(std::move(told));
      draft.put(std::move(entry), Draft::Versioning::new_version, id);
    } else {
      draft.raise(std::move(told));
    }
  }
  draft.put_document(std::move(*document));
  return draft.take();
}

}  // namespace entitywatch
