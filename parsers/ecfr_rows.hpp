// The rows of one supplement's table, as they come, to the listings of a list. Internal to the eCFR reader.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/reading.hpp"
#include "parsers/entity_cell.hpp"

namespace entitywatch::parsers {

// One TD or TH.
struct TableCell {
  std::string text;                    // '\n' where the publisher breaks a line
  std::vector<std::string> footnotes;  // designations taken out of the text
  int columns = 1;
  int rows = 1;
  bool is_header = false;
};

using TableRow = std::vector<TableCell>;

class ListBuilder {
 public:
  explicit ListBuilder(ListId list);
  // About so many rows will come; a few more parties than rows are made of them. Bounded: it is a promise of
  // bytes that nobody has read yet.
  void expect(std::size_t rows) { reading_.rows.reserve(std::min<std::size_t>(rows + rows / 8, 100'000)); }
  void add(const TableRow& row);
  [[nodiscard]] ListReading finish();

 private:
  // A row with its cells in their columns.
  struct Row {
    std::string country;
    CellText entity;
    std::string requirement, policy, citation;
    std::vector<std::string> footnotes;
    bool irregular = false;
    [[nodiscard]] bool has_only_entity() const {
      return requirement.empty() && policy.empty() && citation.empty();
    }
  };
  // "The following eight subordinate institutions of Aero-Engine Company of China:" and its members below.
  struct Group {
    std::string parent;
    std::string citation;
    int stated = 0;
    int members = 0;
  };

  [[nodiscard]] std::vector<TableCell> spread(const TableRow& row);
  [[nodiscard]] Row place(const std::vector<TableCell>& cells) const;
  void take(Row row);
  void flush();
  void close_group();
  void set_country(const std::string& printed);

  ListReading reading_;
  std::size_t columns_;
  std::string country_, country_code_;
  std::optional<Row> pending_;
  std::optional<Group> group_;
  TableCell carried_;  // the country cell that spans further rows
  int carried_rows_ = 0;
  std::size_t placed_ = 0;  // data rows that became a listing or part of one
};

}  // namespace entitywatch::parsers
