// The command line of the programs here: --name VALUE and --name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::faults {

class Arguments {
 public:
  Arguments(int count, char** values) : values_(values + 1, values + count) {}
  [[nodiscard]] bool flag(std::string_view name) const {
    for (const std::string& v : values_)
      if (v == "--" + std::string(name)) return true;
    return false;
  }
  [[nodiscard]] std::string text(std::string_view name, std::string otherwise = {}) const {
    for (std::size_t i = 0; i + 1 < values_.size(); ++i)
      if (values_[i] == "--" + std::string(name)) return values_[i + 1];
    return otherwise;
  }
  [[nodiscard]] std::uint64_t number(std::string_view name, std::uint64_t otherwise) const {
    const std::string given = text(name);
    return given.empty() ? otherwise : std::stoull(given);
  }

 private:
  std::vector<std::string> values_;
};

}  // namespace entitywatch::faults
