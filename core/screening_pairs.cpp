#include "core/screening_pairs.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/screening_words.hpp"

namespace entitywatch::screening {
namespace {

using Name = ScreeningIndex::Impl::Name;

// How much of the letters left over has to agree, and how many there have to be.
constexpr double least_agreement = 0.6;
constexpr std::size_t least_left = 2;

}  // namespace

Pairing::Pairing(const ScreeningIndex::Impl& index, const Asked& asked) : index_(index), asked_(asked) {
  const std::vector<Match>& matches = asked_.matches;
  slots_.assign(std::bit_ceil(2 * matches.size() + 2), 0);
  for (std::uint32_t i = 0; i < matches.size(); ++i)
    if (i == 0 || matches[i].word != matches[i - 1].word) slots_[slot_of(matches[i].word)] = i + 1;
}

std::size_t Pairing::slot_of(WordId word) const {
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t mixed = word * 0x9e3779b1u;
  std::size_t at = mixed & mask;
  while (slots_[at] != 0 && asked_.matches[slots_[at] - 1].word != word) at = (at + 1) & mask;
  return at;
}

// Everything that could be paired, then the likeliest pairs that do not contend for a word.
void Pairing::pair_up(const Name& name) {
  pairs_.clear();
  const WordId* words = index_.name_words.data() + name.first_word;
  std::uint64_t asked = 0;
  std::uint64_t listed = 0;
  bool contended = false;
  const auto add = [&](const Pair& p) {
    contended = contended || (asked & p.asked) != 0 || (listed & p.listed) != 0;
    asked |= p.asked;
    listed |= p.listed;
    pairs_.push_back(p);
  };
  for (std::uint32_t i = 0; i < name.words; ++i) {
    const std::uint64_t here = std::uint64_t{1} << i;
    const std::uint32_t begin = slots_[slot_of(words[i])];
    for (std::size_t m = begin == 0 ? asked_.matches.size() : begin - 1;
         m < asked_.matches.size() && asked_.matches[m].word == words[i]; ++m) {
      const Match& match = asked_.matches[m];
      if (match.next != no_word && (i + 1 == name.words || words[i + 1] != match.next)) continue;
      add({match.asked, match.next == no_word ? here : here | here << 1, match.likeness, match.of_query,
           match.of_name});
    }
    for (std::uint64_t rest = asked_.initials; rest != 0; rest &= rest - 1) {
      const AskedWord& initial = asked_.words[static_cast<std::size_t>(std::countr_zero(rest))];
      if (index_.initials[words[i]] != initial.word[0]) continue;
      add({rest & (~rest + 1), here, initial_likeness, initial_likeness * initial.weight,
           initial_likeness * std::min<double>(index_.word_weights[words[i]], initial_weight)});
    }
  }
  if (contended) settle_contention();
}

void Pairing::settle_contention() {
  std::stable_sort(pairs_.begin(), pairs_.end(), [](const Pair& a, const Pair& b) {
    return a.likeness != b.likeness ? a.likeness > b.likeness : a.of_query > b.of_query;
  });
  std::uint64_t asked = 0;
  std::uint64_t listed = 0;
  std::erase_if(pairs_, [&](const Pair& p) {
    if ((asked & p.asked) != 0 || (listed & p.listed) != 0) return true;
    asked |= p.asked;
    listed |= p.listed;
    return false;
  });
}

int Pairing::score_of(const Name& name, Reading reading) {
  pair_up(name);
  double of_query = 0;
  double of_name = 0;
  for (const Pair& p : pairs_) {
    of_query += p.of_query;
    of_name += p.of_name;
  }
  if (reading == Reading::leftovers) {
    const Leftovers left = leftovers(name);
    of_query += left.agreement * left.of_query;
    of_name += left.agreement * left.of_name;
  }
  const double score = query_share * std::min(1.0, of_query / asked_.weight) +
                       name_share * std::min(1.0, of_name / static_cast<double>(name.weight));
  return static_cast<int>(std::lround(score * scale));
}

Pairing::Leftovers Pairing::leftovers(const Name& name) const {
  std::uint64_t asked = 0;
  std::uint64_t listed = 0;
  for (const Pair& p : pairs_) {
    asked |= p.asked;
    listed |= p.listed;
  }
  Leftovers out;
  for (std::size_t i = 0; i < asked_.words.size(); ++i) {
    if ((asked >> i & 1) != 0 || is_filler(asked_.words[i].word)) continue;
    out.asked += asked_.words[i].word;
    out.of_query += asked_.words[i].weight;
  }
  const auto is_left = [&](std::uint32_t i) { return (listed >> i & 1) == 0; };
  const auto is_form = [&](std::uint32_t i) {
    return is_filler(index_.vocabulary.word(index_.name_words[name.first_word + i]));
  };
  // What is left of the query where only legal forms are left of the name is a damaged one, if it is
  // anything.
  bool forms = true;
  for (std::uint32_t i = 0; i < name.words; ++i) forms = forms && (!is_left(i) || is_form(i));
  for (std::uint32_t i = 0; i < name.words; ++i) {
    if (!is_left(i) || is_form(i) != forms) continue;
    const WordId word = index_.name_words[name.first_word + i];
    out.listed += index_.vocabulary.word(word);
    out.of_name += index_.word_weights[word];
  }
  if (std::min(out.asked.size(), out.listed.size()) >= least_left)
    out.agreement = letters_alike(out.asked, out.listed, least_agreement);
  return out;
}

std::string Pairing::reason(const Name& name, Reading reading) {
  pair_up(name);
  std::uint64_t asked = 0;
  std::uint64_t listed = 0;
  std::string alike;
  for (const Pair& p : pairs_) {
    asked |= p.asked;
    listed |= p.listed;
    if (p.likeness < 1)
      alike.append(alike.empty() ? "" : ", ")
          .append(asked_text(p.asked))
          .append(" ~ ")
          .append(listed_text(name, p.listed));
  }
  if (reading == Reading::leftovers)
    if (const Leftovers left = leftovers(name); left.agreement > 0)
      alike.append(alike.empty() ? "" : ", ").append(left.asked).append(" ~ ").append(left.listed);
  if (!alike.empty()) return "similar: " + alike;
  const bool all = std::popcount(asked) == static_cast<int>(asked_.words.size()) &&
                   std::popcount(listed) == static_cast<int>(name.words);
  return all ? "same words" : "words in common";
}

std::string Pairing::asked_text(std::uint64_t words) const {
  std::string out;
  for (; words != 0; words &= words - 1)
    out.append(out.empty() ? "" : " ")
        .append(asked_.words[static_cast<std::size_t>(std::countr_zero(words))].word);
  return out;
}

std::string Pairing::listed_text(const Name& name, std::uint64_t words) const {
  std::string out;
  for (; words != 0; words &= words - 1)
    out.append(out.empty() ? "" : " ")
        .append(index_.vocabulary.word(
            index_.name_words[name.first_word + static_cast<std::uint32_t>(std::countr_zero(words))]));
  return out;
}

}  // namespace entitywatch::screening
