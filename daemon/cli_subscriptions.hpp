// `entitywatch subscriptions`: list, add, try, remove.
#pragma once

#include <CLI/App.hpp>
#include <functional>

#include "daemon/commands.hpp"

namespace entitywatch::daemon {

// As add_query_commands() of cli_queries.hpp.
void add_subscription_commands(CLI::App& app, CommandOptions& options, std::function<int()>& chosen);

}  // namespace entitywatch::daemon
