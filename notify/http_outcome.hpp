// What an HTTP answer means for a delivery: one rule for all channels that post.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notify/channel.hpp"
#include "notify/transport.hpp"

namespace entitywatch::notify {

enum class Receiver {
  webhook,  // only 2xx and 410 are final
  chat      // 400, 403 and 404 are final too: the message or its address will not become right
};

// Any 2xx is success, 410 disables the channel, everything else (redirects, no answer) is tried again.
[[nodiscard]] Outcome outcome_of(const Result<HttpResponse>& answer, Receiver receiver, Time now,
                                 const std::vector<std::string>& secrets);

// Retry-After in seconds or as an HTTP date (RFC 9110: IMF-fixdate, and the two obsolete forms); never
// negative; nullopt where it is neither.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Time now);

}  // namespace entitywatch::notify
