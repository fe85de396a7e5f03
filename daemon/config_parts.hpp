// The parts of a configuration file, one function each; config.cpp puts them together.
#pragma once

#include <vector>

#include "daemon/config.hpp"
#include "daemon/config_table.hpp"

namespace entitywatch::daemon {

// [sources]: those we ship in the interface's order, then further ones by name.
[[nodiscard]] std::vector<SourceConfig> default_sources();
[[nodiscard]] std::vector<SourceConfig> read_sources(TableReader& root);

// [[channels]]
[[nodiscard]] std::vector<notify::ChannelConfig> read_channels(TableReader& root);

// [[subscriptions]]; channels they name must be among `channels`.
[[nodiscard]] std::vector<notify::Subscription> read_subscriptions(
    TableReader& root, const std::vector<notify::ChannelConfig>& channels);

// [evidence] and [database]
[[nodiscard]] EvidenceConfig read_evidence(TableReader& root);
[[nodiscard]] DatabaseConfig read_database(TableReader& root);

// A list of channel names under `key`; each must be among `channels`.
[[nodiscard]] std::vector<std::string> read_channel_names(TableReader& table, std::string_view key,
                                                          const std::vector<notify::ChannelConfig>& channels);

}  // namespace entitywatch::daemon
