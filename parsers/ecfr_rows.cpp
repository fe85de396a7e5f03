#include "parsers/ecfr_rows.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/entity_cell_words.hpp"

namespace entitywatch::parsers {
namespace {

constexpr auto review = Finding::Severity::review;
constexpr auto note = Finding::Severity::note;
constexpr std::size_t max_cell_lines = 1000;  // of a cell that goes on over rows

const RE2& citation_words() {
  static const RE2 re(R"(\b\d{2,3}\s*FR\b)");
  return re;
}
const RE2& requirement_words() {
  static const RE2 re(R"((?i)\bitems? (?:subject to|on the CCL)|\bsubject to the EAR)");
  return re;
}
const RE2& policy_words() {
  static const RE2 re(R"((?i)^\W*(?:presumption of|policy of|case[- ]by[- ]case|see §))");
  return re;
}
const RE2& label_row() {
  static const RE2 re(R"((?i)^subordinate\s+(?:institut?\w*|entit\w+)\s*:?$)");
  return re;
}
const RE2& group_row() {
  static const RE2 re(
      R"((?i)^the following (?:(\w[\w-]*) )?(?:subordinate|affiliated)\s+\w+ of (.+?)\s*:?$)");
  return re;
}

CellText lines_of(std::string_view text) { return {text::split(text, '\n')}; }

bool is_reserved(std::string_view text) {
  if (text.find(']') == std::string_view::npos) return false;
  return text::equals_ignoring_case(words::without_closing(text::collapse(text)), "[Reserved]");
}

bool is_header(const TableRow& row) {
  if (std::any_of(row.begin(), row.end(), [](const TableCell& c) { return c.is_header; })) return true;
  return row.size() > 1 && text::equals_ignoring_case(text::collapse(row[0].text), "Country");
}

// "¹ For this entity, “items subject to the EAR” includes …" across the table.
bool is_footnote(const TableRow& row, std::size_t columns) {
  if (row.size() != 1 || static_cast<std::size_t>(row[0].columns) < columns) return false;
  static const RE2 numbered(R"(^\s*\d{1,2}\s)");
  return !row[0].footnotes.empty() || RE2::PartialMatch(row[0].text, numbered);
}

std::string excerpt_of(const CellText& cell) {
  return text::excerpt(text::collapse(text::join(cell.lines, " ")), 200);
}

}  // namespace

ListBuilder::ListBuilder(ListId list) : columns_(list == ListId::entity_list ? 5 : 3) {
  reading_.list = list;
}

// The cells in the columns they stand in: a country cell may span the rows below it.
std::vector<TableCell> ListBuilder::spread(const TableRow& row) {
  std::vector<TableCell> out;
  if (carried_rows_ > 0) {
    --carried_rows_;
    if (row.size() < columns_) out.emplace_back();
  }
  for (const TableCell& cell : row) {
    out.push_back(cell);
    for (int i = 1; i < cell.columns && out.size() < columns_; ++i) out.emplace_back();
  }
  if (!row.empty() && row[0].rows > 1) carried_rows_ = row[0].rows - 1;
  return out;
}

// Rows with fewer cells than columns are placed by what the cells say.
ListBuilder::Row ListBuilder::place(const std::vector<TableCell>& cells) const {
  Row out;
  for (const TableCell& cell : cells)
    out.footnotes.insert(out.footnotes.end(), cell.footnotes.begin(), cell.footnotes.end());
  out.irregular = cells.size() != columns_;
  std::size_t at = 0;
  const std::string first = text::collapse(cells[0].text);
  const bool country_column =
      !out.irregular || first.empty() || (cells.size() > 1 && !country_code(first).empty());
  if (country_column) {
    out.country = first;
    at = 1;
  }
  if (at < cells.size()) out.entity = lines_of(cells[at++].text);
  if (!out.irregular && columns_ == 5) {
    out.requirement = cells[2].text;
    out.policy = cells[3].text;
    out.citation = cells[4].text;
    return out;
  }
  for (; at < cells.size(); ++at) {
    const std::string& words = cells[at].text;
    const bool last = at + 1 == cells.size();
    if (columns_ == 3 || RE2::PartialMatch(words, citation_words()) || (last && is_reserved(words)))
      out.citation += (out.citation.empty() ? "" : "\n") + words;
    else if (RE2::PartialMatch(words, requirement_words()) && out.requirement.empty())
      out.requirement = words;
    else if (RE2::PartialMatch(words, policy_words()) && out.policy.empty())
      out.policy = words;
    else if (out.requirement.empty())
      out.requirement = words;
    else
      out.policy = words;
  }
  return out;
}

void ListBuilder::set_country(const std::string& printed) {
  country_ = printed;
  country_code_ = country_code(printed);
  if (country_code_.empty())
    reading_.findings.push_back({review, "unknown_country", "a country of the list is not known", printed});
}

void ListBuilder::add(const TableRow& row) {
  if (row.empty() || is_header(row) || is_footnote(row, columns_)) return;
  Row placed = place(spread(row));
  for (std::string* cell : {&placed.requirement, &placed.policy, &placed.citation})
    if (text::collapse(*cell).empty()) cell->clear();
  const std::string entity = text::collapse(text::join(placed.entity.lines, " "));
  if (!placed.country.empty()) {
    flush();
    close_group();
    set_country(placed.country);
  }
  if (entity.empty() && placed.has_only_entity()) return;
  ++reading_.rows_in_file;
  if (is_reserved(entity)) {
    flush();
    ++placed_;
    return;
  }
  take(std::move(placed));
}

void ListBuilder::take(Row row) {
  const std::string printed = text::collapse(text::join(row.entity.lines, " "));
  std::string stated, parent;
  if (RE2::FullMatch(printed, group_row(), &stated, &parent) && row.requirement.empty()) {
    flush();
    close_group();
    group_ = Group{parent, row.citation, words::number(stated).value_or(0), 0};
    ++placed_;
    return;
  }
  if (row.has_only_entity() && RE2::FullMatch(printed, label_row()) && group_) {
    flush();
    ++placed_;
    return;
  }
  const bool member = group_ && row.has_only_entity();
  const bool growing = pending_ && pending_->entity.lines.size() < max_cell_lines;
  if (!member && row.has_only_entity() && growing && is_continuation(row.entity, pending_->entity)) {
    pending_->entity.lines.insert(pending_->entity.lines.end(), row.entity.lines.begin(),
                                  row.entity.lines.end());
    pending_->footnotes.insert(pending_->footnotes.end(), row.footnotes.begin(), row.footnotes.end());
    ++placed_;
    return;
  }
  flush();
  if (!member) close_group();
  pending_ = std::move(row);
}

void ListBuilder::close_group() {
  if (!group_) return;
  if (group_->stated > 0) {
    const bool ok = group_->stated == group_->members;
    reading_.checks.push_back({"stated_subordinates", std::to_string(group_->stated),
                               std::to_string(group_->members), ok, group_->parent});
    if (!ok)
      reading_.findings.push_back(
          {review, "subordinate_count",
           "a group of subordinate institutions does not have the stated number of members", group_->parent});
  }
  group_.reset();
}

namespace {

// A citation that slid into the cell before it, and cells printed in each other's column.
void mend_cells(std::string& requirement, std::string& policy, std::string& citation, Listing& common) {
  static const RE2 slid(R"((?s)^(.*?[^\s\d])\s*(\d{2} FR \d.*)$)");
  std::string words, moved;
  if (RE2::FullMatch(policy, slid, &words, &moved)) {
    policy = words;
    citation = moved + (citation.empty() ? "" : "\n" + citation);
    common.findings.push_back(
        {note, "cells_mended", "a citation stood in the policy cell", text::excerpt(moved, 200)});
  }
  // Judged by the words as they are read, without what has no width.
  const std::string required = text::collapse(requirement);
  const std::string reviewed = text::collapse(policy);
  if (RE2::PartialMatch(required, policy_words()) && !RE2::PartialMatch(required, requirement_words()) &&
      RE2::PartialMatch(reviewed, requirement_words()) && !RE2::PartialMatch(reviewed, policy_words())) {
    std::swap(requirement, policy);
    common.findings.push_back({review, "cells_swapped",
                               "license requirement and review policy stand in each other's column",
                               text::excerpt(text::collapse(policy), 200)});
  }
}

}  // namespace

void ListBuilder::flush() {
  if (!pending_) return;
  Row row = std::move(*pending_);
  pending_.reset();
  Listing common;
  common.country = country_;
  common.country_code = country_code_;
  const std::string words = excerpt_of(row.entity);
  if (country_.empty())
    common.findings.push_back({review, "no_country", "the row stands under no country", words});
  if (row.irregular)
    common.findings.push_back(
        {note, "irregular_row", "the row has not the number of cells the list has", words});
  mend_cells(row.requirement, row.policy, row.citation, common);
  for (const std::string& footnote : row.footnotes) add_footnotes(footnote, common);
  read_requirement_cell(row.requirement, common);
  read_policy_cell(row.policy, common);
  const bool member = group_ && row.has_only_entity();
  read_citation_cell(member ? group_->citation : row.citation, common);
  if (columns_ == 5 && (row.requirement.empty() || row.policy.empty() || row.citation.empty()))
    common.findings.push_back({review, "incomplete_row", "a cell of the row is empty", words});
  else if (row.citation.empty())
    common.findings.push_back(
        {member ? note : review, "row_without_citation", "the row cites no document", words});
  for (Listing& party : read_entity_parties(row.entity, common)) {
    if (member && party.parent.empty()) party.parent = group_->parent;
    reading_.rows.push_back(std::move(party));
  }
  if (member) ++group_->members;
  ++placed_;
}

ListReading ListBuilder::finish() {
  flush();
  close_group();
  const bool ok = placed_ == reading_.rows_in_file;
  reading_.checks.push_back(
      {"rows_placed", std::to_string(reading_.rows_in_file), std::to_string(placed_), ok, {}});
  if (!ok) reading_.findings.push_back({review, "rows_lost", "not every row of the list was read", {}});
  return std::move(reading_);
}

}  // namespace entitywatch::parsers
