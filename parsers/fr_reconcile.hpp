// Instruction and table brought together: what the rule does to each entry.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/reading.hpp"
#include "parsers/fr_counts.hpp"
#include "parsers/fr_front.hpp"
#include "parsers/fr_table.hpp"
#include "parsers/instructions.hpp"

namespace entitywatch::parsers {

struct FrOperations {
  std::vector<Operation> operations;  // in the order of the instructions, then of the table
  std::vector<CountedEntry> counted;  // for the stated counts
  std::vector<Finding> findings;      // of the document as a whole
};

struct FrRule {
  const Document& document;  // citation, dates
  const InstructionReading& instructions;
  const std::vector<FrTable>& tables;
  const std::vector<InstructionDate>& dates;
  bool is_correction = false;
};

// Every row becomes an operation and every instruction too: a name in the instruction that no row carries,
// a row that no instruction names, names or countries that differ are operations with a review finding
// (row_unknown, row_without_instruction, name_differs, country_differs).
[[nodiscard]] FrOperations reconcile(const FrRule& rule);

}  // namespace entitywatch::parsers
