// From an observation to its reading: which reader applies to which kind of bytes. One line a kind.
#pragma once

#include <vector>

#include "core/observation.hpp"
#include "core/reading.hpp"
#include "core/result.hpp"

namespace entitywatch::daemon {

// Raised whenever a reader reads the same bytes otherwise than before: what was read by an older version is
// then read again from evidence, without alerting.
inline constexpr const char* reader_version = "2";

struct Reading {
  std::vector<DocumentReading> documents;
  std::vector<ListReading> lists;
  std::vector<Finding> findings;  // about the whole
};

[[nodiscard]] Result<Reading> read(const Observation& observation);

}  // namespace entitywatch::daemon
