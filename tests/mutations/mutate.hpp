// One change to one row, of substance or editorial, at a random place of it.
#pragma once

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "row_cells.hpp"

namespace entitywatch::mutations {

// The same numbers on every platform: no distribution of the library, whose results are its own.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  [[nodiscard]] std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }

 private:
  std::mt19937_64 engine_;
};

enum class Nature { substance, editorial };

struct Mutation {
  std::string name;
  Nature nature;
  // The row's XML with the change; nullopt where the row offers no place for it.
  std::function<std::optional<std::string>(const Row& row, std::string_view xml, Dice& dice)> apply;
};

[[nodiscard]] const std::vector<Mutation>& mutations();

}  // namespace entitywatch::mutations
