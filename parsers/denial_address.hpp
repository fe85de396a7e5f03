// Addresses as orders that deny export privileges print them: where one opens, where it is complete, in which
// country it lies. Internal to the reader of denial orders.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::parsers {

// The parts between commas, those within brackets apart; empty ones are left out.
[[nodiscard]] std::vector<std::string> comma_parts(std::string_view text);

// Words by which an address opens where no name can: custody, boxes, "with an address at".
[[nodiscard]] bool opens_address(std::string_view segment);
// Could be nothing but a part of an address, by its words or as a place's name.
[[nodiscard]] bool is_of_address(std::string_view segment);
// The text is complete as an address: a state with its ZIP code, a country, or a postal code stands last.
[[nodiscard]] bool ends_address(std::string_view text);
// A place stands last, with or without its postal code: the address goes no further.
[[nodiscard]] bool ends_with_place(std::string_view text);
// "Mesa, AZ 85201" by itself: the last line of an address.
[[nodiscard]] bool is_place_line(std::string_view piece);

// Without "with a last known address of:" and its like in front.
[[nodiscard]] std::string without_address_opening(std::string text);

// ISO code of the country an address lies in, by its state and ZIP code, its last words, or a part of it
// that is a country's name; empty where it names none.
[[nodiscard]] std::string country_of_address(std::string_view address);

}  // namespace entitywatch::parsers
