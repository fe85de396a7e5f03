#include "parsers/fr_front.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/fr_dates.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

using namespace std::chrono;

// The words of a headed block ("SUMMARY: …") without its heading.
std::string block_text(const FrNode* block) {
  if (block == nullptr) return {};
  std::vector<std::string> out;
  for (const FrNode& child : block->children)
    if (!child.is("HD") && !child.is_text())
      if (std::string words = running_text(child); !words.empty()) out.push_back(std::move(words));
  return text::join(out, " ");
}

std::string type_of(const FrNode& root) {
  if (root.is("RULE")) return "Rule";
  if (root.is("PRORULE")) return "Proposed Rule";
  if (root.is("NOTICE")) return "Notice";
  return "Rule";
}

std::vector<std::string> docket_numbers(std::string_view depdoc) {
  // "[Docket No. 240614-0163]", "[Docket Nos. 1, 2]", "[Docket Number 0-1]": the API gives the words inside.
  std::string inner = text::collapse(depdoc);
  if (inner.starts_with('[')) inner.erase(0, 1);
  if (inner.ends_with(']')) inner.pop_back();
  return inner.empty() ? std::vector<std::string>{} : std::vector{text::trim(inner)};
}

// Second Sunday of March and first of November since 2007; before, first of April and last of October.
bool is_daylight_saving(Date day, minutes of_day) {
  const year_month_day ymd(day);
  const year y = ymd.year();
  const bool since_2007 = y >= year{2007};
  const sys_days begin = since_2007 ? sys_days(y / March / Sunday[2]) : sys_days(y / April / Sunday[1]);
  const sys_days end = since_2007 ? sys_days(y / November / Sunday[1]) : sys_days(y / October / Sunday[last]);
  const auto local = day + of_day;
  return local >= begin + hours(2) && local < end + hours(2);
}

Time from_eastern(Date day, minutes of_day) {
  const hours offset = is_daylight_saving(day, of_day) ? hours(4) : hours(5);
  return Time(day + of_day + offset);
}

void collect_paragraphs(const FrNode& node, std::string& heading, std::vector<FrParagraph>& out) {
  for (const FrNode& child : node.children) {
    if (child.is("HD")) {
      heading = running_text(child);
    } else if (child.is("P") || child.is("FP")) {
      if (std::string words = running_text(child); !words.empty()) out.push_back({heading, std::move(words)});
    } else if (!child.is_text() && !child.is("REGTEXT") && !child.is("GPOTABLE") && !child.is("SIG")) {
      collect_paragraphs(child, heading, out);
    }
  }
}

std::string authority_of(const FrNode& root) {
  std::string first;
  for (const FrNode* regtext : find_nodes(root, "REGTEXT")) {
    const FrNode* auth = find_node(*regtext, "AUTH");
    if (auth == nullptr) continue;
    std::string words = block_text(auth);
    if (words.empty()) words = running_text(*auth);
    if (regtext->attribute("PART") == "744") return words;
    if (first.empty()) first = std::move(words);
  }
  return first;
}

}  // namespace

FrFront read_front(const FrNode& root) {
  FrFront out;
  out.type = type_of(root);
  const FrNode* preamble = find_node(root, "PREAMB");
  const FrNode& head = preamble != nullptr ? *preamble : root;
  const auto text_of = [&](std::string_view element) {
    const FrNode* node = find_node(head, element);
    return node == nullptr ? std::string{} : running_text(*node);
  };
  out.title = text_of("SUBJECT");
  out.cfr = text_of("CFR");
  out.action = block_text(find_node(head, "ACT"));
  out.summary = block_text(find_node(head, "SUM"));
  const FrNode* dates = find_node(head, "EFFDATE");
  if (dates == nullptr) dates = find_node(head, "DATES");
  out.dates = block_text(dates);
  for (const std::string_view element : {"AGENCY", "SUBAGY"})
    for (const FrNode* node : find_nodes(head, element)) out.agencies.push_back(running_text(*node));
  for (const FrNode* node : find_nodes(head, "DEPDOC")) {
    const std::vector<std::string> numbers = docket_numbers(running_text(*node));
    out.dockets.insert(out.dockets.end(), numbers.begin(), numbers.end());
  }
  static const RE2 rin("(\\d{4}-[A-Z0-9]{4})");
  for (const FrNode* node : find_nodes(head, "RIN")) {
    const std::string words = running_text(*node);
    re2::StringPiece rest(words);
    std::string found;
    while (RE2::FindAndConsume(&rest, rin, &found)) out.rins.push_back(found);
  }
  const std::vector<const FrNode*> filings = find_nodes(root, "FRDOC");
  if (!filings.empty()) {
    FilingLine line = read_filing_line(running_text(*filings.back()));
    if (!line.filed_at)
      if (const FrNode* filed = find_node(root, "FILED"))
        line.filed_at = read_filing_line(running_text(*filed)).filed_at;
    out.number = std::move(line.number);
    out.filed_at = line.filed_at;
  }
  for (const FrNode* page : find_nodes(root, "PRTPAGE")) {
    const std::string number(page->attribute("P"));
    int value = 0;
    if (RE2::FullMatch(number, "(\\d{1,6})", &value)) out.pages.push_back(value);
  }
  out.authority = authority_of(root);
  return out;
}

std::vector<FrParagraph> body_paragraphs(const FrNode& root) {
  std::vector<FrParagraph> out;
  std::string heading;
  for (const FrNode& child : root.children) {
    if (child.is("PREAMB") || child.is_text()) continue;
    if (child.is("P") || child.is("FP")) {
      if (std::string words = running_text(child); !words.empty()) out.push_back({heading, std::move(words)});
    } else if (child.is("HD")) {
      heading = running_text(child);
    } else if (!child.is("REGTEXT") && !child.is("GPOTABLE")) {
      collect_paragraphs(child, heading, out);
    }
  }
  // Notices hold their text in the preamble.
  if (const FrNode* preamble = root.child("PREAMB"); preamble != nullptr && out.empty()) {
    std::string inside;
    for (const FrNode& child : preamble->children)
      if (child.is("P") || child.is("FP"))
        if (std::string words = running_text(child); !words.empty())
          out.push_back({inside, std::move(words)});
  }
  return out;
}

std::string agency_slug(std::string_view printed) {
  const std::string fold = text::fold_words(printed);
  if (fold.find("industry and security") != std::string::npos) return "industry-and-security-bureau";
  if (fold == "department of commerce" || fold == "commerce department") return "commerce-department";
  return {};
}

bool is_bis(const FrFront& front, const std::vector<std::string>& slugs) {
  if (std::ranges::find(slugs, "industry-and-security-bureau") != slugs.end()) return true;
  if (std::ranges::any_of(front.agencies, [](const std::string& a) {
        return agency_slug(a) == "industry-and-security-bureau";
      }))
    return true;
  if (!front.agencies.empty() || !slugs.empty()) return false;
  static const RE2 part("(?i)\\b15 CFR (?:chapter VII|parts? [^.]*\\b7[34567]\\d\\b)");
  return RE2::PartialMatch(front.cfr, part);
}

FilingLine read_filing_line(std::string_view words) {
  static const RE2 number("(?i)FR\\s*Doc\\.?\\s*(?:No\\.?:?\\s*)?([A-Z]?\\d?-?[A-Z]?\\d{1,4}[-–]\\d{2,6})");
  static const RE2 filed(
      "(?i)Filed\\s+(\\d{1,2})[-–](\\d{1,2})[-–](\\d{2,4})(?:[;,]\\s*(\\d{1,2}):(\\d{2})\\s*([ap])\\.?m)?");
  FilingLine out;
  RE2::PartialMatch(re2_view(words), number, &out.number);
  int month = 0, day = 0, year_number = 0;
  std::string hour, minute, half;
  if (!RE2::PartialMatch(re2_view(words), filed, &month, &day, &year_number, &hour, &minute, &half)) return out;
  if (year_number < 100) year_number += year_number < 70 ? 2000 : 1900;
  const year_month_day ymd{year{year_number} / month / day};
  if (!ymd.ok()) return out;
  minutes of_day = hours(8) + minutes(45);  // the hour of regular filings
  if (!hour.empty()) {
    const int h = std::stoi(hour) % 12 + (half == "p" || half == "P" ? 12 : 0);
    of_day = hours(h) + minutes(std::stoi(minute));
  }
  out.filed_at = from_eastern(sys_days(ymd), of_day);
  return out;
}

std::vector<Date> effective_dates(std::string_view dates, const std::optional<Date>& published) {
  std::vector<Date> out;
  const auto add = [&](Date date) {
    if (std::ranges::find(out, date) == out.end()) out.push_back(date);
  };
  static const RE2 effective("(?i)\\beffective\\b");
  static const RE2 other_kind(
      "(?i)(?:through|until|before|comments?[^.;]*|published[^.;]{0,60}|dated|issued|expires?[^.;]*|"
      "compliance[^.;]*|revis(?:es|ing)[^.;]*)\\s*(?:on|in the Federal Register on)?\\s*$");
  static const RE2 on_publication(
      "(?i)\\beffective (?:immediately )?(?:up)?on (?:the date of )?(?:its )?publication");
  for (const std::string& sentence : sentences(dates)) {
    if (!RE2::PartialMatch(sentence, effective)) continue;
    if (published && RE2::PartialMatch(sentence, on_publication)) add(*published);
    std::size_t from = 0;
    for (const DateAt& d : dates_in(sentence)) {
      const std::string_view before = std::string_view(sentence).substr(from, d.begin - from);
      const std::string_view all_before = std::string_view(sentence).substr(0, d.begin);
      from = d.end;
      if (RE2::PartialMatch(re2_view(before), other_kind)) continue;
      const bool effective_first = RE2::PartialMatch(re2_view(all_before), effective);
      const bool effective_after =
          RE2::PartialMatch(re2_view(std::string_view(sentence).substr(d.end, 25)), effective);
      if (effective_first || effective_after) add(d.date);
    }
  }
  return out;
}

std::vector<InstructionDate> instruction_dates(std::string_view dates) {
  static const RE2 instruction(
      "(?i)\\b(?:amendatory )?instructions?(?: nos?\\.?| "
      "numbers?)?\\s+((?:\\d+(?:\\.?[a-z](?:\\.[ivx]+)?)?(?:,? and |, |,? through )?)+)"
      "[^.;]{0,160}?\\b(?:(?:is|are|will be|becomes?)\\s+)?effective\\s+(?:on\\s+)?([A-Z][a-z]+\\.? "
      "\\d{1,2}, \\d{4})");
  static const RE2 one("(\\d+)(?:\\.?([a-z])\\b)?");
  std::vector<InstructionDate> out;
  re2::StringPiece rest = re2_view(dates);
  std::string numbers, printed;
  while (RE2::FindAndConsume(&rest, instruction, &numbers, &printed)) {
    const auto date = parse_printed_date(printed);
    if (!date) continue;
    re2::StringPiece each(numbers);
    std::string digits, letter;
    while (RE2::FindAndConsume(&each, one, &digits, &letter))
      out.push_back({letter.empty() ? digits : digits + "." + letter, *date});
  }
  return out;
}

std::optional<Date> savings_end(const std::vector<FrParagraph>& paragraphs) {
  static const RE2 clause(
      "(?i)en ?route aboard a carrier|may proceed to that (?:destination|UVL)|aboard a carrier to a port|on "
      "dock for loading");
  static const RE2 before("(?i)\\b(?:before|by|until|prior to)(?: midnight,?)?(?: on)?,?\\s*$");
  for (const FrParagraph& p : paragraphs) {
    if (!RE2::PartialMatch(p.text, clause)) continue;
    std::optional<Date> end;
    for (const DateAt& d : dates_in(p.text))
      if (RE2::PartialMatch(re2_view(std::string_view(p.text).substr(0, d.begin)), before)) end = d.date;
    if (end) return end;
  }
  return std::nullopt;
}

}  // namespace entitywatch::parsers
