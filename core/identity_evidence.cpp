#include "core/identity_evidence.hpp"

#include <algorithm>
#include <cstdlib>
#include <rapidfuzz/fuzz.hpp>
#include <sstream>
#include <utility>

#include "core/compare.hpp"
#include "core/countries.hpp"
#include "core/text.hpp"

namespace entitywatch {
namespace {

// A list that cites a rule by its first page, and one that cites the page the row stands on: no rule that
// changed a list was longer.
constexpr int longest_rule = 80;

void add_words(std::string_view text, WordSet& out) {
  std::istringstream words(text::fold_words(text));
  for (std::string word; words >> word;) out.insert(word);
}

bool shares(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& x) {
    return std::any_of(b.begin(), b.end(), [&](const std::string& y) { return text::fold(x) == text::fold(y); });
  });
}

// Every citation of the earlier row stands in the later one too, and there is at least one.
template <class Same>
bool keeps_citations(const Listing& before, const Listing& after, Same one) {
  return !before.citations.empty() &&
         std::all_of(before.citations.begin(), before.citations.end(), [&](const Citation& b) {
           return std::any_of(after.citations.begin(), after.citations.end(), [&](const Citation& a) { return one(b, a); });
         });
}

bool near_page(const Citation& a, const Citation& b) {
  return same_rule(a, b) || (a.volume == b.volume && a.page != 0 && b.page != 0 && std::abs(a.page - b.page) <= longest_rule);
}

// The share of words that both have.
double overlap(const WordSet& a, const WordSet& b) {
  if (a.empty() || b.empty()) return 0;
  std::size_t both = 0;
  for (const std::string& word : a) both += b.count(word);
  return static_cast<double>(both) / static_cast<double>(a.size() + b.size() - both);
}

// Sources order an address differently and leave out a word; two words are no address yet.
bool same_address(const WordSet& a, const WordSet& b) {
  return a == b || (std::min(a.size(), b.size()) >= 4 && overlap(a, b) >= 0.8);
}

bool share_address(const RowWords& a, const RowWords& b) {
  return std::any_of(a.addresses.begin(), a.addresses.end(), [&](const WordSet& x) {
    return std::any_of(b.addresses.begin(), b.addresses.end(), [&](const WordSet& y) { return same_address(x, y); });
  });
}

// Nothing but a city is said, on one side at least, and it is not another one.
bool vague_address(const RowWords& a, const RowWords& b) {
  const auto city_at_most = [](const RowWords& row) {
    return row.addresses.empty() || (row.addresses.size() == 1 && row.addresses.front().size() <= 2);
  };
  if (!city_at_most(a) && !city_at_most(b)) return false;
  if (a.addresses.empty() || b.addresses.empty()) return true;
  const WordSet& x = a.addresses.front();
  const WordSet& y = b.addresses.front();
  return std::includes(x.begin(), x.end(), y.begin(), y.end()) || std::includes(y.begin(), y.end(), x.begin(), x.end());
}

bool begins_with(const std::string& longer, const std::string& shorter) {
  return !shorter.empty() && longer.starts_with(shorter) && (longer.size() == shorter.size() || longer[shorter.size()] == ' ');
}

bool is_other_name(const std::string& name, const Listing& of) {
  const std::string folded = text::fold(name);
  const auto is = [&](const std::string& n) { return text::fold(n) == folded; };
  return std::any_of(of.aliases.begin(), of.aliases.end(), is) || std::any_of(of.former_names.begin(), of.former_names.end(), is);
}

}  // namespace

RowWords::RowWords(const Listing& row) : listing(&row), name(text::fold_words(row.name)) {
  std::string digits;
  for (const char c : name + ' ') {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (!digits.empty()) {
      numbers.insert(std::exchange(digits, {}));
    }
  }
  WordSet country;
  add_words(row.country, country);
  add_words(country_display_name(row.country_code), country);
  add_words(row.name, whole);
  for (const std::string& address : row.addresses) {
    WordSet words;
    add_words(address, words);
    for (const std::string& word : country) words.erase(word);
    whole.insert(words.begin(), words.end());
    if (!words.empty()) addresses.push_back(std::move(words));
  }
}

int likeness(const Listing& a, const Listing& b) {
  if (!a.raw.entity.empty() && text::fold(a.raw.entity) == text::fold(b.raw.entity)) return 100;
  int score = 0;
  if (shares(a.addresses, b.addresses)) score += 40;
  if (shares(a.aliases, b.aliases)) score += 20;
  if (keeps_citations(a, b, same_rule)) score += 20;
  return score;
}

std::string rename_reason(const RowWords& before, const RowWords& after) {
  const Listing& a = *before.listing;
  const Listing& b = *after.listing;
  if (!a.raw.entity.empty() && text::fold(a.raw.entity) == text::fold(b.raw.entity)) return "the printed cell is the same";
  const bool near = keeps_citations(a, b, near_page);
  const bool address = share_address(before, after);
  if ((near || address) && is_other_name(a.name, b)) return "the former name is among the aliases";
  if ((near || address) && is_other_name(b.name, a)) return "the new name was among the aliases";
  const bool one_number = before.numbers == after.numbers;
  const double ratio = one_number ? rapidfuzz::fuzz::token_sort_ratio(before.name, after.name) : 0;
  if (address && near && ratio >= 60) return "same address, same citations, similar name";
  if (ratio >= 90 && keeps_citations(a, b, same_rule)) return "same citations, nearly the same name";
  if (address && ratio >= 85) return "same address, nearly the same name";
  if (address && near && shares(a.aliases, b.aliases)) return "same address, citations and an alias";
  if (near && ratio >= 92 && vague_address(before, after)) return "nearly the same name, cited from one rule";
  const bool longer = begins_with(before.name, after.name) || begins_with(after.name, before.name);
  if (longer && near && overlap(before.whole, after.whole) >= 0.7) return "the same words, parted elsewhere into name and address";
  return {};
}

}  // namespace entitywatch
