// Tables for people at a terminal: columns fitted to its width, colour only on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace entitywatch::daemon {

enum class Tint { none, by_word };  // by_word: "added", "failing", "delivered" … have colours of their own

struct Column {
  std::string title;
  bool flexible = false;  // shortened first when the terminal is too narrow
  int rank = 0;           // left out when even that does not do, the highest first; 0: never
  Tint tint = Tint::none;
};

struct Table {
  std::string text;
  std::vector<std::string> left_out;  // titles of columns that the width has no room for
};

enum class Colour { off, on };

// Rows with as many cells as there are columns. `width` 0: as wide as it gets. No line is wider, unless the
// columns of rank 0 alone are. Cells are shown without control characters; wide and combining characters are
// counted as terminals do. A column without any cell is left out silently.
[[nodiscard]] Table render_table(const std::vector<Column>& columns,
                                 const std::vector<std::vector<std::string>>& rows, std::size_t width,
                                 Colour colour);

// To standard output, as wide as it takes and coloured as it wants; says to standard error what was left out.
void print_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows);

// Text broken at spaces into lines of at most `width` columns (0: one line), all but the first led by
// `indent` spaces, the first taken to begin there.
[[nodiscard]] std::string wrap(const std::string& text, std::size_t width, std::size_t indent);

// COLUMNS of the environment; else, of a terminal at standard output, its own; else 0: as wide as it gets.
[[nodiscard]] std::size_t terminal_width();

// On a terminal, unless NO_COLOR is set or the terminal is "dumb".
[[nodiscard]] Colour terminal_colour();

// Whether standard error is one: progress is shown there.
[[nodiscard]] bool terminal_error();

}  // namespace entitywatch::daemon
