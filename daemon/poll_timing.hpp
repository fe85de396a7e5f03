// When a source is polled next, and which trouble operators hear of: pure functions of its state.
#pragma once

#include <chrono>
#include <string>

#include "core/source_state.hpp"
#include "daemon/config.hpp"

namespace entitywatch::daemon {

// The wait after so many failures in a row: from the lesser of the poll interval and 30 s, doubling, to the
// lesser of an hour and four poll intervals. `jitter` in [0, 1) takes up to a tenth off, so that many
// installations do not come back to a publisher at the same moment.
[[nodiscard]] std::chrono::milliseconds failure_wait(std::chrono::milliseconds poll, std::uint32_t failures,
                                                     double jitter);
// The wait after a success: the interval and up to a twentieth more.
[[nodiscard]] std::chrono::milliseconds success_wait(std::chrono::milliseconds poll, double jitter);

// How long a source may be silent.
[[nodiscard]] std::chrono::milliseconds staleness_limit(const SourceConfig& config);

enum class Trouble { none, failing, held, stale };

// `running_since`: silence while nothing ran here is not the source's. `after`: failures before operators are
// told.
[[nodiscard]] Trouble trouble_of(const SourceState& state, const SourceConfig& config, std::uint32_t after,
                                 Time running_since, Time now);

struct OperatorNotice {
  std::string subject;
  std::string text;
};
[[nodiscard]] OperatorNotice notice_of(Trouble trouble, const SourceState& state, const SourceConfig& config);
[[nodiscard]] OperatorNotice notice_of_recovery(Trouble before, const SourceState& state);

}  // namespace entitywatch::daemon
