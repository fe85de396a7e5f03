// What a revision did to an entry, field by field, in words.
#pragma once

#include <vector>

#include "core/change.hpp"
#include "notify/summary.hpp"

namespace entitywatch::notify {

// In the order of change.fields. A field whose values are not at hand is named without them.
[[nodiscard]] std::vector<Difference> differences(const Change& change);

// "84 FR 54004 (October 9, 2019)"; the page is left out where it was printed as a placeholder.
[[nodiscard]] std::string in_words(const Citation& citation);

}  // namespace entitywatch::notify
