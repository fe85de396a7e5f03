#include "daemon/poller.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace entitywatch::daemon {
namespace {

// In the source's memory, so that a restart does not break a promise made to a publisher.
constexpr const char* quiet_key = "retry-after";

// A poll of many documents is long without being stuck: every request and every observation is a sign of
// life.
class WatchedFetcher final : public Fetcher {
 public:
  WatchedFetcher(Fetcher& inner, Progress& progress) : inner_(inner), progress_(progress) {}
  Fetched<FetchResponse> get(const FetchRequest& request, std::stop_token stop) override {
    progress_.touch();
    auto response = inner_.get(request, std::move(stop));
    progress_.touch();
    return response;
  }

 private:
  Fetcher& inner_;
  Progress& progress_;
};

class WatchedSink final : public Sink {
 public:
  WatchedSink(Sink& inner, Progress& progress) : inner_(inner), progress_(progress) {}
  Result<Accepted> observe(const Observation& observation, const SourceState& after) override {
    progress_.touch();
    auto accepted = inner_.observe(observation, after);
    progress_.touch();
    return accepted;
  }
  bool has_evidence(std::string_view sha256) override { return inner_.has_evidence(sha256); }

 private:
  Sink& inner_;
  Progress& progress_;
};

// What the source changed in its memory, applied to what is stored now: others keep things there too.
void merge(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after,
           std::map<std::string, std::string>& stored) {
  for (const auto& [key, value] : before)
    if (!after.contains(key)) stored.erase(key);
  for (const auto& [key, value] : after) {
    const auto was = before.find(key);
    if (was == before.end() || was->second != value) stored[key] = value;
  }
}

// No publisher asks for more: what is later was written under another clock.
constexpr std::chrono::days longest_quiet{7};

std::optional<Time> quiet_of(const SourceState& state, Time now) {
  const auto at = state.memory.find(quiet_key);
  const auto until = at == state.memory.end() ? std::nullopt : parse_time(at->second);
  return until && *until > now + longest_quiet ? std::nullopt : until;
}

}  // namespace

Poller::Poller(const PollWorld& world, std::unique_ptr<Source> source)
    : world_(world),
      source_(std::move(source)),
      running_since_(world.clock.now()),
      random_(std::random_device{}()) {}

void Poller::save(const SourceState& state) {
  if (auto saved = world_.book.save(state); !saved)
    spdlog::error("{}: its state cannot be saved: {}", state.name, saved.error().describe());
}

Time Poller::first_due(const SourceConfig& config) {
  const Time now = world_.clock.now();
  next_due_ = now;
  const auto state = world_.book.load(config.name);
  if (!state) return next_due_;
  quiet_until_ = quiet_of(*state, now);
  // A daemon that is restarted again and again must not hammer a publisher that is down.
  if (state->failures_in_row > 0 && state->next_poll_at)
    next_due_ = std::clamp<Time>(*state->next_poll_at, now,
                                 now + failure_wait(config.poll, state->failures_in_row, 0));
  if (quiet_until_) next_due_ = std::max(next_due_, *quiet_until_);
  return next_due_;
}

void Poller::load_quiet(const SourceConfig& config) {
  if (const auto state = world_.book.load(config.name)) quiet_until_ = quiet_of(*state, world_.clock.now());
}

PollReport Poller::run(const SourceConfig& config, SourceState& state, std::stop_token stop) {
  WatchedFetcher fetcher(world_.fetcher, progress_);
  WatchedSink sink(world_.sink, progress_);
  PollContext context{config, fetcher, sink, world_.clock, state, std::move(stop)};
  std::string thrown = "an unknown exception";
  try {
    return source_->poll(context);
  } catch (const std::exception& e) {
    thrown = e.what();
  } catch (...) {
  }
  PollReport report;
  report.failure =
      FetchFailure{{ErrorCode::internal, "the poll ended in an exception: " + thrown, config.name}, {}};
  report.summary = report.failure->error.message;
  return report;
}

PollReport Poller::poll(const SourceConfig& config, std::uint32_t tell_after, std::stop_token stop) {
  progress_.touch();
  const Time started = world_.clock.now();
  auto loaded = world_.book.load(config.name);
  if (!loaded) {
    next_due_ = started + failure_wait(config.poll, 1, jitter());
    PollReport report;
    report.summary = loaded.error().message;
    report.failure = FetchFailure{std::move(loaded.error()), std::nullopt};
    spdlog::error("{}: its state cannot be read: {}", config.name, report.summary);
    return report;
  }
  const SourceState before = *loaded;
  SourceState working = before;
  PollReport report = run(config, working, stop);

  // The sink committed parts of the state meanwhile: holds, baselines, changes.
  auto stored = world_.book.load(config.name);
  SourceState state = before;
  if (stored) state = std::move(*stored);
  merge(before.memory, working.memory, state.memory);
  state.name = config.name;
  state.has_baseline = state.has_baseline || working.has_baseline;
  state.last_attempt_at = started;
  if (report.failure && stop.stop_requested()) {
    save(state);  // ended by us: what went through is kept, and it is nobody's failure
    return report;
  }
  settle(report, config, state);
  const Trouble was =
      before.operators_told ? trouble_of(before, config, tell_after, running_since_, started) : Trouble::none;
  tell(config, tell_after, was, state);
  save(state);
  if (!report.failure && !report.held)
    if (auto told = world_.book.answered(config.name); !told)
      spdlog::error("{}: what it shows was not compared with the rules: {}", config.name,
                    told.error().describe());
  progress_.touch();
  return report;
}

void Poller::settle(const PollReport& report, const SourceConfig& config, SourceState& state) {
  const Time now = world_.clock.now();
  quiet_until_.reset();
  if (!report.failure) {
    state.failures_in_row = 0;
    state.last_error.reset();
    state.last_success_at = now;
    next_due_ = now + success_wait(config.poll, jitter());
    spdlog::log(report.observations > 0 ? spdlog::level::info : spdlog::level::debug, "{}: {}", config.name,
                report.summary);
  } else {
    const Error& error = report.failure->error;
    ++state.failures_in_row;
    state.last_error = SourceError{to_string(error.code), error.describe(), now};
    next_due_ = now + failure_wait(config.poll, state.failures_in_row, jitter());
    if (report.failure->retry_at) {
      quiet_until_ = report.failure->retry_at;
      next_due_ = std::max(next_due_, *quiet_until_);
    }
    spdlog::warn("{}: {}; next try at {}", config.name, error.describe(), format_time(next_due_));
  }
  if (quiet_until_)
    state.memory[quiet_key] = format_time(*quiet_until_);
  else
    state.memory.erase(quiet_key);
  state.next_poll_at = next_due_;
}

// Once when it begins, once when it is over. A notice that could not be left is tried again at the next poll.
void Poller::tell(const SourceConfig& config, std::uint32_t after, Trouble before, SourceState& state) {
  const Trouble now = trouble_of(state, config, after, running_since_, world_.clock.now());
  if (now == Trouble::none) {
    // Failing, and not yet often enough to be told of: the trouble before it is not over.
    if (!state.operators_told || state.failures_in_row > 0) return;
    const OperatorNotice notice = notice_of_recovery(before, state);
    if (world_.book.tell_operators(config.name, notice.subject, notice.text, true))
      state.operators_told = false;
    return;
  }
  const bool worse_after_silence = before == Trouble::stale && now == Trouble::failing;
  if (state.operators_told && (now == before || before == Trouble::none || worse_after_silence)) return;
  if (state.operators_told && before == Trouble::failing) {
    const OperatorNotice over = notice_of_recovery(before, state);
    if (!world_.book.tell_operators(config.name, over.subject, over.text, true)) return;
  }
  const OperatorNotice notice = notice_of(now, state, config);
  if (world_.book.tell_operators(config.name, notice.subject, notice.text, false))
    state.operators_told = true;
}

void Poller::look(const SourceConfig& config, std::uint32_t tell_after) {
  progress_.touch();
  auto state = world_.book.load(config.name);
  if (!state || state->operators_told) return;
  if (trouble_of(*state, config, tell_after, running_since_, world_.clock.now()) != Trouble::stale) return;
  state->name = config.name;
  tell(config, tell_after, Trouble::none, *state);
  if (state->operators_told) save(*state);
}

}  // namespace entitywatch::daemon
