// A channel carries one alert to one place. One file a kind of channel; channels.cpp lists them.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/alert.hpp"
#include "core/change.hpp"
#include "core/document.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "notify/config.hpp"
#include "notify/transport.hpp"

namespace entitywatch::notify {

// An alert with everything a renderer may show.
struct AlertView {
  Alert alert;
  std::vector<Change> changes;       // those of alert.change_ids that still exist, in that order
  std::optional<Document> document;  // of alert.document
  std::string local_url;             // base of the local page, "http://127.0.0.1:8744"; may be empty
};

// What one try came to.
struct Outcome {
  enum class Kind {
    delivered,
    retry,            // try again by schedule, or after retry_after
    rejected,         // final: the delivery is dead
    channel_disabled  // final, and the channel takes no more until an operator reopens it (HTTP 410)
  };
  Kind kind = Kind::retry;
  DeliveryResponse response;
  std::optional<std::chrono::seconds> retry_after;
  std::vector<std::string> done_recipients;  // email: all settled so far, as in Delivery
  std::string warning;  // delivered, and yet operators must know: "2 of 3 recipients refused …"
};

// How much a channel bears.
struct Pace {
  std::size_t in_flight = 0;  // deliveries at once; 0: as many as DeliveryOptions::parallel says
  bool shared_limit = false;  // a Retry-After speaks for the whole channel, not for the one message
};

struct Transports {
  HttpTransport& http;
  MailTransport& mail;
};

// Thread safe: several deliveries of one channel may run at once. Never throws; bounded in time by the
// transport and DeliveryOptions::timeout.
class Channel {
 public:
  virtual ~Channel() = default;
  [[nodiscard]] virtual Outcome deliver(const AlertView& view, const Delivery& delivery, Time now) = 0;
  // What deliver would send, for `alerts preview`: the body or message, secrets left out.
  [[nodiscard]] virtual std::string preview(const AlertView& view, Time now) const = 0;
  [[nodiscard]] virtual Pace pace() const { return {}; }
};

// webhook slack teams discord mattermost googlechat email command file
[[nodiscard]] std::span<const std::string_view> channel_types();

// Fails with invalid_config naming the key when the configuration of the channel cannot work.
[[nodiscard]] Result<std::unique_ptr<Channel>> make_channel(const ChannelConfig& config,
                                                            const Transports& transports,
                                                            const DeliveryOptions& options);

}  // namespace entitywatch::notify
