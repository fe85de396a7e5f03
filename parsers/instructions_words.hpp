// The vocabulary of instructions that amend a list: verbs, nouns, countries, names.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/reading.hpp"
#include "parsers/instructions_clause.hpp"
#include "parsers/instructions_tokens.hpp"

namespace entitywatch::parsers {

// How much of the publisher's words a finding or an instruction keeps.
inline constexpr std::size_t instruction_words_kept = 300;

[[nodiscard]] bool one_of(std::string_view word, std::span<const std::string_view> words);

inline constexpr std::string_view entry_nouns[] = {
    "entity",    "entities",    "entry",        "entries", "person",    "persons",       "party",
    "parties",   "listing",     "listings",     "company", "companies", "organizations", "organization",
    "end-users", "institution", "institutions", "name",    "names"};
// What an entry consists of: quotations after these are no entries.
inline constexpr std::string_view part_nouns[] = {
    "alias",    "aliases",     "address",     "addresses", "word",      "words",      "phrase",   "phrases",
    "text",     "term",        "citation",    "citations", "reference", "references", "sentence", "date",
    "spelling", "designation", "punctuation", "quotation", "comma",     "a.k.a",      "aka"};
inline constexpr std::string_view country_nouns[] = {"country",      "countries", "destination",
                                                     "destinations", "heading",   "headings"};

[[nodiscard]] std::optional<ListVerb> verb_of(std::string_view lower);
[[nodiscard]] OperationKind kind_of(ListVerb verb);
[[nodiscard]] std::string_view action_of(ListVerb verb);

[[nodiscard]] bool is_upper_case(std::string_view words);
[[nodiscard]] bool starts_upper(std::string_view word);

// "Address 03": an address entry's name even where the words around it speak of addresses.
[[nodiscard]] bool is_address_name(std::string_view name);

// An entry's name as quoted; a whole row quoted by a removal keeps its name only.
[[nodiscard]] std::string entry_name(std::string_view quoted);

// The text without what the rule prints about its own form ("The additions read as follows:").
[[nodiscard]] std::string without_boilerplate(std::string text);

struct FoundCountry {
  std::string printed;
  std::size_t next = 0;  // first token after it
};

// The longest run of tokens from `first` that is a country; where none is known, by wish the capitals
// standing there.
enum class UnknownCountry { refuse, take_capitals };
[[nodiscard]] std::optional<FoundCountry> country_at(const std::vector<Token>& tokens, std::size_t first,
                                                     std::string_view text, UnknownCountry unknown);

// As the list prints it: capitals stay, other spellings and abbreviations become the list's own.
[[nodiscard]] std::string printed_country(const std::string& country);

}  // namespace entitywatch::parsers
