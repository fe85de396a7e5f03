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

// invalid_argument naming every fault; channels it names must be those of the configuration. A watchlist is
// a CSV beside the configuration file, named without folders: the network must not name other files.
[[nodiscard]] Result<notify::Subscription> parse_subscription(std::string_view json, const Config& config);

// Those stored in the archive. One that no longer fits the configuration (its channel is gone) is left out
// and named in `problems`.
struct StoredSubscriptions {
  std::vector<notify::Subscription> subscriptions;
  std::vector<std::string> problems;
};
[[nodiscard]] Result<StoredSubscriptions> stored_subscriptions(const storage::Reader& reader,
                                                               const Config& config);
// Those of the file and the stored ones, by name.
[[nodiscard]] Result<StoredSubscriptions> known_subscriptions(const storage::Reader& reader,
                                                              const Config& config);

}  // namespace entitywatch::daemon
