// The numbering of amendatory instructions: flat paragraphs whose marks (2., a., i., (1), (A)) carry the
// structure, several items in one paragraph included.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parsers/instructions.hpp"

namespace entitywatch::parsers {

struct InstructionItem {
  std::string text;                   // tidied, without its number
  std::string number;                 // "2.b.i"; of an unnumbered paragraph: that of the item it belongs to
  std::optional<std::size_t> parent;  // an earlier item
  bool continues = false;             // an unnumbered paragraph that goes on with its parent's list
  int title = 15;
  std::string part;
};

// Items in order; a parent stands before its children.
[[nodiscard]] std::vector<InstructionItem> number_items(const std::vector<AmendmentParagraph>& paragraphs);

}  // namespace entitywatch::parsers
