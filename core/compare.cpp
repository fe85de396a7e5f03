#include "core/compare.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "core/text.hpp"

namespace entitywatch {
namespace {

enum class Verdict { same, editorial, substance };

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

std::set<std::string> essences(const std::vector<std::string>& texts) {
  std::set<std::string> out;
  for (const std::string& t : texts) out.insert(essence(t));
  return out;
}

Verdict compare_text(const std::string& a, const std::string& b) {
  if (a == b) return Verdict::same;
  return essence(a) == essence(b) ? Verdict::editorial : Verdict::substance;
}

Verdict compare_sets(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a == b) return Verdict::same;
  if (essences(a) == essences(b)) return Verdict::editorial;
  // The same words in the same order, cut into pieces differently.
  return essence(text::join(a, " ")) == essence(text::join(b, " ")) ? Verdict::editorial : Verdict::substance;
}

std::vector<std::string> all_names(const Listing& l) {
  std::vector<std::string> out = l.aliases;
  out.insert(out.end(), l.former_names.begin(), l.former_names.end());
  return out;
}

Verdict compare_country(const Listing& a, const Listing& b) {
  if (a.country == b.country) return Verdict::same;
  const bool one_code = !a.country_code.empty() && a.country_code == b.country_code;
  // Crimea shares Ukraine's code and is another destination.
  if (one_code && a.country_code != "UA") return Verdict::editorial;
  return compare_text(a.country, b.country);
}

Verdict compare_citations(const std::vector<Citation>& a, const std::vector<Citation>& b,
                          const std::function<bool(const Citation&, const Citation&)>& equal) {
  const auto within = [&](const std::vector<Citation>& xs, const std::vector<Citation>& ys) {
    return std::all_of(xs.begin(), xs.end(), [&](const Citation& x) {
      return std::any_of(ys.begin(), ys.end(), [&](const Citation& y) { return equal(x, y); });
    });
  };
  if (a == b) return Verdict::same;
  return within(a, b) && within(b, a) ? Verdict::editorial : Verdict::substance;
}

bool same_place(const Citation& a, const Citation& b) { return a.volume == b.volume && a.page == b.page; }

// The whole entity cell says the same, whatever the reading made of it.
bool same_entity_cell(const Listing& a, const Listing& b) {
  return !a.raw.entity.empty() && !b.raw.entity.empty() && essence(a.raw.entity) == essence(b.raw.entity);
}

template <class T>
Verdict compare_value(const T& a, const T& b) {
  return a == b ? Verdict::same : Verdict::substance;
}

using CitationEqual = bool (*)(const Citation&, const Citation&);

Comparison compare_fields(const Listing& a, const Listing& b, CitationEqual citation_equal) {
  Comparison out;
  const bool one_cell = same_entity_cell(a, b);
  const auto add = [&](const char* field, Verdict verdict) {
    if (verdict == Verdict::substance) out.substance.emplace_back(field);
    if (verdict == Verdict::editorial) out.editorial.emplace_back(field);
  };
  // A reading may part the same words differently where only punctuation moved.
  const auto in_cell = [&](Verdict verdict) {
    return one_cell && verdict == Verdict::substance ? Verdict::editorial : verdict;
  };
  add("name", in_cell(compare_text(a.name, b.name)));
  add("country", compare_country(a, b));
  add("aliases", in_cell(compare_sets(all_names(a), all_names(b))));
  add("addresses", in_cell(compare_sets(a.addresses, b.addresses)));
  add("license_requirement", compare_text(a.license_requirement, b.license_requirement));
  add("license_review_policy", compare_text(a.license_review_policy, b.license_review_policy));
  add("footnotes", compare_value(a.footnotes, b.footnotes));
  const bool one_citation_text = !a.raw.citation.empty() && text::fold(a.raw.citation) == text::fold(b.raw.citation);
  const Verdict citations = compare_citations(a.citations, b.citations, citation_equal);
  add("citations", one_citation_text && citations == Verdict::substance ? Verdict::editorial : citations);
  add("parent", in_cell(compare_text(a.parent, b.parent)));
  add("programs", compare_sets(a.programs, b.programs));
  add("remarks", compare_text(a.remarks, b.remarks));
  add("start_date", compare_value(a.start_date, b.start_date));
  add("end_date", compare_value(a.end_date, b.end_date));
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
    if (both && text::collapse(a.entity) != text::collapse(b.entity)) out.editorial.emplace_back("entity");
    if (both && text::collapse(a.license_requirement) != text::collapse(b.license_requirement)) out.editorial.emplace_back("license_requirement");
    if (both && text::collapse(a.license_review_policy) != text::collapse(b.license_review_policy)) out.editorial.emplace_back("license_review_policy");
    if (both && text::collapse(a.citation) != text::collapse(b.citation)) out.editorial.emplace_back("citations");
  }
  return out;
}

Comparison compare_across_sources(const Listing& before, const Listing& after) {
  return compare_fields(before, after, same_rule);
}

}  // namespace entitywatch
