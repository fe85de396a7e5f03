// What the files that show the Denied Persons List share: names, places and dates of one order. Internal
// to their readers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/entry.hpp"

namespace entitywatch::parsers {

struct DeniedPlace {
  std::string street;
  std::string city;
  std::string state;
  std::string country;  // as printed: a code, mostly
  std::string postal;
};

// Sets name and aliases: "FUYI SUN A/K/A FRANK SUN" is FUYI SUN with an alias, as is "X D/B/A Y" and
// "PEARL (A.K.A. NEI-CHIEN CHU) LI".
void set_denied_name(std::string_view printed, Listing& listing);

// Sets country, country_code and the address. The country column may be empty, hold a state, or have left
// its code to the state column; leading zeros of postal codes may be lost.
void set_denied_place(DeniedPlace place, Listing& listing);

// "NAME, STREET, CITY, STATE, COUNTRY, POSTAL" in one cell; name and street may hold commas.
struct NameAndPlace {
  std::string name;
  DeniedPlace place;
  std::string doubt;  // why the parting is uncertain; empty where it is certain
};
[[nodiscard]] NameAndPlace split_name_and_address(std::string_view cell);

}  // namespace entitywatch::parsers
