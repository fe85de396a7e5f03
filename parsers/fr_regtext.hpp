// The amendatory part of a rule: its instruction paragraphs, the tables between them, and the list each
// table belongs to.
#pragma once

#include <vector>

#include "parsers/fr_table.hpp"
#include "parsers/fr_tree.hpp"
#include "parsers/instructions.hpp"

namespace entitywatch::parsers {

struct FrAmendments {
  std::vector<AmendmentParagraph> paragraphs;
  std::vector<FrTable> tables;
};

[[nodiscard]] FrAmendments read_amendments(const FrNode& root);

}  // namespace entitywatch::parsers
