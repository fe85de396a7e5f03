// The outbox with its threads. Nothing here waits for a fixed time: the tests wait for what must happen, and
// fail when it has not within a generous bound.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <random>
#include <set>
#include <thread>

#include "fakes.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;
using namespace std::chrono_literals;

namespace {

const SystemClock wall;

// Waits for a condition that other threads bring about.
class Signal {
 public:
  void change(const std::function<void()>& act) {
    const std::lock_guard lock(mutex_);
    act();
    changed_.notify_all();
  }
  [[nodiscard]] bool wait(const std::function<bool()>& holds, std::chrono::milliseconds bound = 20s) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, bound, holds);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

std::map<std::string, std::unique_ptr<Channel>> channels(
    std::map<std::string, fakes::ScriptedChannel::Script> scripts, Pace pace = {}) {
  std::map<std::string, std::unique_ptr<Channel>> out;
  for (auto& [name, script] : scripts)
    out.emplace(name, std::make_unique<fakes::ScriptedChannel>(std::move(script), pace));
  return out;
}

DeliveryOptions quick() {
  DeliveryOptions out;
  out.first_retry = 5ms;
  out.max_retry = 20ms;
  out.give_up = 60s;
  return out;
}

// A store that says when something is recorded.
class WatchedStore final : public fakes::MemoryStore {
 public:
  Result<void> record_many(const std::vector<Delivery>& many) override {
    auto result = MemoryStore::record_many(many);
    signal.change([] {});
    return result;
  }
  [[nodiscard]] bool wait_until(DeliveryStatus status, std::size_t number) {
    return signal.wait([&] { return count(status) >= number; });
  }
  Signal signal;
};

}  // namespace

TEST_CASE("deliveries added while it runs leave at once, by wake and by committed") {
  WatchedStore store;
  OutboxWorker worker(store, wall, quick(),
                      channels({{"grc", [](const Delivery&) { return fakes::delivered(); }}}));
  worker.start();
  CHECK_FALSE(worker.drain_once());  // refused while its threads run
  store.add(fakes::delivery("a", "grc", "k", wall.now()));
  worker.wake();
  CHECK(store.wait_until(DeliveryStatus::delivered, 1));
  for (int i = 0; i < 100; ++i) {
    const Delivery next =
        fakes::delivery("b" + std::to_string(i), "grc", "k" + std::to_string(i), wall.now());
    store.add(next);
    worker.committed({next});
  }
  CHECK(store.wait_until(DeliveryStatus::delivered, 101));
  worker.stop();
}

TEST_CASE("several are in flight at once, at most as many as allowed, one of a document") {
  WatchedStore store;
  Signal signal;
  int inside = 0;
  int most = 0;
  std::map<std::string, int> by_key;
  bool twice_in_a_key = false;
  DeliveryOptions options = quick();
  options.parallel = 8;
  for (int i = 0; i < 200; ++i)
    store.add(fakes::delivery("d" + std::to_string(i), "grc", "k" + std::to_string(i % 20), wall.now()));
  OutboxWorker worker(
      store, wall, options,
      channels({{"grc", [&](const Delivery& d) {
                   signal.change([&] {
                     most = std::max(most, ++inside);
                     if (++by_key[d.order_key] > 1) twice_in_a_key = true;
                   });
                   static_cast<void>(signal.wait([&] { return inside >= 8 || most >= 8; }, 200ms));
                   signal.change([&] {
                     --inside;
                     --by_key[d.order_key];
                   });
                   return fakes::delivered();
                 }}}));
  worker.start();
  CHECK(store.wait_until(DeliveryStatus::delivered, 200));
  CHECK(most == 8);
  CHECK_FALSE(twice_in_a_key);
}

TEST_CASE("a channel that hangs delays no other") {
  WatchedStore store;
  Signal signal;
  bool release = false;
  for (int i = 0; i < 100; ++i) {
    store.add(fakes::delivery("h" + std::to_string(i), "hanging", "k" + std::to_string(i), wall.now()));
    store.add(fakes::delivery("g" + std::to_string(i), "good", "k" + std::to_string(i), wall.now()));
  }
  {
    OutboxWorker worker(store, wall, quick(),
                        channels({{"hanging",
                                   [&](const Delivery&) {
                                     static_cast<void>(signal.wait([&] { return release; }));
                                     return fakes::delivered();
                                   }},
                                  {"good", [](const Delivery&) { return fakes::delivered(); }}}));
    worker.start();
    CHECK(store.wait_until(DeliveryStatus::delivered, 100));
    CHECK(store.get("h0").status == DeliveryStatus::pending);
    signal.change([&] { release = true; });
  }
}

TEST_CASE("a receiver that fails at random: nothing lost, order kept within a document") {
  WatchedStore store;
  std::mutex mutex;
  std::mt19937 random(7);
  std::map<std::string, std::vector<std::string>> arrived;
  for (int i = 0; i < 1500; ++i) {
    const std::string number = std::to_string(10000 + i);
    store.add(fakes::delivery("d" + number, "grc", "k" + std::to_string(i % 50),
                              wall.now() - std::chrono::milliseconds{1500 - i}));
  }
  OutboxWorker worker(store, wall, quick(), channels({{"grc", [&](const Delivery& d) {
                                                         const std::lock_guard lock(mutex);
                                                         if (random() % 3 == 0) return fakes::failed();
                                                         arrived[d.order_key].push_back(d.id);
                                                         return fakes::delivered();
                                                       }}}));
  worker.start();
  REQUIRE(store.wait_until(DeliveryStatus::delivered, 1500));
  worker.stop();
  std::size_t total = 0;
  for (const auto& [key, ids] : arrived) {
    CHECK(std::is_sorted(ids.begin(), ids.end()));
    total += ids.size();
  }
  CHECK(total == 1500);
}

TEST_CASE(
    "stopped and started again and again over the same store: nothing lost, nothing doubled but what was in "
    "flight") {
  WatchedStore store;
  std::mutex mutex;
  std::multiset<std::string> arrived;
  for (int i = 0; i < 2000; ++i)
    store.add(fakes::delivery("d" + std::to_string(i), "grc", "k" + std::to_string(i % 100), wall.now()));
  std::size_t rounds = 0;
  std::size_t allowed = 0;
  while (store.count(DeliveryStatus::delivered) < 2000 && rounds < 1000) {
    OutboxWorker worker(store, wall, quick(), channels({{"grc", [&](const Delivery& d) {
                                                           const std::lock_guard lock(mutex);
                                                           if (allowed == 0) return fakes::failed();
                                                           --allowed;
                                                           arrived.insert(d.id);
                                                           return fakes::delivered();
                                                         }}}));
    const std::size_t before = store.count(DeliveryStatus::delivered);
    allowed = 200;
    worker.start();
    CHECK(store.wait_until(DeliveryStatus::delivered, std::min<std::size_t>(2000, before + 150)));
    worker.stop();
    ++rounds;
  }
  CHECK(rounds >= 10);
  CHECK(arrived.size() == 2000);  // an orderly stop records what is in flight
}

TEST_CASE("a store that cannot write for a while: what was taken is recorded later and not sent again") {
  WatchedStore store;
  std::atomic<int> sent = 0;
  store.failing_writes = 2;
  store.add(fakes::delivery("a", "grc", "k", wall.now()));
  OutboxWorker worker(store, wall, quick(), channels({{"grc", [&](const Delivery&) {
                                                         ++sent;
                                                         return fakes::delivered();
                                                       }}}));
  worker.start();
  CHECK(store.wait_until(DeliveryStatus::delivered, 1));
  CHECK(sent == 1);
}

TEST_CASE("results that end together are written together") {
  WatchedStore store;
  DeliveryOptions options = quick();
  for (int i = 0; i < 2000; ++i)
    store.add(fakes::delivery("d" + std::to_string(i), "grc", "k" + std::to_string(i), wall.now()));
  OutboxWorker worker(store, wall, options,
                      channels({{"grc", [](const Delivery&) { return fakes::delivered(); }}}));
  worker.start();
  REQUIRE(store.wait_until(DeliveryStatus::delivered, 2000));
  worker.stop();
  CHECK(store.recorded == 2000);
  CHECK(store.writes <= 2000);
}

TEST_CASE("stopping is prompt when nothing is in flight") {
  WatchedStore store;
  const auto begun = std::chrono::steady_clock::now();
  {
    OutboxWorker worker(store, wall, {},
                        channels({{"a", [](const Delivery&) { return fakes::delivered(); }},
                                  {"b", [](const Delivery&) { return fakes::delivered(); }}}));
    worker.start();
  }
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("a try that takes longer than any may is no sign of life") {
  WatchedStore store;
  Signal signal;
  bool let_go = false;
  const auto hang = [&](const Delivery&) {
    CHECK(signal.wait([&] { return let_go; }));
    return fakes::delivered();
  };
  DeliveryOptions options = quick();
  options.timeout = 1ms;
  store.add(fakes::delivery("a", "grc", "k", wall.now()));
  OutboxWorker worker(store, wall, options, channels({{"grc", hang}}));
  worker.start();
  CHECK(worker.alive());
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (worker.alive(10ms) && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK_FALSE(worker.alive(10ms));
  signal.change([&] { let_go = true; });
  CHECK(store.wait_until(DeliveryStatus::delivered, 1));
  worker.stop();
  CHECK(worker.alive(0ms));
}

TEST_CASE("a clock that is set back by 400 days delays no try") {
  WatchedStore store;
  fakes::ManualClock clock(wall.now());
  Signal signal;
  int tries = 0;
  const auto fail_first = [&](const Delivery&) {
    int now_is = 0;
    signal.change([&] { now_is = ++tries; });
    if (now_is > 1) return fakes::delivered();
    Outcome out;
    out.kind = Outcome::Kind::retry;
    return out;
  };
  DeliveryOptions options = quick();
  options.first_retry = options.max_retry = 1h;
  options.give_up = 24h;
  const Time then = clock.now();
  store.add(fakes::delivery("a", "grc", "k", then));
  OutboxWorker worker(store, clock, options, channels({{"grc", fail_first}}));
  worker.start();
  CHECK(signal.wait([&] { return tries == 1; }));
  CHECK(store.wait_until(DeliveryStatus::pending, 1));
  const auto behind_it = fakes::delivery("b", "grc", "k", then);
  store.add(behind_it);
  worker.committed({behind_it});
  clock.advance(-24h * 400);
  worker.wake();
  // Hours pass on the clock; days would have to, were the wait not shortened with it.
  const auto both_are_there = [&] { return store.count(DeliveryStatus::delivered) == 2; };
  for (int hours = 0; hours < 100 && !store.signal.wait(both_are_there, 100ms); ++hours) {
    clock.advance(1h);
    worker.wake();
  }
  CHECK(store.wait_until(DeliveryStatus::delivered, 2));
  CHECK(clock.now() < then);
}
