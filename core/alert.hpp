// What waits in the outbox: an alert groups the changes of one document (or one snapshot) for one
// subscription; a delivery is one alert on its way through one channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace entitywatch {

// Why a change is raised to the top for a subscriber with a watchlist.
struct WatchlistMatch {
  std::string change_id;
  std::string counterparty;     // the user's own name for it
  std::string counterparty_id;  // the user's own id, may be empty
  double score = 0;             // 0..1
  std::string matched_name;     // the listed name or alias that matched
  bool operator==(const WatchlistMatch&) const = default;
};

struct Alert {
  enum class Kind { changes, operator_notice, sample };
  std::string id;  // the webhook-id; the same on every try, after every restart, on every node
  Kind kind = Kind::changes;
  std::string subscription;  // empty: the implicit one that sends everything
  std::string document;      // number; empty: not from one document
  std::string source;
  Time created_at{};
  Time not_before{};  // immediate: created_at; digests: the end of the window
  bool is_update = false;  // completes an earlier alert on the same document
  std::vector<std::string> change_ids;  // in history order
  std::vector<WatchlistMatch> matches;
  std::string subject;  // operator notices and samples: one line
  std::string text;     // operator notices and samples: the body
  bool operator==(const Alert&) const = default;
};

enum class DeliveryStatus { pending, delivered, dead };
[[nodiscard]] std::string_view to_string(DeliveryStatus status);
[[nodiscard]] std::optional<DeliveryStatus> parse_delivery_status(std::string_view text);

struct DeliveryResponse {
  int status = 0;       // HTTP or SMTP status; 0: no answer
  std::string excerpt;  // of the answer or the failure, at most 300 characters, secrets redacted
  std::int64_t latency_ms = 0;
  bool operator==(const DeliveryResponse&) const = default;
};

struct Delivery {
  std::string id;  // from alert and channel
  std::string alert_id;
  std::string channel;
  std::string subscription;
  std::string order_key;  // deliveries of one channel with the same key leave in order (document or source)
  DeliveryStatus status = DeliveryStatus::pending;
  std::uint32_t attempts = 0;
  Time created_at{};
  std::optional<Time> next_attempt_at;  // of pending ones
  std::optional<Time> delivered_at;
  std::optional<DeliveryResponse> last_response;
  // Channels with several recipients (email): those already reached, so that a retry spares them.
  // One refused for good stands here as "refused ADDRESS".
  std::vector<std::string> done_recipients;
  // Of this life of the delivery: giving up is counted from here; redelivering clears it.
  std::optional<Time> first_attempt_at;
  bool operator==(const Delivery&) const = default;
};

}  // namespace entitywatch
