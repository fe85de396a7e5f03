// The words of an amendatory instruction: quoted names apart from the words around them, with the quotes
// the Federal Register misplaces or forgets put right and reported.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::parsers {

struct Token {
  enum class Kind { word, quote, mark };
  Kind kind = Kind::word;
  std::string text;       // a quote's content without the quotation marks; a word as printed
  std::string lower;      // of words
  std::size_t begin = 0;  // in the tidied text
  std::size_t end = 0;
  std::string repair;  // what was put right about this quote; empty: nothing

  [[nodiscard]] bool is_word(std::string_view word) const { return kind == Kind::word && lower == word; }
  [[nodiscard]] bool is_mark(char mark) const { return kind == Kind::mark && text[0] == mark; }
  [[nodiscard]] bool is_quote() const { return kind == Kind::quote; }
  bool operator==(const Token&) const = default;
};

// White space collapsed, page marks of the text renditions removed, all double quotation marks curly.
[[nodiscard]] std::string tidy_instruction(std::string_view text);

// The text with everything inside quotation marks replaced by blanks of the same length: for looking for
// words that must not stand in a name.
[[nodiscard]] std::string mask_quotes(std::string_view tidied);

[[nodiscard]] std::vector<Token> tokenize_instruction(std::string_view tidied);

// The name inside a quotation: outer separators, "and", and closing sentence stops removed; "Co., Ltd."
// keeps its full stop.
[[nodiscard]] std::string name_in_quote(std::string_view quoted);

}  // namespace entitywatch::parsers
