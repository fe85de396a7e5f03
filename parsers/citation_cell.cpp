// Federal Register citations as the lists print them, with the misprints that can be read with certainty.
#include <re2/re2.h>

#include <array>
#include <vector>

#include "core/text.hpp"
#include "core/time.hpp"
#include "parsers/entity_cell.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

// More than any volume has held (106,000 pages in 2024), less than a page with a digit of the date in it.
constexpr int max_page = 130000;
constexpr int first_volume_year = 1935;  // volume 1 is 1936

const std::string printed_date =
    R"((\d{1,2}/\d{1,2}/\d{2,4}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, \d{4}))";

int year_of(Date date) { return static_cast<int>(std::chrono::year_month_day{date}.year()); }

bool fits_volume(Date date, int volume) { return year_of(date) == volume + first_volume_year; }

struct Piece {
  int volume = 0;
  std::string text;  // what follows "FR", up to the next citation
};

struct Pieces {
  std::string before;  // words in front of the first citation
  std::vector<Piece> all;
};

Pieces part(std::string_view flat) {
  static const RE2 start(R"((1\d\d|\d\d)\s*F\.?\s?R\.?(?:\s|\[|\d))");
  Pieces out;
  std::vector<std::size_t> begins, ends;
  std::array<re2::StringPiece, 2> groups;
  const re2::StringPiece input = re2_view(flat);
  for (std::size_t from = 0; start.Match(input, from, input.size(), RE2::UNANCHORED, groups.data(), 2);) {
    begins.push_back(static_cast<std::size_t>(groups[0].data() - flat.data()));
    ends.push_back(begins.back() + groups[0].size() - 1);
    out.all.push_back({std::stoi(std::string(groups[1])), {}});
    from = ends.back();
  }
  out.before = text::trim(flat.substr(0, begins.empty() ? flat.size() : begins.front()));
  for (std::size_t i = 0; i < begins.size(); ++i)
    out.all[i].text =
        text::trim(flat.substr(ends[i], (i + 1 < begins.size() ? begins[i + 1] : flat.size()) - ends[i]));
  return out;
}

// "231164/18/12": the page and the month run together. Every way of parting them is tried; only a single
// one that is a real day of the volume's year and a page that exists is taken.
std::optional<Citation> part_glued(int volume, std::string_view digits, std::string_view behind) {
  std::optional<Citation> found;
  for (std::size_t length = 1; length <= 2 && length < digits.size(); ++length) {
    const std::string_view month = digits.substr(digits.size() - length);
    const std::string_view page = digits.substr(0, digits.size() - length);
    if (month.front() == '0' || page.size() > 6) continue;
    const auto date = parse_printed_date(std::string(month) + std::string(behind));
    const int number = std::stoi(std::string(page));
    if (!date || !fits_volume(*date, volume) || number > max_page || number == 0) continue;
    if (found) return std::nullopt;
    found = Citation{volume, number, date, true};
  }
  return found;
}

struct Read {
  std::optional<Citation> citation;
  std::string left;  // words that are no part of a citation
};

Read read_piece(const Piece& piece) {
  static const RE2 clean(R"(^(\d{1,6}), )" + printed_date + R"(\s*[.;,]?\s*\.?$)");
  static const RE2 loose(R"(^(?:FR\s+)?(\d{1,6})(?:\s+preview citation details)?[\s,.;]+)" + printed_date +
                         R"((.*)$)");
  static const RE2 placeholder(R"((?i)^\[\s*insert[^\]]*?(?:)" + printed_date + R"()?\s*\][\s,.]*(?:)" +
                               printed_date + R"()?(.*)$)");
  static const RE2 glued(R"(^(\d{2,8})(/\d{1,2}/\d{2,4})(.*)$)");
  static const RE2 undated(R"(^(\d{1,6})[\s,.;]*$)");
  std::string page, date, other_date, left;
  if (RE2::FullMatch(piece.text, clean, &page, &date))
    return {Citation{piece.volume, std::stoi(page), parse_printed_date(date), false}, {}};
  if (RE2::FullMatch(piece.text, loose, &page, &date, &left))
    return {Citation{piece.volume, std::stoi(page), parse_printed_date(date), true}, left};
  if (RE2::FullMatch(piece.text, placeholder, &date, &other_date, &left))
    return {Citation{piece.volume, 0, parse_printed_date(date.empty() ? other_date : date), false}, left};
  if (std::string behind; RE2::FullMatch(piece.text, glued, &page, &behind, &left))
    return {part_glued(piece.volume, page, behind), left};
  if (RE2::FullMatch(piece.text, undated, &page))
    return {Citation{piece.volume, std::stoi(page), std::nullopt, false}, {}};
  return {std::nullopt, {}};
}

void find(Listing& listing, Finding::Severity severity, std::string code, std::string message,
          std::string_view words) {
  listing.findings.push_back({severity, std::move(code), std::move(message), text::excerpt(words, 200)});
}

void judge(const Citation& citation, std::string_view words, Listing& listing) {
  using enum Finding::Severity;
  if (citation.page > max_page)
    find(listing, review, "citation_unread", "a citation has a page that no volume has", words);
  if (!citation.date)
    return find(listing, note, "citation_without_date", "a citation has no date that could be read", words);
  if (!fits_volume(*citation.date, citation.volume))
    find(listing, review, "citation_date", "a citation's date is not in the year of its volume", words);
}

bool only_punctuation(std::string_view text) {
  return text.find_first_not_of(" .,;\n") == std::string_view::npos;
}

}  // namespace

void read_citation_cell(std::string_view text, Listing& listing) {
  listing.raw.citation = text::sanitize(text::join(text::collapse_lines(text), "\n"));
  const std::string flat = text::collapse(listing.raw.citation);
  if (flat.empty()) return;
  const Pieces pieces = part(flat);
  if (!only_punctuation(pieces.before) || pieces.all.empty())
    find(listing, Finding::Severity::review, "citation_unread", "words in the citation cell are no citation",
         pieces.before);
  for (const Piece& piece : pieces.all) {
    const std::string words = std::to_string(piece.volume) + " FR " + piece.text;
    const Read read = read_piece(piece);
    if (!read.citation) {
      find(listing, Finding::Severity::review, "citation_unread", "a citation could not be read", words);
      continue;
    }
    if (!only_punctuation(read.left))
      find(listing, Finding::Severity::review, "citation_unread", "words behind a citation are no citation",
           words);
    judge(*read.citation, words, listing);
    listing.citations.push_back(*read.citation);
  }
}

}  // namespace entitywatch::parsers
