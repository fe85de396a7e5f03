// How a command asks the endpoint: configuration, door, question. Everything but a good answer is said to
// standard error and becomes the exit status.
#pragma once

#include <functional>

#include "daemon/commands.hpp"
#include "daemon/door.hpp"

namespace entitywatch::daemon {

// Runs `what` with an open door; its status, or that of what kept the door shut.
int with_door(const Config& config, Door::Access access, const std::function<int(Door&)>& what);
int with_door(const CommandOptions& options, Door::Access access, const std::function<int(Door&)>& what);

// Asks, and hands a good answer (below 400) to `good`.
int ask(Door& door, const ApiRequest& request, const std::function<int(const ApiResponse&)>& good);
int ask(const CommandOptions& options, Door::Access access, const ApiRequest& request,
        const std::function<int(const ApiResponse&)>& good);

// What the endpoint says of a question it refused: 2 when the question was wrong (400, 404), else 1.
int refused(const ApiResponse& response);

}  // namespace entitywatch::daemon
