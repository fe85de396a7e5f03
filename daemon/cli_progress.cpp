#include "daemon/cli_progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entitywatch::daemon {

std::string progress_bar(double share) {
  constexpr std::size_t width = 24;
  share = std::clamp(share, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
  return fmt::format("[{}{}] {:3.0f} %", std::string(full, '#'), std::string(width - full, '.'), share * 100);
}

}  // namespace entitywatch::daemon
