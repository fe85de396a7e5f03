// The subcommands that hand something out of the database as files: evidence and backups.
#pragma once

#include <string>

#include "daemon/commands.hpp"

namespace entitywatch::daemon {

// Writes the signed evidence of a change to `output`: a file that is not there yet, "-" for standard output,
// empty for the name it suggests, in this folder.
int export_evidence(const CommandOptions& options, const std::string& change_id, const std::string& output);
int show_evidence_key(const CommandOptions& options);

// Through the running daemon when one holds the database.
int backup(const CommandOptions& options, const std::string& directory);
int restore(const CommandOptions& options, const std::string& directory);

}  // namespace entitywatch::daemon
