// How names are cut into words for screening, and how alike two words are. Internal to the screening index.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::screening {

// The words of a name, transliterated and lower case; at most 64, further ones are left out. "13th" is "13",
// and a legal form spelt letter by letter at the end ("L.L.C.") is one word.
[[nodiscard]] std::vector<std::string> words_of(std::string_view name);

// Names a listing stands for: the name as printed, each acronym it gives in parentheses, and the name
// without those.
[[nodiscard]] std::vector<std::string> spoken_names(std::string_view listed);

// Legal forms and joining words tell parties apart hardly at all: 0.1 and 0.2; words of one or two letters
// less than others: 0.4 and 0.5; others 1.
[[nodiscard]] double word_factor(std::string_view word);

// Legal forms and joining words.
[[nodiscard]] bool is_filler(std::string_view word);

// What remains of a word of Latin letters when the habits of transliteration are evened out: doubled
// letters, kh and h, w and v, e and a, y and i; j is written for the sound of y (Jusuf, Yusuf) and for that
// of zh (Jengjou, Zhengzhou). Empty where too little would remain to tell words apart.
enum class LetterJ { as_y, as_zh };
[[nodiscard]] std::string sound_of(std::string_view word, LetterJ j);

// The same of words of two to five letters, of which less is evened out: xu and ksu, lee and li, noor and
// nur.
[[nodiscard]] std::string short_sound_of(std::string_view word);

// How alike words are to one word: 1 when equal, 0.8 and up for misspellings and other transliterations, 0.78
// for other transliterations of up to three letters, 0.7 for three letters of which one differs and for long
// serial numbers of which one digit differs, 0 for different words. Of a serial number with a digit too few
// or too many nobody would think it another one: that is a misspelling. Digits are never misspelt otherwise:
// institute 13 is not institute 18. Symmetric.
// Initials are not its business.
class Likeness {
 public:
  explicit Likeness(std::string_view word);
  ~Likeness();
  Likeness(const Likeness&) = delete;
  Likeness& operator=(const Likeness&) = delete;
  [[nodiscard]] double to(std::string_view other) const;

 private:
  struct Word;
  std::unique_ptr<const Word> word_;
};

// How alike two runs of letters are as a whole: 1 less the share of letters that must change; 0 below `least`
// and where their digits differ.
[[nodiscard]] double letters_alike(std::string_view a, std::string_view b, double least);

}  // namespace entitywatch::screening
