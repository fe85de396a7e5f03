// The part of the pipeline that takes a second reading of documents that were read before.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

#include "core/compare.hpp"
#include "core/identity.hpp"
#include "core/text.hpp"
#include "daemon/pipeline.hpp"

namespace entitywatch::daemon {
namespace {

// The same apart from what every reading brings along: another sighting, a higher revision.
bool says_the_same(Change a, const Change& b) {
  a.sightings = b.sightings;
  a.revision = b.revision;
  a.position = b.position;
  a.seq = b.seq;
  return a == b;
}

bool says_the_same(Document a, const Document& b) {
  a.source = b.source;
  a.first_seen = b.first_seen;
  a.evidence = b.evidence;
  a.content_digest = b.content_digest;
  return a == b;
}

// The printed cells are the same in both readings: what was made of them is what counts.
std::vector<std::string> differences(Listing a, Listing b) {
  a.raw = b.raw = {};
  return compare(a, b).substance;
}

void mark(Change& change, bool is_new) {
  if (is_new) {
    change.note = "Found by a newer reader in a document that was read before.";
    return;
  }
  std::string& note = change.sightings.back().note;
  note = note.empty() ? "read otherwise by a newer reader" : "read otherwise by a newer reader: " + note;
}

// Keeps of what tracking made of a second reading only what differs from the first, and leaves alone what
// something later has shaped since.
class Difference {
 public:
  Difference(const Knowledge& known, const std::string& number) : known_(known), number_(number) {
    for (Change& c : known.changes_of_document(number)) {
      std::string id = c.id;
      before_.emplace(std::move(id), std::move(c));
    }
  }

  void reduce(Tracked& tracked, const std::vector<Operation>& operations, const TrackContext& context) {
    Commit& commit = tracked.commit;
    std::erase_if(commit.new_changes, [&](const Change& c) { return is_known_otherwise(c); });
    std::erase_if(commit.updated_changes, [&](const Change& c) {
      const auto before = before_.find(c.id);
      return before != before_.end() && says_the_same(c, before->second);
    });
    keep_entries_of(commit);
    for (const Operation& op : operations)
      if (op.has_row) amend_row(op, context, commit);
    for (Change& c : commit.new_changes) mark(c, true);
    for (Change& c : commit.updated_changes) mark(c, false);
    tracked.completed = commit.updated_changes;
    std::erase_if(commit.documents, [&](const Document& d) {
      const auto stored = known_.document(d.number);
      return stored && says_the_same(d, *stored);
    });
  }

 private:
  // Tracking holds a row against other sources, whose words differ; here it is held against what this
  // document was read to say, word for word.
  void amend_row(const Operation& op, const TrackContext& context, Commit& commit) const {
    const Change* stored = change_of(op);
    if (stored == nullptr) return;
    const auto amended = std::any_of(commit.updated_changes.begin(), commit.updated_changes.end(),
                                     [&](const Change& c) { return c.id == stored->id; });
    const std::vector<std::string> otherwise = read_otherwise(*stored, op.listing);
    if (amended || otherwise.empty()) return;
    Change change = *stored;
    Listing listing = op.listing;
    // Pages that later sources filled in.
    if (std::find(otherwise.begin(), otherwise.end(), "citations") == otherwise.end())
      listing.citations = change.entry->listing.citations;
    change.entry->listing = listing;
    ++change.revision;
    Sighting s;
    s.source = context.source;
    s.role = "completes";
    s.seen_at = context.seen_at;
    s.document = number_;
    s.note = text::join(otherwise, ", ");
    s.sha256 = context.evidence.sha256;
    change.sightings.push_back(std::move(s));
    if (const Entry* entry = known_.entry(change.entry->id); entry != nullptr && entry->document == number_)
      put_version(*entry, std::move(listing), change, context, commit);
    commit.updated_changes.push_back(std::move(change));
  }

  [[nodiscard]] const Change* change_of(const Operation& op) const {
    const std::string key = name_key(op.list, op.listing.country, op.listing.name);
    for (const auto& [id, c] : before_)
      if (c.entry && c.list == op.list && c.kind != ChangeKind::withdrawn &&
          name_key(*c.list, c.entry->listing.country, c.entry->listing.name) == key)
        return &c;
    return nullptr;
  }

  // The fields in which the row differs from everything this change was read to say so far; empty: in none.
  [[nodiscard]] std::vector<std::string> read_otherwise(const Change& change, const Listing& row) const {
    std::vector<std::string> fields = differences(change.entry->listing, row);
    for (const EntryVersion& v : known_.versions(change.entry->id)) {
      if (v.change_id != change.id) continue;
      std::vector<std::string> of_version = differences(v.listing, row);
      if (of_version.size() < fields.size()) fields = std::move(of_version);
    }
    return fields;
  }

  static void put_version(Entry entry, Listing listing, const Change& change, const TrackContext& context,
                          Commit& commit) {
    EntryVersion v;
    v.entry_id = entry.id;
    v.number = ++entry.versions;
    v.status = entry.status == EntryStatus::removed ? EntryStatus::removed : EntryStatus::listed;
    v.effective_on = entry.effective_on;
    v.known_at = context.seen_at;
    v.change_id = change.id;
    v.listing = listing;
    v.source = context.source;
    v.document = entry.document;
    entry.listing = std::move(listing);
    commit.versions.push_back(std::move(v));
    commit.entries.push_back(std::move(entry));
  }

  // The document raised nothing when it was first read (a baseline, or history), and the entry has gone on
  // since.
  [[nodiscard]] bool is_known_otherwise(const Change& change) const {
    return before_.empty() && change.entry && is_shaped_by_others(change.entry->id);
  }

  [[nodiscard]] bool is_shaped_by_others(const std::string& entry_id) const {
    const Entry* stored = known_.entry(entry_id);
    return stored != nullptr && stored->document != number_;
  }

  void keep_entries_of(Commit& commit) const {
    std::set<std::string> ids;
    for (const auto* changes : {&commit.new_changes, &commit.updated_changes})
      for (const Change& c : *changes)
        if (c.entry && !is_shaped_by_others(c.entry->id)) ids.insert(c.entry->id);
    std::erase_if(commit.entries, [&](const Entry& e) { return !ids.contains(e.id); });
    std::erase_if(commit.versions, [&](const EntryVersion& v) { return !ids.contains(v.entry_id); });
  }

  const Knowledge& known_;
  const std::string& number_;
  std::map<std::string, Change> before_;
};

}  // namespace

Result<std::size_t> Pipeline::reread(const Observation& observation, const Reading& reading,
                                     Telling telling) {
  const std::scoped_lock lock(mutex_);
  std::size_t changes = 0;
  for (const DocumentReading& document : reading.documents) {
    TrackContext context = context_of(observation, Mode::live);
    context.seen_at = clock_.now();
    Tracked tracked = track_document(*ledger_, document, context);
    Difference(*ledger_, document.document.number).reduce(tracked, document.operations, context);
    if (auto error = ledger_->take_read_error()) return tl::unexpected(std::move(*error));
    Commit commit = std::move(tracked.commit);
    if (telling == Telling::subscribers)
      if (auto routed = route(tracked, commit); !routed) return tl::unexpected(routed.error());
    if (commit.empty()) continue;
    auto receipt = this->commit(commit);
    if (!receipt) return tl::unexpected(receipt.error());
    const std::size_t otherwise = commit.new_changes.size() + commit.updated_changes.size();
    if (otherwise > 0)
      spdlog::info("{}: a newer reader reads {} changes of {} otherwise", observation.source, otherwise,
                   document.document.number);
    changes += otherwise;
  }
  return changes;
}

}  // namespace entitywatch::daemon
