// The distinct words of a screening index, and which of them a given word may be a spelling of. Distinct
// words grow far slower than names, so a word of a query is held against words once and never against names.
// Internal to the screening index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::screening {

using WordId = std::uint32_t;

struct Alike {
  WordId word;
  double likeness;  // as word_likeness says: above 0, below 1
};

// Filled by add, closed by finish; afterwards immutable and read from any number of threads.
class Vocabulary {
 public:
  // The number of the word, a new one when it was not there.
  [[nodiscard]] WordId add(std::string_view word);
  // Makes similar words findable. Once, after the last add.
  void finish();

  [[nodiscard]] std::optional<WordId> find(std::string_view word) const;
  [[nodiscard]] std::string_view word(WordId id) const;
  [[nodiscard]] std::size_t size() const { return starts_.size() - 1; }
  // Every other word of the vocabulary that word_likeness calls a spelling of `word`, initials left out;
  // by number.
  [[nodiscard]] std::vector<Alike> alike(std::string_view word) const;
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  struct Spelling {
    std::uint32_t key;
    WordId word;
  };
  [[nodiscard]] std::size_t slot_of(std::string_view word) const;
  void grow();

  std::string text_;
  std::vector<std::uint32_t> starts_{0};  // of each word in text_, the end of the last one behind them
  std::vector<WordId> slots_;             // open addressing; `vacant` where nothing lies
  // Words by the keys of what is left of them when letters are left out, in buckets by the key's first bits.
  std::vector<std::uint32_t> bucket_starts_;
  std::vector<Spelling> spellings_;
  int bucket_shift_ = 32;
};

}  // namespace entitywatch::screening
