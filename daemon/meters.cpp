#include "daemon/meters.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace entitywatch::daemon {
namespace {

std::string_view outcome_of(const PollReport& report) {
  if (report.failure) return "failed";
  if (report.held) return "held";
  return report.changes > 0 ? "changed" : "unchanged";
}

// A try that will be repeated is pending still.
std::string_view outcome_of(const Delivery& delivery) {
  switch (delivery.status) {
    case DeliveryStatus::delivered:
      return "delivered";
    case DeliveryStatus::dead:
      return "dead";
    case DeliveryStatus::pending:
      return "retried";
  }
  return "";
}

template <class Visit>
void each_finding(const Reading& reading, const Visit& visit) {
  const auto all = [&](const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) visit(finding);
  };
  all(reading.findings);
  for (const DocumentReading& document : reading.documents) {
    all(document.document.findings);
    for (const Operation& operation : document.operations) all(operation.findings);
  }
  for (const ListReading& list : reading.lists) all(list.findings);
}

void write(Exposition& out, std::string_view name, std::string_view help,
           const std::map<std::string, std::uint64_t>& counts) {
  out.family(name, "counter", help);
  for (const auto& [labels, count] : counts) out.sample(name, labels, static_cast<double>(count));
}

void write(Exposition& out, std::string_view name, std::string_view help,
           const std::map<std::string, Histogram>& durations) {
  out.family(name, "histogram", help);
  for (const auto& [labels, histogram] : durations) histogram.write(out, name, labels);
}

}  // namespace

void Meters::polled(const std::string& source, const PollReport& report, std::chrono::nanoseconds took) {
  const std::scoped_lock lock(mutex_);
  ++polls_[label("source", source) + "," + label("outcome", outcome_of(report))];
  poll_times_[label("source", source)].note(took);
}

void Meters::parsed(const Observation& observation, const Result<Reading>& reading,
                    std::chrono::nanoseconds took) {
  const std::string source = label("source", observation.source);
  const std::scoped_lock lock(mutex_);
  parse_times_[source].note(took);
  unread_[source] += reading ? 0 : 1;
  if (!reading) return;
  each_finding(*reading, [&](const Finding& finding) {
    const bool review = finding.severity == Finding::Severity::review;
    ++findings_[fmt::format("{},{},{}", source, label("code", finding.code),
                            label("severity", review ? "review" : "note"))];
  });
}

void Meters::delivered(const Delivery& delivery) {
  const std::string channel = label("channel", delivery.channel);
  const std::scoped_lock lock(mutex_);
  ++deliveries_[channel + "," + label("outcome", outcome_of(delivery))];
  if (delivery.last_response)
    delivery_times_[channel].note(std::chrono::milliseconds{delivery.last_response->latency_ms});
}

std::string Meters::text() const {
  Exposition out;
  const std::scoped_lock lock(mutex_);
  write(out, "polls_total", "Polls since the start, by source and outcome.", polls_);
  write(out, "poll_duration_seconds", "From the first request of a poll to its last commit.", poll_times_);
  write(out, "parse_duration_seconds", "Reading what a source showed.", parse_times_);
  write(out, "parse_failures_total", "Observations that could not be read at all.", unread_);
  write(out, "parse_findings_total", "What readers did not understand or found not to fit, by code.",
        findings_);
  out.family("commit_duration_seconds", "histogram", "A commit to the database, synced.");
  commits_.write(out, "commit_duration_seconds", "");
  write(out, "deliveries_total", "Deliveries tried since the start, by channel and outcome.", deliveries_);
  write(out, "delivery_duration_seconds", "Tries of a delivery, until the receiver answered.",
        delivery_times_);
  return std::move(out).take();
}

void MeteredOutbox::note(const Delivery& delivery) {
  meters_.delivered(delivery);
  const std::string said = delivery.last_response ? fmt::format("{} {}", delivery.last_response->status,
                                                                delivery.last_response->excerpt)
                                                  : std::string("no answer");
  switch (delivery.status) {
    case DeliveryStatus::delivered:
      spdlog::info("alert {} to {}: delivered, try {}", delivery.alert_id, delivery.channel,
                   delivery.attempts);
      return;
    case DeliveryStatus::dead:
      spdlog::warn("alert {} to {}: given up after {} tries: {}", delivery.alert_id, delivery.channel,
                   delivery.attempts, said);
      return;
    case DeliveryStatus::pending:  // told once; a receiver that is down would fill the log
      spdlog::log(delivery.attempts == 1 ? spdlog::level::warn : spdlog::level::debug,
                  "alert {} to {}: try {} failed: {}", delivery.alert_id, delivery.channel, delivery.attempts,
                  said);
  }
}

Result<void> MeteredOutbox::record(const Delivery& delivery) {
  auto recorded = store_.record(delivery);
  if (recorded) note(delivery);
  return recorded;
}

Result<void> MeteredOutbox::record_many(const std::vector<Delivery>& deliveries) {
  auto recorded = store_.record_many(deliveries);
  if (recorded)
    for (const Delivery& delivery : deliveries) note(delivery);
  return recorded;
}

}  // namespace entitywatch::daemon
