// Where the database lies inside the data directory: a folder of its own, so that what else a user keeps
// beside it (the configuration, a watchlist, a token) is in nobody's way.
#pragma once

#include <string>

#include "daemon/config.hpp"

namespace entitywatch::daemon {

[[nodiscard]] inline std::string database_directory(const Config& config) { return config.daemon.data_dir + "/db"; }

}  // namespace entitywatch::daemon
