#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/track.hpp"

namespace entitywatch {
namespace {

// Rows of the file that became neither an entry nor a part of one, as the reader counted them.
std::size_t rows_not_placed(const ListReading& reading) {
  for (const Check& c : reading.checks) {
    if (c.name != "rows_placed" || c.ok) continue;
    std::size_t placed = 0;
    std::from_chars(c.found.data(), c.found.data() + c.found.size(), placed);
    return reading.rows_in_file > placed ? reading.rows_in_file - placed : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::string> implausible(const ListReading& reading, std::size_t rows_before,
                                       std::size_t unexplained_gone, std::size_t substantially_changed) {
  const std::string_view name = display_name(reading.list);
  if (reading.rows.empty()) return fmt::format("the {} came without a single entry", name);
  // A list that could be read only in part must not be taken for a shorter one.
  const std::size_t unread = rows_not_placed(reading);
  if (unread > std::max<std::size_t>(5, reading.rows_in_file / 10))
    return fmt::format("{} of {} rows of the {} could not be read", unread, reading.rows_in_file, name);
  if (unexplained_gone > std::max<std::size_t>(1, rows_before / 10))
    return fmt::format("{} of {} entries of the {} are missing and no rule removes them", unexplained_gone,
                       rows_before, name);
  if (rows_before > 6 && substantially_changed * 2 > rows_before)
    return fmt::format("{} of {} entries of the {} changed at once", substantially_changed, rows_before,
                       name);
  return std::nullopt;
}

}  // namespace entitywatch
