// Turns a Commit into the writes of one batch, and the link that vouches for them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/commit.hpp"
#include "core/result.hpp"
#include "storage/archive.hpp"
#include "storage/records.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

// For one commit: build(), write `writes()`, then hand out the receipt. Nothing is written here; a commit
// that breaks a rule of the archive fails with nothing changed. `view` shows the state that `head` is of.
class CommitBatch {
 public:
  CommitBatch(const View& view, Head head);
  [[nodiscard]] Result<CommitReceipt> build(const Commit& commit);
  [[nodiscard]] const std::vector<Write>& writes() const { return writes_; }

 private:
  void put(Table table, std::string key, std::string value);
  void remove(Table table, std::string key);
  // put, and an item of the link.
  void put_chained(Table table, std::string key, std::string value);

  [[nodiscard]] Result<void> add_observation(const Observation& observation);
  [[nodiscard]] Result<Digest> add_evidence(const Observation& observation, const ObservationPart& part);
  [[nodiscard]] Result<StoredEvidence> compressed(const Observation& observation, const ObservationPart& part,
                                                  const Digest& address);
  [[nodiscard]] Result<void> add_document(const Document& document);
  [[nodiscard]] Result<void> add_entry(const Entry& entry);
  [[nodiscard]] Result<void> add_version(const EntryVersion& version);
  [[nodiscard]] Result<void> add_source_row(const SourceRow& row);
  [[nodiscard]] Result<void> add_change(Change change);
  [[nodiscard]] Result<void> update_change(Change change);
  [[nodiscard]] Result<Change> stored_change(std::string_view id) const;
  void put_change(Change change);
  [[nodiscard]] Result<void> add_alert(const Alert& alert);
  [[nodiscard]] Result<void> add_delivery(const Delivery& delivery);
  [[nodiscard]] Result<void> remove_delivery_index(const Delivery& delivery);
  [[nodiscard]] Result<void> add_source(const SourceState& state);
  void close_link();

  const View& view_;
  Head head_;
  std::vector<Write> writes_;
  std::vector<LinkItem> items_;
  std::vector<Change> changes_;                                // as stored, for the receipt
  std::map<std::string, std::size_t, std::less<>> change_at_;  // id -> index in changes_
  std::map<std::string, Delivery, std::less<>> deliveries_;    // of this commit
  std::set<Digest> evidence_;                                  // of this commit
};

}  // namespace entitywatch::storage
