// How far a long command is, as one line that fills up.
#pragma once

#include <string>

namespace entitywatch::daemon {

// "[######..................]  25 %"; `share` from 0 to 1.
[[nodiscard]] std::string progress_bar(double share);

}  // namespace entitywatch::daemon
