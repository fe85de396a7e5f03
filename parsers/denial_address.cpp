#include "parsers/denial_address.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/entity_cell_words.hpp"
#include "parsers/re2_view.hpp"
#include "parsers/place_codes.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::array<std::string_view, 51> state_names{
    "Alabama",     "Alaska",       "Arizona",        "Arkansas",       "California",    "Colorado",
    "Connecticut", "Delaware",     "Florida",        "Georgia",        "Hawaii",        "Idaho",
    "Illinois",    "Indiana",      "Iowa",           "Kansas",         "Kentucky",      "Louisiana",
    "Maine",       "Maryland",     "Massachusetts",  "Michigan",       "Minnesota",     "Mississippi",
    "Missouri",    "Montana",      "Nebraska",       "Nevada",         "New Hampshire", "New Jersey",
    "New Mexico",  "New York",     "North Carolina", "North Dakota",   "Ohio",          "Oklahoma",
    "Oregon",      "Pennsylvania", "Rhode Island",   "South Carolina", "South Dakota",  "Tennessee",
    "Texas",       "Utah",         "Vermont",        "Virginia",       "Washington",    "West Virginia",
    "Wisconsin",   "Wyoming",      "Puerto Rico"};

}  // namespace

std::vector<std::string> comma_parts(std::string_view text) {
  std::vector<std::string> out;
  std::string part;
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (c != ',' || depth > 0) {
      part += c;
      continue;
    }
    out.push_back(text::trim(part));
    part.clear();
  }
  out.push_back(text::trim(part));
  std::erase(out, "");
  return out;
}

bool opens_address(std::string_view segment) {
  static const RE2 opening(
      "(?i)^(?:currently |presently )?(?:incarcerated|in custody|with (?:an?|the|his|her|its) "
      "(?:last known )?address|last known address|with (?:last )?known address|c/o|care of|p\\.? ?o\\.? "
      "|p\\.? ?m\\.? "
      "?b\\.? |post office|(?:inmate|inmte|register|reg\\.?|usm|bop|prisoner|a)[ "
      "-]?(?:number|no\\b|id\\b|#)|(?:fci|fmc|fpc|fcc|"
      "fdc|usp|mcfp|mdc|mcc|lsci|ci|u\\.?s\\.? penitentiary|federal "
      "(?:correctional|medical|prison|detention)|correctional)\\b|"
      "suite |apt\\.? |apartment |unit |floor |room |no\\. ?\\d|#|\\d)");
  return RE2::PartialMatch(re2_view(segment), opening);
}

bool is_of_address(std::string_view segment) {
  if (opens_address(segment)) return true;
  if (words::is_place(segment)) return true;
  if (words::ends_with_legal_form(segment)) return false;
  return words::has_digit(segment) || words::has_address_word(segment);
}

bool ends_address(std::string_view text) {
  static const RE2 code("(?:\\b\\d{4,6}(?:-\\d{4})?|\\b[A-Z]\\d[A-Z] ?\\d[A-Z]\\d)[.,]?$");
  static const RE2 state("[, ]([A-Z]{2})[.,]?$");
  std::string two;
  if (RE2::PartialMatch(re2_view(text), code)) return true;
  if (RE2::PartialMatch(re2_view(text), state, &two) && is_us_state(two)) return true;
  return !words::country_at_end(text).empty();
}

bool ends_with_place(std::string_view text) { return !country_of_address(text).empty(); }

bool is_place_line(std::string_view piece) {
  const std::vector<std::string> parts = comma_parts(piece);
  if (parts.size() < 2 || parts.size() > 3 || words::has_digit(parts.front())) return false;
  return ends_with_place(piece) && std::count(parts.front().begin(), parts.front().end(), ' ') < 3;
}

std::string without_address_opening(std::string text) {
  static const RE2 opening(
      "(?i)^(?:and )?(?:with )?(?:(?:an?|the|his|her|its) )?(?:last |prior |former )?(?:known "
      ")?address(?:es)? ?(?:of|at|is|in|as)?[:,]?\\s*");
  static const RE2 begins(
      "(?i)^(?:and )?(?:with (?:an?|the|his|her|its) |last known )(?:last |prior |former )?(?:known "
      ")?address");
  if (RE2::PartialMatch(text, begins)) RE2::Replace(&text, opening, "");
  return text;
}

std::string country_of_address(std::string_view address) {
  static const RE2 state_code("[, ]([A-Z]{2})\\.?,?\\s*(?:\\d{5,6}(?:-\\d{4})?)?\\.?$");
  static const RE2 zip(",? (\\d{5}(?:-\\d{4})?)\\.?$");
  static const RE2 capital("D\\.C\\.,? ?\\d*\\.?$");
  std::string code;
  if (RE2::PartialMatch(re2_view(address), state_code, &code) && is_us_state(code)) return "US";
  if (RE2::PartialMatch(re2_view(address), capital)) return "US";
  std::string rest(address);
  const bool has_zip = RE2::Replace(&rest, zip, "");
  for (const std::string_view state : state_names)
    if (text::trim(rest).ends_with(state) && (has_zip || country_code(state).empty())) return "US";
  if (std::string code_at_end = country_code(words::country_at_end(address)); !code_at_end.empty())
    return code_at_end;
  const std::vector<std::string> parts = comma_parts(address);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part)
    if (std::string named = country_code(words::country_at_end(*part)); !named.empty()) return named;
  return {};
}

}  // namespace entitywatch::parsers
