// The worker that empties the outbox: at least once, in order within a channel and order key, parallel
// across channels. A delivery is marked done only after the receiver said so.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/alert.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "notify/channel.hpp"
#include "notify/config.hpp"
#include "notify/retry.hpp"

namespace entitywatch::notify {

using ChannelFilter = std::function<bool(std::string_view channel)>;

// What the worker needs of storage; the daemon implements it over the archive. Thread safe.
class OutboxStore {
 public:
  virtual ~OutboxStore() = default;
  // The alert of a delivery with its changes and document as they now stand.
  [[nodiscard]] virtual Result<AlertView> view(const Delivery& delivery) = 0;
  // Durable on return.
  [[nodiscard]] virtual Result<void> record(const Delivery& delivery) = 0;
  // All of them, durable on return: one synced write for what ended together. The base records one by one.
  [[nodiscard]] virtual Result<void> record_many(const std::vector<Delivery>& deliveries);
  // Pending deliveries of the channels `wanted` says with next_attempt_at <= until, earliest first; `visit`
  // returns false to stop. Those of other channels must cost next to nothing: a dead one has many.
  [[nodiscard]] virtual Result<void> pending(const ChannelFilter& wanted, Time until,
                                             const std::function<bool(const Delivery&)>& visit) = 0;
  // A channel answered 410: persist that it is disabled and tell operators.
  [[nodiscard]] virtual Result<void> disable_channel(const std::string& channel,
                                                     const std::string& reason) = 0;
  [[nodiscard]] virtual bool is_disabled(const std::string& channel) = 0;
};

struct OutboxReport {
  std::size_t delivered = 0;
  std::size_t retried = 0;
  std::size_t dead = 0;
};

class OutboxWorker {
 public:
  OutboxWorker(OutboxStore& store, const Clock& clock, DeliveryOptions options,
               std::map<std::string, std::unique_ptr<Channel>> channels);
  ~OutboxWorker();  // stops and joins

  void start();  // its threads; without it only drain_once works
  void stop();   // no new tries; those in flight end within the delivery timeout
  // False when a try takes longer than any try may, by more than `slack`. For the watchdog.
  [[nodiscard]] bool alive(std::chrono::milliseconds slack = std::chrono::minutes{2}) const;
  void wake();  // something was committed or reopened: look at the store now
  // Instead of wake() where it is known what was committed: spares the look at the store.
  void committed(const std::vector<Delivery>& deliveries);
  // One pass over everything due, in the calling thread; for `poll` and tests. Refused while started.
  [[nodiscard]] Result<OutboxReport> drain_once();
  // A channel's last tries failed again and again, or an alert was given up: operators are told through
  // this, once and once when over. Set it before start(); called from the worker's threads.
  void on_channel_trouble(
      std::function<void(const std::string& channel, bool failing, const std::string& reason)> tell);
  // Operators heard of this channel's trouble before a restart, and are to hear when it is over. Before
  // start().
  void trouble_is_known(const std::string& channel);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace entitywatch::notify
