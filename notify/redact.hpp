// Secrets stay out of records, logs and answers shown to people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "notify/config.hpp"

namespace entitywatch::notify {

// What must never be shown of a channel: its URL, secrets, password.
[[nodiscard]] std::vector<std::string> secrets_of(const ChannelConfig& config);

// One clean line of at most 300 bytes: each secret, and whatever follows the host in any web address,
// becomes "[redacted]" (the path of a chat webhook is its secret, and receivers echo what they got).
[[nodiscard]] std::string redacted_excerpt(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace entitywatch::notify
