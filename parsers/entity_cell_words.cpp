#include "parsers/entity_cell_words.hpp"

#include <algorithm>
#include <array>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/entity_cell_vocabulary.hpp"

namespace entitywatch::parsers::words {
namespace {
template <std::size_t N>
bool contains(const Set<N>& words, std::string_view word) {
  return std::binary_search(words.begin(), words.end(), word);
}

// A word as a character sequence starting at `at`; advances `at` past it.
std::string next_token(std::string_view text, std::size_t& at) {
  std::string word;
  for (; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word += static_cast<char>(c);
    } else if (c >= 'A' && c <= 'Z') {
      word += static_cast<char>(c - 'A' + 'a');
    } else if (text.substr(at, 3) == "’" || text.substr(at, 3) == "‘") {
      at += 2;
    } else if (text.substr(at, 3) == "—" || text.substr(at, 3) == "–" || text.substr(at, 3) == "“" ||
               text.substr(at, 3) == "”") {
      if (!word.empty()) return word;
      at += 2;
    } else if (c >= 0x80) {
      word += static_cast<char>(c);
    } else if (c == '.' || c == '\'' || c == '`') {
      continue;
    } else if (!word.empty()) {
      return word;
    }
  }
  return word;
}

// The text without a bracketed part at its end.
std::string_view before_brackets(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '.' || text.back() == ','))
    text.remove_suffix(1);
  if (text.empty() || text.back() != ')') return text;
  const std::size_t open = text.rfind('(');
  return open == std::string_view::npos ? text : text.substr(0, open);
}

template <std::size_t N>
bool any_token_in(const Set<N>& words, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::string word = next_token(text, at);
    if (!word.empty() && contains(words, word)) return true;
  }
  return false;
}

bool has_capitals(std::string_view text) {
  int run = 0;
  for (const char c : text) {
    run = (c >= 'A' && c <= 'Z') ? run + 1 : 0;
    if (run >= 3) return true;
  }
  return false;
}

std::optional<int> small_number(std::string_view word) {
  constexpr auto names = std::to_array<std::string_view>(
      {"zero",     "one",     "two",     "three",     "four",     "five",    "six",
       "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
       "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"});
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) return std::nullopt;
  return static_cast<int>(found - names.begin());
}

}  // namespace

std::vector<std::string> tokens(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();)
    if (std::string word = next_token(text, at); !word.empty()) out.push_back(std::move(word));
  return out;
}

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_legal_form(std::string_view segment) {
  const std::vector<std::string> all = tokens(before_brackets(segment));
  return !all.empty() && all != std::vector<std::string>{"and"} &&
         std::all_of(all.begin(), all.end(), [](const std::string& w) {
           return contains(closing_forms, w) || contains(other_forms, w);
         });
}

bool ends_with_legal_form(std::string_view text) {
  const std::vector<std::string> all = tokens(before_brackets(text));
  return all.size() > 1 && contains(closing_forms, all.back());
}

bool ends_with_acronym(std::string_view text) {
  const std::string_view before = before_brackets(text);
  if (before.size() >= text.size()) return false;
  const std::size_t open = text.find('(', before.size());
  return open != std::string_view::npos && text.find(')', open) != std::string_view::npos;
}

bool has_address_word(std::string_view segment) {
  return segment.find('#') != std::string_view::npos || any_token_in(address_words, segment);
}

bool has_organisation_word(std::string_view segment) { return any_token_in(organisation_words, segment); }

bool is_business(std::string_view name) {
  return has_organisation_word(name) || any_token_in(trade_words, name) ||
         any_token_in(closing_forms, name) || name.find('(') != std::string_view::npos || has_digit(name) ||
         has_capitals(name) || name.find('&') != std::string_view::npos;
}

bool is_place(std::string_view segment) {
  const std::vector<std::string> all = tokens(segment);
  if (all.empty() || all.size() > 4) return false;
  return contains(cities, text::join(all, " ")) || !country_at_end(segment).empty();
}

std::string country_at_end(std::string_view text) {
  std::vector<std::string> last;  // words of the last comma segment, as printed
  std::string_view rest = text;
  const auto strip = [&] {
    while (!rest.empty() && std::string_view(" .,;:)").find(rest.back()) != std::string_view::npos)
      rest.remove_suffix(1);
  };
  // Postal codes follow some countries, behind a comma or a space.
  const auto last_word = [&] {
    const std::size_t at = rest.find_last_of(" ,;");
    return at == std::string_view::npos ? rest : rest.substr(at + 1);
  };
  strip();
  while (!rest.empty() && has_digit(last_word())) {
    rest.remove_suffix(last_word().size());
    strip();
  }
  for (int words = 0; words < 5 && !rest.empty(); ++words) {
    const std::string_view word = last_word();
    last.insert(last.begin(), std::string(word));
    std::string candidate = text::join(last, " ");
    if (!country_code(candidate).empty()) return candidate;
    rest.remove_suffix(word.size());
    if (!rest.empty() && rest.back() != ' ') break;  // behind a comma
    while (!rest.empty() && rest.back() == ' ') rest.remove_suffix(1);
    if (!rest.empty() && (rest.back() == ',' || rest.back() == ';')) break;
  }
  return {};
}

std::optional<int> number(std::string_view word) {
  std::string lower;
  for (const char c : word) lower += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  if (!lower.empty() && lower.size() <= 3 &&
      std::all_of(lower.begin(), lower.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::stoi(lower);
  if (const auto small = small_number(lower)) return small;
  constexpr auto tens = std::to_array<std::string_view>(
      {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"});
  for (std::size_t i = 0; i < tens.size(); ++i) {
    if (!std::string_view(lower).starts_with(tens[i])) continue;
    std::string_view rest = std::string_view(lower).substr(tens[i].size());
    const int value = static_cast<int>(i + 2) * 10;
    if (rest.empty()) return value;
    if (rest.front() == '-' || rest.front() == ' ') rest.remove_prefix(1);
    if (const auto small = small_number(rest); small && *small > 0 && *small < 10) return value + *small;
  }
  return std::nullopt;
}

bool ends_with_abbreviation(std::string_view text) {
  if (text.empty() || text.back() != '.') return false;
  const std::string_view before = text.substr(0, text.size() - 1);
  const std::size_t at = before.find_last_of(" ,(-/&");
  std::string_view word = at == std::string_view::npos ? before : before.substr(at + 1);
  for (const std::string_view dash : {"–", "—"})
    if (const std::size_t behind = word.rfind(dash); behind != std::string_view::npos)
      word.remove_prefix(behind + dash.size());
  if (word.find('.') != std::string_view::npos && word.size() <= 10) return true;  // "U.A.E", "S.A"
  std::size_t from = 0;
  const std::string token = next_token(word, from);
  return contains(abbreviations, token) || (word.size() == 1 && !(word[0] >= '0' && word[0] <= '9'));
}

std::string without_closing(std::string_view text) {
  constexpr std::string_view marks = " ,;:\t";
  while (true) {
    while (!text.empty() && marks.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    if (text.empty() || text.back() != '.' || ends_with_abbreviation(text)) break;
    text.remove_suffix(1);
  }
  while (text.size() > 1 && text.substr(text.size() - 2) == "..") text.remove_suffix(1);
  const std::size_t first = text.find_first_not_of(marks);
  return first == std::string_view::npos ? std::string{} : std::string(text.substr(first));
}

}  // namespace entitywatch::parsers::words
