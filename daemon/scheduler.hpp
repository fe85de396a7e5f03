// Polls every source on its own thread by its own interval; a source that is down never delays another.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/source_state.hpp"
#include "core/time.hpp"
#include "daemon/config.hpp"
#include "daemon/source.hpp"

namespace entitywatch::daemon {

// Reads and writes the state of sources; implemented over the archive. Thread safe.
class SourceBook {
 public:
  virtual ~SourceBook() = default;
  [[nodiscard]] virtual Result<SourceState> load(const std::string& name) = 0;  // fresh one when unknown
  [[nodiscard]] virtual Result<void> save(const SourceState& state) = 0;
  // Tell operators, once, by name; `over` when the trouble has passed.
  [[nodiscard]] virtual Result<void> tell_operators(const std::string& source, const std::string& subject,
                                                    const std::string& text, bool over) = 0;
  // A poll went through: whatever the source shows, it shows now. After save().
  [[nodiscard]] virtual Result<void> answered(const std::string& source) = 0;
};

enum class PollRequest { queued, already_running, unknown_source, disabled, must_wait };

class Scheduler {
 public:
  Scheduler(const Config& config, Fetcher& fetcher, Sink& sink, SourceBook& book, const Clock& clock);
  ~Scheduler();

  // Told of every poll that came to an end by itself, on the source's thread. Set it before start() and
  // pass().
  using OnPoll =
      std::function<void(const std::string& source, const PollReport& report, std::chrono::nanoseconds took)>;
  void on_poll(OnPoll tell);
  void start();
  void stop();                             // asks every poll in progress to end and joins
  void reconfigure(const Config& config);  // SIGHUP: new intervals, sources on or off, without losing state
  [[nodiscard]] PollRequest poll_now(std::string_view source);
  // One pass in the calling thread over the named sources (all enabled ones when empty), for `poll`.
  struct PassLine {
    std::string source;
    PollReport report;
  };
  [[nodiscard]] std::vector<PassLine> pass(const std::vector<std::string>& names,
                                           const std::function<void(const PassLine&)>& each);
  // True while every loop has made progress within its own bound (the watchdog is fed from this).
  [[nodiscard]] bool alive() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// "never", "ok", "failing", "stale", "held" or "disabled".
[[nodiscard]] std::string source_status(const SourceState& state, const SourceConfig& config, Time now);

}  // namespace entitywatch::daemon
