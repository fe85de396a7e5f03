// What the values of options and arguments may be, by the names of the command and the option: for completion
// and the manual.
#pragma once

#include <string>
#include <vector>

namespace entitywatch::daemon {

enum class Completes { nothing, files, folders };

// Empty: any text.
[[nodiscard]] std::vector<std::string> words_of(const std::string& command, const std::string& option);
[[nodiscard]] Completes completes(const std::string& option);

}  // namespace entitywatch::daemon
