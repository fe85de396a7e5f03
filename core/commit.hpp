// Everything one observation leads to. The archive writes it in one synced batch: all of it or nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/alert.hpp"
#include "core/change.hpp"
#include "core/document.hpp"
#include "core/entry.hpp"
#include "core/observation.hpp"
#include "core/source_state.hpp"

namespace entitywatch {

// What a snapshot source (eCFR, CSL, DPL) last showed for one row; its next reading is compared with
// it. `entry_id` links it to the tracked entry.
struct SourceRow {
  std::string source;
  ListId list = ListId::entity_list;
  std::string entry_id;
  Listing listing;
  bool gone = false;  // true: delete the stored row
  bool operator==(const SourceRow&) const = default;
};

struct Commit {
  std::optional<Observation> observation;  // stored as evidence; absent for outbox or state bookkeeping
  std::vector<Document> documents;
  std::vector<Entry> entries;
  std::vector<EntryVersion> versions;
  std::vector<SourceRow> source_rows;
  std::vector<Change> new_changes;      // seq and position are given by the archive, in this order
  std::vector<Change> updated_changes;  // revision already raised; a new position is given
  std::vector<Alert> alerts;            // whole records, new or extended
  std::vector<Delivery> deliveries;
  std::vector<SourceState> sources;
  [[nodiscard]] bool empty() const;
};

}  // namespace entitywatch
