// The world, recorded: transports that answer as told, a store in memory, a clock that is set.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "notify/outbox.hpp"

namespace entitywatch::notify::fakes {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : now_(start.time_since_epoch().count()) {}
  [[nodiscard]] Time now() const override { return Time{std::chrono::milliseconds{now_.load()}}; }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_;
};

class RecordingHttp final : public HttpTransport {
 public:
  Result<HttpResponse> post(const HttpRequest& request) override {
    const std::lock_guard lock(mutex_);
    requests.push_back(request);
    if (answers.empty()) return HttpResponse{200, {}, "ok"};
    auto answer = answers.front();
    answers.pop_front();
    return answer;
  }
  std::vector<HttpRequest> requests;
  std::deque<Result<HttpResponse>> answers;  // 200 once they run out

 private:
  std::mutex mutex_;
};

class RecordingMail final : public MailTransport {
 public:
  Result<std::vector<RecipientResult>> send(const MailRequest& request) override {
    requests.push_back(request);
    if (session_error) return tl::unexpected(*session_error);
    std::vector<RecipientResult> out;
    for (const std::string& recipient : request.recipients) {
      const auto told = answers.find(recipient);
      out.push_back({recipient, told == answers.end() ? 250 : told->second, "said so"});
    }
    return out;
  }
  std::vector<MailRequest> requests;
  std::map<std::string, int> answers;
  std::optional<Error> session_error;
};

// Deliveries by id; `recorded` counts what was made durable.
class MemoryStore : public OutboxStore {
 public:
  void add(Delivery delivery) {
    const std::lock_guard lock(mutex);
    deliveries[delivery.id] = std::move(delivery);
  }
  Result<void> pending(const ChannelFilter& wanted, Time until,
                       const std::function<bool(const Delivery&)>& visit) override {
    std::vector<Delivery> out;
    {
      const std::lock_guard lock(mutex);
      if (broken) return fail(ErrorCode::io, "the disk is gone");
      for (const auto& [id, d] : deliveries)
        if (wanted(d.channel) && d.status == DeliveryStatus::pending && d.next_attempt_at &&
            *d.next_attempt_at <= until)
          out.push_back(d);
    }
    std::sort(out.begin(), out.end(), [](const Delivery& a, const Delivery& b) {
      return std::tie(*a.next_attempt_at, a.id) < std::tie(*b.next_attempt_at, b.id);
    });
    for (const Delivery& delivery : out)
      if (!visit(delivery)) break;
    return {};
  }
  Result<AlertView> view(const Delivery& delivery) override {
    const std::lock_guard lock(mutex);
    if (missing_views.contains(delivery.alert_id)) return fail(ErrorCode::not_found, "no such alert");
    AlertView out;
    out.alert.id = delivery.alert_id;
    out.alert.kind = Alert::Kind::sample;
    out.alert.subject = "sample";
    return out;
  }
  Result<void> record(const Delivery& delivery) override { return record_many({delivery}); }
  Result<void> record_many(const std::vector<Delivery>& many) override {
    const std::lock_guard lock(mutex);
    ++writes;
    if (broken || failing_writes > 0) {
      if (failing_writes > 0) --failing_writes;
      return fail(ErrorCode::io, "the disk is full");
    }
    for (const Delivery& delivery : many) {
      deliveries[delivery.id] = delivery;
      ++recorded;
    }
    return {};
  }
  Result<void> disable_channel(const std::string& channel, const std::string& reason) override {
    const std::lock_guard lock(mutex);
    disabled[channel] = reason;
    ++disable_calls;
    return {};
  }
  bool is_disabled(const std::string& channel) override {
    const std::lock_guard lock(mutex);
    return disabled.contains(channel);
  }
  [[nodiscard]] Delivery get(const std::string& id) {
    const std::lock_guard lock(mutex);
    return deliveries.at(id);
  }
  [[nodiscard]] std::size_t count(DeliveryStatus status) {
    const std::lock_guard lock(mutex);
    std::size_t out = 0;
    for (const auto& [id, d] : deliveries) out += d.status == status ? 1 : 0;
    return out;
  }

  std::mutex mutex;
  std::map<std::string, Delivery> deliveries;
  std::map<std::string, std::string> disabled;
  std::map<std::string, bool> missing_views;
  std::size_t recorded = 0;
  std::size_t writes = 0;
  std::size_t failing_writes = 0;
  std::size_t disable_calls = 0;
  bool broken = false;
};

// A channel that does as the test says.
class ScriptedChannel final : public Channel {
 public:
  using Script = std::function<Outcome(const Delivery&)>;
  ScriptedChannel(Script script, Pace pace) : script_(std::move(script)), pace_(pace) {}
  Outcome deliver(const AlertView&, const Delivery& delivery, Time) override { return script_(delivery); }
  std::string preview(const AlertView&, Time) const override { return {}; }
  [[nodiscard]] Pace pace() const override { return pace_; }

 private:
  Script script_;
  Pace pace_;
};

inline Outcome answer(Outcome::Kind kind, int status) {
  Outcome out;
  out.kind = kind;
  out.response.status = status;
  out.response.excerpt = "said so";
  return out;
}
inline Outcome delivered() { return answer(Outcome::Kind::delivered, 200); }
inline Outcome failed() { return answer(Outcome::Kind::retry, 503); }

inline Delivery delivery(const std::string& id, const std::string& channel, const std::string& key,
                         Time created) {
  Delivery out;
  out.id = id;
  out.alert_id = "alert " + id;
  out.channel = channel;
  out.order_key = key;
  out.created_at = created;
  out.next_attempt_at = created;
  return out;
}

}  // namespace entitywatch::notify::fakes
