// Whether what is stored still follows from the stored bytes: every change is looked for in a fresh
// reading of the evidence it rests on.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

struct RederiveReport {
  std::size_t observations = 0;  // read again
  std::size_t changes = 0;       // found in the reading of their evidence
  std::size_t unmatched = 0;
  std::string first_unmatched;   // one sentence; empty when every change was found
};

// Reads every observation once; memory is bounded by the largest of them and the ids of the changes.
[[nodiscard]] Result<RederiveReport> rederive(const storage::Archive& archive);

}  // namespace entitywatch::daemon
