#include "parsers/fr_corrections.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/instructions_target.hpp"
#include "parsers/instructions_tokens.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

// "in the first column, in the twentieth line" and the like: where the words stand that are corrected.
std::string place_in(std::string_view masked, std::size_t from) {
  std::string place(masked.substr(std::min(from, masked.size())));
  static const RE2 verdict(
      "(?i)\\s*,?\\s*(?:should|is corrected|are corrected|correct the|remove|add|the following).*$");
  RE2::Replace(&place, verdict, "");
  return touched_what(place);
}

std::string country_in(std::string_view text) {
  static const RE2 under(
      "\\b(?:[Uu]nder|[Ff]or) (?:the (?:entry|heading|country|destination) (?:for |of )?)?“?([A-Z][A-ZÜ',’ "
      "]{3,40})");
  std::string words;
  if (!RE2::PartialMatch(re2_view(text), under, &words)) return {};
  while (!words.empty()) {
    while (!words.empty() && (words.back() == ' ' || words.back() == ',')) words.pop_back();
    if (!country_code(words).empty()) return words;
    const std::size_t space = words.find_last_of(' ');
    if (space == std::string::npos) return {};
    words.resize(space);
  }
  return {};
}

void correct_entry(const std::string& text, const AmendmentTarget& target, InstructionReading& out) {
  static const RE2 entry(
      "(?i)\\b(?:entry|entries|entity|listing)(?: for)?(?: the)?(?: entity)?,? “([^“”]+)”");
  static const RE2 reads("(?i)“([^“”]+)” should read “([^“”]+)”");
  std::string name, wrong, right;
  if (!RE2::PartialMatch(text, entry, &name)) {
    out.findings.push_back({Finding::Severity::review, "correction_unplaced",
                            "the document corrects words of a list and names no entry",
                            text::excerpt(text, 300)});
    return;
  }
  EntryInstruction e;
  e.kind = OperationKind::revise;
  e.list = *target.list;
  e.country = country_in(text);
  e.name = name_in_quote(name);
  e.partial = true;
  e.is_correction = true;
  e.words = text::excerpt(text, 300);
  if (RE2::PartialMatch(text, reads, &wrong, &right) && name_in_quote(wrong) == e.name)
    e.becomes = name_in_quote(right);
  out.entries.push_back(std::move(e));
}

}  // namespace

InstructionReading read_correction_paragraphs(const std::vector<FrParagraph>& body) {
  static const RE2 correction(
      "(?i)\\bshould (?:read|be|appear|have)|\\bis corrected\\b|\\bare corrected\\b|\\bcorrect(?:ing)? "
      "the\\b|\\bis removed\\b|\\bis added\\b|inadvertently");
  static const RE2 page(
      "(?i)^(?:\\(?[a-z0-9]{1,3}[.)]\\s*)?(?:on|in|beginning on|at) (?:page|the |§|supplement|section)");
  InstructionReading out;
  for (const FrParagraph& p : body) {
    const std::string text = tidy_instruction(p.text);
    if (!RE2::PartialMatch(text, correction) || !RE2::PartialMatch(text, page)) continue;
    const std::string masked = mask_quotes(text);
    std::vector<AmendmentTarget> targets = find_targets(masked, 15, {});
    if (targets.empty()) targets = find_targets(mask_quotes(tidy_instruction(p.heading)), 15, {});
    for (const AmendmentTarget& target : targets) {
      if (target.section.empty()) continue;
      out.touched.push_back(
          {target.title, target.part, target.section, place_in(masked, target.end), "correct"});
      if (target.list) correct_entry(text, target, out);
    }
  }
  return out;
}

}  // namespace entitywatch::parsers
