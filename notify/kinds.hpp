// The kinds of channel, one factory each; channels.cpp lists them. Private to notify/.
#pragma once

#include <memory>

#include "notify/channel.hpp"

namespace entitywatch::notify {

using MadeChannel = Result<std::unique_ptr<Channel>>;

[[nodiscard]] MadeChannel make_webhook(const ChannelConfig& config, const Transports& transports,
                                       const DeliveryOptions& options);
[[nodiscard]] MadeChannel make_slack(const ChannelConfig& config, const Transports& transports,
                                     const DeliveryOptions& options);
[[nodiscard]] MadeChannel make_teams(const ChannelConfig& config, const Transports& transports,
                                     const DeliveryOptions& options);
[[nodiscard]] MadeChannel make_discord(const ChannelConfig& config, const Transports& transports,
                                       const DeliveryOptions& options);
[[nodiscard]] MadeChannel make_mattermost(const ChannelConfig& config, const Transports& transports,
                                          const DeliveryOptions& options);
[[nodiscard]] MadeChannel make_google_chat(const ChannelConfig& config, const Transports& transports,
                                           const DeliveryOptions& options);
[[nodiscard]] MadeChannel make_email(const ChannelConfig& config, const Transports& transports,
                                     const DeliveryOptions& options);
[[nodiscard]] MadeChannel make_command(const ChannelConfig& config, const Transports& transports,
                                       const DeliveryOptions& options);
[[nodiscard]] MadeChannel make_file(const ChannelConfig& config, const Transports& transports,
                                    const DeliveryOptions& options);

// invalid_config naming the channel and the key: `check_url` for those that post.
[[nodiscard]] Result<void> check_url(const ChannelConfig& config);
[[nodiscard]] tl::unexpected<Error> bad_key(const ChannelConfig& config, std::string_view key,
                                            std::string_view problem);

}  // namespace entitywatch::notify
