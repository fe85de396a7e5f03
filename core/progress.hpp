// When something last moved: written by the thread that works, read by who asks whether it still does.
// Thread safe. A suspended machine does not count as time without progress.
#pragma once

#include <atomic>
#include <chrono>

namespace entitywatch {

class Progress {
 public:
  void touch() { at_.store(Steady::now().time_since_epoch().count(), std::memory_order_relaxed); }
  [[nodiscard]] std::chrono::milliseconds idle() const {
    const Steady::duration last{at_.load(std::memory_order_relaxed)};
    return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now().time_since_epoch() - last);
  }

 private:
  using Steady = std::chrono::steady_clock;
  std::atomic<Steady::rep> at_{Steady::now().time_since_epoch().count()};
};

}  // namespace entitywatch
