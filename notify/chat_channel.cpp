#include "notify/chat_channel.hpp"

#include "notify/http_outcome.hpp"
#include "notify/redact.hpp"

namespace entitywatch::notify {
namespace {

class ChatChannel final : public Channel {
 public:
  ChatChannel(ChannelConfig config, HttpTransport& http, std::chrono::milliseconds timeout,
              ChatMessage message)
      : config_(std::move(config)),
        http_(http),
        timeout_(timeout),
        message_(message),
        secrets_(secrets_of(config_)) {}

  Outcome deliver(const AlertView& view, const Delivery&, Time now) override {
    HttpRequest request;
    request.url = config_.url;
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}, {"User-Agent", "entitywatch"}};
    request.body = dump(message_(summarize(view)));
    request.ca_file = config_.ca_file;
    request.allow_private_network = config_.allow_private_network;
    request.timeout = timeout_;
    return outcome_of(http_.post(request), Receiver::chat, now, secrets_);
  }

  std::string preview(const AlertView& view, Time) const override {
    return dump(message_(summarize(view)), 2);
  }

  // Chat services take about one message a second, in the order they come.
  Pace pace() const override { return {1, true}; }

 private:
  ChannelConfig config_;
  HttpTransport& http_;
  std::chrono::milliseconds timeout_;
  ChatMessage message_;
  std::vector<std::string> secrets_;
};

}  // namespace

MadeChannel make_chat(const ChannelConfig& config, const Transports& transports,
                      const DeliveryOptions& options, ChatMessage message) {
  if (auto checked = check_url(config); !checked) return tl::unexpected(checked.error());
  return std::make_unique<ChatChannel>(config, transports.http, options.timeout, message);
}

}  // namespace entitywatch::notify
