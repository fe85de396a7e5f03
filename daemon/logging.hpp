// The log: standard error (the journal) or a file, as text a person can follow or as JSON lines.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "daemon/config.hpp"

namespace entitywatch::daemon {

// Sets the process's logger. Every message is searched for the secrets named and shows "***" instead.
[[nodiscard]] Result<void> set_up_logging(const DaemonConfig& config, std::vector<std::string> secrets);

// The same with another configuration, but for where the log goes. Thread safe.
void renew_logging(const DaemonConfig& config, std::vector<std::string> secrets);

// Everything in the configuration that must never be shown: URLs of chat channels, signing secrets and keys,
// passwords, tokens, the heartbeat's address.
[[nodiscard]] std::vector<std::string> secrets_of(const Config& config);

}  // namespace entitywatch::daemon
