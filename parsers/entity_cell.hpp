// The entity cell of Supplements No. 4, 6 and 7: name, aliases, addresses, out of one cell of text.
// Shared by every reader that meets such a cell (Federal Register tables, eCFR, public inspection text).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/entry.hpp"

namespace entitywatch::parsers {

// The cell as lines: a new line where the publisher starts one (LI, br). White space collapsed. Footnote
// designations (SU, sup) are taken out by the table reader before.
struct CellText {
  std::vector<std::string> lines;
};

// Fills name, aliases, former_names, addresses, cross_references, parent-related parts, checks
// (stated_alias_count) and findings of `listing`, and raw.entity. Country and the other cells are the
// caller's.
void read_entity_cell(const CellText& cell, Listing& listing);

// License requirement and review policy cells: text, footnotes, and the form they reduce to.
void read_requirement_cell(std::string_view text, Listing& listing);
void read_policy_cell(std::string_view text, Listing& listing);

// The citation cell: "84 FR 54004, 10/9/19. 85 FR 44159, 7/22/20.", placeholders
// "88 FR [INSERT FR PAGE NUMBER AND 2/27/2023]" (page 0), malformed ones repaired or found.
void read_citation_cell(std::string_view text, Listing& listing);

}  // namespace entitywatch::parsers
