#include "parsers/list_date.hpp"

#include <string>

#include "core/text.hpp"

namespace entitywatch::parsers {
namespace {

// No list tracked here is older, and no order runs longer.
constexpr int first_year = 1950;
constexpr int last_year = 2150;

}  // namespace

std::optional<Date> read_list_date(std::string_view printed, std::string_view column, Listing& listing) {
  const std::string t = text::trim(printed);
  if (t.empty()) return std::nullopt;
  auto date = parse_iso_date(t);
  if (!date) date = parse_printed_date(t);
  const int year = date ? static_cast<int>(std::chrono::year_month_day(*date).year()) : 0;
  if (date && year >= first_year && year <= last_year) return date;
  listing.findings.push_back({Finding::Severity::note, "impossible_date",
                              "The " + std::string(column) + " is no possible date and is left out.",
                              text::excerpt(t, 100)});
  return std::nullopt;
}

}  // namespace entitywatch::parsers
