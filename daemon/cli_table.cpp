#include "daemon/cli_table.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

std::size_t cells_of(UChar32 c) {
  const auto category = U_GET_GC_MASK(c);
  if (category & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) return 0;
  // Vowels and finals that join the syllable before them.
  const int jamo = u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE);
  if (jamo == U_HST_VOWEL_JAMO || jamo == U_HST_TRAILING_JAMO) return 0;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::size_t width_of(const std::string& text) {
  std::size_t width = 0;
  for (std::int32_t i = 0, size = static_cast<std::int32_t>(text.size()); i < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(reinterpret_cast<const std::uint8_t*>(text.data()), i, size, c);
    width += cells_of(c);
  }
  return width;
}

std::string shortened(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) return text;
  if (width == 0) return {};
  std::size_t used = 0;
  std::int32_t end = 0;
  for (std::int32_t i = 0, size = static_cast<std::int32_t>(text.size()); i < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(reinterpret_cast<const std::uint8_t*>(text.data()), i, size, c);
    if (used + cells_of(c) > width - 1) break;
    used += cells_of(c);
    end = i;
  }
  return text.substr(0, static_cast<std::size_t>(end)) + "…";
}

constexpr std::size_t gap = 2;    // between columns
constexpr std::size_t least = 8;  // of a shortened column

std::size_t total(const std::vector<std::size_t>& widths) {
  std::size_t out = 0;
  for (const std::size_t width : widths)
    if (width > 0) out += width + gap;
  return out == 0 ? 0 : out - gap;
}

// What the row needs once every flexible column is as short as it may be.
std::size_t least_total(const std::vector<std::size_t>& widths, const std::vector<Column>& columns) {
  std::vector<std::size_t> shortest = widths;
  for (std::size_t i = 0; i < widths.size(); ++i)
    if (columns[i].flexible) shortest[i] = std::min(widths[i], least);
  return total(shortest);
}

// A width of 0 is a column that is left out. Returns the titles of those left out for want of room.
std::vector<std::string> leave_out(std::vector<std::size_t>& widths, const std::vector<Column>& columns,
                                   std::size_t room) {
  std::vector<std::string> out;
  while (least_total(widths, columns) > room) {
    std::size_t last = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (widths[i] > 0 && columns[i].rank > 0 &&
          (last == widths.size() || columns[i].rank > columns[last].rank))
        last = i;
    if (last == widths.size()) break;
    widths[last] = 0;
    out.push_back(columns[last].title);
  }
  return out;
}

// Takes what is too much from the flexible columns, the widest first.
void shorten(std::vector<std::size_t>& widths, const std::vector<Column>& columns, std::size_t room) {
  while (total(widths) > room) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (columns[i].flexible && widths[i] > least && (widest == widths.size() || widths[i] > widths[widest]))
        widest = i;
    if (widest == widths.size()) return;
    --widths[widest];
  }
}

const char* colour_of(const std::string& word) {
  for (const char* red : {"added", "failing", "stale", "dead", "review"})
    if (word == red) return "\x1b[31m";
  for (const char* green : {"removed", "withdrawn", "ok", "delivered"})
    if (word == green) return "\x1b[32m";
  for (const char* yellow : {"revised", "corrected", "discrepancy", "held", "pending"})
    if (word == yellow) return "\x1b[33m";
  return "";
}

std::string painted(const std::string& cell, const Column& column, Colour colour) {
  const char* start = colour == Colour::on && column.tint == Tint::by_word ? colour_of(cell) : "";
  return *start == '\0' ? cell : start + cell + "\x1b[0m";
}

}  // namespace

Table render_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                   std::size_t width, Colour colour) {
  std::vector<std::vector<std::string>> shown;
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      cells.push_back(text::collapse(text::sanitize(row[i])));
      widths[i] = std::max(widths[i], width_of(cells.back()));
    }
    shown.push_back(std::move(cells));
  }
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (widths[i] > 0 || rows.empty()) widths[i] = std::max(widths[i], width_of(columns[i].title));
  Table out;
  if (width > 0) {
    out.left_out = leave_out(widths, columns, width);
    shorten(widths, columns, width);
  }
  const auto line = [&](const auto& cell_at) {
    std::string text;
    std::size_t owed = 0;  // spaces before the next cell: none are left at the end of a line
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::string cell = shortened(cell_at(i), widths[i]);
      if (!cell.empty()) text.append(std::exchange(owed, 0), ' ') += painted(cell, columns[i], colour);
      owed += widths[i] - width_of(cell) + gap;
    }
    return text;
  };
  const std::string titles = line([&](std::size_t i) -> const std::string& { return columns[i].title; });
  out.text += colour == Colour::on ? "\x1b[1m" + titles + "\x1b[0m\n" : titles + "\n";
  for (const auto& cells : shown)
    out.text += line([&](std::size_t i) -> const std::string& { return cells[i]; }) + "\n";
  return out;
}

std::string wrap(const std::string& text, std::size_t width, std::size_t indent) {
  if (width <= indent + least) return text;
  std::string out;
  std::size_t used = indent;
  for (const std::string& word : text::split(text, ' ')) {
    const std::size_t needed = width_of(word);
    if (!out.empty() && used + 1 + needed > width) {
      out += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (!out.empty()) {
      out += ' ';
      ++used;
    }
    out += word;
    used += needed;
  }
  return out;
}

std::size_t terminal_width() {
  if (const char* columns = std::getenv("COLUMNS")) {
    std::size_t width = 0;
    const char* end = columns + std::strlen(columns);
    if (std::from_chars(columns, end, width).ptr == end && width > 0) return width;
  }
  if (isatty(STDOUT_FILENO) == 0) return 0;
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ? 80 : size.ws_col;
}

Colour terminal_colour() {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool wanted = isatty(STDOUT_FILENO) != 0 && (refused == nullptr || *refused == '\0') &&
                      terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
  return wanted ? Colour::on : Colour::off;
}

bool terminal_error() { return isatty(STDERR_FILENO) != 0; }

void print_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows) {
  const Table table = render_table(columns, rows, terminal_width(), terminal_colour());
  std::fputs(table.text.c_str(), stdout);
  std::fflush(stdout);
  if (!table.left_out.empty()) fmt::print(stderr, "left out for want of room: {}; a wider terminal or --json shows all\n", text::join(table.left_out, ", "));
}

}  // namespace entitywatch::daemon
