// What the daemon counts of its own work since it started, for /metrics. Thread safe.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "core/result.hpp"
#include "daemon/exposition.hpp"
#include "daemon/readings.hpp"
#include "daemon/source.hpp"
#include "notify/outbox.hpp"

namespace entitywatch::daemon {

class Meters {
 public:
  void polled(const std::string& source, const PollReport& report, std::chrono::nanoseconds took);
  void parsed(const Observation& observation, const Result<Reading>& reading, std::chrono::nanoseconds took);
  void committed(std::chrono::nanoseconds took) { commits_.note(took); }
  // A delivery as recorded after a try, or given up.
  void delivered(const Delivery& delivery);
  [[nodiscard]] std::string text() const;

 private:
  // Counters of one family by their labels; histograms too.
  using Counts = std::map<std::string, std::uint64_t>;
  using Durations = std::map<std::string, Histogram>;

  mutable std::mutex mutex_;  // over the maps
  Counts polls_;
  Counts findings_;
  Counts unread_;
  Counts deliveries_;
  Durations poll_times_;
  Durations parse_times_;
  Durations delivery_times_;
  Histogram commits_;
};

// The outbox as the worker sees it; what is recorded is counted and logged.
class MeteredOutbox final : public notify::OutboxStore {
 public:
  MeteredOutbox(notify::OutboxStore& store, Meters& meters) : store_(store), meters_(meters) {}
  [[nodiscard]] Result<notify::AlertView> view(const Delivery& delivery) override {
    return store_.view(delivery);
  }
  [[nodiscard]] Result<void> pending(const notify::ChannelFilter& wanted, Time until,
                                     const std::function<bool(const Delivery&)>& visit) override {
    return store_.pending(wanted, until, visit);
  }
  [[nodiscard]] Result<void> record(const Delivery& delivery) override;
  [[nodiscard]] Result<void> record_many(const std::vector<Delivery>& deliveries) override;
  [[nodiscard]] Result<void> disable_channel(const std::string& channel, const std::string& reason) override {
    return store_.disable_channel(channel, reason);
  }
  [[nodiscard]] bool is_disabled(const std::string& channel) override { return store_.is_disabled(channel); }

 private:
  void note(const Delivery& delivery);
  notify::OutboxStore& store_;
  Meters& meters_;
};

}  // namespace entitywatch::daemon
