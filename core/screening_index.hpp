// How a screening index lies in memory. Internal to the screening index.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/screening.hpp"
#include "core/screening_vocabulary.hpp"

namespace entitywatch {

// A name is known by its number; numbers rise with the weight of the name's words, so that a list of names
// in order of number is one in order of weight.
using NameId = std::uint32_t;

struct ScreeningIndex::Impl {
  struct Party {
    std::uint32_t id_start;  // into text; its names follow
    std::uint32_t id_size;
    std::uint32_t first_listed;
    std::array<char, 2> country;
    ListId list;
  };
  struct Name {
    std::uint32_t party;
    std::uint32_t first_word;  // into name_words
    std::uint32_t listed;      // into listed_starts: the name as it is printed
    std::uint32_t words;
    float weight;  // of all its words
  };

  std::string text;
  std::vector<Party> parties;                // by entry id; one more behind them, where the last one ends
  std::vector<std::uint32_t> listed_starts;  // into text, of each printed name; one more behind them
  std::vector<Name> names;
  std::vector<screening::WordId> name_words;
  screening::Vocabulary vocabulary;
  std::vector<float> word_weights;
  std::string initials;                       // the first letter of each word of more than one
  std::vector<std::uint32_t> posting_starts;  // by word; one more behind them
  std::vector<NameId> postings;               // names with the word, each once, by number
  std::size_t background_names = 0;

  [[nodiscard]] std::string_view entry_id(std::uint32_t party) const {
    return std::string_view(text).substr(parties[party].id_start, parties[party].id_size);
  }
  [[nodiscard]] std::string_view printed(std::uint32_t party, std::uint32_t listed) const;
  [[nodiscard]] std::size_t frequency(screening::WordId word) const {
    return posting_starts[word + 1] - posting_starts[word];
  }
  // Rare words weigh more; a word that occurs nowhere weighs most.
  [[nodiscard]] double weight_of(std::string_view word, std::size_t frequency) const;
};

// One search; what is asked and what of it can match is settled by the constructor.
[[nodiscard]] std::vector<ScreenHit> search_index(const ScreeningIndex::Impl& index,
                                                  const ScreeningIndex::Impl* background,
                                                  const ScreenQuery& query,
                                                  const ScreeningIndex::Hidden& hidden);

}  // namespace entitywatch
