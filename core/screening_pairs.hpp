// How well a name meets a query: its words paired with those asked, and the score that comes of it. Internal
// to the screening index.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/screening_query.hpp"

namespace entitywatch::screening {

// How much of a score comes from the query's words that were met, how much from the name's.
constexpr double query_share = 0.7;
constexpr double name_share = 0.3;
constexpr int scale = 1000;  // scores are told in thousandths

// Leftovers: what the words alone leave unpaired on both sides is compared letter by letter too.
enum class Reading { words, leftovers };

// Used by one thread; index and query outlive it.
class Pairing {
 public:
  Pairing(const ScreeningIndex::Impl& index, const Asked& asked);
  // In thousandths of a full match.
  [[nodiscard]] int score_of(const ScreeningIndex::Impl::Name& name, Reading reading);
  // "same words", "words in common", "similar: hikvison ~ hikvision, …".
  [[nodiscard]] std::string reason(const ScreeningIndex::Impl::Name& name, Reading reading);

 private:
  // A match at a place in a name: which words asked and which listed it takes up.
  struct Pair {
    std::uint64_t asked;
    std::uint64_t listed;
    double likeness;
    double of_query;
    double of_name;
  };
  // What no pair was found for, run together.
  struct Leftovers {
    std::string asked;
    std::string listed;
    double of_query = 0;
    double of_name = 0;
    double agreement = 0;
  };
  [[nodiscard]] std::size_t slot_of(WordId word) const;
  void pair_up(const ScreeningIndex::Impl::Name& name);
  void settle_contention();
  [[nodiscard]] Leftovers leftovers(const ScreeningIndex::Impl::Name& name) const;
  [[nodiscard]] std::string asked_text(std::uint64_t words) const;
  [[nodiscard]] std::string listed_text(const ScreeningIndex::Impl::Name& name, std::uint64_t words) const;

  const ScreeningIndex::Impl& index_;
  const Asked& asked_;
  std::vector<std::uint32_t> slots_;  // of matches by word: one more than where the word's begin, 0 for none
  std::vector<Pair> pairs_;           // of the name in hand
};

}  // namespace entitywatch::screening
