// Small things the parts of tracking share. Private to tracking.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/change.hpp"
#include "core/lists.hpp"

namespace entitywatch {

inline const std::vector<ChangeKind> listing_kinds{ChangeKind::added, ChangeKind::revised,
                                                   ChangeKind::corrected};
inline const std::vector<ChangeKind> removal_kinds{ChangeKind::removed};

// Changes that leave the entry on the list.
[[nodiscard]] inline bool is_listing_kind(ChangeKind kind) {
  return std::find(listing_kinds.begin(), listing_kinds.end(), kind) != listing_kinds.end();
}

[[nodiscard]] inline bool has_sighting(const Change& change, std::string_view source) {
  return std::any_of(change.sightings.begin(), change.sightings.end(),
                     [&](const Sighting& s) { return s.source == source; });
}

// "the eCFR", for a sentence.
[[nodiscard]] inline std::string source_phrase(std::string_view source) {
  if (source == source::ecfr) return "the eCFR";
  if (source == source::csl) return "the Consolidated Screening List";
  if (source == source::dpl) return "the Denied Persons List file";
  return std::string(source);
}

// Lists whose changes are made by rules; elsewhere the file itself is the authority.
[[nodiscard]] inline bool made_by_rules(ListId list) { return supplement_of_list(list).has_value(); }

}  // namespace entitywatch
