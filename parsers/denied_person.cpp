#include "parsers/denied_person.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/place_codes.hpp"

namespace entitywatch::parsers {
namespace {

// Parts of a name that stand behind a comma: legal forms and generations.
constexpr std::array<std::string_view, 46> name_suffixes{
    "AB",   "AG",     "AS",   "ASSOCIATES", "BV",      "CO",   "COLTD",  "COMPANY", "CORP", "CORPORATION",
    "ESQ",  "FZC",    "FZCO", "FZE",        "FZLLC",   "GMBH", "II",     "III",     "INC",  "INCORPORATED",
    "IV",   "JR",     "JSC",  "KG",         "LIMITED", "LLC",  "LLP",    "LP",      "LTD",  "LTDA",
    "MD",   "NV",     "OOO",  "OY",         "PHD",     "PLC",  "PTELTD", "PTYLTD",  "SA",   "SADECV",
    "SARL", "SDNBHD", "SL",   "SPA",        "SR",      "SRL"};

constexpr std::array<std::string_view, 22> address_words{
    "STREET", "ROAD",  "AVENUE", "DRIVE",   "LANE",   "BOX",          "BUILDING", "TOWER",
    "FLOOR",  "SUITE", "ROOM",   "NUMBER",  "PRISON", "CORRECTIONAL", "FACILITY", "AIRPORT",
    "BASE",   "ZONE",  "ESTATE", "VILLAGE", "PLAZA",  "C/O"};

std::string folded_form(std::string_view segment) {
  std::string out;
  for (const char c : text::upper(segment))
    if (c != '.' && c != ' ' && c != ')' && c != '(') out += c;
  return out;
}

bool is_name_suffix(std::string_view segment) {
  const std::string form = folded_form(segment);
  return std::find(name_suffixes.begin(), name_suffixes.end(), form) != name_suffixes.end();
}

bool has_open_bracket(std::string_view name) {
  return std::count(name.begin(), name.end(), '(') > std::count(name.begin(), name.end(), ')');
}

bool has_digit(std::string_view t) { return t.find_first_of("0123456789") != std::string_view::npos; }

// "ZHONGDA" in "JIN, ZHONGDA": words of a given name, none of an address.
bool may_be_given_name(std::string_view segment) {
  const auto words = text::split(text::upper(segment), ' ');
  if (segment.empty() || words.size() > 3 || has_digit(segment)) return false;
  return std::none_of(words.begin(), words.end(), [](const std::string& w) {
    return std::find(address_words.begin(), address_words.end(), w) != address_words.end();
  });
}

bool is_one_word(std::string_view name) {
  return name.find_first_of(" .&0123456789") == std::string_view::npos;
}

// Where the country stands among the segments: last but one; last where the postal code is left out.
std::optional<std::size_t> country_segment(const std::vector<std::string>& segments) {
  const std::size_t n = segments.size();
  const auto is_country = [&](std::size_t i) { return !country_of_code(segments[i]).empty(); };
  if (n >= 4 && is_country(n - 2)) return n - 2;
  if (n >= 4 && (segments[n - 2].empty() ? is_us_state(segments[n - 3]) : is_us_state(segments[n - 2])))
    return n - 2;
  if (n >= 3 && is_country(n - 1)) return n - 1;
  if (n >= 6) return n - 2;
  return std::nullopt;
}

std::string join_filled(const std::vector<std::string>& parts) {
  std::vector<std::string> filled;
  for (const std::string& p : parts)
    if (!p.empty()) filled.push_back(p);
  return text::join(filled, ", ");
}

// A name as it stands alone: no commas or stray marks at its ends.
std::string tidy_name(std::string_view name) {
  std::string out = text::collapse(name);
  while (!out.empty() && (out.back() == ',' || out.back() == ';' || out.back() == ' ')) out.pop_back();
  return out;
}

// RS is Russia in the FIPS codes that US agencies used and Serbia in ISO 3166; the list has had both kinds.
std::string country_of_rs(const DeniedPlace& place) {
  static const re2::RE2 russian("(?i)\\b(REGION|OBLAST|KRAI|KRAY|MOSCOW|MOSKVA|PETERSBURG|RUSSIA)\\b");
  return re2::RE2::PartialMatch(place.street + ' ' + place.city, russian) ? "RU" : "RS";
}

void note(Listing& listing, std::string code, std::string message, std::string_view excerpt) {
  listing.findings.push_back(
      {Finding::Severity::note, std::move(code), std::move(message), text::excerpt(excerpt, 200)});
}

// Settles which column holds the country; the state column is emptied where it held it.
std::string settle_country(DeniedPlace& place, Listing& listing) {
  if (!place.country.empty()) {
    std::string code = country_of_code(place.country);
    if (!code.empty()) return code;
    if (is_us_state(place.country)) {
      if (place.state.empty()) place.state = place.country;
      return "US";
    }
    return country_code(place.country);
  }
  if (is_us_state(place.state)) return "US";
  if (!place.state.empty()) {
    std::string code = place.state == "RS" ? country_of_rs(place) : country_of_code(place.state);
    if (code.empty()) return {};
    note(listing, "country_in_state_column", "The country is read from the column of the state.",
         place.state);
    place.state.clear();
    return code;
  }
  return country_at_end_of(join_filled({place.street, place.city}));
}

bool is_digits(std::string_view t) {
  return !t.empty() && t.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

void set_denied_name(std::string_view printed, Listing& listing) {
  static const re2::RE2 bracketed("(?i)\\s*\\(\\s*(?:A\\.?\\s?K\\.?\\s?A\\.?|A/K/A)[\\s,:]+([^()]+)\\)");
  static const re2::RE2 joined(
      "(?i)^(.+?)[\\s,]+(A/K/A|A\\.K\\.A\\.?|AKA|D/B/A|D\\.B\\.A\\.?|DBA|F/K/"
      "A|F\\.K\\.A\\.?|FKA)[\\s:,]+(.+)$");
  std::string name = tidy_name(printed);
  std::string alias;
  while (re2::RE2::PartialMatch(name, bracketed, &alias)) {
    listing.aliases.push_back(tidy_name(alias));
    re2::RE2::Replace(&name, bracketed, " ");
  }
  std::string first;
  std::string word;
  std::string rest;
  std::vector<std::string> further;
  std::string tail = tidy_name(name);
  bool former = false;
  bool is_first = true;
  while (re2::RE2::FullMatch(tail, joined, &first, &word, &rest)) {
    if (is_first) {
      name = tidy_name(first);
    } else {
      (former ? listing.former_names : listing.aliases).push_back(tidy_name(first));
    }
    is_first = false;
    former = word.front() == 'F' || word.front() == 'f';
    tail = rest;
  }
  if (!is_first) (former ? listing.former_names : listing.aliases).push_back(tidy_name(tail));
  listing.name = tidy_name(name);
}

void set_denied_place(DeniedPlace place, Listing& listing) {
  const std::string code = settle_country(place, listing);
  if (code.empty())
    note(listing, "country_unknown", "The row names no country that could be read.",
         join_filled({place.city, place.state, place.country}));
  listing.country_code = code;
  listing.country = country_name(code);
  // A spreadsheet has taken the leading zero.
  if (code == "US" && is_digits(place.postal) && place.postal.size() >= 3)
    while (place.postal.size() < 5) place.postal.insert(place.postal.begin(), '0');
  const std::string address = join_filled({place.street, place.city, place.state, place.postal, code});
  if (!address.empty()) listing.addresses.push_back(address);
}

NameAndPlace split_name_and_address(std::string_view cell) {
  std::vector<std::string> segments;
  for (const std::string& s : text::split(cell, ',')) segments.push_back(text::collapse(s));
  NameAndPlace out;
  const auto country = country_segment(segments);
  if (!country) {
    out.name = segments.front();
    out.place.street = join_filled({segments.begin() + 1, segments.end()});
    out.doubt = "the cell does not end with state, country and postal code";
    return out;
  }
  const std::size_t state = *country - 1;
  out.name = segments.front();
  std::size_t next = 1;
  while (next < state && (is_name_suffix(segments[next]) || has_open_bracket(out.name)))
    out.name += ", " + segments[next++];
  if (next == 1 && is_one_word(out.name) && state >= 4 && may_be_given_name(segments[1])) {
    out.name += ", " + segments[next++];
    out.doubt = "the second part is taken for a given name";
  }
  if (next < state) {
    out.place.city = segments[state - 1];
    out.place.street = join_filled({segments.begin() + static_cast<std::ptrdiff_t>(next),
                                    segments.begin() + static_cast<std::ptrdiff_t>(state) - 1});
  }
  out.place.state = segments[state];
  out.place.country = segments[*country];
  out.place.postal = *country + 1 < segments.size() ? segments[*country + 1] : std::string{};
  return out;
}

}  // namespace entitywatch::parsers
