// Which entitywatch this is.
#pragma once

#include <string>

namespace entitywatch::daemon {

inline constexpr const char* version = "0.1.0";

// For --version: name and version, the commit it was built from where that is known, and below them the
// libraries it runs with.
[[nodiscard]] std::string version_text();

}  // namespace entitywatch::daemon
