// Subscriptions made at run time: the JSON they are written in, checked by the same rules as those of the
// configuration file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "daemon/config.hpp"
#include "notify/config.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

[[nodiscard]] Json to_json(const notify::Subscription& subscription);

// invalid_argument naming every fault; channels it names must be among `channels`. A watchlist is a file
// on the daemon's machine and therefore only to be named in the configuration file.
[[nodiscard]] Result<notify::Subscription> parse_subscription(
    std::string_view json, const std::vector<notify::ChannelConfig>& channels);

// Those stored in the archive. One that no longer fits the configuration (its channel is gone) is left out
// and named in `problems`.
struct StoredSubscriptions {
  std::vector<notify::Subscription> subscriptions;
  std::vector<std::string> problems;
};
[[nodiscard]] Result<StoredSubscriptions> stored_subscriptions(const storage::Reader& reader,
                                                               const Config& config);

}  // namespace entitywatch::daemon
