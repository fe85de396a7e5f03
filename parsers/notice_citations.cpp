#include "parsers/notice_citations.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <string>

#include "core/text.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

// The Federal Register began in 1936 with volume 1 and has one volume a year.
constexpr int year_before_first_volume = 1935;
constexpr int last_volume = 199;
// The longest year so far, 2024, had 107,000 pages.
constexpr int last_page = 150000;

// "84 FR", "67 F.R.", "81.F.R.", "83F.R." or "Vol. 86": a volume, and where the text behind it begins.
struct Head {
  int volume = 0;
  bool names_issue = false;
  std::size_t begin = 0;
  std::size_t behind = 0;
};

std::vector<Head> find_heads(std::string_view printed) {
  static const re2::RE2 head("(?i)(?:\\b(\\d{1,3})[\\s.]*F\\.?\\s?R\\b\\.?|\\bVol\\.?\\s*(\\d{1,3})\\b)");
  std::vector<Head> heads;
  re2::StringPiece rest = re2_view(printed);
  re2::StringPiece match[3];
  while (head.Match(rest, 0, rest.size(), re2::RE2::UNANCHORED, match, 3)) {
    const bool names_issue = match[1].empty();
    int volume = 0;
    const re2::StringPiece& digits = names_issue ? match[2] : match[1];
    for (const char c : digits) volume = volume * 10 + (c - '0');
    const auto begin = static_cast<std::size_t>(match[0].data() - printed.data());
    heads.push_back({volume, names_issue, begin, begin + match[0].size()});
    rest.remove_prefix(static_cast<std::size_t>(match[0].data() + match[0].size() - rest.data()));
  }
  return heads;
}

Finding note(std::string code, std::string message, std::string_view excerpt) {
  return {Finding::Severity::note, std::move(code), std::move(message), text::excerpt(excerpt, 200)};
}

// The number right behind the head; nullopt where a date, an issue number or nothing stands there.
std::optional<int> leading_page(std::string_view tail) {
  static const re2::RE2 page("^[\\s,]*(\\d{1,9})(/?)");
  std::string digits;
  std::string slash;
  if (!re2::RE2::PartialMatch(re2_view(tail), page, &digits, &slash) ||
      !slash.empty())
    return std::nullopt;
  int value = 0;
  for (const char c : digits) value = std::min(value * 10 + (c - '0'), 10'000'000);
  return value;
}

std::string printed_date(std::string_view tail) {
  static const re2::RE2 date("(\\d{1,2}/+(?:\\d{1,2}/+)?\\d{2,5})");
  std::string found;
  re2::RE2::PartialMatch(re2_view(tail), date, &found);
  return found;
}

int year_of(Date date) { return static_cast<int>(std::chrono::year_month_day(date).year()); }

void add_date(Citation& citation, std::string_view tail, std::string_view excerpt,
              std::vector<Finding>& findings) {
  const std::string printed = printed_date(tail);
  if (printed.empty()) return;
  const auto date = parse_printed_date(printed);
  if (!date) {
    findings.push_back(note("citation_date_impossible",
                            "The date of a citation is no calendar day and is left out.", excerpt));
  } else if (year_of(*date) != year_before_first_volume + citation.volume) {
    findings.push_back(note("citation_date_mismatch",
                            "The date of a citation is not of the year of its volume and is left out.",
                            excerpt));
  } else {
    citation.date = date;
  }
}

std::optional<Citation> read_citation(const Head& head, std::string_view tail, std::string_view excerpt,
                                      std::vector<Finding>& findings) {
  Citation citation;
  citation.volume = head.volume;
  add_date(citation, tail, excerpt, findings);
  const auto page = head.names_issue ? std::nullopt : leading_page(tail);
  const bool bad_page = page && (*page == 0 || *page > last_page);
  if (head.volume == 0 || head.volume > last_volume || bad_page || (!page && !citation.date)) {
    findings.push_back(
        note("citation_unread", "A citation could not be read with certainty and is left out.", excerpt));
    return std::nullopt;
  }
  citation.page = page.value_or(0);
  return citation;
}

}  // namespace

NoticeCitations read_notice_citations(std::string_view printed) {
  NoticeCitations out;
  const std::vector<Head> heads = find_heads(printed);
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const std::size_t end = i + 1 < heads.size() ? heads[i + 1].begin : printed.size();
    const std::string_view tail = printed.substr(heads[i].behind, end - heads[i].behind);
    const std::string_view excerpt = printed.substr(heads[i].begin, end - heads[i].begin);
    const auto citation = read_citation(heads[i], tail, excerpt, out.findings);
    if (citation && std::find(out.citations.begin(), out.citations.end(), *citation) == out.citations.end())
      out.citations.push_back(*citation);
  }
  if (heads.empty() && printed.find_first_of("0123456789") != std::string_view::npos)
    out.findings.push_back(
        note("citation_unread", "The Federal Register notice could not be read.", printed));
  return out;
}

}  // namespace entitywatch::parsers
