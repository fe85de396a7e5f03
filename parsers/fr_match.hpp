// Which table row an instruction speaks of.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/entry.hpp"
#include "parsers/fr_table.hpp"
#include "parsers/instructions.hpp"

namespace entitywatch::parsers {

enum class MatchQuality {
  exact,          // the same letters and figures
  alias,          // the instruction uses one of the row's other names
  similar,        // spelled differently
  other_country,  // the same name under another country
  only_left,      // nothing else is left on either side
};

struct RowMatch {
  std::size_t row = 0;
  MatchQuality quality = MatchQuality::exact;
};

// For each instruction its row, where it has one; no row is given twice. Instructions without a name, and
// removals, have none.
[[nodiscard]] std::vector<std::optional<RowMatch>> match_rows_to_instructions(
    const std::vector<EntryInstruction>& instructions, const std::vector<FrTableRow>& rows);

// 0..1, by letters and figures; 1: the same.
[[nodiscard]] double name_similarity(std::string_view a, std::string_view b);

}  // namespace entitywatch::parsers
