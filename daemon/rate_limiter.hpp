// Politeness towards publishers: requests to one host leave no closer than a gap apart, over all threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

#include "daemon/source.hpp"

namespace entitywatch::daemon {

struct RateLimits {
  // A publisher on this machine is a mirror or a test of the user's own: nobody to be polite to, and a limit
  // would only slow the reading of a mirror down.
  enum class Loopback { exempt, limited };

  std::chrono::milliseconds api_gap{200};
  std::chrono::milliseconds bulk_gap{1000};
  Loopback loopback = Loopback::exempt;
};

// Thread safe.
class RateLimiter {
 public:
  explicit RateLimiter(RateLimits limits) : limits_(limits) {}
  // Returns when the request may leave; false when stopped before. Turns are given in the order asked.
  [[nodiscard]] bool wait_turn(const std::string& host, RequestClass kind, std::stop_token stop);

 private:
  using Steady = std::chrono::steady_clock;
  RateLimits limits_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::pair<std::string, RequestClass>, Steady::time_point> next_;
};

}  // namespace entitywatch::daemon
