#include "daemon/rate_limiter.hpp"

#include <algorithm>

#include "daemon/address_rules.hpp"

namespace entitywatch::daemon {

bool RateLimiter::wait_turn(const std::string& host, RequestClass kind, std::stop_token stop) {
  if (limits_.loopback == RateLimits::Loopback::exempt && is_loopback_host(host))
    return !stop.stop_requested();
  std::unique_lock lock(mutex_);
  Steady::time_point& next = next_[{host, kind}];
  const Steady::time_point turn = std::max(next, Steady::now());
  next = turn + (kind == RequestClass::api ? limits_.api_gap : limits_.bulk_gap);
  changed_.wait_until(lock, stop, turn, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace entitywatch::daemon
