// The rows of Supplement No. 4 in the eCFR's XML as pieces of text that can be altered and put back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::mutations {

struct Row {
  std::size_t begin = 0;  // of "<TR" in the file
  std::size_t end = 0;    // behind "</TR>"
  struct Cell {
    std::size_t begin = 0;  // of its inner XML, in the file
    std::string inner;
  };
  std::vector<Cell> cells;  // country, entity, requirement, policy, citation
  bool names_country = false;
};

// Rows of the Entity List with five cells and an entity in them.
[[nodiscard]] std::vector<Row> rows_of(std::string_view xml);

// A piece of a cell: one tag, one of the references that XML itself needs, or one character of text (UTF-8;
// printed as a numeric reference in the file or not).
struct Piece {
  enum class Kind { tag, reference, character };
  Kind kind;
  std::string text;
};
[[nodiscard]] std::vector<Piece> pieces_of(std::string_view inner);
[[nodiscard]] std::string joined(const std::vector<Piece>& pieces);
// The text a reader sees, references and tags left as blanks, so that places agree with `pieces`: one char a
// piece.
[[nodiscard]] std::string shape_of(const std::vector<Piece>& pieces);

// Without markup, references resolved.
[[nodiscard]] std::string visible_text(std::string_view inner);

}  // namespace entitywatch::mutations
