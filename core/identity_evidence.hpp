// What speaks for two rows with different names being one entry. Private to identity.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "core/entry.hpp"

namespace entitywatch {

using WordSet = std::set<std::string, std::less<>>;

// The words of a row, folded once for many comparisons. Borrows the listing.
struct RowWords {
  explicit RowWords(const Listing& row);

  const Listing* listing;
  std::string name;                // folded words in order
  WordSet numbers;                 // runs of digits in the name: "722nd Institute" is not "723rd Institute"
  std::vector<WordSet> addresses;  // without the country's name
  WordSet whole;                   // of name and addresses together
};

// Why the two are one entry, in words that an alert can print; empty when they are not. One entry's country,
// which one of the two may not know, is for the caller to see to.
[[nodiscard]] std::string rename_reason(const RowWords& before, const RowWords& after);

// How much two rows share beside their names: to choose among several that could be the same.
[[nodiscard]] int likeness(const Listing& before, const Listing& after);

}  // namespace entitywatch
