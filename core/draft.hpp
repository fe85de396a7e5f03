// The commit that tracking builds, seen together with what is known: later operations of one reading see
// the effect of earlier ones.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/track.hpp"

namespace entitywatch {

class Draft {
 public:
  Draft(const Knowledge& known, const TrackContext& context) : known_(known), context_(context) {}

  [[nodiscard]] const Entry* entry(std::string_view id) const;
  [[nodiscard]] std::vector<const Entry*> named(ListId list, std::string_view country, std::string_view name) const;
  [[nodiscard]] std::vector<const Entry*> entries_of(ListId list) const;
  [[nodiscard]] std::vector<Change> changes_of_entry(std::string_view id) const;
  [[nodiscard]] std::vector<EntryVersion> versions(std::string_view entry_id) const;
  // The entry as its versions leave it on the day of this reading: what was announced may have taken effect.
  [[nodiscard]] Entry standing(const Entry& entry) const;

  // A new entry with a free id, not yet put.
  [[nodiscard]] Entry make_entry(ListId list, const Listing& listing) const;
  // Stores the entry; `version` appends a version with its status and effective date, caused by `change_id`.
  enum class Versioning { same_version, new_version };
  void put(Entry entry, Versioning versioning, const std::string& change_id = {});
  // Appends a version of an entry that is known or was put: its number, what the context knows of it (source,
  // known_at) and nothing else is filled in. The entry itself stays as it is.
  void put_version(EntryVersion version);
  void put_row(SourceRow row) { commit_.source_rows.push_back(std::move(row)); }
  void put_document(Document document) { commit_.documents.push_back(std::move(document)); }

  // In live mode records the change and returns its id; in baseline mode does nothing and returns "".
  std::string raise(Change change);
  // A change with everything filled in that is the same for all changes of this reading.
  [[nodiscard]] Change make_change(ChangeKind kind, std::string id) const;
  // An id for a change seen in a snapshot, distinct from every earlier change of the same shape.
  [[nodiscard]] std::string snapshot_change_id(std::string_view what, const std::string& entry_id, const std::string& before,
                                               const std::string& after) const;

  enum class Tell { quietly, subscribers };
  // Records a change that is known already, with one more sighting; its revision is raised once a reading.
  void amend(Change change, Sighting sighting, Tell tell);
  [[nodiscard]] Sighting sighting(std::string role, std::string note = {}) const;
  // Adds a confirming sighting by this source to every change of the entry that lacks one.
  void confirm(const Entry& entry, const std::vector<ChangeKind>& kinds);

  [[nodiscard]] const TrackContext& context() const { return context_; }
  [[nodiscard]] Tracked take();

 private:
  // The next version of the entry: its number, and when and as of which day it is known.
  void append(Entry& entry, EntryVersion version);

  const Knowledge& known_;
  const TrackContext& context_;
  Commit commit_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, std::size_t> new_changes_;  // id -> index in commit_.new_changes
  std::map<std::string, Change> amended_;
  std::map<std::string, bool> told_;
};

}  // namespace entitywatch
