// The vocabulary by which names are told from addresses: legal forms, words of organisations, words of
// addresses, places. Internal to the entity cell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::parsers::words {

// Lower-case words of a text: letters and digits; full stops and apostrophes inside a word are dropped
// ("S.A." is "sa"), everything else parts words.
[[nodiscard]] std::vector<std::string> tokens(std::string_view text);

[[nodiscard]] bool has_digit(std::string_view text);
// "Ltd.", "S.A.", "LLC (ATS)": nothing but legal forms, apart from a bracketed acronym.
[[nodiscard]] bool is_legal_form(std::string_view segment);
// The name is complete behind such a word: "… Co., Ltd.", "… GmbH (ABC)".
[[nodiscard]] bool ends_with_legal_form(std::string_view text);
// "(ABC)" at the end.
[[nodiscard]] bool ends_with_acronym(std::string_view text);
// A street, a building, a district, a number: words that only addresses have.
[[nodiscard]] bool has_address_word(std::string_view segment);
// Institute, factory, ministry, company: words that only names of organisations have.
[[nodiscard]] bool has_organisation_word(std::string_view segment);
// As above or a word of trade (technology, electronics, trading), a legal form, an acronym or capitals:
// whatever tells a business from a person.
[[nodiscard]] bool is_business(std::string_view name);
// A country or a well-known city by itself.
[[nodiscard]] bool is_place(std::string_view segment);
// The country the text ends with, postal codes behind it apart; empty where it ends with none.
[[nodiscard]] std::string country_at_end(std::string_view text);
// "one" … "ninety-nine", "7".
[[nodiscard]] std::optional<int> number(std::string_view word);
// The full stop at the end belongs to the last word: "Ltd.", "Inc.", "U.A.E.", "St.".
[[nodiscard]] bool ends_with_abbreviation(std::string_view text);
// The same with the full stop a closing one is taken off where it belongs to no word, as are commas,
// semicolons, and white space.
[[nodiscard]] std::string without_closing(std::string_view text);

}  // namespace entitywatch::parsers::words
