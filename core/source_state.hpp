// What is known about one source: its proof of life, its validators, and what a brake holds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/time.hpp"

namespace entitywatch {

struct SourceError {
  std::string code;
  std::string message;
  Time at{};
  bool operator==(const SourceError&) const = default;
};

struct SourceHold {
  std::string reason;
  Time since{};
  std::string digest;  // of the reading that is held; `sources release` lets exactly it through
  bool operator==(const SourceHold&) const = default;
};

struct SourceState {
  std::string name;
  std::optional<Time> last_attempt_at;
  std::optional<Time> last_success_at;
  std::optional<Time> last_change_at;
  std::optional<Time> next_poll_at;
  std::optional<SourceError> last_error;
  std::optional<SourceHold> held;
  std::uint32_t failures_in_row = 0;
  bool operators_told = false;   // of the present failure, staleness or hold
  bool has_baseline = false;     // the first reading is complete
  std::string released_digest;   // a held reading an operator let through
  std::string reader_version;    // of the reader that made the last reading
  // What the source itself needs to go on: validators by URL ("etag <url>", "last-modified <url>",
  // "sha256 <url>") and its cursor ("through" = last publication date read, …).
  std::map<std::string, std::string> memory;
  bool operator==(const SourceState&) const = default;
};

}  // namespace entitywatch
