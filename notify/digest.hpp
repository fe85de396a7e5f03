// When a subscription sends: at once, or gathered to the end of a window in its own time zone.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"

namespace entitywatch::notify {

struct Digest {
  enum class Kind { immediate, hourly, daily, weekly };
  Kind kind = Kind::immediate;
  std::chrono::minutes at{0};                     // since local midnight
  std::chrono::weekday day{std::chrono::Monday};  // of weekly ones
  std::string zone = "UTC";                       // IANA name
  bool operator==(const Digest&) const = default;
};

// "immediate", "hourly", "daily 08:00 ZONE", "weekly mon 08:00 ZONE"; ZONE is an IANA name and UTC where
// absent. The error names the mend.
[[nodiscard]] Result<Digest> parse_digest(std::string_view text);

// The end of the window that holds `now`: strictly after it. A local time that the clocks skip is the
// moment they are put forward; one that comes twice is the first. `now` itself for immediate ones.
[[nodiscard]] Time window_end(const Digest& digest, Time now);

struct QuietHours {
  std::chrono::minutes from{0};  // local
  std::chrono::minutes until{0};
  std::string zone = "UTC";
  bool operator==(const QuietHours&) const = default;
};

// "22:00-07:00 ZONE".
[[nodiscard]] Result<QuietHours> parse_quiet_hours(std::string_view text);
// The end of the quiet hours `now` falls in; nullopt outside them.
[[nodiscard]] std::optional<Time> quiet_until(const QuietHours& quiet, Time now);

}  // namespace entitywatch::notify
