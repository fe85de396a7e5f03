// A clock that tests set.
#pragma once

#include <atomic>

#include "core/time.hpp"

namespace entitywatch::test {

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time now) : now_(now.time_since_epoch().count()) {}
  explicit FixedClock(const char* now) : FixedClock(parse_time(now).value()) {}
  [[nodiscard]] Time now() const override { return Time{std::chrono::milliseconds(now_.load())}; }
  void set(const char* now) { now_ = parse_time(now).value().time_since_epoch().count(); }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace entitywatch::test
