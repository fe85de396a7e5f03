// What the XML of a Federal Register document says about itself: heading, dates, numbers, paragraphs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.hpp"
#include "core/time.hpp"
#include "parsers/fr_tree.hpp"

namespace entitywatch::parsers {

struct FrFront {
  std::string number;
  std::optional<Time> filed_at;
  std::string type;  // "Rule", "Proposed Rule", "Notice"
  std::string title;
  std::string action;
  std::string summary;
  std::string dates;
  std::vector<std::string> agencies;  // as printed
  std::vector<std::string> dockets;
  std::vector<std::string> rins;
  std::string cfr;         // "15 CFR Part 744"
  std::string authority;   // of part 744 where it is printed, else the first
  std::vector<int> pages;  // page marks inside
};

[[nodiscard]] FrFront read_front(const FrNode& root);

// The paragraphs of the body with the heading they stand under.
struct FrParagraph {
  std::string heading;
  std::string text;
};
[[nodiscard]] std::vector<FrParagraph> body_paragraphs(const FrNode& root);

// By its agencies (as printed or as slugs), or, where none is named, by the part it amends.
[[nodiscard]] bool is_bis(const FrFront& front, const std::vector<std::string>& slugs);

// "DEPARTMENT OF COMMERCE" -> "commerce-department", the slug of the API; empty where it is not known.
[[nodiscard]] std::string agency_slug(std::string_view printed);

// "[FR Doc. 2024-13695 Filed 6-20-24; 4:15 pm]": number and instant (US Eastern time).
struct FilingLine {
  std::string number;
  std::optional<Time> filed_at;
};
[[nodiscard]] FilingLine read_filing_line(std::string_view text);

// Every date a DATES paragraph makes the rule (or a part of it) effective on, in printed order.
// `published` answers "effective on publication".
[[nodiscard]] std::vector<Date> effective_dates(std::string_view dates, const std::optional<Date>& published);

// The dates that single instructions take effect on: "except for amendatory instruction 5, which is
// effective June 1, 2024".
struct InstructionDate {
  std::string number;  // "5", "2.b"
  Date date;
};
[[nodiscard]] std::vector<InstructionDate> instruction_dates(std::string_view dates);

// The day until which goods en route may proceed, from the savings clause.
[[nodiscard]] std::optional<Date> savings_end(const std::vector<FrParagraph>& paragraphs);

}  // namespace entitywatch::parsers
