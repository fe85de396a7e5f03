#include "parsers/instructions_words.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <initializer_list>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

// 'Canada' in single quotation marks, which an apostrophe cannot be told from.
std::string_view unquoted(std::string_view word) {
  for (const std::string_view mark : {"'", "‘", "’"}) {
    if (word.starts_with(mark)) word.remove_prefix(mark.size());
    if (word.ends_with(mark)) word.remove_suffix(mark.size());
  }
  return word;
}

}  // namespace

bool one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

std::optional<ListVerb> verb_of(std::string_view lower) {
  const auto is = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, lower) != words.end();
  };
  if (is({"add", "adds", "adding", "added", "insert", "inserting", "inserted", "placing"}))
    return ListVerb::add;
  if (is({"revise", "revises", "revising", "revised", "modify", "modifies", "modifying", "modified",
          "updating", "update", "replacing", "replace", "amending", "amend", "changing", "republishing"}))
    return ListVerb::revise;
  if (is({"correct", "corrects", "correcting", "corrected"})) return ListVerb::correct;
  if (is({"remove", "removes", "removing", "removed", "delete", "deleting", "deleted", "striking"}))
    return ListVerb::remove;
  if (is({"redesignate", "redesignating", "redesignated", "renaming"})) return ListVerb::redesignate;
  return std::nullopt;
}

OperationKind kind_of(ListVerb verb) {
  switch (verb) {
    case ListVerb::add:
      return OperationKind::add;
    case ListVerb::remove:
      return OperationKind::remove;
    default:
      return OperationKind::revise;
  }
}

std::string_view action_of(ListVerb verb) {
  switch (verb) {
    case ListVerb::add:
      return "add";
    case ListVerb::remove:
      return "remove";
    case ListVerb::correct:
      return "correct";
    case ListVerb::redesignate:
      return "redesignate";
    default:
      return "revise";
  }
}

bool is_upper_case(std::string_view words) {
  std::size_t letters = 0;
  for (const char c : words) {
    if (c >= 'a' && c <= 'z') return false;
    letters += (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80 ? 1u : 0u;
  }
  return letters >= 3;
}

bool starts_upper(std::string_view word) {
  return !word.empty() && ((word[0] >= 'A' && word[0] <= 'Z') || static_cast<unsigned char>(word[0]) >= 0x80);
}

bool is_address_name(std::string_view name) {
  static const RE2 address("(?i)^address \\d+$");
  return RE2::FullMatch(re2_view(name), address);
}

std::string entry_name(std::string_view quoted) {
  std::string name = name_in_quote(quoted);
  static const RE2 alias(
      "(?i)^(.+?)[,;]?\\s+\\(?(?:a\\.?\\s?k\\.?\\s?a\\.?|f\\.?\\s?k\\.?\\s?a\\.?|also known as|formerly "
      "known as)[,:\\s].*$");
  std::string head;
  if (RE2::FullMatch(name, alias, &head)) name = name_in_quote(head);
  return name;
}

namespace {

// Brackets that explain a country ("UNITED ARAB EMIRATES (U.A.E.)") or refer elsewhere. In a quotation they
// are a part of the name: “Nobody Logistics (China) Limited”.
std::string without_asides(std::string_view text) {
  static const RE2 aside("\\((?:U\\.A\\.E\\.|UAE|PRC|China|U\\.K\\.)\\)|\\([Ss]ee [^()“”]*\\)?");
  static const RE2 outside("([^“]*)(“[^“”]*”|“|$)");
  re2::StringPiece rest = re2_view(text);
  std::string out, before, quotation;
  while (!rest.empty() && RE2::Consume(&rest, outside, &before, &quotation)) {
    RE2::GlobalReplace(&before, aside, " ");
    out += before + quotation;
  }
  return out;
}

}  // namespace

std::string without_boilerplate(std::string text) {
  static const RE2 announcement(
      "(?i)\\bthe\\s+(?:additions?|revisions?|corrections?|removals?|changes?|amendments?|entry|entries)"
      "(?:(?:,|,? and)\\s+(?:the\\s+)?(?:additions?|revisions?|corrections?|removals?|changes?|amendments?))*"
      "(?:\\s+to\\s[^“:;.]{0,60})?\\s+(?:to\\s+)?reads?\\s+as\\s+follows[:.]?");
  static const RE2 to_read("(?i),?\\s*(?:\\bto\\s+)?\\breads?\\s+as\\s+follows[:.]?");
  static const RE2 as_follows("(?i),?\\s*\\bas\\s+follows:");
  RE2::GlobalReplace(&text, announcement, " ");
  RE2::GlobalReplace(&text, to_read, " ");
  RE2::GlobalReplace(&text, as_follows, ":");
  return text::collapse(without_asides(text));
}

std::optional<FoundCountry> country_at(const std::vector<Token>& tokens, std::size_t first,
                                       std::string_view text, UnknownCountry unknown) {
  if (first >= tokens.size() || tokens[first].kind != Token::Kind::word ||
      !starts_upper(unquoted(tokens[first].text)))
    return std::nullopt;
  constexpr std::size_t longest = 9;
  std::optional<FoundCountry> best;
  std::size_t capitals = first;
  bool all_capitals = true;
  for (std::size_t i = first; i < tokens.size() && i < first + longest; ++i) {
    if (tokens[i].is_quote() || tokens[i].is_mark(';') || tokens[i].is_mark(':')) break;
    if (tokens[i].kind == Token::Kind::mark) continue;
    const std::string_view printed =
        unquoted(text.substr(tokens[first].begin, tokens[i].end - tokens[first].begin));
    if (!country_code(printed).empty()) {
      best = FoundCountry{std::string(printed), i + 1};
      // "CRIMEA (OCCUPIED)"
      if (i + 1 < tokens.size() && tokens[i + 1].is_mark(')') && printed.find('(') != std::string_view::npos)
        best = FoundCountry{std::string(printed) + ")", i + 2};
    }
    all_capitals = all_capitals && is_upper_case(printed) && (tokens[i].text.size() > 1);
    if (all_capitals) capitals = i + 1;
  }
  // "UNITED ARAB EMIRATES," and misprints after a known head: the capitals belong to the country.
  if (best && capitals > best->next) best = FoundCountry{best->printed, capitals};
  if (!best && unknown == UnknownCountry::take_capitals && capitals > first)
    best = FoundCountry{
        std::string(text.substr(tokens[first].begin, tokens[capitals - 1].end - tokens[first].begin)),
        capitals};
  return best;
}

std::string printed_country(const std::string& country) {
  constexpr std::size_t longest_abbreviation = 4;  // "UAE", "U.K."
  const bool as_listed = is_upper_case(country) && country.size() > longest_abbreviation;
  return as_listed || country_code(country).empty() ? country : canonical_country(country);
}

}  // namespace entitywatch::parsers
