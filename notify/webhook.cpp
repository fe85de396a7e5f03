// Standard Webhooks: the alert as JSON, signed.
#include "notify/http_outcome.hpp"
#include "notify/kinds.hpp"
#include "notify/payload.hpp"
#include "notify/redact.hpp"
#include "notify/signature.hpp"

namespace entitywatch::notify {
namespace {

class WebhookChannel final : public Channel {
 public:
  WebhookChannel(ChannelConfig config, std::vector<std::string> keys, HttpTransport& http,
                 std::chrono::milliseconds timeout)
      : config_(std::move(config)),
        keys_(std::move(keys)),
        http_(http),
        timeout_(timeout),
        secrets_(secrets_of(config_)) {}

  Outcome deliver(const AlertView& view, const Delivery&, Time now) override {
    HttpRequest request;
    request.url = config_.url;
    request.body = alert_body(view, webhook_body_limit);
    const std::int64_t timestamp = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    request.headers = {{"Content-Type", "application/json"},
                       {"User-Agent", "entitywatch"},
                       {"webhook-id", view.alert.id},
                       {"webhook-timestamp", std::to_string(timestamp)}};
    if (!keys_.empty())
      request.headers.emplace_back("webhook-signature",
                                   webhook_signature(keys_, view.alert.id, timestamp, request.body));
    request.ca_file = config_.ca_file;
    request.allow_private_network = config_.allow_private_network;
    request.timeout = timeout_;
    return outcome_of(http_.post(request), Receiver::webhook, now, secrets_);
  }

  std::string preview(const AlertView& view, Time) const override {
    return dump(Json::parse(alert_body(view, webhook_body_limit), nullptr, false), 2);
  }

 private:
  ChannelConfig config_;
  std::vector<std::string> keys_;
  HttpTransport& http_;
  std::chrono::milliseconds timeout_;
  std::vector<std::string> secrets_;
};

}  // namespace

MadeChannel make_webhook(const ChannelConfig& config, const Transports& transports,
                         const DeliveryOptions& options) {
  if (auto checked = check_url(config); !checked) return tl::unexpected(checked.error());
  std::vector<std::string> keys;
  for (const std::string& secret : config.secrets) {
    auto key = webhook_key(secret);
    if (!key) return bad_key(config, "secret", key.error().message);
    keys.push_back(std::move(*key));
  }
  return std::make_unique<WebhookChannel>(config, std::move(keys), transports.http, options.timeout);
}

}  // namespace entitywatch::notify
