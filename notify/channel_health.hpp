// How a channel fares: when operators are told, and when it rests instead of being hammered. Pure; not
// thread safe. Private to notify/.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "notify/channel.hpp"
#include "notify/retry.hpp"

namespace entitywatch::notify {

// What operators are to hear after a try.
struct Tidings {
  bool failing = false;
  std::string reason;
};

class ChannelHealth {
 public:
  explicit ChannelHealth(const DeliveryOptions& options) : options_(options) {}

  // A try ended. `given_up`: the delivery is dead of it. Something to tell only when it is new: once when
  // trouble begins, once when it is over.
  [[nodiscard]] std::optional<Tidings> note(const Outcome& outcome, Time began, Time ended, bool given_up,
                                            Pace pace);

  // Operators were told before a restart: the next delivery tells them that it is over.
  void trouble_is_known() { told_ = true; }
  // The clock was set back by `back`, below zero.
  void follow_clock(std::chrono::milliseconds back);
  [[nodiscard]] bool rests(Time now) const { return now < rest_until_; }
  [[nodiscard]] Time rest_until() const { return rest_until_; }
  // Failed so often that only single tries are made.
  [[nodiscard]] bool probing() const { return failures_ >= options_.rest_after; }

 private:
  std::optional<Tidings> begin_trouble(std::string reason);
  void count_failure(Time began, Time ended);

  DeliveryOptions options_;
  std::size_t failures_ = 0;  // in a row, each begun after the one before had ended
  Time first_failure_{};
  Time last_failure_{};
  Time rest_until_{};
  bool told_ = false;
};

}  // namespace entitywatch::notify
