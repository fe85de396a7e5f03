// Codes of countries and states in lists that come as files.
#pragma once

#include <string>
#include <string_view>

namespace entitywatch::parsers {

// "CN" for "CN": an ISO 3166-1 alpha-2 code in capitals; also "PRC" and "UK". Empty for anything else.
[[nodiscard]] std::string country_of_code(std::string_view code);
// Postal code of a state or territory of the United States.
[[nodiscard]] bool is_us_state(std::string_view code);
// The name lists print for an ISO code: "CHINA, PEOPLE'S REPUBLIC OF".
[[nodiscard]] std::string country_name(std::string_view code);
// The country an address ends with in words, postal code and all: "Istanbul, Turkey 34134" is "TR"; empty
// where it ends with none.
[[nodiscard]] std::string country_at_end_of(std::string_view address);

}  // namespace entitywatch::parsers
