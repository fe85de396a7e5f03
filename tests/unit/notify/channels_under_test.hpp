// One channel of each kind over recording transports.
#pragma once

#include <memory>
#include <string>

#include "core/json.hpp"
#include "fakes.hpp"

namespace entitywatch::notify::fakes {

inline constexpr const char* secret_url =
    "https://hooks.example/services/T0AAAAAA/B0BBBBBB/kXs8eCrEtToKeN1234567890";

inline ChannelConfig config_of(const std::string& type) {
  ChannelConfig out;
  out.name = "test-" + type;
  out.type = type;
  out.url = secret_url;
  out.secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  out.smtp = "smtps://mail.example:465";
  out.from = "Entity Watch <entitywatch@example.com>";
  out.to = {"compliance@example.com"};
  out.command = {"/bin/cat"};
  out.path = "/nonexistent/alerts.jsonl";
  return out;
}

struct World {
  RecordingHttp http;
  RecordingMail mail;
  [[nodiscard]] std::unique_ptr<Channel> channel(const ChannelConfig& config,
                                                 const DeliveryOptions& options = {}) {
    auto made = make_channel(config, {http, mail}, options);
    if (!made) throw std::runtime_error(made.error().describe());
    return std::move(*made);
  }
  [[nodiscard]] std::unique_ptr<Channel> channel(const std::string& type) { return channel(config_of(type)); }
};

// What the channel would send, as it goes over the wire.
inline std::string sent(const std::string& type, const AlertView& view, Time now) {
  World world;
  const auto channel = world.channel(type);
  if (type == "email" || type == "command" || type == "file") return channel->preview(view, now);
  static_cast<void>(channel->deliver(view, delivery("d", "c", "k", now), now));
  return world.http.requests.at(0).body;
}

}  // namespace entitywatch::notify::fakes
