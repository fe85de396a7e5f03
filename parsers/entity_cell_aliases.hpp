// The alias list of an entity cell in all its forms. Internal to the entity cell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::parsers {

struct AliasReading {
  std::string head;  // what stands before the first alias: the name
  std::vector<std::string> aliases;
  std::vector<std::string> former_names;
  std::optional<int> stated;               // "the following three aliases", "the following alias" (one)
  std::size_t counted = 0;                 // how many the list holds, by the publisher's way of counting
  std::optional<int> stated_subordinates;  // "… and thirteen subordinate institutions"
  std::string introducer;                  // the words that state the count
  std::string rest;                        // addresses, lines kept
  std::vector<std::string> doubts;
  std::vector<std::string> repairs;  // what was mended with certainty
};

// nullopt where the text names no alias.
[[nodiscard]] std::optional<AliasReading> read_aliases(std::string_view text);

// True when the text opens a list ("…, a.k.a., the following two aliases:").
[[nodiscard]] bool opens_alias_list(std::string_view text);

// "—Name; and" as "Name".
[[nodiscard]] std::string clean_alias(std::string_view text);

}  // namespace entitywatch::parsers
