#include "parsers/text_table.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

// A line by characters: columns are counted in these, not in bytes.
using Wide = std::u32string;

Wide widen(std::string_view line) {
  Wide out;
  for (std::size_t i = 0; i < line.size();) {
    const auto lead = static_cast<unsigned char>(line[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length && i + k < line.size(); ++k)
      code = (code << 6) | (static_cast<unsigned char>(line[i + k]) & 0x3F);
    out += code == 0xA0 ? U' ' : code;
    i += length;
  }
  return out;
}

void append_narrow(std::string& out, char32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | ((code >> 18) & 7));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string narrow(const Wide& text) {
  std::string out;
  for (const char32_t c : text) append_narrow(out, c);
  return out;
}

bool is_rule(std::string_view line) {
  const std::string t = text::trim(line);
  return t.size() >= 20 && t.find_first_not_of("-=_") == std::string::npos;
}

bool is_stars(std::string_view line) {
  return line.find('*') != std::string_view::npos && line.find_first_not_of("* .") == std::string_view::npos;
}

bool is_blank(std::string_view line) { return text::trim(line).empty(); }

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The words of a head line, parted by two blanks or more.
std::vector<Span> head_spans(const Wide& line) {
  std::vector<Span> out;
  std::size_t blanks = 2;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == U' ') {
      ++blanks;
      continue;
    }
    if (blanks >= 2)
      out.push_back({i, i + 1});
    else
      out.back().end = i + 1;
    blanks = 0;
  }
  return out;
}

std::string slice(const Wide& line, std::size_t begin, std::size_t end) {
  if (begin >= line.size()) return {};
  return narrow(line.substr(begin, std::min(end, line.size()) - begin));
}

// What a body line says about where columns may begin: its characters with runs of stars blanked out.
Wide without_stars(Wide line) {
  for (char32_t& c : line)
    if (c == U'*') c = U' ';
  return line;
}

// For each column of characters how many lines print something there.
std::vector<std::size_t> ink(const std::vector<Wide>& lines) {
  std::size_t width = 0;
  for (const Wide& l : lines) width = std::max(width, l.size());
  std::vector<std::size_t> count(width + 1, 0);
  for (const Wide& l : lines)
    for (std::size_t i = 0; i < l.size(); ++i) count[i] += l[i] != U' ' ? 1 : 0;
  return count;
}

// Blank stretches between inked ones.
std::vector<Span> gaps(const std::vector<std::size_t>& count, std::size_t tolerated) {
  std::vector<Span> out;
  std::size_t i = 0;
  while (i < count.size() && count[i] <= tolerated) ++i;
  while (i < count.size()) {
    while (i < count.size() && count[i] > tolerated) ++i;
    const std::size_t begin = i;
    while (i < count.size() && count[i] <= tolerated) ++i;
    if (i < count.size()) out.push_back({begin, i});
  }
  return out;
}

// Between each two neighbouring heads the widest gap, the one nearest to the second head among equals.
std::optional<std::vector<std::size_t>> starts_between(const std::vector<Span>& heads,
                                                       const std::vector<Span>& between) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i + 1 < heads.size(); ++i) {
    const std::size_t left = (heads[i].begin + heads[i].end) / 2;
    const std::size_t right = (heads[i + 1].begin + heads[i + 1].end) / 2;
    const Span* best = nullptr;
    for (const Span& gap : between) {
      if (gap.begin < left || gap.end > right + 1 || gap.end <= starts.back()) continue;
      if (best == nullptr || gap.end - gap.begin >= best->end - best->begin) best = &gap;
    }
    if (best == nullptr) return std::nullopt;
    starts.push_back(best->end);
  }
  return starts;
}

std::optional<std::vector<std::size_t>> column_starts(const std::vector<Wide>& body,
                                                      const std::vector<Span>& heads) {
  std::vector<Wide> inked;
  for (const Wide& l : body)
    if (Wide w = without_stars(l); w.find_first_not_of(U' ') != Wide::npos) inked.push_back(std::move(w));
  if (inked.empty()) return std::nullopt;
  const std::vector<std::size_t> count = ink(inked);
  // A line in a hundred may be set wider than its column.
  for (const std::size_t tolerated : {std::size_t{0}, inked.size() / 100, inked.size() / 40})
    if (auto starts = starts_between(heads, gaps(count, tolerated))) return starts;
  return std::nullopt;
}

void append_wrapped(std::string& line, std::string_view more) {
  const bool hyphen = !line.empty() && line.back() == '-' && line.size() > 1 &&
                      line[line.size() - 2] != ' ' && line[line.size() - 2] != '-';
  if (!line.empty() && !hyphen) line += ' ';
  line += more;
}

// Collects the lines of rows. A row begins where a cell of the last column (the citation) begins, or behind
// stars; an entity's own lines begin at the column, wrapped ones a character further in.
class RowBuilder {
 public:
  explicit RowBuilder(std::size_t columns) : columns_(columns) {}

  void add(const std::vector<std::string>& cells) {
    take_country(cells[0]);
    if (is_stars(text::trim(cells[1]))) {
      flush();
      stars();
      return;
    }
    static const re2::RE2 citation("^\\s*\\d{2,3} FR\\b");
    const bool opens = re2::RE2::PartialMatch(cells.back(), citation);
    if (opens && has_text_) flush();
    for (std::size_t i = 1; i < columns_; ++i) add_to(i, cells[i]);
  }

  void stars() {
    flush();
    TextRow row;
    row.cells.resize(columns_);
    row.cells[1].lines.emplace_back("* * *");
    rows_.push_back(std::move(row));
  }

  std::vector<TextRow> take() {
    flush();
    flush_country();
    return std::move(rows_);
  }

 private:
  void take_country(const std::string& cell) {
    const std::string words = text::trim(cell);
    if (words.empty()) {
      country_open_ = false;
      return;
    }
    // An indented line goes on with the name above, unless dots have closed that.
    const bool goes_on = country_open_ && cell.front() == ' ' && !country_rows_.empty();
    const bool closed = words.ends_with("..") || words.ends_with('.');
    if (!goes_on) {
      flush();
      country_rows_.push_back({rows_.size(), {}});
    }
    append_wrapped(country_rows_.back().name, words);
    country_open_ = !closed;
  }

  void add_to(std::size_t column, const std::string& cell) {
    if (is_blank(cell)) return;
    has_text_ = true;
    cells_.resize(columns_);
    std::vector<std::string>& lines = cells_[column].lines;
    if (lines.empty() || cell.front() != ' ')
      lines.push_back(text::trim(cell));
    else
      append_wrapped(lines.back(), text::trim(cell));
  }

  void flush() {
    if (!has_text_) return;
    TextRow row;
    row.cells = std::move(cells_);
    rows_.push_back(std::move(row));
    cells_.clear();
    has_text_ = false;
  }

  // A country stands in a row of its own before the rows it heads.
  void flush_country() {
    for (auto it = country_rows_.rbegin(); it != country_rows_.rend(); ++it) {
      TextRow row;
      row.cells.resize(columns_);
      std::string name = it->name;
      while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.pop_back();
      row.cells[0].lines.push_back(std::move(name));
      rows_.insert(rows_.begin() + static_cast<std::ptrdiff_t>(it->before), std::move(row));
    }
  }

  struct CountryRow {
    std::size_t before = 0;  // index into rows_
    std::string name;
  };

  std::size_t columns_;
  std::vector<TextRow> rows_;
  std::vector<TextCell> cells_;
  std::vector<CountryRow> country_rows_;
  bool country_open_ = false;
  bool has_text_ = false;
};

bool names_columns(std::string_view line) {
  static const re2::RE2 head("(?i)^\\s*Country\\s{2,}.*\\b(?:entity|person|persons|name|end[- ]user)\\b");
  return re2::RE2::PartialMatch(re2_view(line), head);
}

// Text at the margin that is no country: what follows a table without a rule under it.
bool ends_table(std::string_view line) {
  static const re2::RE2 after(
      "^(?:\\[FR Doc|BILLING CODE|PART \\d|\\x{00A7}|Sec\\. \\d|Supplement [Nn]o|Dated:|Signed:|(?:\\* "
      "){4}\\*\\s*$|"
      "[A-Z][a-z]+ [A-Z][a-z]+.{0,40},\\s*$)");
  return re2::RE2::PartialMatch(re2_view(line), after);
}

}  // namespace

std::string TextCell::text() const { return text::join(lines, " "); }

std::optional<TextTablePlace> find_text_table(const std::vector<std::string>& lines, std::size_t from) {
  for (std::size_t head = from; head < lines.size(); ++head) {
    if (!names_columns(lines[head])) continue;
    std::size_t begin = head + 1;
    // The head may be closed by a rule a few lines below.
    for (std::size_t i = begin; i < std::min(begin + 4, lines.size()); ++i)
      if (is_rule(lines[i])) begin = i + 1;
    std::size_t end = begin;
    while (end < lines.size() && !is_rule(lines[end]) && !ends_table(lines[end]) &&
           !names_columns(lines[end]))
      ++end;
    return TextTablePlace{head, begin, end};
  }
  return std::nullopt;
}

std::optional<TextTable> read_text_table(const std::vector<std::string>& lines, const TextTablePlace& place) {
  const Wide head = widen(lines[place.head]);
  const std::vector<Span> spans = head_spans(head);
  if (spans.size() < 3) return std::nullopt;
  std::vector<Wide> body;
  for (std::size_t i = place.begin; i < place.end; ++i) body.push_back(widen(lines[i]));
  const auto starts = column_starts(body, spans);
  if (!starts) return std::nullopt;
  TextTable out;
  for (const Span& s : spans) out.heads.push_back(slice(head, s.begin, s.end));
  RowBuilder rows(spans.size());
  for (const Wide& line : body) {
    const std::string whole = narrow(line);
    if (is_blank(whole)) continue;
    if (is_stars(text::trim(whole))) {
      rows.stars();
      continue;
    }
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < starts->size(); ++i)
      cells.push_back(slice(line, (*starts)[i], i + 1 < starts->size() ? (*starts)[i + 1] : line.size()));
    rows.add(cells);
  }
  out.rows = rows.take();
  return out;
}

}  // namespace entitywatch::parsers
