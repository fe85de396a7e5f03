// How names are cut into words for screening, and how alike two words are. Internal to the screening index.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::screening {

// The words of a name, transliterated and lower case.
[[nodiscard]] std::vector<std::string> words_of(std::string_view name);

// Names a listing stands for: the name itself, and each acronym it gives in parentheses.
[[nodiscard]] std::vector<std::string> spoken_names(std::string_view listed);

// Legal forms and joining words tell parties apart hardly at all: 0.1 and 0.2; others 1.
[[nodiscard]] double word_factor(std::string_view word);

// 1 for equal words, 0.8 and up for misspellings and initials, 0 for different words.
[[nodiscard]] double word_likeness(std::string_view a, std::string_view b);

}  // namespace entitywatch::screening
