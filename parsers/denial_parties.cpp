#include "parsers/denial_parties.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/denial_address.hpp"
#include "parsers/entity_cell_words.hpp"
#include "parsers/place_codes.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

// "Jr.", "III": generations and degrees behind a name.
bool is_generation(std::string_view segment) {
  static const RE2 generation("(?i)^(?:jr|sr|ii|iii|iv|esq|m\\.?d|ph\\.?d)\\.?$");
  return RE2::PartialMatch(re2_view(segment), generation);
}

bool opens_with_alias(std::string_view segment) {
  static const RE2 alias(
      "(?i)^(?:and |or "
      ")?(?:[anfd]\\s?/\\s?[kb]\\s?/\\s?a\\b/?|a\\.k\\.a\\b|aka\\b|f\\.k\\.a\\b|fka\\b|d\\.b\\.a\\b|"
      "dba\\b|also known as\\b|formerly known as\\b|now known as\\b|doing business as\\b)");
  return RE2::PartialMatch(re2_view(segment), alias);
}

// Commas where the publisher left one out: before an alias's mark and before the words that open an address.
std::string with_commas(std::string text) {
  static const RE2 alias(
      "(?i)[\\s,]+((?:[anfd]\\s?/\\s?[kb]\\s?/\\s?a\\b/"
      "?|a\\.k\\.a\\.?|f\\.k\\.a\\.?|d\\.b\\.a\\.?|aka|fka|dba)[\\s:,]|(?:also|"
      "formerly|now) known as |doing business as )");
  static const RE2 bracketed(
      "(?i)\\(\\s*((?:a\\s?/\\s?k\\s?/\\s?a|a\\.k\\.a\\.?|aka|also known "
      "as|f\\s?/\\s?k\\s?/\\s?a|d\\s?/\\s?b\\s?/\\s?a)[^()]*)\\)");
  static const RE2 custody(
      "(?i)[\\s,]+((?:currently )?(?:incarcerated (?:at|in)|in custody at)|(?:inmate|inmte|register) "
      "?(?:number|no\\.|#)|with "
      "(?:an?|the|his|her|its) (?:(?:last|prior|former) )?(?:known )?address|last known address)");
  RE2::GlobalReplace(&text, bracketed, ", \\1, ");
  RE2::GlobalReplace(&text, alias, ", \\1");
  RE2::GlobalReplace(&text, custody, ", \\1");
  static const RE2 held_at("(?i)((?:incarcerated|custody) (?:at|in)):?\\s*,\\s*");
  RE2::GlobalReplace(&text, held_at, "\\1: ");
  static const RE2 doubled(",(?:\\s*,)+");
  RE2::GlobalReplace(&text, doubled, ",");
  return text::collapse(text);
}

// "(“Ge”)", "(hereinafter …)": a short name defined for the text; not part of the name.
std::string without_definitions(std::string text) {
  static const RE2 defined(
      "\\s*\\((?:(?:hereinafter|herein|collectively|individually|each|both|together|the|and|or|referred "
      "to|as|a)[ ,]+)*[“\"‘'][^()]*\\)");
  static const RE2 hereinafter("(?i)\\s*\\((?:hereinafter|collectively|each)[^()]*\\)");
  static const RE2 role("(?i)[,;]?\\s*\\(?(?:the )?(?:respondents?|related persons?|appellants?)\\)?[.:]?$");
  RE2::GlobalReplace(&text, defined, "");
  RE2::GlobalReplace(&text, hereinafter, "");
  RE2::Replace(&text, role, "");
  return text;
}

// "(Ge)" behind "Ge Song Tao": a word of the name said again.
std::string without_echo(std::string name) {
  static const RE2 bracket("\\s*\\(([^()]+)\\)$");
  std::string inner;
  if (!RE2::PartialMatch(name, bracket, &inner)) return name;
  const std::string before = name.substr(0, name.rfind('('));
  const std::string within = " " + text::fold_words(before) + " ";
  if (within.find(" " + text::fold_words(inner) + " ") != std::string::npos) return text::trim(before);
  return name;
}

std::string closed(std::string_view name) { return text::collapse(words::without_closing(name)); }

void review(OrderedParty& party, const char* code, std::string message, std::string_view excerpt) {
  party.findings.push_back(
      {Finding::Severity::review, code, std::move(message), text::excerpt(excerpt, 200)});
}

void add_once(std::vector<std::string>& list, std::string item) {
  if (!item.empty() && std::find(list.begin(), list.end(), item) == list.end())
    list.push_back(std::move(item));
}

// "a/k/a X" as an alias of the party; d/b/a and n/k/a are aliases too, f/k/a is a former name.
void add_alias(OrderedParty& party, std::string_view segment) {
  static const RE2 mark(
      "(?i)^(?:and |or "
      ")?([anfd]\\s?/\\s?[kb]\\s?/\\s?a\\b/?|a\\.k\\.a\\.?|f\\.k\\.a\\.?|d\\.b\\.a\\.?|aka|fka|dba|also "
      "known "
      "as|formerly known as|now known as|doing business as)[\\s:,]*");
  static const RE2 several("(?i)^the following (?:\\w+ )?alias(?:es)?[:,]?\\s*");
  std::string text(segment);
  std::string kind;
  RE2::PartialMatch(text, mark, &kind);
  RE2::Replace(&text, mark, "");
  RE2::Replace(&text, several, "");
  const bool former = !kind.empty() && (kind.front() == 'f' || kind.front() == 'F');
  static const RE2 quotes("[“”\"]");
  std::string bare = text;
  if (bare.starts_with("“") || bare.starts_with('"')) RE2::GlobalReplace(&bare, quotes, "");
  add_once(former ? party.former_names : party.aliases, closed(bare));
}

// Where an address has ended and "and" begins another.
void add_addresses(OrderedParty& party, const std::string& words) {
  static const RE2 joint(
      "(?i)[;,]?\\s+and,?\\s+(?:with an address at:?\\s*)?|[;,]\\s*with an address at:?\\s*");
  std::size_t from = 0;
  re2::StringPiece found;
  std::size_t at = 0;
  while (joint.Match(re2_view(words), at, words.size(), RE2::UNANCHORED, &found, 1)) {
    const std::size_t begin = static_cast<std::size_t>(found.data() - words.data());
    at = begin + found.size();
    const std::string current = words.substr(from, begin - from);
    const bool told = std::string(found).find("address") != std::string::npos;
    if (!told && !ends_address(current)) continue;
    add_once(party.addresses, closed(without_address_opening(current)));
    from = at;
  }
  add_once(party.addresses, closed(without_address_opening(words.substr(from))));
}

// One party's words: the name, what belongs to it, aliases, then addresses to the end.
OrderedParty read_party(const std::string& printed) {
  OrderedParty party;
  const std::vector<std::string> parts = comma_parts(with_commas(without_definitions(printed)));
  if (parts.empty()) return party;
  std::size_t i = 1;
  std::string name = parts.front();
  const auto take_suffixes = [&](std::string& of) {
    while (i < parts.size() && (is_generation(parts[i]) || words::is_legal_form(parts[i])))
      of += ", " + parts[i++];
  };
  take_suffixes(name);
  party.name = without_echo(closed(name));
  while (i < parts.size() && opens_with_alias(parts[i])) {
    std::string alias = parts[i++];
    take_suffixes(alias);
    add_alias(party, alias);
  }
  if (i >= parts.size()) return party;
  const bool certain = is_of_address(parts[i]) || (i + 1 < parts.size() && is_of_address(parts[i + 1]));
  std::string address;
  for (; i < parts.size(); ++i) {
    if (opens_with_alias(parts[i])) {
      add_alias(party, parts[i]);
      continue;
    }
    address += (address.empty() ? "" : ", ") + parts[i];
  }
  if (!certain)
    review(party, "address_uncertain", "Where the name ends and the address begins is uncertain.", printed);
  add_addresses(party, address);
  return party;
}

// ---- which words belong to which party ----

// "Rapid Cut LLC", "Hassan Alaghband": begins a party rather than going on with the one before.
bool begins_party(const std::string& piece, bool behind_and) {
  const std::vector<std::string> parts = comma_parts(with_commas(piece));
  if (parts.empty() || opens_with_alias(piece) || is_generation(parts.front())) return false;
  const std::string& first = parts.front();
  if (words::ends_with_legal_form(first)) return true;
  if (parts.size() > 1 &&
      (opens_with_alias(parts[1]) || words::is_legal_form(parts[1]) || is_generation(parts[1])))
    return true;
  if (is_of_address(first)) return false;
  // "and Yenigöl, Nergiz Sk. …": one word behind "and" is a quarter or a town; people have two.
  return !behind_and || first.find(' ') != std::string::npos;
}

// A party named twice is one.
void add_party(std::vector<OrderedParty>& parties, OrderedParty party) {
  const auto known = std::find_if(parties.begin(), parties.end(), [&](const OrderedParty& p) {
    return text::fold(p.name) == text::fold(party.name);
  });
  if (known == parties.end()) return parties.push_back(std::move(party));
  for (std::string& address : party.addresses) add_once(known->addresses, std::move(address));
  for (std::string& alias : party.aliases) add_once(known->aliases, std::move(alias));
}

// The party's words have begun an address and not come to its place: the next line goes on with it.
bool awaits_place(const std::string& words) {
  return words.find(',') != std::string::npos && !ends_with_place(words);
}

struct Piece {
  std::string text;
  bool behind_and = false;
};

std::vector<Piece> pieces_of(const std::vector<std::string>& lines) {
  static const RE2 leading_and("(?i)^and\\b[:,]?\\s*");
  static const RE2 trailing_and("(?i)[;,]?\\s+and$");
  std::vector<Piece> out;
  bool behind_and = false;
  for (const std::string& line : lines)
    for (const std::string& part : text::split(line, ';')) {
      std::string words = text::collapse(part);
      if (RE2::PartialMatch(words, leading_and)) {
        behind_and = true;
        RE2::Replace(&words, leading_and, "");
      }
      if (words.empty()) continue;
      const bool goes_on = RE2::PartialMatch(words, trailing_and);
      RE2::Replace(&words, trailing_and, "");
      out.push_back({std::move(words), behind_and});
      behind_and = goes_on;
    }
  return out;
}

// "… Tehran, Iran and Second Party LLC, 5 Street": parties parted by "and" alone.
std::vector<Piece> split_at_and(const std::vector<Piece>& pieces) {
  static const RE2 joint("(?i)[,]?\\s+and\\s+");
  std::vector<Piece> out;
  for (const Piece& piece : pieces) {
    std::size_t at = 0;
    std::size_t from = 0;
    re2::StringPiece found;
    const std::string words = piece.text;
    bool behind_and = piece.behind_and;
    while (joint.Match(re2_view(words), at, words.size(), RE2::UNANCHORED, &found, 1)) {
      const std::size_t begin = static_cast<std::size_t>(found.data() - words.data());
      at = begin + found.size();
      const std::string right = words.substr(at);
      const std::vector<std::string> parts = comma_parts(with_commas(right));
      const bool whole = ends_address(words.substr(from, begin - from)) && parts.size() > 1;
      const bool legal = whole && (words::ends_with_legal_form(parts[0]) || words::is_legal_form(parts[1]) ||
                                   opens_with_alias(parts[1]));
      const bool person = whole && !is_of_address(parts[0]) && parts[0].find(' ') != std::string::npos &&
                          opens_address(parts[1]);
      if (!legal && !person) continue;
      out.push_back({words.substr(from, begin - from), behind_and});
      behind_and = true;
      from = at;
    }
    out.push_back({words.substr(from), behind_and});
  }
  return out;
}

}  // namespace

std::vector<OrderedParty> read_ordered_parties(const std::vector<std::string>& lines) {
  std::vector<std::string> whole;
  for (const Piece& piece : split_at_and(pieces_of(lines))) {
    const bool goes_on = !whole.empty() && awaits_place(whole.back()) && is_place_line(piece.text);
    if (whole.empty() || (!goes_on && begins_party(piece.text, piece.behind_and))) {
      whole.push_back(piece.text);
      continue;
    }
    // A further address stands behind "and"; what goes on with an unfinished one behind a comma.
    const bool ended = ends_with_place(whole.back()) || (piece.behind_and && ends_address(whole.back()));
    const bool further = ended && !opens_with_alias(piece.text);
    whole.back() += (further ? " and " : ", ") + piece.text;
  }
  std::vector<OrderedParty> out;
  for (const std::string& words : whole)
    if (OrderedParty party = read_party(words); !party.name.empty()) add_party(out, std::move(party));
  return out;
}

std::vector<Listing> listings_of(const OrderedParty& party) {
  std::vector<Listing> out;
  std::vector<std::string> nowhere;
  const auto at = [&](const std::string& code) -> Listing& {
    const auto found =
        std::find_if(out.begin(), out.end(), [&](const Listing& l) { return l.country_code == code; });
    if (found != out.end()) return *found;
    Listing l;
    l.name = party.name;
    l.aliases = party.aliases;
    l.former_names = party.former_names;
    l.country_code = code;
    l.country = country_name(code);
    l.findings = party.findings;
    out.push_back(std::move(l));
    return out.back();
  };
  for (const std::string& address : party.addresses) {
    const std::string code = country_of_address(address);
    if (code.empty()) {
      nowhere.push_back(address);
    } else {
      at(code).addresses.push_back(address);
    }
  }
  for (Listing& l : out)
    for (const Listing& other : out)
      if (other.country_code != l.country_code) l.cross_references.push_back(other.country);
  const bool none = out.empty();
  Listing& first = none ? at({}) : out.front();
  first.addresses.insert(first.addresses.end(), nowhere.begin(), nowhere.end());
  if (none || !nowhere.empty())
    first.findings.push_back({Finding::Severity::review, "country_unknown",
                              "An address of the party names no country that could be read.",
                              text::excerpt(nowhere.empty() ? party.name : nowhere.front(), 200)});
  return out;
}

}  // namespace entitywatch::parsers
