// Runs another program without a shell, feeds it, and bounds its time. Private to notify/.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace entitywatch::notify {

struct ProgramResult {
  int exit_code = 0;  // -1: ended by a signal
  int signal = 0;
  std::string output;  // the first 4 KiB of what it wrote to standard output and error
};

// `arguments[0]` is looked up in PATH. The program inherits no file but its standard ones, a small
// environment (PATH, HOME, LANG, TZ) with `variables` added, and is killed with its whole process group
// when the time is up (ErrorCode::timeout).
[[nodiscard]] Result<ProgramResult> run_program(
    const std::vector<std::string>& arguments, const std::string& input,
    const std::vector<std::pair<std::string, std::string>>& variables, std::chrono::milliseconds timeout);

}  // namespace entitywatch::notify
