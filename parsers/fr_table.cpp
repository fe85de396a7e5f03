#include "parsers/fr_table.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/entity_cell.hpp"

namespace entitywatch::parsers {
namespace {

enum class Column { country, entity, requirement, policy, citation, other };

struct Cell {
  std::size_t column = 0;
  std::size_t columns = 1;
  CellLines words;
  [[nodiscard]] bool empty() const { return words.lines.empty(); }
  [[nodiscard]] std::string text() const { return text::join(words.lines, " "); }
};

bool is_stars(std::string_view text) {
  bool star = false;
  for (const char c : text) {
    if (c == '*')
      star = true;
    else if (c != ' ' && c != '.' && c != '\n')
      return false;
  }
  return star;
}

std::vector<Cell> cells_of(const FrNode& row) {
  std::vector<Cell> out;
  std::size_t column = 0;
  for (const FrNode& ent : row.children) {
    if (!ent.is("ENT")) continue;
    Cell cell{column, 1, cell_lines(ent)};
    // A="03": the cell spans three more columns than its own.
    const std::string_view span = ent.attribute("A");
    std::size_t more = 0;
    std::from_chars(span.data(), span.data() + span.size(), more);
    cell.columns += std::min<std::size_t>(more, 20);
    column += cell.columns;
    out.push_back(std::move(cell));
  }
  return out;
}

Column column_named(std::string_view header) {
  const std::string fold = text::fold_words(header);
  const auto has = [&](std::string_view words) { return fold.find(words) != std::string::npos; };
  if (fold == "country" || fold == "destination") return Column::country;
  if (has("requirement")) return Column::requirement;
  if (has("policy")) return Column::policy;
  if (has("citation") || has("federal register")) return Column::citation;
  if (has("entity") || has("person") || has("name") || has("end user")) return Column::entity;
  return Column::other;
}

bool is_header(const std::vector<Cell>& cells) {
  return cells.size() >= 3 && column_named(cells[0].text()) == Column::country &&
         column_named(cells[1].text()) == Column::entity;
}

class TableReader {
 public:
  TableReader(const FrNode& table, ListId list) : list_(list) {
    columns_ = list == ListId::entity_list ? std::vector{Column::country, Column::entity, Column::requirement,
                                                         Column::policy, Column::citation}
                                           : std::vector{Column::country, Column::entity, Column::citation};
    take_heads(table);
    for (const FrNode* row : find_nodes(table, "ROW")) read_row(*row);
  }

  FrTable take() { return std::move(out_); }

 private:
  void take_heads(const FrNode& table) {
    std::vector<Column> named;
    for (const FrNode* head : find_nodes(table, "CHED")) named.push_back(column_named(running_text(*head)));
    use_columns(named);
  }

  void use_columns(const std::vector<Column>& named) {
    const auto has = [&](Column c) { return std::ranges::find(named, c) != named.end(); };
    if (has(Column::country) && has(Column::entity)) columns_ = named;
  }

  void read_row(const FrNode& node) {
    std::vector<Cell> cells = cells_of(node);
    while (!cells.empty() && cells.back().empty()) cells.pop_back();
    if (cells.empty()) return;
    if (is_header(cells)) {
      std::vector<Column> named;
      for (const Cell& c : cells) named.push_back(column_named(c.text()));
      use_columns(named);
      after_row_ = false;
      return;
    }
    if (cells.size() == 1 && is_stars(cells[0].text())) {
      after_row_ = false;
      return;
    }
    if (is_note(cells)) return;
    take_country(cells[0]);
    take_entry(cells);
  }

  // A footnote of the list, printed as a row: "1 For this entity, “items subject to the EAR” includes …".
  static bool is_note(const std::vector<Cell>& cells) {
    constexpr std::size_t longest_country = 60;
    const std::string words = cells[0].text();
    return cells.size() == 1 && words.size() > longest_country &&
           (!cells[0].words.designations.empty() || words.starts_with("For this entity") ||
            words.starts_with("For these entities"));
  }

  void take_country(const Cell& first) {
    if (first.empty() || is_stars(first.text())) return;
    const std::string printed = text::collapse(first.text());
    static constexpr std::string_view endings = " .:;—";
    std::string country = printed;
    for (const std::string_view more : {" (continued)", " (Continued)", "—Continued", "-Continued"})
      if (country.ends_with(more)) country.resize(country.size() - more.size());
    while (!country.empty() && endings.find(country.back()) != std::string_view::npos) country.pop_back();
    const bool known = !country_code(country).empty();
    const bool capitals = country == text::upper(country);
    if (!known && !capitals) {
      out_.findings.push_back({Finding::Severity::review, "unplaced_row",
                               "a table row begins with words that are no country",
                               text::excerpt(printed, 300)});
      return;
    }
    if (!known)
      out_.findings.push_back({Finding::Severity::review, "unknown_country",
                               "the table prints a country that is not known", country});
    country_ = country;
    out_.countries.push_back(country);
    after_row_ = false;
  }

  void take_entry(const std::vector<Cell>& cells) {
    FrTableRow row;
    row.list = list_;
    row.country = country_;
    bool any = false;
    for (const Cell& cell : cells) {
      if (cell.column == 0 || cell.empty()) continue;
      if (is_stars(cell.text())) {
        after_row_ = false;
        return;
      }
      any = true;
      const Column column = cell.column < columns_.size() ? columns_[cell.column] : Column::other;
      switch (column) {
        case Column::entity:
          row.entity_lines = cell.words.lines;
          break;
        case Column::requirement:
          row.requirement = cell.text();
          break;
        case Column::policy:
          row.policy = cell.text();
          break;
        case Column::citation:
          row.citation = text::join(cell.words.lines, "\n");
          break;
        default:
          row.entity_lines.insert(row.entity_lines.end(), cell.words.lines.begin(), cell.words.lines.end());
      }
      row.designations.insert(row.designations.end(), cell.words.designations.begin(),
                              cell.words.designations.end());
    }
    if (!any) return;
    if (goes_on(row)) {
      append_to_last(row);
      return;
    }
    add(std::move(row));
  }

  // A row that only continues the one directly above: an address row, or a row parted over two pages.
  [[nodiscard]] bool goes_on(const FrTableRow& row) const {
    if (!after_row_ || out_.rows.empty()) return false;
    const FrTableRow& last = out_.rows.back();
    if (row.entity_lines.empty()) return true;
    const bool other_cells = !row.requirement.empty() || !row.policy.empty() || !row.citation.empty();
    if (!other_cells) return true;
    // Parted over two pages, the rest of each cell follows in its column.
    return last.citation.empty() && !last.requirement.empty() &&
           is_continuation({row.entity_lines}, {last.entity_lines});
  }

  void append_to_last(const FrTableRow& row) {
    FrTableRow& last = out_.rows.back();
    const bool doubtful = row.requirement.empty() && row.policy.empty() && row.citation.empty() &&
                          !row.entity_lines.empty() &&
                          !is_continuation({row.entity_lines}, {last.entity_lines});
    if (doubtful)
      last.findings.push_back({Finding::Severity::note, "continued_row",
                               "the row is taken to continue in the next one",
                               text::excerpt(text::join(row.entity_lines, " "), 200)});
    last.entity_lines.insert(last.entity_lines.end(), row.entity_lines.begin(), row.entity_lines.end());
    const auto join = [](std::string& to, const std::string& more) {
      if (!more.empty()) to += (to.empty() ? "" : " ") + more;
    };
    join(last.requirement, row.requirement);
    join(last.policy, row.policy);
    join(last.citation, row.citation);
    last.designations.insert(last.designations.end(), row.designations.begin(), row.designations.end());
  }

  void add(FrTableRow row) {
    const std::string name = text::fold(text::join(row.entity_lines, " "));
    if (name == "reserved") return;
    const auto doubt = [&](std::string code, std::string message) {
      row.findings.push_back({Finding::Severity::review, std::move(code), std::move(message),
                              text::excerpt(text::join(row.entity_lines, " "), 200)});
    };
    // Where a cell is left out, the others stand one column to the left.
    static const RE2 citation("\\b\\d{2,3} FR \\[?\\w");
    if (row.citation.empty() && RE2::PartialMatch(row.policy, citation)) {
      row.citation = std::move(row.policy);
      row.policy = std::move(row.requirement);
      row.requirement.clear();
    }
    if (row.country.empty()) doubt("country_missing", "the table names no country above the row");
    if (row.entity_lines.empty()) doubt("cell_missing", "the row has no entity");
    const bool has_license_columns = std::ranges::find(columns_, Column::requirement) != columns_.end();
    if (has_license_columns && (row.requirement.empty() || row.policy.empty()))
      doubt("cell_missing", "the row lacks its license requirement or review policy");
    if (row.citation.empty()) doubt("cell_missing", "the row lacks its citation");
    out_.rows.push_back(std::move(row));
    after_row_ = true;
  }

  ListId list_;
  std::vector<Column> columns_;
  FrTable out_;
  std::string country_;
  bool after_row_ = false;  // the row before was an entity's: a continuation may follow
};

// The list whose columns the table has.
std::optional<ListId> list_by_columns(const FrNode& table) {
  std::vector<std::string> heads;
  for (const FrNode* head : find_nodes(table, "CHED")) heads.push_back(running_text(*head));
  for (const FrNode* row : find_nodes(table, "ROW")) {
    const std::vector<Cell> cells = cells_of(*row);
    if (!is_header(cells)) continue;
    heads.clear();
    for (const Cell& c : cells) heads.push_back(c.text());
    break;
  }
  const auto has = [&](Column c) {
    return std::ranges::any_of(heads, [&](const std::string& h) { return column_named(h) == c; });
  };
  if (has(Column::country) && has(Column::entity) && has(Column::requirement) && has(Column::policy))
    return ListId::entity_list;
  return std::nullopt;
}

// In the first line, the commas of a name that the rule's own instruction spells out are hidden from the
// reader of the cell, and put back afterwards.
constexpr std::string_view hidden_comma = "\xEE\x80\x81";  // U+E001, for private use

std::string restore(std::string text) {
  for (std::size_t i = text.find(hidden_comma); i != std::string::npos; i = text.find(hidden_comma, i + 1))
    text.replace(i, hidden_comma.size(), ",");
  return text;
}

// Where `known` ends at the head of `line`, comparing letters and figures only; npos: it does not stand
// there.
std::size_t end_of_name(std::string_view line, std::string_view known) {
  const std::string want = text::fold(known);
  if (want.empty()) return std::string_view::npos;
  for (std::size_t end = 1; end <= line.size(); ++end) {
    const bool boundary =
        end == line.size() || line[end] == ' ' || line[end] == ',' || line[end] == ';' || line[end] == '.';
    if (!boundary) continue;
    const std::string head = text::fold(line.substr(0, end));
    if (head == want) return end;
    if (head.size() > want.size() + 8) break;
  }
  return std::string_view::npos;
}

void fill_other_cells(const FrTableRow& row, Listing& common) {
  common.country = row.country;
  common.country_code = country_code(row.country);
  if (row.list == ListId::entity_list) {
    read_requirement_cell(row.requirement, common);
    read_policy_cell(row.policy, common);
  }
  read_citation_cell(row.citation, common);
  for (const std::string& d : row.designations) add_footnotes(d, common);
  common.findings.insert(common.findings.end(), row.findings.begin(), row.findings.end());
}

}  // namespace

std::optional<FrTable> read_list_table(const FrNode& table, std::optional<ListId> list) {
  if (!list) list = list_by_columns(table);
  if (!list) return std::nullopt;
  return TableReader(table, *list).take();
}

std::vector<Listing> read_row(const FrTableRow& row, std::string_view known_name) {
  Listing common;
  fill_other_cells(row, common);
  std::vector<Listing> plain = read_entity_parties({row.entity_lines}, common);
  if (known_name.empty() || row.entity_lines.empty() ||
      text::fold(plain.front().name) == text::fold(known_name))
    return plain;
  // The cell was read to another name: where it begins with the name the instruction gives, that decides.
  // A longer reading stands unless the cell's reader doubts it: instructions shorten names.
  const bool read_longer = text::fold(plain.front().name).starts_with(text::fold(known_name));
  const bool doubted = std::ranges::any_of(plain.front().findings,
                                           [](const Finding& f) { return f.code == "uncertain_name"; });
  if (read_longer && !doubted) return plain;
  const std::size_t end = end_of_name(row.entity_lines.front(), known_name);
  if (end == std::string_view::npos) return plain;
  std::vector<std::string> lines = row.entity_lines;
  std::string head = lines[0].substr(0, end);
  std::string hidden;
  for (const char c : head) hidden += c == ',' ? std::string(hidden_comma) : std::string(1, c);
  std::string rest = lines[0].substr(end);
  const bool separated = rest.empty() || rest[0] == ',' || rest[0] == ';' || rest[0] == '.';
  lines[0] = hidden + (separated ? "" : ",") + rest;
  std::vector<Listing> hinted = read_entity_parties({lines}, common);
  for (Listing& l : hinted) {
    l.name = restore(l.name);
    l.parent = restore(l.parent);
    l.raw.entity = plain.front().raw.entity;
    for (Finding& f : l.findings) f.excerpt = restore(f.excerpt);
    for (std::string& a : l.aliases) a = restore(a);
    for (std::string& a : l.addresses) a = restore(a);
  }
  if (text::fold(hinted.front().name) != text::fold(known_name)) return plain;
  return hinted;
}

}  // namespace entitywatch::parsers
