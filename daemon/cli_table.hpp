// Tables for people at a terminal: columns fitted to its width, colour only on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace entitywatch::daemon {

struct Column {
  std::string title;
  bool flexible = false;  // shortened first when the terminal is too narrow
};

// Rows with as many cells as there are columns. `width` 0: as wide as it gets. Cells are shown without
// control characters; wide and combining characters are counted as terminals do.
[[nodiscard]] std::string render_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows, std::size_t width, bool colour);

// Of standard output: columns of the terminal, 0 when it is none.
[[nodiscard]] std::size_t terminal_width();

// Whether standard error is one: progress is shown there.
[[nodiscard]] bool terminal_error();

}  // namespace entitywatch::daemon
