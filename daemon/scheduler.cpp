#include "daemon/scheduler.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "core/clock_watch.hpp"
#include "daemon/config_problems.hpp"
#include "daemon/poller.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// A waiting loop wakes at least this often: to see a clock that was set, and to show that it lives.
constexpr milliseconds longest_nap = 20s;

// What a single request or the archive may take beside the transfer itself: turns of the rate limit, a
// compaction.
constexpr milliseconds slack = 2min;

// As `top` and a debugger show it: at most 15 characters.
void name_thread(const std::string& source) {
  pthread_setname_np(pthread_self(), ("poll " + source).substr(0, 15).c_str());
}

PollReport failed(ErrorCode code, std::string message) {
  PollReport report;
  report.summary = message;
  report.failure = FetchFailure{{code, std::move(message), {}}, std::nullopt};
  return report;
}

}  // namespace

class Scheduler::Impl {
 public:
  Impl(const Config& config, Fetcher& fetcher, Sink& sink, SourceBook& book, const Clock& clock)
      : world_{fetcher, sink, book, clock}, config_(config) {}

  ~Impl() { stop(); }

  void on_poll(OnPoll tell) { on_poll_ = std::move(tell); }

  void start() {
    const std::scoped_lock lock(mutex_);
    started_ = true;
    start_missing();
  }

  void stop() {
    passing_.request_stop();
    std::map<std::string, std::unique_ptr<Loop>> ending;
    {
      const std::scoped_lock lock(mutex_);
      started_ = false;
      ending.swap(loops_);
    }
    for (auto& [name, loop] : ending) loop->thread.request_stop();
    // The threads are joined here, outside the lock they use.
  }

  void reconfigure(const Config& config) {
    std::vector<std::unique_ptr<Loop>> ending;
    {
      const std::scoped_lock lock(mutex_);
      config_ = config;
      for (auto at = loops_.begin(); at != loops_.end();) {
        const SourceConfig* now = find_source(config_, at->first);
        const bool goes_on = now != nullptr && now->enabled && now->kind == at->second->config.kind;
        if (goes_on) {
          adopt(*at->second, *now);
          ++at;
        } else {
          ending.push_back(std::move(at->second));
          at = loops_.erase(at);
        }
      }
      changed_.notify_all();
    }
    for (auto& loop : ending) loop->thread.request_stop();
    ending.clear();
    const std::scoped_lock lock(mutex_);
    if (started_) start_missing();
  }

  PollRequest poll_now(std::string_view name) {
    const std::scoped_lock lock(mutex_);
    const SourceConfig* config = find_source(config_, name);
    if (config == nullptr) return PollRequest::unknown_source;
    const auto at = loops_.find(std::string(name));
    if (!config->enabled || at == loops_.end()) return PollRequest::disabled;
    Loop& loop = *at->second;
    if (loop.polling) return PollRequest::already_running;
    if (loop.quiet_until && *loop.quiet_until > world_.clock.now()) return PollRequest::must_wait;
    loop.asked = true;
    changed_.notify_all();
    return PollRequest::queued;
  }

  std::vector<PassLine> pass(const std::vector<std::string>& names,
                             const std::function<void(const PassLine&)>& each) {
    Config config;
    {
      const std::scoped_lock lock(mutex_);
      config = config_;
    }
    std::vector<PassLine> lines;
    const auto add = [&](const std::string& name, PollReport report) {
      lines.push_back({name, std::move(report)});
      if (each) each(lines.back());
    };
    for (const std::string& name : names)
      if (find_source(config, name) == nullptr) add(name, unknown(config, name));
    // In turn, in the configuration's order: the same publishers give the same history.
    for (const SourceConfig& source : config.sources) {
      const bool named = std::find(names.begin(), names.end(), source.name) != names.end();
      if (named || (names.empty() && source.enabled))
        add(source.name, pass_one(source, config.operators.after));
      if (passing_.stop_requested()) break;
    }
    return lines;
  }

  bool alive() const {
    const std::scoped_lock lock(mutex_);
    return std::all_of(loops_.begin(), loops_.end(), [](const auto& named) {
      const Loop& loop = *named.second;
      return loop.poller.progress().idle() < std::max(longest_nap, loop.config.timeout) + slack;
    });
  }

 private:
  struct Loop {
    Loop(const PollWorld& world, SourceConfig source_config, std::unique_ptr<Source> source)
        : config(std::move(source_config)), poller(world, std::move(source)), watch(world.clock) {}
    SourceConfig config;
    Poller poller;  // used by the thread only, but for its progress
    ClockWatch watch;
    Time due{};
    std::optional<Time> quiet_until;
    bool asked = false;
    bool polling = false;
    std::jthread thread;  // last: stopped and joined before what it uses goes
  };

  // Under the lock. A changed interval counts from the last look, at once when it has passed.
  void adopt(Loop& loop, const SourceConfig& config) {
    const bool sooner = config.poll != loop.config.poll;
    const bool elsewhere = config.base_url != loop.config.base_url || config.url != loop.config.url ||
                           config.agencies != loop.config.agencies;
    loop.config = config;
    const Time now = world_.clock.now();
    if (elsewhere) loop.due = now;
    if (sooner) loop.due = std::min(loop.due, now + config.poll);
    if (loop.quiet_until && !elsewhere) loop.due = std::max(loop.due, *loop.quiet_until);
  }

  // Under the lock.
  void start_missing() {
    for (const SourceConfig& source : config_.sources) {
      if (!source.enabled || loops_.contains(source.name)) continue;
      auto program = make_source(source.kind);
      if (!program) {
        spdlog::warn("{}: there is no source of the kind \"{}\"; it is not polled", source.name, source.kind);
        continue;
      }
      auto loop = std::make_unique<Loop>(world_, source, std::move(program));
      Loop& started = *loop;
      loops_.emplace(source.name, std::move(loop));
      started.thread =
          std::jthread([this, &started](std::stop_token stop) { run(started, std::move(stop)); });
    }
  }

  void run(Loop& loop, std::stop_token stop) {
    SourceConfig config;
    {
      const std::scoped_lock lock(mutex_);
      config = loop.config;
    }
    name_thread(config.name);
    const Time first = loop.poller.first_due(config);
    std::unique_lock lock(mutex_);
    loop.due = first;
    loop.quiet_until = loop.poller.quiet_until();
    while (wait(loop, lock, stop)) {
      loop.asked = false;
      loop.polling = true;
      config = loop.config;
      const std::uint32_t after = config_.operators.after;
      lock.unlock();
      static_cast<void>(poll(loop.poller, config, after, stop));  // logged and saved by the poller
      lock.lock();
      loop.polling = false;
      loop.due = loop.poller.next_due();
      loop.quiet_until = loop.poller.quiet_until();
      // The interval may have been changed during the poll.
      if (loop.config.poll < config.poll)
        loop.due = std::min(loop.due, world_.clock.now() + loop.config.poll);
    }
  }

  // Under the lock. Waits are as long as they were meant to be.
  static void follow_clock(Loop& loop, milliseconds back) {
    spdlog::warn("{}: the clock was set back by {} s; it is polled as if it had not been", loop.config.name,
                 -std::chrono::duration_cast<std::chrono::seconds>(back).count());
    loop.due += back;
    if (loop.quiet_until) *loop.quiet_until += back;
  }

  // Until the source is due or asked for; false when it is to stop.
  bool wait(Loop& loop, std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (const milliseconds back = loop.watch.set_back(); back.count() < 0) follow_clock(loop, back);
      const Time now = world_.clock.now();
      if (loop.asked || loop.due <= now) return true;
      const SourceConfig config = loop.config;
      const std::uint32_t after = config_.operators.after;
      lock.unlock();
      loop.poller.look(config, after);
      lock.lock();
      const auto nap = std::min<milliseconds>(loop.due - world_.clock.now(), longest_nap);
      const Time due = loop.due;
      changed_.wait_for(lock, stop, nap, [&] { return loop.asked || loop.due != due; });
    }
    return false;
  }

  PollReport poll(Poller& poller, const SourceConfig& config, std::uint32_t after,
                  const std::stop_token& stop) {
    const auto begun = std::chrono::steady_clock::now();
    PollReport report = poller.poll(config, after, stop);
    if (on_poll_ && !stop.stop_requested())
      on_poll_(config.name, report, std::chrono::steady_clock::now() - begun);
    return report;
  }

  static PollReport unknown(const Config& config, const std::string& name) {
    std::vector<std::string_view> known;
    for (const SourceConfig& s : config.sources) known.push_back(s.name);
    const std::string near = nearest_word(name, known);
    return failed(ErrorCode::not_found,
                  near.empty() ? fmt::format("there is no source \"{}\"", name)
                               : fmt::format("there is no source \"{}\"; did you mean \"{}\"?", name, near));
  }

  PollReport pass_one(const SourceConfig& source, std::uint32_t after) {
    if (!source.enabled)
      return failed(ErrorCode::invalid_argument,
                    fmt::format("{} is disabled; set enabled = true to poll it", source.name));
    auto program = make_source(source.kind);
    if (!program)
      return failed(ErrorCode::not_found, fmt::format("there is no source of the kind \"{}\"", source.kind));
    Poller poller(world_, std::move(program));
    poller.load_quiet(source);
    if (const auto until = poller.quiet_until(); until && *until > world_.clock.now())
      return failed(ErrorCode::unavailable,
                    fmt::format("the publisher asked not to be called before {}", format_time(*until)));
    return poll(poller, source, after, passing_.get_token());
  }

  PollWorld world_;
  OnPoll on_poll_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Config config_;
  bool started_ = false;
  std::stop_source passing_;
  std::map<std::string, std::unique_ptr<Loop>> loops_;
};

Scheduler::Scheduler(const Config& config, Fetcher& fetcher, Sink& sink, SourceBook& book, const Clock& clock)
    : impl_(std::make_unique<Impl>(config, fetcher, sink, book, clock)) {}
Scheduler::~Scheduler() = default;

void Scheduler::on_poll(OnPoll tell) { impl_->on_poll(std::move(tell)); }
void Scheduler::start() { impl_->start(); }
void Scheduler::stop() { impl_->stop(); }
void Scheduler::reconfigure(const Config& config) { impl_->reconfigure(config); }
PollRequest Scheduler::poll_now(std::string_view source) { return impl_->poll_now(source); }
std::vector<Scheduler::PassLine> Scheduler::pass(const std::vector<std::string>& names,
                                                 const std::function<void(const PassLine&)>& each) {
  return impl_->pass(names, each);
}
bool Scheduler::alive() const { return impl_->alive(); }

}  // namespace entitywatch::daemon
