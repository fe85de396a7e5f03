#include "core/compare.hpp"

#include <algorithm>
#include <set>

#include "core/text.hpp"

namespace entitywatch {
namespace {

enum class Verdict { same, editorial, substance };

struct Ruling {
  Verdict verdict = Verdict::same;
  const char* rule = "";
};
constexpr Ruling same{};
constexpr Ruling editorial(const char* rule) { return {Verdict::editorial, rule}; }
constexpr Ruling substance(const char* rule) { return {Verdict::substance, rule}; }

// Joining words that come and go with the layout of a cell and carry nothing.
bool is_joint(std::string_view word) { return word == "and" || word == "or"; }

// The words of a text, folded, without joining words, run together: what remains of it when layout,
// punctuation and spacing are set aside. Digit groups stay apart.
std::string essence(std::string_view text) {
  std::string kept;
  for (const std::string& word : text::split(text::fold_words(text), ' ')) {
    if (word.empty() || is_joint(word)) continue;
    kept += word;
    kept += ' ';
  }
  return text::fold(kept);
}

// "744 2l": the letter stands for the digit in the section numbers of some rows.
std::string as_number(std::string word) {
  const bool numeric =
      word.size() > 1 && word.back() == 'l' && word.find_first_not_of("0123456789") == word.size() - 1;
  if (numeric) word.back() = '1';
  return word;
}

// Licence requirements and policies are set phrases whose spelling the publisher changes in hundreds of rows
// at a time: "For all items" and "All items", "(See § 744.11 of the EAR)" and ", see section 744.11 of EAR".
std::string licence_essence(std::string_view text) {
  static const std::set<std::string, std::less<>> silent{"see",      "se",  "the", "section",
                                                         "sections", "sec", "and"};
  std::string kept;
  const std::vector<std::string> words = text::split(text::fold_words(text), ' ');
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool opening =
        i == 0 && words[i] == "for" && words.size() > 2 && (words[1] == "all" || words[1] == "items");
    if (words[i].empty() || opening || silent.contains(words[i])) continue;
    kept += words[i] == "licence" ? "license" : as_number(words[i]);
    kept += ' ';
  }
  return text::fold(kept);
}

using Essence = std::string (*)(std::string_view);

std::set<std::string> essences(const std::vector<std::string>& texts, Essence of) {
  std::set<std::string> out;
  for (const std::string& t : texts) out.insert(of(t));
  return out;
}

std::string folded(std::string_view text) { return text::fold(text); }

Ruling compare_text(const std::string& a, const std::string& b) {
  if (a == b) return same;
  return text::fold(a) == text::fold(b) ? editorial("punctuation_or_case")
                                        : substance("letters_or_digits_differ");
}

Ruling compare_licence(const std::string& a, const std::string& b) {
  const Ruling plain = compare_text(a, b);
  if (plain.verdict != Verdict::substance) return plain;
  return licence_essence(a) == licence_essence(b) ? editorial("licence_phrase_spelling") : plain;
}

Ruling compare_sets(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a == b) return same;
  const auto left = essences(a, folded);
  const auto right = essences(b, folded);
  if (left == right) return editorial("punctuation_case_or_order");
  // The same words in the same order, cut into pieces differently.
  if (essence(text::join(a, " ")) == essence(text::join(b, " "))) return editorial("cut_differently");
  if (std::includes(right.begin(), right.end(), left.begin(), left.end())) return substance("one_more");
  if (std::includes(left.begin(), left.end(), right.begin(), right.end())) return substance("one_less");
  return substance("letters_or_digits_differ");
}

std::vector<std::string> all_names(const Listing& l) {
  std::vector<std::string> out = l.aliases;
  out.insert(out.end(), l.former_names.begin(), l.former_names.end());
  return out;
}

Ruling compare_country(const Listing& a, const Listing& b) {
  if (a.country == b.country) return same;
  const bool one_code = !a.country_code.empty() && a.country_code == b.country_code;
  // Crimea shares Ukraine's code and is another destination.
  if (one_code && a.country_code != "UA") return editorial("another_name_of_the_country");
  return compare_text(a.country, b.country);
}

using CitationEqual = bool (*)(const Citation&, const Citation&);

Ruling compare_citations(const Listing& a, const Listing& b, CitationEqual equal) {
  if (a.citations == b.citations) return same;
  const auto within = [&](const std::vector<Citation>& xs, const std::vector<Citation>& ys) {
    return std::all_of(xs.begin(), xs.end(), [&](const Citation& x) {
      return std::any_of(ys.begin(), ys.end(), [&](const Citation& y) { return equal(x, y); });
    });
  };
  const bool kept = within(a.citations, b.citations);
  if (kept && within(b.citations, a.citations)) return editorial("the_same_acts");
  if (!a.raw.citation.empty() && text::fold(a.raw.citation) == text::fold(b.raw.citation))
    return editorial("the_same_cell");
  return substance(kept ? "one_more" : "other_acts");
}

bool same_place(const Citation& a, const Citation& b) { return a.volume == b.volume && a.page == b.page; }

// The whole entity cell says the same, whatever the reading made of it.
bool same_entity_cell(const Listing& a, const Listing& b) {
  return !a.raw.entity.empty() && !b.raw.entity.empty() &&
         text::fold(a.raw.entity) == text::fold(b.raw.entity);
}

// Every cell says the same: no field can differ in substance, wherever the reading put the words.
bool same_cells(const Listing& a, const Listing& b) {
  const auto alike = [](const std::string& x, const std::string& y) { return text::fold(x) == text::fold(y); };
  return same_entity_cell(a, b) && a.country == b.country &&
         alike(a.raw.license_requirement, b.raw.license_requirement) &&
         alike(a.raw.license_review_policy, b.raw.license_review_policy) &&
         alike(a.raw.citation, b.raw.citation);
}

template <class T>
Ruling compare_value(const T& a, const T& b) {
  return a == b ? same : substance("value_differs");
}

void add(Comparison& out, const char* field, Ruling ruling) {
  if (ruling.verdict == Verdict::same) return;
  const bool matters = ruling.verdict == Verdict::substance;
  (matters ? out.substance : out.editorial).emplace_back(field);
  out.decisions.push_back({field, matters ? "substance" : "editorial", ruling.rule});
}

Comparison compare_fields(const Listing& a, const Listing& b, CitationEqual citation_equal) {
  Comparison out;
  const bool one_cell = same_entity_cell(a, b);
  // A reading may part the same words differently where only punctuation moved.
  const auto in_cell = [&](Ruling ruling) {
    return one_cell && ruling.verdict == Verdict::substance ? editorial("the_same_cell") : ruling;
  };
  add(out, "name", in_cell(compare_text(a.name, b.name)));
  add(out, "country", compare_country(a, b));
  add(out, "aliases", in_cell(compare_sets(all_names(a), all_names(b))));
  add(out, "addresses", in_cell(compare_sets(a.addresses, b.addresses)));
  const bool one_row = one_cell && same_cells(a, b);
  const auto in_row = [&](Ruling ruling) {
    return one_row && ruling.verdict == Verdict::substance ? editorial("the_same_cells") : ruling;
  };
  add(out, "license_requirement", in_row(compare_licence(a.license_requirement, b.license_requirement)));
  add(out, "license_review_policy",
      in_row(compare_licence(a.license_review_policy, b.license_review_policy)));
  // The designations stand outside the words of the cells.
  add(out, "footnotes", compare_value(a.footnotes, b.footnotes));
  add(out, "citations", in_row(compare_citations(a, b, citation_equal)));
  add(out, "parent", in_cell(compare_text(a.parent, b.parent)));
  add(out, "programs", compare_sets(a.programs, b.programs));
  add(out, "remarks", compare_text(a.remarks, b.remarks));
  add(out, "start_date", compare_value(a.start_date, b.start_date));
  add(out, "end_date", compare_value(a.end_date, b.end_date));
  return out;
}

}  // namespace

bool same_rule(const Citation& a, const Citation& b) {
  if (a.volume != b.volume) return false;
  if (a.date && b.date && a.date == b.date) return true;
  return a.page != 0 && a.page == b.page;
}

Comparison compare(const Listing& before, const Listing& after) {
  if (before == after) return {};
  Comparison out = compare_fields(before, after, same_place);
  // Where no field differs the printed cells may still: that too is editorial, and told by cell.
  if (out.same()) {
    const RawCells& a = before.raw;
    const RawCells& b = after.raw;
    const bool both = !a.entity.empty() && !b.entity.empty();
    const auto printed = [&](const char* cell, const std::string& x, const std::string& y) {
      if (both && text::collapse(x) != text::collapse(y)) add(out, cell, editorial("printed_otherwise"));
    };
    printed("entity", a.entity, b.entity);
    printed("license_requirement", a.license_requirement, b.license_requirement);
    printed("license_review_policy", a.license_review_policy, b.license_review_policy);
    printed("citations", a.citation, b.citation);
  }
  return out;
}

Comparison compare_across_sources(const Listing& before, const Listing& after) {
  return compare_fields(before, after, same_rule);
}

}  // namespace entitywatch
