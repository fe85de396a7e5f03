// The counts a rule states of itself in its summary, and the checks of them against what was read:
// "adding 10 entities under 13 entries", "Canada (2), China (5)", "modifies four existing entries".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/entry.hpp"
#include "core/reading.hpp"

namespace entitywatch::parsers {

enum class StatedUnit { entities, entries, addresses };

struct StatedCount {
  OperationKind kind = OperationKind::add;  // add, revise or remove
  std::optional<ListId> list;               // nullopt: the sentence names none
  StatedUnit unit = StatedUnit::entities;
  int count = 0;
  std::string country;  // as printed; empty: the total
  std::string words;    // the sentence
  bool operator==(const StatedCount&) const = default;
};

struct StatedCounts {
  std::vector<StatedCount> totals;
  std::vector<StatedCount> by_country;
  bool more_revisions = false;  // revisions or corrections are spoken of without a number too
};

// Only what is really stated as the number of entries a rule adds, revises or removes.
[[nodiscard]] StatedCounts read_stated_counts(std::string_view summary);

// What was read, one for each entry (a row with subordinate institutions is one).
struct CountedEntry {
  OperationKind kind = OperationKind::add;
  ListId list = ListId::entity_list;
  std::string country;
  std::string name;
};

// Checks named stated_entities, stated_entries, stated_addresses, stated_by_country, one for each kind and
// list the summary counts.
[[nodiscard]] std::vector<Check> check_counts(const StatedCounts& stated,
                                              const std::vector<CountedEntry>& found);

// Equal for the spellings of one destination; Crimea is not Ukraine.
[[nodiscard]] std::string country_key(std::string_view printed);

}  // namespace entitywatch::parsers
