#include "parsers/fr_dates.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

bool speaks_of(std::string_view sentence, std::string_view kind) {
  static const RE2 delay("(?i)\\b(?:delay|postpone|defer)");
  static const RE2 suspension("(?i)\\b(?:suspen(?:d|s)|stay(?:s|ed|ing)?\\b)");
  static const RE2 end("(?i)\\b(?:lift|terminat|end(?:s|ed|ing)?\\b|reinstat|reimpos|resum|vacat)");
  if (kind == "delays") return RE2::PartialMatch(re2_view(sentence), delay);
  if (kind == "ends") return RE2::PartialMatch(re2_view(sentence), end);
  return RE2::PartialMatch(re2_view(sentence), suspension);
}

enum class Part { start, end, last_day, new_day, none };

// What a date means by the words before it.
Part part_of(std::string_view before, std::string_view kind) {
  static const RE2 foreign(
      "(?i)(?:published|issued|dated|filed|signed|originally|comments?|received|rule of|order of)[^.;]{0,80}$");
  static const RE2 last_day("(?i)\\bthrough\\s*$");
  static const RE2 end("(?i)\\b(?:until|till|to|ending|before|for the period (?:that )?ends?)(?: on)?\\s*$");
  static const RE2 start("(?i)\\b(?:effective|from|beginning|starting|as of|commencing|since)(?: on| date)?\\s*[:,]?\\s*$");
  if (RE2::PartialMatch(re2_view(before), last_day)) return Part::last_day;
  if (RE2::PartialMatch(re2_view(before), end)) return Part::end;
  if (RE2::PartialMatch(re2_view(before), start)) return Part::start;
  if (RE2::PartialMatch(re2_view(before), foreign)) return Part::none;
  static const RE2 on("(?i)\\b(?:on|is|be|becomes?)\\s*$");
  if (RE2::PartialMatch(re2_view(before), on)) return kind == "delays" ? Part::new_day : Part::start;
  return Part::none;
}

void take(const DateAt& found, Part part, Relation& relation) {
  const bool delays = relation.kind == "delays";
  switch (part) {
    case Part::last_day: relation.until = found.date + std::chrono::days{1}; return;
    case Part::end:
    case Part::new_day: relation.until = found.date; return;
    // Of a delay it is the old day, or the day the delaying document itself takes effect.
    case Part::start:
      if (!delays && !relation.from) relation.from = found.date;
      return;
    case Part::none: return;
  }
}

}  // namespace

std::vector<DateAt> dates_in(std::string_view text) {
  static const RE2 printed(
      "(?i)\\b((?:jan(?:uary|\\.)?|feb(?:ruary|\\.)?|mar(?:ch|\\.)?|apr(?:il|\\.)?|may|june?|july?|aug(?:ust|"
      "\\.)?|"
      "sept?(?:ember|\\.)?|oct(?:ober|\\.)?|nov(?:ember|\\.)?|dec(?:ember|\\.)?) \\d{1,2},? \\d{4})\\b");
  std::vector<DateAt> out;
  std::size_t at = 0;
  re2::StringPiece found;
  while (at < text.size() && printed.Match(re2_view(text), at, text.size(), RE2::UNANCHORED, &found, 1)) {
    const auto begin = static_cast<std::size_t>(found.data() - text.data());
    at = begin + found.size();
    std::string words(found);
    if (words.find(',') == std::string::npos) words.insert(words.rfind(' '), ",");
    if (const auto date = parse_printed_date(words)) out.push_back({*date, begin, at});
  }
  return out;
}

std::vector<std::string> sentences(std::string_view text) {
  static const RE2 abbreviation(
      "(?:\\b(?:No|Nos|U\\.S|a\\.m|p\\.m|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Doc|[A-Z]))$");
  std::vector<std::string> out;
  std::size_t start = 0;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] != '.' || text[i + 1] != ' ' || !(text[i + 2] >= 'A' && text[i + 2] <= 'Z')) continue;
    if (RE2::PartialMatch(re2_view(text.substr(start, i - start)), abbreviation)) continue;
    out.push_back(text::trim(text.substr(start, i + 1 - start)));
    start = i + 1;
  }
  out.push_back(text::trim(text.substr(start)));
  return out;
}

Relation with_dates(Relation relation, const Document& d) {
  static constexpr std::string_view dated[] = {"delays", "suspends", "stays", "ends"};
  if (std::find(std::begin(dated), std::end(dated), relation.kind) == std::end(dated)) return relation;
  for (const std::string& words : {d.dates_text, d.action, d.abstract}) {
    for (const std::string& sentence : sentences(text::collapse(words))) {
      if (!speaks_of(sentence, relation.kind)) continue;
      std::size_t from = 0;
      for (const DateAt& found : dates_in(sentence)) {
        take(found, part_of(std::string_view(sentence).substr(from, found.begin - from), relation.kind), relation);
        from = found.end;
      }
    }
    if (relation.from || relation.until) break;
  }
  return relation;
}

}  // namespace entitywatch::parsers
