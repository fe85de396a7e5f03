// How a lane learns from the store what waits for its channel.
#include <algorithm>

#include "notify/lane.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::size_t page_size = 2'048;  // read from the store at once, beside what was tried before
// No delivery is ever due later.
const Time end_of_time = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};

}  // namespace

Result<Lane::Page> Lane::read_pending(bool first) {
  Page found;
  std::size_t fresh = 0;
  const auto visit = [&](const Delivery& delivery) {
    const bool tried = delivery.attempts != 0;
    const std::lock_guard lock(mutex_);
    if (backlog_.holds_as_is(delivery)) return true;
    const bool counts = !backlog_.knows(delivery.id) && !(first && tried);
    if (counts && fresh == page_size) {
      found.complete = false;
      // The first load knows every delivery that was tried: those behind it in its line must wait for it.
      return first;
    }
    if (counts) ++fresh;
    found.deliveries.push_back(delivery);
    return true;
  };
  if (auto read = world_.store.pending([this](std::string_view channel) { return channel == name_; },
                                       end_of_time, visit);
      !read)
    return tl::unexpected(read.error());
  return found;
}

Result<void> Lane::load(Lock& lock) {
  loading_ = true;
  stale_ = false;
  touched_.clear();
  const bool first = !loaded_once_;
  lock.unlock();
  const bool disabled = world_.store.is_disabled(name_);
  const auto found = read_pending(first);
  lock.lock();
  loading_ = false;
  disabled_ = disabled;
  if (!found) {
    stale_ = true;
    nudge(lock);
    return tl::unexpected(found.error());
  }
  const Time now = world_.clock.now();
  for (const Delivery& delivery : found->deliveries) {
    const Delivery mended = under_this_clock(delivery, now, world_.options);
    // One that is held was mended before, and is not put off anew.
    const bool held = mended.next_attempt_at != delivery.next_attempt_at && backlog_.knows(delivery.id);
    if (!held && !touched_.contains(delivery.id)) backlog_.insert(mended);
  }
  loaded_once_ = true;
  complete_ = found->complete;
  nudge(lock);
  if (!disabled) return {};
  lock.unlock();
  give_up_overdue(world_.clock.now(), "the channel is disabled");
  lock.lock();
  return {};
}

}  // namespace entitywatch::notify
