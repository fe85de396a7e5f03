// What chat channels share: one JSON message a delivery, posted to a secret address.
#pragma once

#include <memory>
#include <string>

#include "core/json.hpp"
#include "notify/kinds.hpp"
#include "notify/summary.hpp"

namespace entitywatch::notify {

// The message of one kind of chat, under the limits of its receiver. Pure.
using ChatMessage = Json (*)(const Summary& summary);

[[nodiscard]] MadeChannel make_chat(const ChannelConfig& config, const Transports& transports,
                                    const DeliveryOptions& options, ChatMessage message);

}  // namespace entitywatch::notify
