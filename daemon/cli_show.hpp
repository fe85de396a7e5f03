// `entitywatch show`: one change, entry or document, whole.
#pragma once

#include "daemon/cli_query.hpp"

namespace entitywatch::daemon {

int show(const CommandOptions& options, const Asked& asked);

}  // namespace entitywatch::daemon
