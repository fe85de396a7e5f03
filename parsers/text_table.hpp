// Tables set in type of one width, as the text renditions of a rule print them: columns parted by blank
// columns, cells that run over several lines, country names filled up with dots.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::parsers {

struct TextCell {
  std::vector<std::string> lines;  // those the publisher began anew; wrapped ones are joined
  [[nodiscard]] std::string text() const;
};

// `cells` has an entry for every column of the table. A row of stars is one cell of stars in its column.
struct TextRow {
  std::vector<TextCell> cells;
};

struct TextTable {
  std::vector<std::string> heads;  // the last words of each column's head: "Country", "Entity", …
  std::vector<TextRow> rows;
};

// A table among lines, from its head to the rule or text that ends it.
struct TextTablePlace {
  std::size_t head = 0;   // the line that names the columns
  std::size_t begin = 0;  // the first line of its rows
  std::size_t end = 0;    // the line behind them
};
// The next table of a list (its head names a country and an entity, person or end user) at or behind `from`.
[[nodiscard]] std::optional<TextTablePlace> find_text_table(const std::vector<std::string>& lines,
                                                            std::size_t from);

// nullopt where the columns cannot be told apart with certainty.
[[nodiscard]] std::optional<TextTable> read_text_table(const std::vector<std::string>& lines,
                                                       const TextTablePlace& place);

}  // namespace entitywatch::parsers
