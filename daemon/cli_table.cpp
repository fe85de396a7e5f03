#include "daemon/cli_table.hpp"

#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

std::size_t cells_of(UChar32 c) {
  const auto category = U_GET_GC_MASK(c);
  if (category & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) return 0;
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

// Takes what is too much from the flexible columns, the widest first.
void fit(std::vector<std::size_t>& widths, const std::vector<Column>& columns, std::size_t room) {
  constexpr std::size_t least = 8;
  for (;;) {
    const std::size_t total = std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + 2 * (widths.size() - 1);
    if (room == 0 || total <= room) return;
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (columns[i].flexible && widths[i] > least && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    if (widest == widths.size()) return;
    widths[widest] = std::max(least, widths[widest] - std::min(widths[widest] - least, total - room));
  }
}

}  // namespace

std::string render_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows, std::size_t width, bool colour) {
  std::vector<std::vector<std::string>> shown;
  std::vector<std::size_t> widths;
  for (const Column& c : columns) widths.push_back(width_of(c.title));
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      cells.push_back(text::collapse(text::sanitize(row[i])));
      widths[i] = std::max(widths[i], width_of(cells.back()));
    }
    shown.push_back(std::move(cells));
  }
  fit(widths, columns, width);
  std::string out;
  const auto line = [&](const auto& cell_at) {
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string cell = shortened(cell_at(i), widths[i]);
      text += cell;
      if (i + 1 < columns.size()) text.append(widths[i] - width_of(cell) + 2, ' ');
    }
    return text;
  };
  const std::string titles = line([&](std::size_t i) -> const std::string& { return columns[i].title; });
  out += colour ? "\x1b[1m" + titles + "\x1b[0m\n" : titles + "\n";
  for (const auto& cells : shown) out += line([&](std::size_t i) -> const std::string& { return cells[i]; }) + "\n";
  return out;
}

std::size_t terminal_width() {
  if (isatty(STDOUT_FILENO) == 0) return 0;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 80;
  return size.ws_col;
}

bool terminal_error() { return isatty(STDERR_FILENO) != 0; }

}  // namespace entitywatch::daemon
