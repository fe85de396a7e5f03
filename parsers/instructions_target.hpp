// What an amendatory instruction is about: a supplement, a section, a part of the regulations; and what
// it does to it where that is not an entry of a list.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.hpp"
#include "core/lists.hpp"

namespace entitywatch::parsers {

struct AmendmentTarget {
  int title = 15;
  std::string part;
  std::string section;         // "744.11", "Supplement No. 4", empty: the part
  std::optional<ListId> list;  // the supplement to part 744 holds this list
  bool authority = false;      // its authority citation
  std::size_t end = 0;         // where the words naming it end
  bool operator==(const AmendmentTarget&) const = default;
};

// Every target the (masked) text names before its first verb of change; `title` and `part` are those of
// the REGTEXT around it and fill in what the words leave out.
[[nodiscard]] std::vector<AmendmentTarget> find_targets(std::string_view masked, int title,
                                                        std::string_view part);

// What the words of one instruction do to `target`, as places touched: "revising paragraph (a)
// introductory text and removing paragraph (b)" is two. `has_children`: sub-items follow and say more.
enum class SubItems { none, follow };
[[nodiscard]] std::vector<Touched> touched_by(std::string_view tidied, const AmendmentTarget& target,
                                              SubItems sub_items);

// The document a paragraph says it corrects ("In FR Doc. 2024-13148 appearing on page 51644 …"); empty: none.
[[nodiscard]] std::string corrected_document(std::string_view words);

// "the introductory text to the supplement" -> "introductory text".
[[nodiscard]] std::string touched_what(std::string_view phrase);

}  // namespace entitywatch::parsers
