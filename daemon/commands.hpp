// The subcommands that do something, apart from how the command line spells them. Results go to standard
// output, diagnostics to standard error; each returns the exit status: 0 done, 1 it ran and found a fault,
// 2 the call or the configuration is wrong.
#pragma once

#include <string>
#include <vector>

#include "daemon/backfill.hpp"
#include "daemon/config.hpp"
#include "daemon/pipeline.hpp"

namespace entitywatch::daemon {

struct CommandOptions {
  std::string config_path;  // empty: the default file when it exists, else built-in defaults
  bool json = false;
};

// The file named, the default file, or the defaults; the error names file, line, key and the mend.
[[nodiscard]] Result<Config> configuration(const CommandOptions& options);

// What status an error deserves: 2 for the caller's mistakes, else 1. Prints it to standard error.
int report(const Error& error);

int run_daemon(const CommandOptions& options);
int check_config(const CommandOptions& options);
int poll(const CommandOptions& options, const std::vector<std::string>& sources);
// Dates as printed in ISO 8601; an empty `to` is today.
int backfill_history(const CommandOptions& options, const std::string& from, const std::string& to, Revisit revisit);
int replay_files(const CommandOptions& options, const std::vector<std::string>& paths);
// Reads the documents again from stored bytes; `telling` says whether subscribers hear of what is read otherwise.
int reread(const CommandOptions& options, Telling telling);
int release_source(const CommandOptions& options, const std::string& source);
int test_channel(const CommandOptions& options, const std::string& channel);
int preview_alert(const CommandOptions& options, const std::string& change_id, const std::string& channel_type);
int verify(const CommandOptions& options);

}  // namespace entitywatch::daemon
