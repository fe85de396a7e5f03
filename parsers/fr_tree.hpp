// A Federal Register document as a small tree, and its text. Built from the stream of XML events one
// document at a time, so that a whole day's issue needs no more memory than its largest document.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace entitywatch::parsers {

// An element, or (with an empty name) a piece of text.
struct FrNode {
  std::string name;
  std::string text;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<FrNode> children;

  [[nodiscard]] bool is(std::string_view element) const { return name == element; }
  [[nodiscard]] bool is_text() const { return name.empty(); }
  [[nodiscard]] std::string_view attribute(std::string_view key) const;
  [[nodiscard]] const FrNode* child(std::string_view element) const;  // nullptr: none
};

// The first descendant of that name in document order, the node itself included; nullptr: none.
[[nodiscard]] const FrNode* find_node(const FrNode& root, std::string_view element);
[[nodiscard]] std::vector<const FrNode*> find_nodes(const FrNode& root, std::string_view element);

// The words of a node as running text: markup, page marks and footnotes gone, white space collapsed.
[[nodiscard]] std::string running_text(const FrNode& node);

// The words of a table cell by lines: a new one at every LI. Superscript ordinals ("9th") are joined to
// their figure; superscript footnote designations are left out and listed apart.
struct CellLines {
  std::vector<std::string> lines;
  std::vector<std::string> designations;
};
[[nodiscard]] CellLines cell_lines(const FrNode& cell);

// One RULE, PRORULE, NOTICE or CORRECT, with what the issue around it says.
struct FrSource {
  FrNode root;
  int volume = 0;                  // of the issue; 0: not said
  std::optional<Date> issue_date;  // of the issue
  std::optional<int> page;         // the page it begins on, where page marks tell
};

// Calls `each` for every document of the XML, in order, that `wanted` does not turn away when it has seen
// the document as far as the end of its preamble. malformed when it is no XML or holds no document of
// the Federal Register although its root is one; a root of another name is malformed too.
[[nodiscard]] Result<void> walk_documents(std::string_view xml,
                                          const std::function<void(const FrSource&)>& each,
                                          const std::function<bool(const FrNode&)>& wanted);

}  // namespace entitywatch::parsers
