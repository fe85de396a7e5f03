// Text in paragraphs and tables. Internal to the reader of inspection texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/inspection_text.hpp"

namespace entitywatch::parsers {

// One stretch of text: a paragraph (or heading, or stars), or a table of a list.
struct InspectionPiece {
  enum class Kind { paragraph, table };
  Kind kind = Kind::paragraph;
  std::string text;  // a paragraph's words; a table's XML
};

// Paragraphs are parted by empty lines, by indentation, and where a new item, label or heading begins.
struct InspectionPieces {
  std::vector<InspectionPiece> pieces;
  std::size_t tables = 0;
  std::vector<Finding> findings;
};
[[nodiscard]] InspectionPieces split_inspection_text(const std::vector<std::string>& lines);

// "SUMMARY: …", "DATES: …".
[[nodiscard]] bool starts_label(std::string_view line);
// "PART 744—…", "Supplement No. 4 to Part 744", "§ 744.11 …", "Authority: …".
[[nodiscard]] bool is_heading_line(std::string_view line);
[[nodiscard]] bool is_star_line(std::string_view line);

// Words as the content of an element on a line of its own.
[[nodiscard]] std::string xml_element(std::string_view name, std::string_view words);

}  // namespace entitywatch::parsers
