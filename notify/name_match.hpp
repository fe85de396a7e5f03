// Words and globs of a subscription against names, ignoring case, accents and punctuation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::notify {

// A pattern is one or more whole words that stand together somewhere in the name: "hikvision" matches
// "Hangzhou Hikvision Digital", not "Hikvisionary". "*" stands for any run of characters, "?" for one:
// "semiconductor*" matches words that begin so. Also tried on the name transliterated to Latin letters.
class NamePatterns {
 public:
  explicit NamePatterns(const std::vector<std::string>& patterns);
  [[nodiscard]] bool matches(std::string_view name) const;  // true where there are no patterns

 private:
  struct Pattern {
    std::string folded;          // keeps the letters of every script
    std::string transliterated;  // to Latin
  };
  std::vector<Pattern> patterns_;
};

// "*" any run, "?" one byte-wise character; the whole text must match.
[[nodiscard]] bool glob(std::string_view pattern, std::string_view text);

}  // namespace entitywatch::notify
