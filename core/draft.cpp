#include "core/draft.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/identity.hpp"
#include "core/kinship.hpp"
#include "core/timeline.hpp"

namespace entitywatch {

const Entry* Draft::entry(std::string_view id) const {
  if (const auto own = entries_.find(id); own != entries_.end()) return &own->second;
  return known_.entry(id);
}

std::vector<const Entry*> Draft::named(ListId list, std::string_view country, std::string_view name) const {
  std::vector<const Entry*> out;
  for (const Entry* e : known_.named(list, country, name))
    if (!entries_.contains(e->id)) out.push_back(e);
  const std::string key = name_key(list, country, name);
  for (const auto& [id, e] : entries_)
    if (e.list == list && name_key(list, e.listing.country, e.listing.name) == key) out.push_back(&e);
  std::sort(out.begin(), out.end(), [](const Entry* a, const Entry* b) { return a->id < b->id; });
  return out;
}

std::vector<const Entry*> Draft::entries_of(ListId list) const {
  std::vector<const Entry*> out;
  for (const Entry* e : known_.entries_of(list))
    if (!entries_.contains(e->id)) out.push_back(e);
  for (const auto& [id, e] : entries_)
    if (e.list == list) out.push_back(&e);
  std::sort(out.begin(), out.end(), [](const Entry* a, const Entry* b) { return a->id < b->id; });
  return out;
}

std::vector<Change> Draft::changes_of_entry(std::string_view id) const {
  std::vector<Change> out = known_.changes_of_entry(id);
  for (Change& c : out)
    if (const auto own = amended_.find(c.id); own != amended_.end()) c = own->second;
  for (const Change& c : commit_.new_changes)
    if (c.entry && c.entry->id == id) out.push_back(c);
  return out;
}

Entry Draft::make_entry(ListId list, const Listing& listing) const {
  Entry e;
  std::size_t ordinal = 1;
  do {
    e.id = entry_id(list, listing.country, listing.name, ordinal++);
  } while (entry(e.id) != nullptr);
  e.list = list;
  e.listing = listing;
  e.source = context_.source;
  e.first_seen = context_.seen_at;
  e.last_confirmed = context_.seen_at;
  return e;
}

void Draft::put(Entry e, Versioning versioning, const std::string& change_id) {
  if (versioning == Versioning::new_version) {
    EntryVersion v;
    v.entry_id = e.id;
    v.status = e.status == EntryStatus::removed ? EntryStatus::removed : EntryStatus::listed;
    v.effective_on = e.effective_on;
    v.change_id = change_id;
    v.listing = e.listing;
    v.source = e.source;
    v.document = e.document;
    append(e, std::move(v));
  }
  std::string id = e.id;
  entries_.insert_or_assign(std::move(id), std::move(e));
}

void Draft::append(Entry& entry, EntryVersion version) {
  version.number = ++entry.versions;
  version.known_at = context_.seen_at;
  version.as_of = context_.as_of;
  commit_.versions.push_back(std::move(version));
}

void Draft::put_version(EntryVersion version) {
  const Entry* known = entry(version.entry_id);
  if (known == nullptr) return;
  Entry e = *known;
  version.source = context_.source;
  append(e, std::move(version));
  put(std::move(e), Versioning::same_version);
}

std::vector<EntryVersion> Draft::versions(std::string_view entry_id) const {
  std::vector<EntryVersion> out = known_.versions(entry_id);
  for (const EntryVersion& v : commit_.versions)
    if (v.entry_id == entry_id) out.push_back(v);
  return out;
}

Entry Draft::standing(const Entry& e) const {
  return as_it_stands(e, versions(e.id), std::chrono::floor<std::chrono::days>(context_.seen_at));
}

Change Draft::make_change(ChangeKind kind, std::string id) const {
  Change c;
  c.id = std::move(id);
  c.kind = kind;
  c.detected_at = context_.seen_at;
  c.source = context_.source;
  c.evidence = context_.evidence;
  c.sightings.push_back(sighting("first"));
  return c;
}

std::string Draft::raise(Change change) {
  if (context_.mode == Mode::baseline) return {};
  const auto is_bad_check = [](const Check& c) { return !c.ok; };
  const auto is_review = [](const Finding& f) { return f.severity == Finding::Severity::review; };
  change.review = change.review || std::any_of(change.checks.begin(), change.checks.end(), is_bad_check) ||
                  std::any_of(change.findings.begin(), change.findings.end(), is_review);
  std::string id = change.id;
  if (new_changes_.contains(id)) return id;
  new_changes_[id] = commit_.new_changes.size();
  commit_.new_changes.push_back(std::move(change));
  return id;
}

std::string Draft::snapshot_change_id(std::string_view what, const std::string& entry_id, const std::string& before,
                                      const std::string& after) const {
  for (std::size_t turn = 1;; ++turn) {
    std::string id = stable_id({"change", "snapshot", what, entry_id, before, after, std::to_string(turn)});
    if (!known_.has_change(id) && !new_changes_.contains(id)) return id;
  }
}

Sighting Draft::sighting(std::string role, std::string note) const {
  Sighting s;
  s.source = context_.source;
  s.role = std::move(role);
  s.seen_at = context_.seen_at;
  s.as_of = context_.as_of;
  s.note = std::move(note);
  s.sha256 = context_.evidence.sha256;
  return s;
}

void Draft::amend(Change change, Sighting s, Tell tell) {
  change.sightings.push_back(std::move(s));
  if (const auto fresh = new_changes_.find(change.id); fresh != new_changes_.end()) {
    commit_.new_changes[fresh->second] = std::move(change);
    return;
  }
  if (!amended_.contains(change.id)) ++change.revision;
  told_[change.id] = told_[change.id] || tell == Tell::subscribers;
  std::string id = change.id;
  amended_.insert_or_assign(std::move(id), std::move(change));
}

void Draft::confirm(const Entry& e, const std::vector<ChangeKind>& kinds) {
  for (Change& c : changes_of_entry(e.id)) {
    const bool wanted = std::find(kinds.begin(), kinds.end(), c.kind) != kinds.end();
    const bool seen = std::any_of(c.sightings.begin(), c.sightings.end(), [&](const Sighting& s) { return s.source == context_.source; });
    if (!wanted || seen) continue;
    // The eCFR and the CSL print the page that a rule on its first day could not yet name.
    if (c.kind != ChangeKind::removed && c.entry) c.entry->listing.citations = e.listing.citations;
    amend(std::move(c), sighting("confirms"), Tell::quietly);
  }
}

Tracked Draft::take() {
  Tracked out;
  for (auto& [id, e] : entries_) commit_.entries.push_back(std::move(e));
  for (auto& [id, change] : amended_) {
    if (told_[id] && context_.mode == Mode::live) out.completed.push_back(change);
    commit_.updated_changes.push_back(std::move(change));
  }
  // By their place in the history, whatever their ids sort to.
  const auto by_seq = [](const Change& a, const Change& b) { return a.seq < b.seq; };
  std::sort(out.completed.begin(), out.completed.end(), by_seq);
  std::sort(commit_.updated_changes.begin(), commit_.updated_changes.end(), by_seq);
  tell_kinship(commit_.new_changes);
  out.commit = std::move(commit_);
  return out;
}

}  // namespace entitywatch
