// Why two readings of one field differ in substance, or do not.
#pragma once

#include <string>

namespace entitywatch {

struct Decision {
  std::string field;    // as in Change::fields
  std::string verdict;  // "substance" or "editorial"
  std::string rule;     // stable, snake_case: "punctuation_and_case", "order", "words_differ", …
  bool operator==(const Decision&) const = default;
};

}  // namespace entitywatch
