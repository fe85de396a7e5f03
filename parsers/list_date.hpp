// Dates in the columns of lists that come as files.
#pragma once

#include <optional>
#include <string_view>

#include "core/entry.hpp"

namespace entitywatch::parsers {

// Any printed form. nullopt where nothing is printed, and with a note on the listing where the date cannot
// be ("3017-08-22", "0017-05-26", "8//28/2025"). `column` names it for the note.
[[nodiscard]] std::optional<Date> read_list_date(std::string_view printed, std::string_view column,
                                                 Listing& listing);

}  // namespace entitywatch::parsers
