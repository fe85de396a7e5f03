// Numbers as the Federal Register writes them in running text: "28", "1,024", "twenty-eight",
// "one hundred and fourteen".
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace entitywatch::parsers {

struct NumberInWords {
  int value = 0;
  std::size_t words = 0;  // how many of the given words it takes
};

// The number the words start with (longest reading); words are lower case, without punctuation other
// than hyphens and thousands commas. nullopt when they start with none, or past 99,999.
[[nodiscard]] std::optional<NumberInWords> leading_number(std::span<const std::string> words);

// A single word or figure: "5", "five", "thirty-two".
[[nodiscard]] std::optional<int> number_of(std::string_view word);

}  // namespace entitywatch::parsers
