// Which entries a viewpoint shows, shared by /v1/entries and the exports.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "daemon/api_filters.hpp"
#include "daemon/api_history.hpp"

namespace entitywatch::daemon {

struct EntryQuestion {
  EntryFilter filter;
  std::set<EntryStatus> statuses = {EntryStatus::listed};
  Viewpoint viewpoint;
  bool looks_back = false;  // as_of or known_at was given
};

[[nodiscard]] Result<EntryQuestion> entry_question(const Ask& ask);

// Last proofs of life of the sources: an entry that its source still shows is confirmed by each of them.
using Proofs = std::map<std::string, Time, std::less<>>;
[[nodiscard]] Result<Proofs> proofs_of_life(const storage::Reader& reader);

// Calls `visit` with each entry the question asks for, by list and id, beyond `after_id`; stops when it
// returns false.
[[nodiscard]] Result<void> visit_entries(const storage::Reader& reader, const EntryQuestion& question,
                                         const Proofs& proofs, std::string_view after_id,
                                         const storage::Visitor<EntryView>& visit);

// The name of the archive's note that holds the day a list was first read in full, "2026-03-25". Where no
// such note is stored, the day its earliest entry was first seen stands in.
[[nodiscard]] std::string first_reading_note(ListId list);

// False when the viewpoint lies before the first reading of a list asked for: the answer lacks whatever
// left the list before then.
[[nodiscard]] Result<bool> is_complete(const Ask& ask, const EntryQuestion& question);

}  // namespace entitywatch::daemon
