#include "parsers/fr_numbers.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace entitywatch::parsers {
namespace {

constexpr int largest = 99'999;

struct NumberWord {
  std::string_view word;
  int value;
};
constexpr std::array number_words{
    NumberWord{"zero", 0},      NumberWord{"one", 1},       NumberWord{"two", 2},
    NumberWord{"three", 3},     NumberWord{"four", 4},      NumberWord{"five", 5},
    NumberWord{"six", 6},       NumberWord{"seven", 7},     NumberWord{"eight", 8},
    NumberWord{"nine", 9},      NumberWord{"ten", 10},      NumberWord{"eleven", 11},
    NumberWord{"twelve", 12},   NumberWord{"thirteen", 13}, NumberWord{"fourteen", 14},
    NumberWord{"fifteen", 15},  NumberWord{"sixteen", 16},  NumberWord{"seventeen", 17},
    NumberWord{"eighteen", 18}, NumberWord{"nineteen", 19}, NumberWord{"twenty", 20},
    NumberWord{"thirty", 30},   NumberWord{"forty", 40},    NumberWord{"fourty", 40},
    NumberWord{"fifty", 50},    NumberWord{"sixty", 60},    NumberWord{"seventy", 70},
    NumberWord{"eighty", 80},   NumberWord{"ninety", 90},
};

std::optional<int> simple_word(std::string_view word) {
  const auto found = std::ranges::find(number_words, word, &NumberWord::word);
  return found == number_words.end() ? std::nullopt : std::optional(found->value);
}

std::optional<int> figures(std::string_view word) {
  if (word.empty() || word.size() > 7) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == ',' && i > 0 && word.size() - i == 4) continue;
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
    if (value > largest) return std::nullopt;
  }
  return value;
}

// "twenty-eight", or "twenty" "eight" as two words.
std::optional<int> below_hundred(std::string_view word) {
  if (const auto simple = simple_word(word)) return simple;
  const std::size_t hyphen = word.find('-');
  if (hyphen == std::string_view::npos) return std::nullopt;
  const auto tens = simple_word(word.substr(0, hyphen));
  const auto ones = simple_word(word.substr(hyphen + 1));
  if (!tens || !ones || *tens < 20 || *ones < 1 || *ones > 9) return std::nullopt;
  return *tens + *ones;
}

}  // namespace

std::optional<int> number_of(std::string_view word) {
  if (const auto value = figures(word)) return value;
  return below_hundred(word);
}

std::optional<NumberInWords> leading_number(std::span<const std::string> words) {
  if (words.empty()) return std::nullopt;
  if (const auto value = figures(words[0])) return NumberInWords{*value, 1};
  const auto first = below_hundred(words[0]);
  if (!first) return std::nullopt;
  NumberInWords out{*first, 1};
  const auto word = [&](std::size_t i) {
    return i < words.size() ? std::string_view(words[i]) : std::string_view{};
  };
  if (out.value >= 20 && out.value % 10 == 0) {
    if (const auto ones = simple_word(word(1)); ones && *ones >= 1 && *ones <= 9)
      out = {out.value + *ones, 2};
  }
  if (word(out.words) == "hundred" && out.value < 100) {
    out = {out.value * 100, out.words + 1};
    const std::size_t past_and = out.words + (word(out.words) == "and" ? 1 : 0);
    if (const auto rest = below_hundred(word(past_and)); rest && *rest > 0) {
      out = {out.value + *rest, past_and + 1};
      if (*rest >= 20 && *rest % 10 == 0)
        if (const auto ones = simple_word(word(out.words)); ones && *ones >= 1 && *ones <= 9)
          out = {out.value + *ones, out.words + 1};
    }
  }
  return out;
}

}  // namespace entitywatch::parsers
