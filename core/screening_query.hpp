// What a screening query can match: which words of the vocabulary may stand for which of its words, alone,
// two joined, or one parted in two. Internal to the screening index.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/screening_index.hpp"

namespace entitywatch::screening {

constexpr WordId no_word = ~WordId{0};
constexpr double initial_likeness = 0.8;  // "m" for "mohammad"
// An initial tells no more than a common given name would: of a rarer word it meets only this weight.
constexpr double initial_weight = 5.0;

// A word of the vocabulary met in a name, and what it then stands for.
struct Match {
  WordId word;
  WordId next = no_word;    // when set: the name's following word, which together with it is one word asked
  std::uint64_t asked = 0;  // the words of the query it stands for
  double likeness = 1;
  double of_query = 0;  // weight met of the query's words
  double of_name = 0;   // weight met of the name's words
  bool leads = true;    // names with it are looked for; else it only lifts names found otherwise
};

struct AskedWord {
  std::string word;
  double weight = 0;
  bool is_initial = false;
  // The most that may be met through this word: through matches that lead to names, and through others.
  double most_of_query = 0;
  double most_of_name = 0;
  double unled_of_query = 0;
  double unled_of_name = 0;
  std::vector<Match> leads;  // whose names are to be looked at for this word
  std::size_t names = 0;     // of all leads
};

struct Asked {
  std::vector<AskedWord> words;
  double weight = 0;
  std::uint64_t initials = 0;  // which words are single letters
  std::vector<Match> matches;  // by word
};

[[nodiscard]] Asked ask(const ScreeningIndex::Impl& index, const ScreeningIndex::Impl* background,
                        std::string_view name);

}  // namespace entitywatch::screening
