// Countries as the lists print them, and their ISO 3166-1 alpha-2 codes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entitywatch {

// "CN" for "CHINA, PEOPLE'S REPUBLIC OF", whatever the case, spacing or apostrophe; both TURKEY and
// TÜRKIYE are "TR"; "CRIMEA REGION OF UKRAINE" is "UA". Empty where the words name no country known
// here: the caller attaches a finding.
[[nodiscard]] std::string country_code(std::string_view printed);

// The form the Entity List prints for a code or for another spelling ("China" -> "CHINA, PEOPLE'S
// REPUBLIC OF", "UAE" -> "UNITED ARAB EMIRATES"); the input in capitals where none is known.
[[nodiscard]] std::string canonical_country(std::string_view printed);

// For people: "China", "United Arab Emirates", "Hong Kong"; the code itself where unknown.
[[nodiscard]] std::string country_display_name(std::string_view code);

}  // namespace entitywatch
