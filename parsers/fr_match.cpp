#include "parsers/fr_match.hpp"

#include <algorithm>
#include <rapidfuzz/distance/Levenshtein.hpp>
#include <string>
#include <utility>

#include "core/text.hpp"
#include "parsers/entity_cell.hpp"
#include "parsers/fr_counts.hpp"

namespace entitywatch::parsers {
namespace {

constexpr double similar_enough = 0.74;

struct RowNames {
  std::string name;                 // folded
  std::string main_name;            // printed
  std::vector<std::string> others;  // folded aliases and former names
  std::string country;
  ListId list;
};

RowNames names_of(const FrTableRow& row) {
  const std::vector<Listing> parties = read_row(row, {});
  RowNames out;
  out.main_name = parties.front().name;
  out.name = text::fold(out.main_name);
  for (const Listing& party : parties) {
    for (const std::string& alias : party.aliases) out.others.push_back(text::fold(alias));
    for (const std::string& former : party.former_names) out.others.push_back(text::fold(former));
  }
  for (std::size_t i = 1; i < parties.size(); ++i) out.others.push_back(text::fold(parties[i].name));
  out.country = country_key(row.country);
  out.list = row.list;
  return out;
}

class Matcher {
 public:
  Matcher(const std::vector<EntryInstruction>& instructions, const std::vector<FrTableRow>& rows)
      : instructions_(instructions), rows_(rows), used_(rows.size()), out_(instructions.size()) {
    names_.reserve(rows.size());
    for (const FrTableRow& row : rows) names_.push_back(names_of(row));
    for (const EntryInstruction& e : instructions) {
      wanted_.push_back(read_party_name(e.name).name);
      folded_.push_back(text::fold(wanted_.back()));
      countries_.push_back(country_key(e.country));
    }
  }

  std::vector<std::optional<RowMatch>> match() {
    each_pair(
        [&](std::size_t i, std::size_t r) { return same_country(i, r) && folded_[i] == names_[r].name; },
        MatchQuality::exact);
    each_pair(
        [&](std::size_t i, std::size_t r) {
          const std::string& becomes = instructions_[i].becomes;
          return same_country(i, r) && !becomes.empty() && text::fold(becomes) == names_[r].name;
        },
        MatchQuality::exact);
    // The reader of the cell may have taken the name for too short or too long: the instruction settles it.
    each_pair(
        [&](std::size_t i, std::size_t r) {
          return same_country(i, r) && begins_with(r, wanted_[i]) &&
                 text::fold(read_row(rows_[r], wanted_[i]).front().name) == folded_[i];
        },
        MatchQuality::exact);
    each_pair(
        [&](std::size_t i, std::size_t r) {
          return same_country(i, r) &&
                 std::ranges::find(names_[r].others, folded_[i]) != names_[r].others.end();
        },
        MatchQuality::alias);
    match_similar();
    each_pair([&](std::size_t i, std::size_t r) { return folded_[i] == names_[r].name; },
              MatchQuality::other_country);
    match_last_ones();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool wants_row(std::size_t i) const {
    const EntryInstruction& e = instructions_[i];
    return !out_[i] && !e.name.empty() && (e.kind == OperationKind::add || e.kind == OperationKind::revise);
  }

  [[nodiscard]] bool same_country(std::size_t i, std::size_t r) const {
    return countries_[i] == names_[r].country;
  }

  [[nodiscard]] bool begins_with(std::size_t r, const std::string& name) const {
    if (rows_[r].entity_lines.empty() || name.empty()) return false;
    return text::fold(rows_[r].entity_lines.front()).starts_with(text::fold(name));
  }

  void take(std::size_t i, std::size_t r, MatchQuality quality) {
    out_[i] = RowMatch{r, quality};
    used_[r] = true;
  }

  // Past this a comparison of all with all would take too long; such a rule was never printed.
  [[nodiscard]] bool too_many() const {
    constexpr std::size_t most_pairs = 9'000'000;
    return instructions_.size() * rows_.size() > most_pairs;
  }

  template <class Fits>
  void each_pair(Fits fits, MatchQuality quality) {
    if (too_many()) return;
    for (std::size_t i = 0; i < instructions_.size(); ++i) {
      if (!wants_row(i)) continue;
      for (std::size_t r = 0; r < rows_.size(); ++r)
        if (!used_[r] && instructions_[i].list == names_[r].list && fits(i, r)) {
          take(i, r, quality);
          break;
        }
    }
  }

  // The most similar pairs first.
  void match_similar() {
    if (too_many()) return;
    struct Pair {
      double score;
      std::size_t i, r;
    };
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < instructions_.size(); ++i) {
      if (!wants_row(i)) continue;
      for (std::size_t r = 0; r < rows_.size(); ++r) {
        if (used_[r] || instructions_[i].list != names_[r].list || !same_country(i, r)) continue;
        const double score = name_similarity(wanted_[i], names_[r].main_name);
        if (score >= similar_enough) pairs.push_back({score, i, r});
      }
    }
    std::ranges::stable_sort(pairs, [](const Pair& a, const Pair& b) { return a.score > b.score; });
    for (const Pair& p : pairs)
      if (!out_[p.i] && !used_[p.r]) take(p.i, p.r, MatchQuality::similar);
  }

  // One instruction and one row left under a country belong together.
  void match_last_ones() {
    if (too_many()) return;
    for (std::size_t i = 0; i < instructions_.size(); ++i) {
      if (!wants_row(i) || instructions_[i].partial) continue;
      const auto rivals = [&] {
        std::size_t n = 0;
        for (std::size_t k = 0; k < instructions_.size(); ++k)
          n +=
              wants_row(k) && instructions_[k].list == instructions_[i].list && countries_[k] == countries_[i]
                  ? 1u
                  : 0u;
        return n;
      }();
      std::optional<std::size_t> only;
      std::size_t rows = 0;
      for (std::size_t r = 0; r < rows_.size(); ++r)
        if (!used_[r] && rows_[r].findings.empty() && names_[r].list == instructions_[i].list &&
            same_country(i, r)) {
          only = r;
          ++rows;
        }
      if (rivals == 1 && rows == 1) take(i, *only, MatchQuality::only_left);
    }
  }

  const std::vector<EntryInstruction>& instructions_;
  const std::vector<FrTableRow>& rows_;
  std::vector<RowNames> names_;
  std::vector<std::string> wanted_;
  std::vector<std::string> folded_;
  std::vector<std::string> countries_;
  std::vector<bool> used_;
  std::vector<std::optional<RowMatch>> out_;
};

}  // namespace

double name_similarity(std::string_view a, std::string_view b) {
  constexpr std::size_t longest = 400;
  const std::string x = text::fold(a).substr(0, longest);
  const std::string y = text::fold(b).substr(0, longest);
  if (x.empty() || y.empty()) return 0;
  if (x == y) return 1;
  const std::size_t shorter = std::min(x.size(), y.size());
  const double ratio = rapidfuzz::levenshtein_normalized_similarity(x, y);
  // One that holds the other whole ("Foo International" and "Foo International Limited").
  constexpr std::size_t telling = 6;
  const bool holds = shorter >= telling && (x.find(y) != std::string::npos || y.find(x) != std::string::npos);
  return holds ? std::max(ratio, 0.8) : ratio;
}

std::vector<std::optional<RowMatch>> match_rows_to_instructions(
    const std::vector<EntryInstruction>& instructions, const std::vector<FrTableRow>& rows) {
  return Matcher(instructions, rows).match();
}

}  // namespace entitywatch::parsers
