// When a failed delivery is tried again. Pure: the jitter comes from the delivery's id and the number of
// the try, so that a restart changes nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/alert.hpp"
#include "core/time.hpp"
#include "notify/config.hpp"

namespace entitywatch::notify {

// The wait before try number `attempts + 1`, without jitter: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h,
// 20 h, 24 h (Standard Webhooks), scaled to `first_retry` and capped by `max_retry`.
[[nodiscard]] std::chrono::milliseconds retry_wait(std::uint32_t attempts, const DeliveryOptions& options);

// The same with jitter: up to a fifth longer, or up to a fifth shorter where `max_retry` allows no longer.
[[nodiscard]] std::chrono::milliseconds jittered_wait(std::string_view delivery_id, std::uint32_t attempts,
                                                      const DeliveryOptions& options);

// When to try again after try number `delivery.attempts` failed at `now`; nullopt: give up. The last try
// falls on the moment of giving up. A Retry-After replaces the schedule and may lie past that moment: it
// is honoured, and the try then made is the last.
[[nodiscard]] std::optional<Time> next_try(const Delivery& delivery, Time now,
                                           std::optional<std::chrono::seconds> retry_after,
                                           const DeliveryOptions& options);

// A delivery whose times come from a clock that was ahead of the present one: it would wait for as long as
// that was. Any other as it is.
[[nodiscard]] Delivery under_this_clock(Delivery delivery, Time now, const DeliveryOptions& options);

// How long a channel rests after `failures` failed tries in a row (at least `rest_after`).
[[nodiscard]] std::chrono::milliseconds rest_wait(std::size_t failures, const DeliveryOptions& options);

}  // namespace entitywatch::notify
