// The parties of an order that denies export privileges, as titles, "In the Matter of" blocks and ordering
// paragraphs name them: name, aliases, addresses. Internal to the reader of denial orders.
#pragma once

#include <string>
#include <vector>

#include "core/entry.hpp"

namespace entitywatch::parsers {

struct OrderedParty {
  std::string name;
  std::vector<std::string> aliases;       // a/k/a, d/b/a
  std::vector<std::string> former_names;  // f/k/a
  // As printed, inmate numbers and places of custody kept; each once.
  std::vector<std::string> addresses;
  std::vector<Finding> findings;  // review: where name, alias and address could not be told apart for certain
};

// One party after another out of lines as printed; several may share a line, parted by semicolons, and one
// may go on over several lines. A line that is an address, an alias or "and" belongs to the party before.
[[nodiscard]] std::vector<OrderedParty> read_ordered_parties(const std::vector<std::string>& lines);

// The party as listings of the Denied Persons List: one a country, each with the addresses there and the
// other countries as cross-references; a review finding where an address names no country.
[[nodiscard]] std::vector<Listing> listings_of(const OrderedParty& party);

}  // namespace entitywatch::parsers
