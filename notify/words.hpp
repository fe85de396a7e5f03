// The words of alerts: numbers with their nouns, sources, dates and moments as US readers write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/change.hpp"
#include "core/time.hpp"

namespace entitywatch::notify {

// "1 entry", "28 entries".
[[nodiscard]] std::string counted(std::size_t count, std::string_view one, std::string_view many);

[[nodiscard]] std::string lower_first(std::string text);

// "a", "a and b", "a, b and c".
[[nodiscard]] std::string enumerated(const std::vector<std::string>& parts);

// "A; B; C (+4)": as many whole texts as `characters` holds, at least one (shortened), at most `most`.
[[nodiscard]] std::string listed(const std::vector<std::string>& texts, std::size_t most,
                                 std::size_t characters);

// "public_inspection" -> "Federal Register public inspection"; an unknown source is named as it is.
[[nodiscard]] std::string source_name(std::string_view source);

// "October 8, 2019, 4:15 p.m. Eastern (20:15 UTC)"; only UTC where the system has no time zones.
[[nodiscard]] std::string moment(Time time);

// "stated_alias_count" -> "stated alias count".
[[nodiscard]] std::string spoken(std::string_view identifier);

// "Added", or "To be added" for what is not yet in force.
[[nodiscard]] std::string action_word(ChangeKind kind, bool in_future);

// "stated entries: 28 stated, 27 found".
[[nodiscard]] std::string describe(const Check& check);

// The finding's sentence and the publisher's words it is about.
[[nodiscard]] std::string describe(const Finding& finding);

}  // namespace entitywatch::notify
