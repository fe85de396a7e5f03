#include "notify/retry.hpp"

#include <algorithm>
#include <array>

namespace entitywatch::notify {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<seconds, 9> schedule{seconds{5}, minutes{5}, minutes{30}, hours{2}, hours{5},
                                          hours{10},  hours{14},  hours{20},   hours{24}};

// No receiver is hammered because it asks for it.
constexpr milliseconds shortest_retry_after{1'000};
constexpr milliseconds longest_retry_after{hours{24}};

std::uint64_t fnv1a(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 14695981039346656037ULL ^ (seed * 0x9E3779B97F4A7C15ULL);
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash ^ (hash >> 29);
}

}  // namespace

milliseconds retry_wait(std::uint32_t attempts, const DeliveryOptions& options) {
  const std::size_t step = std::min<std::size_t>(attempts == 0 ? 0 : attempts - 1, schedule.size() - 1);
  const std::int64_t scaled = schedule[step] / schedule[0] * options.first_retry.count();
  return std::min(milliseconds{scaled}, options.max_retry);
}

milliseconds jittered_wait(std::string_view delivery_id, std::uint32_t attempts,
                           const DeliveryOptions& options) {
  const milliseconds wait = retry_wait(attempts, options);
  const auto part = static_cast<std::int64_t>(fnv1a(delivery_id, attempts) % 1000);
  const milliseconds jitter{wait.count() * part / 5000};
  return wait + jitter <= options.max_retry ? wait + jitter : wait - jitter;
}

std::optional<Time> next_try(const Delivery& delivery, Time now, std::optional<seconds> retry_after,
                             const DeliveryOptions& options) {
  const Time deadline = delivery.first_attempt_at.value_or(now) + options.give_up;
  if (now >= deadline) return std::nullopt;
  if (retry_after) {
    const milliseconds asked{*retry_after};
    return now + std::clamp(asked, std::min(shortest_retry_after, options.first_retry), longest_retry_after);
  }
  return std::min(now + jittered_wait(delivery.id, delivery.attempts, options), deadline);
}

Delivery under_this_clock(Delivery delivery, Time now, const DeliveryOptions& options) {
  const auto longest = std::max<milliseconds>(options.max_retry, hours{24});
  if (!delivery.next_attempt_at) return delivery;
  if (delivery.attempts > 0 && *delivery.next_attempt_at > now + longest)
    delivery.next_attempt_at = now + jittered_wait(delivery.id, delivery.attempts, options);
  if (delivery.attempts == 0 && delivery.created_at > now + minutes{1})
    *delivery.next_attempt_at -= delivery.created_at - now;
  return delivery;
}

milliseconds rest_wait(std::size_t failures, const DeliveryOptions& options) {
  const std::size_t beyond = failures > options.rest_after ? failures - options.rest_after : 0;
  const milliseconds longest = std::min(options.first_retry * 60, options.max_retry);
  const milliseconds rest = options.first_retry * (std::int64_t{1} << std::min<std::size_t>(beyond, 6));
  return std::min(rest, longest);
}

}  // namespace entitywatch::notify
