// Addresses one by one, and the cross references between rows of one party. Internal to the entity cell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::parsers {

struct WithoutReferences {
  std::string text;                     // the rest
  std::vector<std::string> references;  // countries named, as printed
};
// Takes "(See alternate addresses under Pakistan and the U.K.)" and its like out of a text.
[[nodiscard]] WithoutReferences take_cross_references(std::string_view text);

struct AddressReading {
  std::vector<std::string> addresses;
  std::string doubt;  // empty where the parting is certain
};
// `text` holds addresses joined by "; and", by "and" behind a country, or by line breaks ('\n').
[[nodiscard]] AddressReading split_addresses(std::string_view text);

}  // namespace entitywatch::parsers
