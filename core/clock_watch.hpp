// Notices that the wall clock was set back: what was due in an hour would otherwise be due in an hour and
// as much later. Setting it forward needs nothing: what is due is done.
//
// Not thread safe.
#pragma once

#include <chrono>

#include "core/time.hpp"

namespace entitywatch {

class ClockWatch {
 public:
  explicit ClockWatch(const Clock& clock) : clock_(clock), wall_(clock.now()) {}

  // How far it was set back since the call before, at most zero. Corrections of less than a minute are none.
  [[nodiscard]] std::chrono::milliseconds set_back() {
    const Time wall = clock_.now();
    const auto steady = std::chrono::steady_clock::now();
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(steady - steady_);
    const std::chrono::milliseconds moved = (wall - wall_) - passed;
    const bool went_back = wall < wall_;  // one that stands still, as in tests, was not set
    wall_ = wall;
    steady_ = steady;
    return went_back && moved < -std::chrono::minutes{1} ? moved : std::chrono::milliseconds{0};
  }

 private:
  const Clock& clock_;
  Time wall_;
  std::chrono::steady_clock::time_point steady_ = std::chrono::steady_clock::now();
};

}  // namespace entitywatch
