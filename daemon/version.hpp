#pragma once

namespace entitywatch::daemon {

inline constexpr const char* version = "0.1.0";

}  // namespace entitywatch::daemon
