#include "core/denied.hpp"

#include <algorithm>
#include <rapidfuzz/fuzz.hpp>
#include <set>

#include "core/text.hpp"

namespace entitywatch {
namespace {

std::vector<std::string> names_of(const Listing& l) {
  std::vector<std::string> out{l.name};
  out.insert(out.end(), l.aliases.begin(), l.aliases.end());
  out.insert(out.end(), l.former_names.begin(), l.former_names.end());
  return out;
}

std::set<std::string> folded(const std::vector<std::string>& texts) {
  std::set<std::string> out;
  for (const std::string& t : texts)
    if (std::string key = text::fold(t); !key.empty()) out.insert(std::move(key));
  return out;
}

bool shares_any(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const std::set<std::string> keys = folded(a);
  const std::set<std::string> others = folded(b);
  return std::any_of(keys.begin(), keys.end(), [&](const std::string& k) { return others.contains(k); });
}

bool countries_agree(const Listing& a, const Listing& b) {
  return a.country_code.empty() || b.country_code.empty() || a.country_code == b.country_code;
}

bool is_computed(const Listing& l) {
  return std::any_of(l.findings.begin(), l.findings.end(),
                     [](const Finding& f) { return f.code == "end_date_computed"; });
}

bool one_end(const Listing& a, const Listing& b) {
  if (!a.end_date || !b.end_date) return false;
  // The file counts the days of a period its own way.
  const auto slack = std::chrono::days(is_computed(a) || is_computed(b) ? 2 : 0);
  return *a.end_date - *b.end_date <= slack && *b.end_date - *a.end_date <= slack;
}

bool one_notice(const Listing& a, const Listing& b) {
  return std::any_of(a.citations.begin(), a.citations.end(), [&](const Citation& x) {
    return std::any_of(b.citations.begin(), b.citations.end(),
                       [&](const Citation& y) { return same_rule(x, y); });
  });
}

bool has_days(const Listing& l) { return l.start_date || l.end_date; }

// "FREDERICK JOSEPH BERGMANN" and "Frederick Bergmann": nearly one name.
bool nearly_named(const Listing& a, const Listing& b) {
  for (const std::string& x : names_of(a))
    for (const std::string& y : names_of(b)) {
      const std::string left = text::fold_words(x);
      const std::string right = text::fold_words(y);
      const bool long_enough = left.find(' ') != std::string::npos && right.find(' ') != std::string::npos;
      if (long_enough && rapidfuzz::fuzz::token_set_ratio(left, right) >= 90) return true;
    }
  return false;
}

}  // namespace

bool same_denied_party(const Listing& a, const Listing& b) {
  return countries_agree(a, b) && shares_any(names_of(a), names_of(b));
}

bool same_denial(const Listing& a, const Listing& b) {
  const bool starts = a.start_date && a.start_date == b.start_date;
  const bool ends = one_end(a, b);
  const bool cited = one_notice(a, b);
  if (same_denied_party(a, b)) return ends || starts || cited || !has_days(a) || !has_days(b);
  const bool placed = shares_any(a.addresses, b.addresses);
  return countries_agree(a, b) && ends && (starts || cited || placed) && nearly_named(a, b);
}

bool same_denial_elsewhere(const Listing& a, const Listing& b) {
  if (countries_agree(a, b) || !one_end(a, b) || !shares_any(names_of(a), names_of(b))) return false;
  return a.start_date == b.start_date || one_notice(a, b) || shares_any(a.addresses, b.addresses);
}

Comparison compare_sightings(ListId list, const Listing& before, const Listing& after) {
  Comparison out = compare_across_sources(before, after);
  if (list != ListId::denied_persons || out.substance.empty()) return out;
  const bool one_party =
      same_denied_party(before, after) || same_denial(before, after) || same_denial_elsewhere(before, after);
  const auto is_spelling = [&](const std::string& field) {
    if (field == "name") return one_party;
    if (field == "end_date") return !before.end_date || !after.end_date || one_end(before, after);
    return true;
  };
  for (const std::string& field : out.substance)
    if (is_spelling(field)) out.editorial.push_back(field);
  std::erase_if(out.substance, is_spelling);
  return out;
}

Listing shown_by_row(const Entry& entry, const Listing& row) {
  if (entry.list != ListId::denied_persons || entry.document.empty()) return row;
  Listing out = entry.listing;
  if (out.country_code.empty()) {
    out.country = row.country;
    out.country_code = row.country_code;
  }
  const auto is_new = [&](const std::string& name) {
    return !folded(names_of(out)).contains(text::fold(name));
  };
  for (const std::string& name : names_of(row))
    if (is_new(name)) out.aliases.push_back(name);
  if (!row.citations.empty()) out.citations = row.citations;
  if (!row.remarks.empty()) out.remarks = row.remarks;
  if (row.start_date) out.start_date = row.start_date;
  if (row.end_date) {
    out.end_date = row.end_date;
    std::erase_if(out.findings, [](const Finding& f) { return f.code == "end_date_computed"; });
  }
  out.raw.citation = row.raw.citation;
  return out;
}

Listing joined_listing(const Entry& entry, const Listing& notice) {
  Entry noticed = entry;
  noticed.listing = notice;
  return shown_by_row(noticed, entry.listing);
}

}  // namespace entitywatch
