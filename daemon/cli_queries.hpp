// The subcommands that ask: history, lists, documents, sources, the outbox, subscriptions, export. They go
// through the door, so that they work beside a running daemon and without one.
#pragma once

#include <functional>
#include <string>

#include <CLI/App.hpp>

#include "daemon/commands.hpp"

namespace entitywatch::daemon {

// Adds the commands to the application. `chosen` is set by the command that the caller picked, to what
// runs it. `options` must outlive the application.
void add_query_commands(CLI::App& app, CommandOptions& options, std::function<int()>& chosen);

}  // namespace entitywatch::daemon
