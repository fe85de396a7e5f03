#include "parsers/inspection_paragraphs.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "parsers/re2_view.hpp"
#include "parsers/text_table.hpp"

namespace entitywatch::parsers {
namespace {

// Cells are mended only now that the columns are known.
std::string cell_words(const std::string& words) {
  static const re2::RE2 footnote("\\\\(\\d)\\\\");
  std::string out = text::xml_escape(as_printed(words));
  re2::RE2::GlobalReplace(&out, footnote, "<SU>\\1</SU>");
  return out;
}

std::string table_xml(const TextTable& table) {
  std::string out = "<GPOTABLE>\n<BOXHD>\n";
  for (const std::string& head : table.heads) out += xml_element("CHED", head);
  out += "</BOXHD>\n";
  for (const TextRow& row : table.rows) {
    out += "<ROW>\n";
    for (const TextCell& cell : row.cells) {
      out += "<ENT>";
      for (std::size_t i = 0; i < cell.lines.size(); ++i)
        out += i == 0 ? cell_words(cell.lines[i]) : "\n<LI>" + cell_words(cell.lines[i]) + "</LI>";
      out += "</ENT>\n";
    }
    out += "</ROW>\n";
  }
  return out + "</GPOTABLE>\n";
}

// "License requirement" in full where the table's last head line has only "License requirement" or "policy".
void name_heads(TextTable& table) {
  if (table.heads.size() != 5) {
    if (table.heads.size() == 3) table.heads = {"Country", "Entity", "Federal Register citation"};
    return;
  }
  table.heads = {"Country", "Entity", "License requirement", "License review policy",
                 "Federal Register citation"};
}

bool starts_item(std::string_view line) {
  static const re2::RE2 item(
      "^(?:\\x{25A0}\\s*)?(?:\\d{1,3}|[a-z]{1,2}|[ivxl]{1,8}|[A-Z])\\.\\s|^\\((?:\\d{1,3}|[a-z]{1,3}|[ivxl]{"
      "1,6}|[A-Z])\\)\\s");
  return re2::RE2::PartialMatch(re2_view(line), item);
}

bool is_rule_line(std::string_view line) {
  return line.size() >= 10 && line.find_first_not_of("-=_ ") == std::string_view::npos;
}

// Text in paragraphs: parted by empty lines, by indentation, and where a new item or label begins.
class Paragraphs {
 public:
  void add(const std::string& line) {
    const std::string words = text::trim(line);
    if (words.empty() || is_rule_line(words)) {
      flush();
      after_blank_ = true;
      return;
    }
    const bool indented = line.starts_with("   ");
    const bool opens = after_blank_ || (indented && !was_indented_) || starts_item(words) ||
                       starts_label(words) || is_heading_line(words) || is_star_line(words) ||
                       words.starts_with("[FR Doc") || words.starts_with("RIN ") ||
                       words.starts_with("[Docket");
    if (opens) flush();
    if (!current_.empty())
      current_ +=
          current_.back() == '-' && current_.size() > 1 && current_[current_.size() - 2] != ' ' ? "" : " ";
    current_ += words;
    was_indented_ = indented;
    after_blank_ = false;
    if (is_star_line(words)) flush();
  }
  void add_table(std::string xml) {
    flush();
    pieces_.push_back({InspectionPiece::Kind::table, std::move(xml)});
  }
  std::vector<InspectionPiece> take() {
    flush();
    return std::move(pieces_);
  }

 private:
  void flush() {
    if (!current_.empty()) pieces_.push_back({InspectionPiece::Kind::paragraph, text::collapse(current_)});
    current_.clear();
    was_indented_ = false;
  }
  std::vector<InspectionPiece> pieces_;
  std::string current_;
  bool was_indented_ = false;
  bool after_blank_ = true;
};

}  // namespace

std::string xml_element(std::string_view name, std::string_view words) {
  return '<' + std::string(name) + '>' + text::xml_escape(words) + "</" + std::string(name) + ">\n";
}

bool starts_label(std::string_view line) {
  static const re2::RE2 label(
      "^(?:AGENCY|ACTION|SUMMARY|DATES|ADDRESSES|FOR FURTHER INFORMATION CONTACT|SUPPLEMENTARY INFORMATION|"
      "EFFECTIVE DATE)S?:");
  return re2::RE2::PartialMatch(re2_view(line), label);
}

bool is_heading_line(std::string_view line) {
  static const re2::RE2 heading(
      "^(?:PART \\d+|Supplement [Nn]o\\. \\d+ [Tt]o [Pp]art \\d+|List of Subjects|\\x{00A7}+ "
      "?\\d|Authority:)");
  return re2::RE2::PartialMatch(re2_view(line), heading);
}

bool is_star_line(std::string_view line) {
  return line.find('*') != std::string_view::npos && line.find_first_not_of("* ") == std::string_view::npos;
}

InspectionPieces split_inspection_text(const std::vector<std::string>& lines) {
  InspectionPieces out;
  Paragraphs paragraphs;
  std::size_t at = 0;
  auto table = find_text_table(lines, 0);
  while (at < lines.size()) {
    if (!table || at < table->head) {
      paragraphs.add(lines[at++]);
      continue;
    }
    if (auto read = read_text_table(lines, *table)) {
      ++out.tables;
      name_heads(*read);
      paragraphs.add_table(table_xml(*read));
    } else {
      out.findings.push_back(
          {Finding::Severity::review, "table_unreadable",
           "The columns of a table in the inspection text could not be told apart; its entries are "
           "known by the instructions alone.",
           text::excerpt(lines[table->head], 200)});
    }
    at = std::max(table->end, at + 1);
    table = find_text_table(lines, at);
  }
  out.pieces = paragraphs.take();
  return out;
}

}  // namespace entitywatch::parsers
