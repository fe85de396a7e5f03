// Aliases named in running text, without a list: "X, a.k.a. Y, a.k.a. Z, address", "X (a.k.a. Y; f.k.a. Z)".
// Internal to the entity cell.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parsers/entity_cell_aliases.hpp"

namespace entitywatch::parsers {

// nullopt where the text names no alias.
[[nodiscard]] std::optional<AliasReading> read_running_aliases(std::string_view text);

// A regular expression (RE2) for "a.k.a." and its like.
[[nodiscard]] const std::string& also_known_words();

// Adds to the former names where the marker is "f.k.a.", else to the aliases.
void add_alias(AliasReading& out, std::string_view marker, std::string alias);

}  // namespace entitywatch::parsers
