// Editorial or substance, decided field by field. Punctuation, spacing, dashes, quotes, capital letters,
// markup and the order of aliases are editorial; one letter, one digit, one alias is substance.
#pragma once

#include <string>
#include <vector>

#include "core/decision.hpp"
#include "core/entry.hpp"

namespace entitywatch {

// `substance` and `editorial` hold the names of the fields that differ, in the order name, country,
// aliases, addresses, license_requirement, license_review_policy, footnotes, citations, parent, programs,
// remarks, start_date, end_date. Both empty: the same.
struct Comparison {
  std::vector<std::string> substance;
  std::vector<std::string> editorial;
  std::vector<Decision> decisions;  // of every field that differs, with the rule that decided
  [[nodiscard]] bool same() const { return substance.empty() && editorial.empty(); }
};

[[nodiscard]] Comparison compare(const Listing& before, const Listing& after);

// A citation of a rule names its first page or the page of the table, depending on who prints it: two
// citations are of one rule when volume and date agree, or volume and page.
[[nodiscard]] bool same_rule(const Citation& a, const Citation& b);

// As compare, without what two publishers of the same act print differently on purpose: the page of the
// citation. For a rule's row against the eCFR's row of the same act.
[[nodiscard]] Comparison compare_across_sources(const Listing& before, const Listing& after);

}  // namespace entitywatch
