// One poll of one source, with everything around it: its state before and after, what operators hear, and
// proof that it gets on.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <stop_token>
#include <string>

#include "core/progress.hpp"
#include "daemon/poll_timing.hpp"
#include "daemon/scheduler.hpp"

namespace entitywatch::daemon {

// What every poll uses. All of it must outlive the pollers.
struct PollWorld {
  Fetcher& fetcher;
  Sink& sink;
  SourceBook& book;
  const Clock& clock;
};

// Not thread safe but for progress().
class Poller {
 public:
  Poller(const PollWorld& world, std::unique_ptr<Source> source);

  // Never throws: what a source throws is an internal error of this poll.
  [[nodiscard]] PollReport poll(const SourceConfig& config, std::uint32_t tell_after, std::stop_token stop);
  // Tells operators of silence; between polls.
  void look(const SourceConfig& config, std::uint32_t tell_after);
  // When the first poll after a start is due: at once, unless a failure or the publisher said later.
  [[nodiscard]] Time first_due(const SourceConfig& config);
  // After poll().
  [[nodiscard]] Time next_due() const { return next_due_; }
  // Until when the publisher asked us not to come.
  [[nodiscard]] std::optional<Time> quiet_until() const { return quiet_until_; }
  // Reads quiet_until from the book; for a poller that has not polled yet.
  void load_quiet(const SourceConfig& config);
  [[nodiscard]] const Progress& progress() const { return progress_; }
  void touch() { progress_.touch(); }

 private:
  [[nodiscard]] PollReport run(const SourceConfig& config, SourceState& state, std::stop_token stop);
  void settle(const PollReport& report, const SourceConfig& config, SourceState& state);
  void tell(const SourceConfig& config, std::uint32_t after, Trouble before, SourceState& state);
  void save(const SourceState& state);
  [[nodiscard]] double jitter() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

  PollWorld world_;
  std::unique_ptr<Source> source_;
  Progress progress_;
  Time running_since_;
  Time next_due_{};
  std::optional<Time> quiet_until_;
  std::minstd_rand random_;
};

}  // namespace entitywatch::daemon
