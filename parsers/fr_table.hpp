// The tables of a rule: rows of a list, out of GPOTABLE.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/entry.hpp"
#include "core/lists.hpp"
#include "parsers/fr_tree.hpp"

namespace entitywatch::parsers {

// One row of a list as the rule prints it. Where the cell holds subordinate institutions too, `parties`
// has the main one first.
struct FrTableRow {
  ListId list = ListId::entity_list;
  std::string country;  // as printed; empty: the table names none above the row
  std::vector<std::string> entity_lines;
  std::string requirement;  // without footnote designations
  std::string policy;
  std::string citation;
  std::vector<std::string> designations;  // superscripts of the row
  std::vector<Finding> findings;
};

struct FrTable {
  std::vector<FrTableRow> rows;
  std::vector<std::string> countries;  // country rows in order, with or without entities under them
  std::vector<Finding> findings;
};

// Reads a table of `list`; without it the table's own columns tell (nullopt in return: not a table of a
// list).
[[nodiscard]] std::optional<FrTable> read_list_table(const FrNode& table, std::optional<ListId> list);

// The parties of a row, its other cells read into each. `known_name`: the name an instruction gives the
// entry, which settles where the name ends in cells that leave it open; empty: none.
[[nodiscard]] std::vector<Listing> read_row(const FrTableRow& row, std::string_view known_name);

}  // namespace entitywatch::parsers
