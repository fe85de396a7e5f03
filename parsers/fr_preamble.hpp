// The lists of names in a rule's preamble, against what its instructions and table were read to do.
#pragma once

#include <optional>
#include <vector>

#include "core/reading.hpp"
#include "parsers/fr_front.hpp"

namespace entitywatch::parsers {

// "preamble_names": every name the preamble lists under the heading of a country ("• Name, and", "(1) Name,
// a.k.a. …") is one that an operation under that country adds, revises or removes. nullopt: the preamble has
// no such list.
[[nodiscard]] std::optional<Check> check_preamble(const std::vector<FrParagraph>& body,
                                                  const std::vector<Operation>& operations);

}  // namespace entitywatch::parsers
