// The entity cell of Supplements No. 4, 6 and 7: name, aliases, addresses, out of one cell of text.
// Shared by every reader that meets such a cell (Federal Register tables, eCFR, public inspection text).
// Pure functions, safe from any thread, never throwing for any text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/entry.hpp"

namespace entitywatch::parsers {

// The cell as lines: a new line where the publisher starts one (LI, br). White space collapsed. Footnote
// designations (SU, sup) are taken out by the table reader before. An empty line is a paragraph break
// (the eCFR prints one before the addresses); it may be left out, but helps where it is known.
struct CellText {
  std::vector<std::string> lines;
};

// Fills name, aliases, former_names, addresses, cross_references, parent, checks (stated_alias_count) and
// findings of `listing`, and raw.entity. Country and the other cells are the caller's. Where the cell holds
// several parties, `listing` becomes the first of them.
void read_entity_cell(const CellText& cell, Listing& listing);

// All parties of one cell, in printed order, each a copy of `common` (country, requirement, policy,
// citations) with its own name, aliases and addresses: the party itself, then its subordinate institutions
// or affiliated entities where the cell lists such; these carry `parent` and, where the cell says so, the
// shared addresses. A row that the publisher continues in the next row is one cell: append the lines.
// Never empty.
[[nodiscard]] std::vector<Listing> read_entity_parties(const CellText& cell, const Listing& common);

// True where a row with this entity text and no other cell filled only goes on with the row above: addresses,
// further aliases, or further subordinate institutions.
[[nodiscard]] bool is_continuation(const CellText& cell, const CellText& above);

// A name as an instruction quotes it, read as the cell reads it, so that both compare: "X (CETC 13)
// subordinate institution: Y" is Y with the parent X; "X, a.k.a., the following two aliases" is X.
struct PartyName {
  std::string name;
  std::string parent;
  bool operator==(const PartyName&) const = default;
};
[[nodiscard]] PartyName read_party_name(std::string_view words);

// License requirement and review policy cells: text, footnotes, and the form they reduce to. Footnotes that
// the table reader took out of SU or sup are the caller's to add to listing.footnotes; designations printed
// as bare digits are taken out here.
//   requirement_form: all-items, all-items-with-exceptions, all-items-in-projects, listed-items, see-section
//   policy_form: presumption-of-denial, presumption-of-denial-with-exceptions, policy-of-denial,
//     policy-of-denial-with-exceptions, case-by-case, presumption-of-approval, mixed, see-section
void read_requirement_cell(std::string_view text, Listing& listing);
void read_policy_cell(std::string_view text, Listing& listing);

// The citation cell: "84 FR 54004, 10/9/19. 85 FR 44159, 7/22/20.", placeholders
// "88 FR [INSERT FR PAGE NUMBER AND 2/27/2023]" (page 0), malformed ones repaired or found.
void read_citation_cell(std::string_view text, Listing& listing);

// Adds footnote designations: the digits of one SU or sup ("3", ",3", "1 4"), kept ascending and once.
void add_footnotes(std::string_view designation, Listing& listing);

}  // namespace entitywatch::parsers
