// The inside of the HTTP endpoint: connections, the thread that waits on them all, and the workers.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/current.hpp"
#include "core/progress.hpp"
#include "daemon/exposition.hpp"
#include "daemon/http_connection.hpp"
#include "daemon/http_listener.hpp"
#include "daemon/http_memory.hpp"
#include "daemon/http_server.hpp"

namespace entitywatch::daemon {

// Who touches a connection: in phase `working` the one worker that has it, in every other phase the thread
// that holds `mutex_`. The mutex is never held while an answer is made; one that is remembered goes out at
// once.
class HttpEngine {
 public:
  HttpEngine(const Api& api, HttpOptions options, HttpAccess access, Listener listener);

  [[nodiscard]] Result<void> begin();
  void stop();
  void wake();
  void reconfigure(HttpAccess access) { access_.set(std::make_shared<const HttpAccess>(std::move(access))); }
  [[nodiscard]] int port() const { return listener_.port; }
  [[nodiscard]] std::string metrics() const;
  // Whether arrivals are looked at and what waits for a worker finds one.
  [[nodiscard]] bool alive() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  // The thread that waits.
  void wait_loop();
  void take_arrivals();
  bool make_room(const Lock& lock, const Peer& peer);
  bool close_oldest(const Lock& lock);
  void on_ready(int fd);
  void on_request_bytes(const Lock& lock, Connection& c);
  void on_writable(const Lock& lock, Connection& c);
  void on_stream_bytes(const Lock& lock, Connection& c);
  void on_drain(const Lock& lock, Connection& c);
  void sweep();
  void look_for_news(const Lock& lock);
  bool wind_down();

  // Phases; all with the mutex held.
  void advance(const Lock& lock, Connection& c);
  void await(const Lock& lock, Connection& c, Phase phase, Monotonic deadline);
  [[nodiscard]] bool is_better_with_worker() const;
  bool answer_from_memory(const Lock& lock, Connection& c);
  void give_to_worker(const Lock& lock, Connection& c);
  void refuse(const Lock& lock, Connection& c, int status, std::string_view title, std::string_view detail);
  void close(const Lock& lock, int fd);

  // Workers.
  void work();
  void serve(HttpMessages& messages, Connection& c);
  void answer_request(HttpMessages& messages, Connection& c);
  bool recall(Connection& c);
  bool admit_source(Connection& c);
  void pump(Connection& c);
  bool next_request(Connection& c);
  void hand_back(Connection& c);
  void count(int status) { ++answers_[static_cast<std::size_t>(std::clamp(status / 100, 1, 5))]; }

  const Api& api_;
  const HttpOptions options_;
  const FrameLimits limits_;
  Listener listener_;
  const std::size_t max_connections_;
  Current<HttpAccess> access_;
  HttpMemory memory_;
  const Descriptor epoll_;
  const Descriptor wake_;

  mutable std::mutex mutex_;
  std::condition_variable has_work_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::map<std::string, std::size_t> by_client_;
  std::deque<Connection*> queue_;
  std::atomic<std::size_t> idle_workers_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> lone_{false};       // the waiting thread had one connection to look after, or none
  std::atomic<std::size_t> queued_{0};  // queue_.size(), to be looked at without the mutex

  std::atomic<std::size_t> streams_{0};
  std::atomic<std::size_t> transfers_{0};
  std::atomic<bool> news_{false};
  std::atomic<std::uint64_t> news_count_{0};
  std::array<std::atomic<std::uint64_t>, 6> answers_{};
  std::atomic<std::uint64_t> accepted_{0};
  Histogram answer_times_;
  Progress waiter_moved_;
  Progress queue_moved_;  // when a request last left the queue, or came to an empty one
  std::atomic<std::uint64_t> recalled_{0};
  std::atomic<std::uint64_t> cut_off_{0};
  Monotonic next_sweep_{};
  Monotonic next_tick_{};
  Monotonic wind_down_until_{};

  std::vector<std::jthread> workers_;
  std::jthread waiter_;
};

}  // namespace entitywatch::daemon
