// Where a name ends and its address begins. Internal to the entity cell.
#pragma once

#include <string>
#include <string_view>

namespace entitywatch::parsers {

struct NameSplit {
  std::string name;   // closing punctuation taken off
  std::string rest;   // addresses, lines kept; empty where the text is a name alone
  std::string doubt;  // why the boundary is uncertain; empty where it is certain
};

// `text` is a name and what follows it behind a comma, a semicolon or a new line, as in "Altay Municipality
// Public Security Bureau, North West Rd., Altay City, XUAR, China.". Lines are separated by '\n', an empty
// one marks a paragraph.
[[nodiscard]] NameSplit split_name(std::string_view text);

// The first part of a text and its legal forms ("Foo Co., Ltd."), and all behind its comma.
[[nodiscard]] NameSplit split_first(std::string_view text);

// Why the first part of a text may hold more than a name; empty where nothing speaks for it.
[[nodiscard]] std::string doubt_in_first(std::string_view text);

// Digits, an address word, or a place at the end: what an address has and a name seldom.
[[nodiscard]] bool looks_like_address(std::string_view text);

}  // namespace entitywatch::parsers
