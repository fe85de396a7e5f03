// Which row is which entry. Country, name, aliases, addresses and citations together decide; a rename is
// a revision of the same entry, not a removal and an addition.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/entry.hpp"

namespace entitywatch {

// The id of an entry at first sight. `ordinal` tells apart entries of one list and country that share a
// name (1 for the first).
[[nodiscard]] std::string entry_id(ListId list, std::string_view country, std::string_view name, std::size_t ordinal = 1);

// A key under which the names of one list and country are equal when they differ editorially at most.
[[nodiscard]] std::string name_key(ListId list, std::string_view country, std::string_view name);

struct Match {
  std::size_t before;
  std::size_t after;
  std::string reason;  // "name", "former name among aliases", "same address and citations", …
};

struct Matching {
  std::vector<Match> pairs;         // ascending by `after`
  std::vector<std::size_t> gone;    // indices into `before`
  std::vector<std::size_t> fresh;   // indices into `after`
};

// Pairs the rows of two readings of one list. Deterministic; linear for rows whose names are unchanged.
[[nodiscard]] Matching match_rows(const std::vector<const Listing*>& before, const std::vector<const Listing*>& after);

}  // namespace entitywatch
