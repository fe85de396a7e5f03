// The faults found in a configuration file: collected, so that one reading names them all.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace entitywatch::daemon {

class ConfigProblems {
 public:
  explicit ConfigProblems(std::string file) : file_(std::move(file)) {}

  // `key` is the full path, "sources.ecfr.poll"; `text` is what is wrong and the mend.
  void add(std::size_t line, std::string key, std::string text);
  [[nodiscard]] bool empty() const { return problems_.empty(); }
  // invalid_config; a line a problem, in the order of the file.
  [[nodiscard]] Error error() const;
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  struct Problem {
    std::size_t line = 0;
    std::string key;
    std::string text;
  };
  std::string file_;
  std::vector<Problem> problems_;
};

// The known word with the fewest edits to `word`; empty when none is reasonably near.
[[nodiscard]] std::string nearest_word(std::string_view word, std::span<const std::string_view> known);

}  // namespace entitywatch::daemon
