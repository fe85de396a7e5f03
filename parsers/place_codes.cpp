#include "parsers/place_codes.hpp"

#include <algorithm>
#include <array>

#include "core/countries.hpp"
#include "core/text.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::array<std::string_view, 56> states{
    "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI",
    "IA", "ID", "IL", "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MP",
    "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA",
    "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY"};

bool is_two_capitals(std::string_view code) {
  return code.size() == 2 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool has_letter(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  });
}

}  // namespace

std::string country_of_code(std::string_view code) {
  if (code == "PRC") return "CN";
  if (code == "UK") return "GB";
  if (!is_two_capitals(code)) return {};
  // A code that is none has no name of its own.
  return country_code(country_display_name(code)) == code ? std::string(code) : std::string{};
}

bool is_us_state(std::string_view code) { return std::binary_search(states.begin(), states.end(), code); }

std::string country_name(std::string_view code) {
  return code.empty() ? std::string{} : canonical_country(country_display_name(code));
}

std::string country_at_end_of(std::string_view address) {
  std::vector<std::string> words = text::split(text::collapse(address), ' ');
  // Postal codes.
  while (!words.empty() && !has_letter(words.back())) words.pop_back();
  for (std::size_t count = std::min<std::size_t>(words.size(), 4); count > 0; --count) {
    std::string tail;
    for (std::size_t i = words.size() - count; i < words.size(); ++i)
      tail += (tail.empty() ? "" : " ") + words[i];
    while (!tail.empty() && (tail.back() == '.' || tail.back() == ',')) tail.pop_back();
    std::string code = tail.size() > 2 ? country_code(tail) : std::string{};
    if (!code.empty()) return code;
  }
  return {};
}

}  // namespace entitywatch::parsers
