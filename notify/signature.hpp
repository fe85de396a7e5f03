// Signatures of Standard Webhooks (https://www.standardwebhooks.com): v1, HMAC-SHA256.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace entitywatch::notify {

// The key of "whsec_" + base64 of 24 to 64 bytes.
[[nodiscard]] Result<std::string> webhook_key(std::string_view secret);

// "v1,<base64 of HMAC-SHA256(key, id.timestamp.body)>", one for each key, separated by spaces: while a
// secret rotates, both the old and the new one verify.
[[nodiscard]] std::string webhook_signature(const std::vector<std::string>& keys, std::string_view id,
                                            std::int64_t timestamp, std::string_view body);

}  // namespace entitywatch::notify
