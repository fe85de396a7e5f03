// What readers (parsers/) make of bytes. A reader returns an Error only when the bytes are not the
// format at all; anything it cannot place inside the format is a Finding in the reading.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/document.hpp"
#include "core/entry.hpp"

namespace entitywatch {

enum class OperationKind { add, revise, remove, add_country, remove_country };
[[nodiscard]] std::string_view to_string(OperationKind kind);

// One thing a rule does to one entry of a list, read from instruction and table together.
//  - add, revise: `listing` holds the whole row as the rule prints it. Where the instruction names an
//    entry that has no row in the table, has_row is false, listing holds country and name only and a
//    review finding "row_unknown" says so.
//  - revise: the row replaces the whole entry. `name` is the name the instruction uses: the entry as it
//    was listed until now; listing.name may differ (a rename).
//  - remove: listing holds country and name only.
//  - add_country, remove_country: `name` is empty; listing.country is the country. remove_country
//    removes every entry listed under it.
struct Operation {
  OperationKind kind = OperationKind::add;
  ListId list = ListId::entity_list;
  std::string name;      // as the instruction names it; as the row does where only the row does
  Listing listing;
  bool has_row = false;
  bool is_correction = false;        // made by a correction document or a correcting instruction
  std::optional<Date> effective_on;  // where the instruction sets its own date
  std::string instruction;           // the instruction's words, at most 300 characters
  std::vector<Check> checks;
  std::vector<Finding> findings;
  bool operator==(const Operation&) const = default;
};

// The reading of one document. document.checks and document.findings hold what concerns the whole.
// `operations` is in the order of the document.
struct DocumentReading {
  Document document;
  std::vector<Operation> operations;
  bool operator==(const DocumentReading&) const = default;
};

// The reading of one list out of one snapshot (eCFR supplement, CSL, DPL). `rows` is in file order.
struct ListReading {
  ListId list = ListId::entity_list;
  std::vector<Listing> rows;
  std::size_t rows_in_file = 0;  // data rows the file holds; several may make one entry
  // A check "rows_placed" says how many of them became an entry or a part of one.
  std::vector<Check> checks;
  std::vector<Finding> findings;
  bool operator==(const ListReading&) const = default;
};

}  // namespace entitywatch
