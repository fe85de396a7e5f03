#include "notify/lane.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "core/text.hpp"

namespace entitywatch::notify {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_held = 4'096;  // beyond it, new ones stay in the store until there is room
constexpr milliseconds store_pause{1'000};
constexpr milliseconds longest_wait{60'000};  // bounds what a jump of the clock can do
// A try may take several connections, each with its own timeout; whoever takes longer is stuck.
constexpr int stuck_after_timeouts = 4;

Outcome failed(std::string_view reason, Outcome::Kind kind) {
  Outcome out;
  out.kind = kind;
  out.response.excerpt = text::excerpt(reason, 297);
  return out;
}

// The delivery after a try.
Delivery after(Delivery delivery, const Outcome& outcome, Time began, Time ended,
               const DeliveryOptions& options) {
  ++delivery.attempts;
  if (!delivery.first_attempt_at) delivery.first_attempt_at = began;
  delivery.last_response = outcome.response;
  delivery.done_recipients = outcome.done_recipients;
  delivery.next_attempt_at.reset();
  if (outcome.kind == Outcome::Kind::delivered) {
    delivery.status = DeliveryStatus::delivered;
    delivery.delivered_at = ended;
    return delivery;
  }
  if (outcome.kind == Outcome::Kind::retry)
    delivery.next_attempt_at = next_try(delivery, ended, outcome.retry_after, options);
  delivery.status = delivery.next_attempt_at ? DeliveryStatus::pending : DeliveryStatus::dead;
  return delivery;
}

}  // namespace

Lane::Lane(std::string name, Channel& channel, const World& world)
    : name_(std::move(name)),
      channel_(channel),
      world_(world),
      pace_(channel.pace()),
      most_threads_(std::max<std::size_t>(1, pace_.in_flight == 0
                                                 ? world.options.parallel
                                                 : std::min(pace_.in_flight, world.options.parallel))),
      health_(world.options),
      watch_(world.clock) {}

void Lane::start() {
  const std::lock_guard lock(mutex_);
  running_ = true;
  threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
}

bool Lane::alive(milliseconds slack) const {
  const std::lock_guard lock(mutex_);
  const auto bound = stuck_after_timeouts * world_.options.timeout + slack;
  return std::all_of(busy_.begin(), busy_.end(),
                     [&](const Progress& progress) { return progress.idle() < bound; });
}

void Lane::stop() {
  std::vector<std::jthread> threads;
  {
    const std::lock_guard lock(mutex_);
    running_ = false;
    threads.swap(threads_);
  }
  for (std::jthread& thread : threads) thread.request_stop();
}

void Lane::nudge(Lock&) {
  ++generation_;
  changed_.notify_all();
}

void Lane::wake() {
  Lock lock(mutex_);
  stale_ = true;
  nudge(lock);
}

void Lane::offer(const Delivery& delivery) {
  Lock lock(mutex_);
  // A load that runs now may have begun before this was committed.
  if (loading_ || (complete_ && backlog_.size() < most_held))
    backlog_.insert(under_this_clock(delivery, world_.clock.now(), world_.options));
  else
    complete_ = false;
  nudge(lock);
}

bool Lane::may_start(Time now) const {
  if (disabled_ || health_.rests(now)) return false;
  return !health_.probing() || in_flight_ == 0;
}

bool Lane::must_load(Time now) const {
  if (loading_ || now < load_after_) return false;
  return stale_ || (!complete_ && !disabled_ && !health_.rests(now) && !backlog_.has_due(now));
}

void Lane::follow_clock(Lock&) {
  const milliseconds back = watch_.set_back();
  if (back.count() == 0) return;
  backlog_.follow_clock(world_.clock.now(), back);
  health_.follow_clock(back);
  load_after_ = Time{};
}

void Lane::run(const std::stop_token& stop) {
  Lock lock(mutex_);
  while (!stop.stop_requested()) {
    follow_clock(lock);
    const Time now = world_.clock.now();
    if (must_load(now)) {
      if (!load(lock)) load_after_ = now + store_pause;
      continue;
    }
    std::optional<Delivery> next = may_start(now) ? backlog_.take(now) : std::nullopt;
    if (!next) {
      wait(lock, stop, now);
      continue;
    }
    ++in_flight_;
    add_thread_if_useful(now);
    const auto at = busy_.emplace(busy_.end());
    const Turn turn{stop, *at};
    lock.unlock();
    // What went wrong is either recorded with the delivery or the store's, which is asked again later.
    static_cast<void>(handle(*next, &turn));
    lock.lock();
    busy_.erase(at);
    --in_flight_;
    nudge(lock);
  }
}

void Lane::add_thread_if_useful(Time now) {
  if (!running_ || health_.probing() || !backlog_.has_due(now)) return;
  if (idle_ != 0) {
    ++generation_;
    return changed_.notify_one();
  }
  if (threads_.size() < most_threads_)
    threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
}

void Lane::wait(Lock& lock, const std::stop_token& stop, Time now) {
  Time until = now + longest_wait;
  if (!disabled_) {
    if (health_.rests(now))
      until = std::min(until, health_.rest_until());
    else if (const auto due = backlog_.next_due(); due && !(health_.probing() && in_flight_ != 0))
      until = std::min(until, *due);
  }
  if (stale_ && now < load_after_) until = std::min(until, load_after_);
  const std::uint64_t seen = generation_;
  ++idle_;
  const bool work_is_here = until <= now;
  changed_.wait_for(lock, stop, work_is_here ? milliseconds{1} : until - now,
                    [&] { return generation_ != seen; });
  --idle_;
}

Result<Lane::Settled> Lane::attempt(const Delivery& delivery) {
  Settled out{delivery, {}, world_.clock.now(), {}};
  const auto begun = std::chrono::steady_clock::now();
  bool reported = false;
  const auto view = world_.store.view(delivery);
  if (!view && view.error().code != ErrorCode::not_found) return tl::unexpected(view.error());
  if (!view) {
    out.outcome = failed("the alert is not in the store: " + view.error().message, Outcome::Kind::rejected);
  } else {
    try {
      out.outcome = channel_.deliver(*view, delivery, out.began);
      reported = true;
    } catch (const std::exception& e) {
      out.outcome = failed(fmt::format("internal error: {}", e.what()), Outcome::Kind::retry);
    }
  }
  if (!reported) out.outcome.done_recipients = delivery.done_recipients;
  out.ended = world_.clock.now();
  out.outcome.response.latency_ms =
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun).count();
  out.delivery = after(delivery, out.outcome, out.began, out.ended, world_.options);
  return out;
}

// What the receiver took must not be sent again because the store is slow to write: it is asked until it
// has written, or the worker stops.
Result<void> Lane::record(const Delivery& delivery, const Turn* turn) {
  while (true) {
    if (turn != nullptr) turn->progress.touch();
    auto recorded = world_.recorder.record(delivery);
    if (recorded || turn == nullptr || turn->stop.stop_requested()) return recorded;
    Lock lock(mutex_);
    pausing_.wait_for(lock, turn->stop, store_pause, [] { return false; });
    if (turn->stop.stop_requested()) return recorded;
  }
}

void Lane::put_back(Delivery delivery) {
  const Lock lock(mutex_);
  // A store that cannot be read is not asked again at once.
  delivery.next_attempt_at = world_.clock.now() + store_pause;
  backlog_.settle(delivery);
}

Result<DeliveryStatus> Lane::handle(const Delivery& delivery, const Turn* turn) {
  const auto settled = attempt(delivery);
  if (!settled) {
    put_back(delivery);
    return tl::unexpected(settled.error());
  }
  if (auto recorded = record(settled->delivery, turn); !recorded) {
    put_back(delivery);
    return tl::unexpected(recorded.error());
  }
  follow_up(*settled);
  return settled->delivery.status;
}

void Lane::follow_up(const Settled& settled) {
  const bool disables = settled.outcome.kind == Outcome::Kind::channel_disabled;
  const bool given_up =
      settled.outcome.kind == Outcome::Kind::retry && settled.delivery.status == DeliveryStatus::dead;
  std::optional<Tidings> tidings;
  bool first_to_disable = false;
  bool rests = false;
  {
    const Lock lock(mutex_);
    // The clock may have been set back meanwhile.
    backlog_.settle(under_this_clock(settled.delivery, world_.clock.now(), world_.options));
    if (loading_) touched_.insert(settled.delivery.id);
    first_to_disable = disables && !disabled_;
    if (disables) disabled_ = true;
    tidings = health_.note(settled.outcome, settled.began, settled.ended, given_up, pace_);
    rests = health_.probing();
  }
  if (first_to_disable) {
    const std::string reason = "the receiver answered 410 Gone: " + settled.outcome.response.excerpt;
    if (!world_.store.disable_channel(name_, reason) && world_.tell) world_.tell(name_, true, reason);
  }
  if (tidings && world_.tell) world_.tell(name_, tidings->failing, tidings->reason);
  if (rests && settled.outcome.kind == Outcome::Kind::retry)
    give_up_overdue(settled.ended,
                    "the channel kept failing, last with: " + settled.outcome.response.excerpt);
}

// While a channel rests, what waits behind the single tries is given up in its own time, not one a try.
void Lane::give_up_overdue(Time now, const std::string& reason) {
  std::vector<Delivery> overdue;
  {
    const Lock lock(mutex_);
    overdue = backlog_.remove_if([&](const Delivery& d) {
      return d.first_attempt_at.value_or(d.next_attempt_at.value_or(d.created_at)) + world_.options.give_up <=
             now;
    });
    if (loading_)
      for (const Delivery& delivery : overdue) touched_.insert(delivery.id);
  }
  if (overdue.empty()) return;
  for (Delivery& delivery : overdue) {
    delivery.status = DeliveryStatus::dead;
    delivery.next_attempt_at.reset();
    delivery.last_response = DeliveryResponse{0, text::excerpt("given up: " + reason, 297), 0};
  }
  if (world_.store.record_many(overdue)) return;
  Lock lock(mutex_);  // still pending in the store: read them again, later
  stale_ = true;
  load_after_ = now + store_pause;
  nudge(lock);
}

Result<OutboxReport> Lane::drain(Time until) {
  OutboxReport report;
  Lock lock(mutex_);
  stale_ = true;
  load_after_ = Time{};
  while (true) {
    if (must_load(until))
      if (auto loaded = load(lock); !loaded) return tl::unexpected(loaded.error());
    if (!may_start(world_.clock.now())) return report;
    const std::optional<Delivery> next = backlog_.take(until);
    if (!next) {
      if (must_load(until)) continue;
      return report;
    }
    lock.unlock();
    const auto status = handle(*next, nullptr);
    lock.lock();
    if (!status) return tl::unexpected(status.error());
    if (*status == DeliveryStatus::delivered) ++report.delivered;
    if (*status == DeliveryStatus::pending) ++report.retried;
    if (*status == DeliveryStatus::dead) ++report.dead;
  }
}

}  // namespace entitywatch::notify
