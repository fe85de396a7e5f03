#include "daemon/scheduler.hpp"

#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>

#include "daemon/poller.hpp"
#include "tests/unit/daemon/fixed_clock.hpp"

using namespace entitywatch;
using namespace entitywatch::daemon;
using namespace entitywatch::test;
using namespace std::chrono_literals;

namespace {

using Strings = std::vector<std::string>;
using Steady = std::chrono::steady_clock;

// Answers by a function a test sets; counts by URL.
class ScriptedFetcher final : public Fetcher {
 public:
  using Answer = std::function<Fetched<FetchResponse>(const FetchRequest&, std::stop_token)>;

  Fetched<FetchResponse> get(const FetchRequest& request, std::stop_token stop) override {
    Answer answer;
    {
      const std::scoped_lock lock(mutex_);
      ++calls_[request.url];
      answer = answers_[request.url];
      changed_.notify_all();
    }
    if (!answer)
      return tl::unexpected(FetchFailure{{ErrorCode::unavailable, "nothing here", request.url}, {}});
    return answer(request, std::move(stop));
  }
  void set(const std::string& url, Answer answer) {
    const std::scoped_lock lock(mutex_);
    answers_[url] = std::move(answer);
  }
  [[nodiscard]] int calls(const std::string& url) const {
    const std::scoped_lock lock(mutex_);
    const auto at = calls_.find(url);
    return at == calls_.end() ? 0 : at->second;
  }
  [[nodiscard]] bool wait_for_calls(const std::string& url, int n) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 5s, [&] { return calls_[url] >= n; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Answer> answers_;
  std::map<std::string, int> calls_;
};

class MemoryBook final : public SourceBook {
 public:
  struct Notice {
    std::string source;
    std::string subject;
    bool over;
  };
  Result<SourceState> load(const std::string& name) override {
    const std::scoped_lock lock(mutex_);
    SourceState state = states_[name];
    state.name = name;
    return state;
  }
  Result<void> save(const SourceState& state) override {
    const std::scoped_lock lock(mutex_);
    states_[state.name] = state;
    changed_.notify_all();
    return {};
  }
  Result<void> tell_operators(const std::string& source, const std::string& subject, const std::string&,
                              bool over) override {
    const std::scoped_lock lock(mutex_);
    notices_.push_back({source, subject, over});
    return {};
  }
  Result<void> answered(const std::string& source) override {
    const std::scoped_lock lock(mutex_);
    ++answered_[source];
    return {};
  }
  // How often a poll of the source went through.
  [[nodiscard]] int times_answered(const std::string& source) {
    const std::scoped_lock lock(mutex_);
    return answered_[source];
  }
  [[nodiscard]] SourceState state(const std::string& name) { return load(name).value(); }
  [[nodiscard]] std::vector<Notice> notices() const {
    const std::scoped_lock lock(mutex_);
    return notices_;
  }
  template <class Predicate>
  [[nodiscard]] bool wait_for(const std::string& name, Predicate&& predicate) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 5s, [&] { return predicate(states_[name]); });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, SourceState> states_;
  std::vector<Notice> notices_;
  std::map<std::string, int> answered_;
};

// As the pipeline does, it commits the state with the observation and keeps things of its own there.
class BookSink final : public Sink {
 public:
  explicit BookSink(MemoryBook& book) : book_(book) {}
  Result<Accepted> observe(const Observation& observation, const SourceState& after) override {
    SourceState state = after;
    state.memory["evidence"] = "kept";
    state.last_change_at = observation.fetched_at;
    if (hold) state.held = SourceHold{"the list shrank by half", observation.fetched_at, "digest"};
    static_cast<void>(book_.save(state));
    return Accepted{1, hold};
  }
  bool has_evidence(std::string_view) override { return false; }
  std::atomic<bool> hold = false;

 private:
  MemoryBook& book_;
};

Fetched<FetchResponse> list(std::string body = "name,address\nA,B\n") {
  FetchResponse response;
  response.status = 200;
  response.body = std::move(body);
  return response;
}
ScriptedFetcher::Answer good() {
  return [](const FetchRequest&, std::stop_token) { return list(); };
}
ScriptedFetcher::Answer down(std::optional<Time> retry_at = std::nullopt) {
  return [retry_at](const FetchRequest& request, std::stop_token) -> Fetched<FetchResponse> {
    return tl::unexpected(
        FetchFailure{{ErrorCode::unavailable, "the publisher answered HTTP 503", request.url}, retry_at});
  };
}
// Until it is stopped.
ScriptedFetcher::Answer hanging() {
  return [](const FetchRequest& request, std::stop_token stop) -> Fetched<FetchResponse> {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, 10s, [] { return false; });
    return tl::unexpected(FetchFailure{{ErrorCode::unavailable, "stopped", request.url}, {}});
  };
}

constexpr const char* one_url = "http://one/";
constexpr const char* two_url = "http://two/";

struct World {
  explicit World(std::chrono::milliseconds poll = 20ms) {
    for (const auto& [name, url] : {std::pair{"one", one_url}, std::pair{"two", two_url}}) {
      SourceConfig source;
      source.name = name;
      source.kind = "dpl";
      source.url = url;
      source.poll = poll;
      config.sources.push_back(source);
      fetcher.set(url, good());
    }
  }
  SystemClock clock;
  ScriptedFetcher fetcher;
  MemoryBook book;
  BookSink sink{book};
  Config config;
  [[nodiscard]] Scheduler scheduler() { return {config, fetcher, sink, book, clock}; }
};

Strings subjects(const MemoryBook& book) {
  Strings all;
  for (const auto& n : book.notices()) all.push_back((n.over ? "over: " : "") + n.subject);
  return all;
}

}  // namespace

TEST_CASE("waits after failures start short, double and end") {
  CHECK(failure_wait(15min, 1, 0) == 30s);
  CHECK(failure_wait(15min, 2, 0) == 60s);
  CHECK(failure_wait(15min, 3, 0) == 120s);
  CHECK(failure_wait(15min, 100, 0) == 1h);
  CHECK(failure_wait(1s, 1, 0) == 1s);
  CHECK(failure_wait(1s, 2, 0) == 2s);
  CHECK(failure_wait(1s, 50, 0) == 4s);
  CHECK(failure_wait(10s, 1, 0.999) >= 9s);
  CHECK(success_wait(10s, 0) == 10s);
  CHECK(success_wait(10s, 1) <= 10500ms);
}

TEST_CASE("the status of a source") {
  SourceConfig config;
  config.poll = 15min;
  const Time now = parse_time("2026-03-02T12:00:00Z").value();
  SourceState state;
  CHECK(source_status(state, config, now) == "never");
  state.last_attempt_at = state.last_success_at = now;
  CHECK(source_status(state, config, now + 59min) == "ok");
  CHECK(source_status(state, config, now + 61min) == "stale");
  state.held = SourceHold{"x", now, "d"};
  CHECK(source_status(state, config, now) == "held");
  state.failures_in_row = 1;
  CHECK(source_status(state, config, now) == "failing");
  config.enabled = false;
  CHECK(source_status(state, config, now) == "disabled");
}

TEST_CASE("sources are polled by their interval, and one that hangs delays no other") {
  World world;
  world.fetcher.set(one_url, hanging());
  Scheduler scheduler = world.scheduler();
  scheduler.start();
  CHECK(world.fetcher.wait_for_calls(two_url, 4));
  CHECK(world.fetcher.calls(one_url) == 1);
  CHECK(scheduler.alive());
  const auto stopping = Steady::now();
  scheduler.stop();
  CHECK(Steady::now() - stopping < 1s);
  // Ended by us: not the publisher's failure.
  CHECK(world.book.state("one").failures_in_row == 0);
  CHECK(world.book.state("one").last_attempt_at);
  const SourceState two = world.book.state("two");
  CHECK(two.has_baseline);
  CHECK(two.last_success_at);
  CHECK(two.last_change_at);
  CHECK(two.next_poll_at > two.last_success_at);
  CHECK(two.memory.at("evidence") == "kept");
  CHECK(two.memory.contains("sha256 http://two/"));
}

TEST_CASE("failures are recorded, told once after three and once when over") {
  World world;
  world.config.sources.resize(1);
  world.fetcher.set(one_url, down());
  Scheduler scheduler = world.scheduler();
  scheduler.start();
  REQUIRE(world.book.wait_for("one", [](const SourceState& s) { return s.failures_in_row == 1; }));
  SourceState failing = world.book.state("one");
  REQUIRE(failing.last_error);
  CHECK(failing.last_error->code == "unavailable");
  CHECK(failing.last_error->message == "the publisher answered HTTP 503 (http://one/)");
  REQUIRE(world.book.wait_for("one", [](const SourceState& s) { return s.failures_in_row >= 5; }));
  CHECK(subjects(world.book) == Strings{"one is failing"});
  world.fetcher.set(one_url, good());
  REQUIRE(world.book.wait_for("one", [](const SourceState& s) { return s.failures_in_row == 0; }));
  REQUIRE(world.fetcher.wait_for_calls(one_url, world.fetcher.calls(one_url) + 2));
  scheduler.stop();
  CHECK(subjects(world.book) == Strings{"one is failing", "over: one answers again"});
  CHECK_FALSE(world.book.state("one").last_error);
  CHECK_FALSE(world.book.state("one").operators_told);
}

TEST_CASE("two failures tell nobody") {
  World world(1h);
  world.config.sources.resize(1);
  world.fetcher.set(one_url, down());
  Scheduler scheduler = world.scheduler();
  REQUIRE(scheduler.pass({}, nullptr).size() == 1);
  REQUIRE(scheduler.pass({}, nullptr).size() == 1);
  world.fetcher.set(one_url, good());
  REQUIRE(scheduler.pass({}, nullptr).size() == 1);
  CHECK(world.book.notices().empty());
}

TEST_CASE("a held reading is told once, and that it is over") {
  World world(1h);
  world.config.sources.resize(1);
  Scheduler scheduler = world.scheduler();
  REQUIRE(scheduler.pass({}, nullptr).size() == 1);
  int edition = 0;
  world.fetcher.set(one_url, [&](const FetchRequest&, std::stop_token) {
    return list("name,address\nA," + std::to_string(++edition) + "\n");
  });
  world.sink.hold = true;
  CHECK(scheduler.pass({}, nullptr).at(0).report.held);
  REQUIRE(scheduler.pass({}, nullptr).size() == 1);
  CHECK(subjects(world.book) == Strings{"one: a reading is held"});
  SourceState released = world.book.state("one");
  released.held.reset();
  REQUIRE(world.book.save(released));
  world.sink.hold = false;
  REQUIRE(scheduler.pass({}, nullptr).size() == 1);
  REQUIRE(scheduler.pass({}, nullptr).size() == 1);
  REQUIRE(world.book.notices().size() == 2);
  CHECK(world.book.notices().at(1).over);
}

TEST_CASE("silence is told once") {
  FixedClock clock("2026-03-02T12:00:00Z");
  World world(15min);
  SourceConfig config = world.config.sources[0];
  Poller poller({world.fetcher, world.sink, world.book, clock}, make_source("dpl"));
  CHECK_FALSE(poller.poll(config, 3, {}).failure);
  clock.advance(59min);
  poller.look(config, 3);
  CHECK(world.book.notices().empty());
  clock.advance(2min);
  poller.look(config, 3);
  poller.look(config, 3);
  CHECK(subjects(world.book) == Strings{"one is silent"});
  CHECK_FALSE(poller.poll(config, 3, {}).failure);
  CHECK(subjects(world.book) == Strings{"one is silent", "over: one answers again"});

  SECTION("and not for the time in which nothing ran here") {
    clock.advance(24h * 7);
    Poller restarted({world.fetcher, world.sink, world.book, clock}, make_source("dpl"));
    restarted.look(config, 3);
    CHECK(world.book.notices().size() == 2);
  }
}

TEST_CASE("an exception in a poll is an internal error of that poll") {
  World world;
  world.config.sources.resize(1);
  world.fetcher.set(one_url, [](const FetchRequest&, std::stop_token) -> Fetched<FetchResponse> {
    throw std::runtime_error("boom");
  });
  Scheduler scheduler = world.scheduler();
  scheduler.start();
  REQUIRE(world.book.wait_for("one", [](const SourceState& s) { return s.failures_in_row >= 2; }));
  const SourceState state = world.book.state("one");
  CHECK(state.last_error->code == "internal");
  CHECK(state.last_error->message.find("boom") != std::string::npos);
}

TEST_CASE("a poll can be asked for") {
  World world(1h);
  world.config.sources[1].enabled = false;
  Scheduler scheduler = world.scheduler();
  scheduler.start();
  REQUIRE(world.book.wait_for("one", [](const SourceState& s) { return s.last_success_at.has_value(); }));
  CHECK(scheduler.poll_now("nonsense") == PollRequest::unknown_source);
  CHECK(scheduler.poll_now("two") == PollRequest::disabled);
  CHECK(world.fetcher.calls(two_url) == 0);

  SECTION("and comes at once, over the wait after a failure too") {
    world.fetcher.set(one_url, down());
    while (scheduler.poll_now("one") != PollRequest::queued) std::this_thread::yield();
    REQUIRE(world.book.wait_for("one", [](const SourceState& s) { return s.failures_in_row == 1; }));
    while (scheduler.poll_now("one") != PollRequest::queued) std::this_thread::yield();
    CHECK(world.book.wait_for("one", [](const SourceState& s) { return s.failures_in_row == 2; }));
  }
  SECTION("but not while one runs") {
    world.fetcher.set(one_url, hanging());
    while (scheduler.poll_now("one") != PollRequest::queued) std::this_thread::yield();
    REQUIRE(world.fetcher.wait_for_calls(one_url, 2));
    CHECK(scheduler.poll_now("one") == PollRequest::already_running);
  }
  SECTION("and not before the publisher's Retry-After") {
    world.fetcher.set(one_url, down(world.clock.now() + 1h));
    while (scheduler.poll_now("one") != PollRequest::queued) std::this_thread::yield();
    REQUIRE(world.book.wait_for("one", [](const SourceState& s) { return s.failures_in_row == 1; }));
    while (scheduler.poll_now("one") == PollRequest::already_running) std::this_thread::yield();
    CHECK(scheduler.poll_now("one") == PollRequest::must_wait);
    CHECK(world.book.state("one").next_poll_at >= world.clock.now() + 59min);
    scheduler.stop();
    // A pass of another process keeps the promise too.
    Scheduler other = world.scheduler();
    const auto lines = other.pass({"one"}, nullptr);
    REQUIRE(lines.at(0).report.failure);
    CHECK(lines.at(0).report.summary.find("asked not to be called before") != std::string::npos);
    CHECK(world.fetcher.calls(one_url) == 2);
  }
}

TEST_CASE("a restart keeps the distance to a publisher that is down") {
  World world(15min);
  world.config.sources.resize(1);
  world.fetcher.set(one_url, down());
  {
    Scheduler scheduler = world.scheduler();
    scheduler.start();
    REQUIRE(world.book.wait_for("one", [](const SourceState& s) { return s.failures_in_row == 1; }));
  }
  Poller poller({world.fetcher, world.sink, world.book, world.clock}, make_source("dpl"));
  const Time due = poller.first_due(world.config.sources[0]);
  CHECK(due > world.clock.now() + 20s);
  CHECK(due <= world.clock.now() + 30s);
}

TEST_CASE("a new configuration takes effect without losing state") {
  World world(1h);
  Scheduler scheduler = world.scheduler();
  scheduler.start();
  for (const char* name : {"one", "two"})
    REQUIRE(world.book.wait_for(name, [](const SourceState& s) { return s.last_success_at.has_value(); }));
  world.config.sources[0].poll = 20ms;
  world.config.sources[1].enabled = false;
  scheduler.reconfigure(world.config);
  CHECK(world.fetcher.wait_for_calls(one_url, 3));
  CHECK(scheduler.poll_now("two") == PollRequest::disabled);
  CHECK(world.fetcher.calls(two_url) == 1);
  world.config.sources[1].enabled = true;
  scheduler.reconfigure(world.config);
  CHECK(world.fetcher.wait_for_calls(two_url, 2));
  CHECK(world.book.state("two").has_baseline);
}

TEST_CASE("a pass reports each source in turn, and what cannot be polled") {
  World world(1h);
  world.fetcher.set(two_url, down());
  Scheduler scheduler = world.scheduler();
  Strings seen;
  const auto lines = scheduler.pass(
      {}, [&](const Scheduler::PassLine& line) { seen.push_back(line.source + ": " + line.report.summary); });
  CHECK(seen == Strings{"one: 1 list read, 1 change", "two: the publisher answered HTTP 503"});
  CHECK_FALSE(lines.at(0).report.failure);
  CHECK(lines.at(1).report.failure);
  const auto unknown = scheduler.pass({"tow"}, nullptr);
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].report.failure->error.code == ErrorCode::not_found);
  CHECK(unknown[0].report.summary == "there is no source \"tow\"; did you mean \"two\"?");
  world.config.sources[0].enabled = false;
  scheduler.reconfigure(world.config);
  CHECK(scheduler.pass({"one"}, nullptr).at(0).report.failure->error.code == ErrorCode::invalid_argument);
  CHECK(scheduler.pass({}, nullptr).size() == 1);
}
