#include <catch2/catch_test_macros.hpp>

#include "fakes.hpp"
#include "notify/channel_health.hpp"
#include "notify/retry.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;
using namespace std::chrono_literals;

namespace {

const Time start = samples::at("2026-03-04T10:00:00Z");

Delivery tried(std::uint32_t attempts) {
  Delivery out;
  out.id = "d" + std::to_string(attempts);
  out.attempts = attempts;
  out.first_attempt_at = start;
  return out;
}

}  // namespace

TEST_CASE("the published schedule of Standard Webhooks") {
  const DeliveryOptions options;
  const std::vector<std::chrono::milliseconds> published{5s,  5min, 30min, 2h,  5h, 10h,
                                                         14h, 20h,  24h,   24h, 24h};
  for (std::uint32_t i = 0; i < published.size(); ++i) CHECK(retry_wait(i + 1, options) == published[i]);
}

TEST_CASE("the schedule scales with first_retry and is capped by max_retry") {
  DeliveryOptions options;
  options.first_retry = 100ms;
  options.max_retry = 10s;
  CHECK(retry_wait(1, options) == 100ms);
  CHECK(retry_wait(2, options) == 6s);
  CHECK(retry_wait(3, options) == 10s);
}

TEST_CASE("jitter is at most a fifth, the same after a restart, and different between deliveries") {
  const DeliveryOptions options;
  std::size_t different = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string id = "delivery" + std::to_string(i);
    const auto wait = jittered_wait(id, 2, options);
    CHECK(wait >= 5min);
    CHECK(wait <= 6min);
    CHECK(wait == jittered_wait(id, 2, options));
    if (wait != jittered_wait("delivery0", 2, options)) ++different;
    CHECK(jittered_wait(id, 9, options) <= 24h);
    CHECK(jittered_wait(id, 9, options) >= 19h);
  }
  CHECK(different > 90);
}

TEST_CASE("tries go on until giving up, the last one at that very moment") {
  const DeliveryOptions options;
  Time now = start;
  std::uint32_t attempts = 1;
  while (const auto next = next_try(tried(attempts), now, std::nullopt, options)) {
    CHECK(*next > now);
    CHECK(*next <= start + options.give_up);
    now = *next;
    ++attempts;
  }
  CHECK(now == start + options.give_up);
  CHECK(attempts >= 10);
  CHECK(attempts <= 13);
}

TEST_CASE("Retry-After replaces the schedule, within reason") {
  const DeliveryOptions options;
  CHECK(next_try(tried(1), start, 120s, options) == start + 120s);
  CHECK(next_try(tried(5), start, 7s, options) == start + 7s);
  CHECK(next_try(tried(1), start, 0s, options) == start + 1s);
  CHECK(next_try(tried(1), start, 1000h, options) == start + 24h);
  // Honoured past the moment of giving up: one last try then.
  CHECK(next_try(tried(1), start + 119h, 5h, options) == start + 124h);
  CHECK_FALSE(next_try(tried(2), start + 124h, 5h, options));
}

TEST_CASE("a redelivered one has its whole time again") {
  Delivery again = tried(0);
  again.first_attempt_at.reset();
  again.created_at = start - std::chrono::hours{24 * 30};
  again.attempts = 1;
  CHECK(next_try(again, start, std::nullopt, {}).has_value());
}

TEST_CASE("operators hear once that a channel fails, and once that it is over") {
  ChannelHealth health{DeliveryOptions{}};
  Time now = start;
  const auto fail_for = [&](std::chrono::milliseconds wait) {
    const auto tidings = health.note(fakes::failed(), now, now + 1s, false, {});
    now += wait;
    return tidings;
  };
  CHECK_FALSE(fail_for(5s));
  CHECK_FALSE(fail_for(5min));
  const auto told = fail_for(30min);
  REQUIRE(told);
  CHECK(told->failing);
  CHECK(told->reason == "3 tries in a row failed, the last with: 503 said so");
  CHECK_FALSE(fail_for(2h));
  const auto over = health.note(fakes::delivered(), now, now + 1s, false, {});
  REQUIRE(over);
  CHECK_FALSE(over->failing);
  CHECK_FALSE(health.note(fakes::delivered(), now, now + 1s, false, {}));
}

TEST_CASE("tries that failed side by side are one failure, and a hiccup is none") {
  ChannelHealth health{DeliveryOptions{}};
  for (int i = 0; i < 50; ++i) CHECK_FALSE(health.note(fakes::failed(), start, start + 1s, false, {}));
  CHECK_FALSE(health.probing());
  CHECK_FALSE(health.note(fakes::delivered(), start + 2s, start + 3s, false, {}));
}

TEST_CASE(
    "after many failures in a row a channel rests, longer each time, and stops resting when it answers") {
  const DeliveryOptions options;
  ChannelHealth health{options};
  Time now = start;
  for (std::size_t i = 0; i < options.rest_after; ++i) {
    CHECK_FALSE(health.rests(now));
    static_cast<void>(health.note(fakes::failed(), now, now + 1s, false, {}));
    now += 2s;
  }
  CHECK(health.probing());
  CHECK(health.rests(now));
  CHECK(health.rest_until() == now - 1s + 5s);
  now += 10s;
  static_cast<void>(health.note(fakes::failed(), now, now, false, {}));
  CHECK(health.rest_until() == now + 10s);
  for (int i = 0; i < 20; ++i) {
    now = health.rest_until();
    static_cast<void>(health.note(fakes::failed(), now, now, false, {}));
    CHECK(health.rest_until() - now <= 5min);
  }
  static_cast<void>(health.note(fakes::delivered(), now, now, false, {}));
  CHECK_FALSE(health.probing());
  CHECK_FALSE(health.rests(now));
}

TEST_CASE("being told to slow down is no failure; for a chat it speaks for the whole channel") {
  ChannelHealth health{DeliveryOptions{}};
  Outcome slow = fakes::answer(Outcome::Kind::retry, 429);
  slow.retry_after = 30s;
  for (int i = 0; i < 20; ++i)
    CHECK_FALSE(health.note(slow, start + i * 10min, start + i * 10min, false, {0, false}));
  CHECK_FALSE(health.rests(start));
  CHECK_FALSE(health.note(slow, start, start, false, {1, true}));
  CHECK(health.rests(start + 29s));
  CHECK_FALSE(health.rests(start + 30s));
}

TEST_CASE("an alert that is lost is told at once") {
  ChannelHealth given_up{DeliveryOptions{}};
  CHECK(given_up.note(fakes::failed(), start, start, true, {})->reason.starts_with("it gave up on an alert"));
  ChannelHealth rejected{DeliveryOptions{}};
  CHECK(rejected.note(fakes::answer(Outcome::Kind::rejected, 404), start, start, false, {})->failing);
  ChannelHealth partly{DeliveryOptions{}};
  Outcome some = fakes::delivered();
  some.warning = "2 of 3 recipients reached";
  CHECK(partly.note(some, start, start, false, {})->failing);
  CHECK_FALSE(partly.note(some, start, start, false, {}));
  CHECK_FALSE(partly.note(fakes::delivered(), start, start, false, {})->failing);
}
