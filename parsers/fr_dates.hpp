// Dates in running text of the Federal Register.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/document.hpp"

namespace entitywatch::parsers {

// A printed date ("November 9, 2026") and where it stands.
struct DateAt {
  Date date;
  std::size_t begin;
  std::size_t end;
};
[[nodiscard]] std::vector<DateAt> dates_in(std::string_view text);

// A full stop ends a sentence before a capital, unless it closes an abbreviation.
[[nodiscard]] std::vector<std::string> sentences(std::string_view text);

// Fills in `from` and `until` of a relation that moves effects in time (delays, suspends, stays, ends) from
// the document's DATES paragraph, action and summary: the sentences that speak of it. What they do not say
// stays nullopt.
[[nodiscard]] Relation with_dates(Relation relation, const Document& document);

}  // namespace entitywatch::parsers
