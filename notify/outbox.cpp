#include "notify/outbox.hpp"

#include <algorithm>
#include <atomic>

#include "notify/lane.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::size_t most_orphans = 10'000;  // given up at one start, in one write

}  // namespace

Result<void> OutboxStore::record_many(const std::vector<Delivery>& deliveries) {
  for (const Delivery& delivery : deliveries)
    if (auto recorded = record(delivery); !recorded) return recorded;
  return {};
}

class OutboxWorker::Impl {
 public:
  Impl(OutboxStore& store, const Clock& clock, DeliveryOptions options,
       std::map<std::string, std::unique_ptr<Channel>> channels)
      : store_(store), clock_(clock), options_(options), recorder_(store), channels_(std::move(channels)) {
    for (const auto& [name, channel] : channels_)
      lanes_.emplace(name, std::make_unique<Lane>(name, *channel,
                                                  Lane::World{store_, clock_, recorder_, tell_, options_}));
  }
  ~Impl() { stop(); }

  void start() {
    if (started_.exchange(true)) return;
    static_cast<void>(give_up_orphans());  // they stay pending and are looked at again at the next start
    for (const auto& [name, lane] : lanes_) lane->start();
  }

  void stop() {
    // All are asked before any is waited for: those in flight end side by side.
    std::vector<std::jthread> stopping;
    for (const auto& [name, lane] : lanes_) stopping.emplace_back([&lane = *lane] { lane.stop(); });
    stopping.clear();
    started_ = false;
  }

  bool alive(std::chrono::milliseconds slack) const {
    return std::all_of(lanes_.begin(), lanes_.end(),
                       [&](const auto& named) { return named.second->alive(slack); });
  }

  void wake() {
    for (const auto& [name, lane] : lanes_) lane->wake();
  }

  void committed(const std::vector<Delivery>& deliveries) {
    for (const Delivery& delivery : deliveries) {
      const auto lane = lanes_.find(delivery.channel);
      if (lane != lanes_.end() && delivery.status == DeliveryStatus::pending) lane->second->offer(delivery);
    }
  }

  Result<OutboxReport> drain_once() {
    if (started_) return fail(ErrorCode::refused, "the outbox is being emptied by its threads already");
    if (auto done = give_up_orphans(); !done) return tl::unexpected(done.error());
    OutboxReport total;
    const Time until = clock_.now();
    for (const auto& [name, lane] : lanes_) {
      auto report = lane->drain(until);
      if (!report) return report;
      total.delivered += report->delivered;
      total.retried += report->retried;
      total.dead += report->dead;
    }
    return total;
  }

  void trouble_is_known(const std::string& channel) {
    if (const auto lane = lanes_.find(channel); lane != lanes_.end()) lane->second->trouble_is_known();
  }

  void on_channel_trouble(TellOperators tell) { tell_ = std::move(tell); }

 private:
  // Deliveries of channels that are no longer configured wait for them to come back, as long as for any.
  Result<void> give_up_orphans() {
    const Time now = clock_.now();
    std::vector<Delivery> orphans;
    const auto orphaned = [this](std::string_view channel) { return !lanes_.contains(std::string(channel)); };
    const auto read = store_.pending(orphaned, now, [&](const Delivery& delivery) {
      if (delivery.created_at + options_.give_up <= now) orphans.push_back(delivery);
      return orphans.size() < most_orphans;
    });
    if (!read) return tl::unexpected(read.error());
    if (orphans.empty()) return {};
    for (Delivery& delivery : orphans) {
      delivery.status = DeliveryStatus::dead;
      delivery.next_attempt_at.reset();
      delivery.last_response = DeliveryResponse{0, "given up: no channel of this name is configured", 0};
    }
    return store_.record_many(orphans);
  }

  OutboxStore& store_;
  const Clock& clock_;
  DeliveryOptions options_;
  Recorder recorder_;
  TellOperators tell_;
  std::map<std::string, std::unique_ptr<Channel>> channels_;
  std::map<std::string, std::unique_ptr<Lane>> lanes_;
  std::atomic<bool> started_ = false;
};

OutboxWorker::OutboxWorker(OutboxStore& store, const Clock& clock, DeliveryOptions options,
                           std::map<std::string, std::unique_ptr<Channel>> channels)
    : impl_(std::make_unique<Impl>(store, clock, options, std::move(channels))) {}

OutboxWorker::~OutboxWorker() = default;

void OutboxWorker::start() { impl_->start(); }
void OutboxWorker::stop() { impl_->stop(); }
void OutboxWorker::wake() { impl_->wake(); }
bool OutboxWorker::alive(std::chrono::milliseconds slack) const { return impl_->alive(slack); }
void OutboxWorker::committed(const std::vector<Delivery>& deliveries) { impl_->committed(deliveries); }
Result<OutboxReport> OutboxWorker::drain_once() { return impl_->drain_once(); }
void OutboxWorker::trouble_is_known(const std::string& channel) { impl_->trouble_is_known(channel); }
void OutboxWorker::on_channel_trouble(TellOperators tell) { impl_->on_channel_trouble(std::move(tell)); }

}  // namespace entitywatch::notify
