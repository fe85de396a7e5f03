// One channel's way out of the outbox: its own backlog, threads and health, so that no channel delays
// another. Private to notify/.
#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/clock_watch.hpp"
#include "core/progress.hpp"
#include "notify/backlog.hpp"
#include "notify/channel_health.hpp"
#include "notify/outbox.hpp"
#include "notify/recorder.hpp"

namespace entitywatch::notify {

using TellOperators =
    std::function<void(const std::string& channel, bool failing, const std::string& reason)>;

class Lane {
 public:
  struct World {
    OutboxStore& store;
    const Clock& clock;
    Recorder& recorder;
    const TellOperators& tell;
    const DeliveryOptions& options;
  };
  Lane(std::string name, Channel& channel, const World& world);
  ~Lane() { stop(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  void trouble_is_known() { health_.trouble_is_known(); }  // before start()
  void start();
  void stop();
  [[nodiscard]] bool alive(std::chrono::milliseconds slack) const;
  void wake();
  void offer(const Delivery& delivery);
  // Everything due at `until`, in the calling thread.
  [[nodiscard]] Result<OutboxReport> drain(Time until);

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct Page {
    std::vector<Delivery> deliveries;
    bool complete = true;  // nothing pending is left in the store beyond these
  };
  struct Settled {
    Delivery delivery;
    Outcome outcome;
    Time began{};
    Time ended{};
  };

  // What a thread of the lane takes along: null in a drain, which nobody stops or watches.
  struct Turn {
    const std::stop_token& stop;
    Progress& progress;
  };

  void run(const std::stop_token& stop);
  void follow_clock(Lock& lock);
  void wait(Lock& lock, const std::stop_token& stop, Time now);
  void nudge(Lock& lock);
  void add_thread_if_useful(Time now);
  [[nodiscard]] bool may_start(Time now) const;
  [[nodiscard]] bool must_load(Time now) const;
  [[nodiscard]] Result<void> load(Lock& lock);
  [[nodiscard]] Result<Page> read_pending(bool first);
  // The try and its record; an error leaves the delivery pending and untouched.
  [[nodiscard]] Result<DeliveryStatus> handle(const Delivery& delivery, const Turn* turn);
  [[nodiscard]] Result<Settled> attempt(const Delivery& delivery);
  [[nodiscard]] Result<void> record(const Delivery& delivery, const Turn* turn);
  void put_back(Delivery delivery);
  void follow_up(const Settled& settled);
  void give_up_overdue(Time now, const std::string& reason);

  std::string name_;
  Channel& channel_;
  World world_;
  Pace pace_;
  std::size_t most_threads_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::condition_variable_any pausing_;  // between tries to record; only a stop ends it early
  std::list<Progress> busy_;             // one a try under way in a thread of the lane
  std::vector<std::jthread> threads_;
  Backlog backlog_;
  ChannelHealth health_;
  std::set<std::string> touched_;  // settled while a load runs: what the load read of them is old
  std::uint64_t generation_ = 0;   // counts nudges
  std::size_t idle_ = 0;
  std::size_t in_flight_ = 0;
  Time load_after_{};
  bool loaded_once_ = false;
  bool stale_ = true;      // the store may hold what the backlog does not
  bool complete_ = false;  // the backlog holds everything pending
  bool loading_ = false;
  bool disabled_ = false;
  ClockWatch watch_;
  bool running_ = false;
};

}  // namespace entitywatch::notify
