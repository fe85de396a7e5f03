// An alert as JSON: the body of a webhook, what a command reads, a line of a file.
#pragma once

#include <cstddef>

#include "core/json.hpp"
#include "notify/channel.hpp"

namespace entitywatch::notify {

inline constexpr std::size_t webhook_body_limit = 256u << 10;

// {"type": "entitywatch.alert" or "entitywatch.operator", "timestamp": …, "data": {…}} as interface.md
// gives it. Where all changes would make it larger than `limit` bytes, data.changes holds the first ones,
// data.more counts the rest and data.changes_url says where they are. `limit` 0: no limit.
[[nodiscard]] std::string alert_body(const AlertView& view, std::size_t limit);

}  // namespace entitywatch::notify
