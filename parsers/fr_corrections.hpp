// Correction documents without amendatory instructions: "On page 51662, in Supplement No. 5 to Part 744, in
// the first column, in the twentieth line, “€” should read “(e)”."
#pragma once

#include <vector>

#include "parsers/fr_front.hpp"
#include "parsers/instructions.hpp"

namespace entitywatch::parsers {

// Places touched, entries of lists whose printed words are corrected (always partial: the rule's table is
// mended in words), and findings for what cannot be placed.
[[nodiscard]] InstructionReading read_correction_paragraphs(const std::vector<FrParagraph>& body);

}  // namespace entitywatch::parsers
