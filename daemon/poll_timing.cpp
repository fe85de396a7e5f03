#include "daemon/poll_timing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/scheduler.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

milliseconds scaled(milliseconds wait, double factor) {
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * factor));
}

std::string printed(const std::optional<Time>& time) { return time ? format_time(*time) : "never"; }

}  // namespace

milliseconds failure_wait(milliseconds poll, std::uint32_t failures, double jitter) {
  const milliseconds longest = std::min<milliseconds>(1h, poll * 4);
  milliseconds wait = std::min<milliseconds>(poll, 30s);
  for (std::uint32_t i = 1; i < failures && wait < longest; ++i) wait *= 2;
  return scaled(std::min(wait, longest), 1.0 - 0.1 * jitter);
}

milliseconds success_wait(milliseconds poll, double jitter) { return scaled(poll, 1.0 + 0.05 * jitter); }

milliseconds staleness_limit(const SourceConfig& config) {
  return config.stale_after.value_or(std::max<milliseconds>(config.poll * 3, 1h));
}

Trouble trouble_of(const SourceState& state, const SourceConfig& config, std::uint32_t after,
                   Time running_since, Time now) {
  if (state.failures_in_row >= after) return Trouble::failing;
  if (state.held) return Trouble::held;
  const Time since = std::max(state.last_success_at.value_or(running_since), running_since);
  return now - since > staleness_limit(config) ? Trouble::stale : Trouble::none;
}

OperatorNotice notice_of(Trouble trouble, const SourceState& state, const SourceConfig& config) {
  const std::string& name = state.name;
  const std::string since =
      fmt::format("Last success: {}. Changes it publishes are not seen until it is back.",
                  printed(state.last_success_at));
  switch (trouble) {
    case Trouble::failing:
      return {fmt::format("{} is failing", name),
              fmt::format("The source {} failed {} times in a row. Last error: {}. {}", name,
                          state.failures_in_row, state.last_error ? state.last_error->message : "unknown",
                          since)};
    case Trouble::held:
      return {fmt::format("{}: a reading is held", name),
              fmt::format(
                  "A reading of {} cannot be true as it stands and was not applied: {}. If it is right after "
                  "all, let it through with: entitywatch sources release {}",
                  name, state.held ? state.held->reason : "unknown", name)};
    case Trouble::stale:
      return {fmt::format("{} is silent", name),
              fmt::format("The source {} gave no complete answer for longer than {} minutes. {}", name,
                          std::chrono::duration_cast<std::chrono::minutes>(staleness_limit(config)).count(),
                          since)};
    case Trouble::none:
      break;
  }
  return {};
}

OperatorNotice notice_of_recovery(Trouble before, const SourceState& state) {
  const std::string what = before == Trouble::held ? "readings are applied again" : "answers again";
  return {fmt::format("{} {}", state.name, what),
          fmt::format("The source {} {} since {}.", state.name, what, printed(state.last_success_at))};
}

std::string source_status(const SourceState& state, const SourceConfig& config, Time now) {
  if (!config.enabled) return "disabled";
  if (!state.last_attempt_at) return "never";
  if (state.failures_in_row > 0) return "failing";
  if (state.held) return "held";
  const Time last = state.last_success_at.value_or(*state.last_attempt_at);
  return now - last > staleness_limit(config) ? "stale" : "ok";
}

}  // namespace entitywatch::daemon
