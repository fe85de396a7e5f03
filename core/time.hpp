// Dates and times. All times are UTC. A Date is a civil day without a zone (an effective date, a
// publication date); a Time is an instant with millisecond resolution. No function here reads a clock
// except SystemClock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace entitywatch {

using Date = std::chrono::sys_days;
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

// The only way the program learns what time it is; tests pass one they set.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
};

// ISO 8601 "2019-10-09".
[[nodiscard]] std::string format_date(Date date);
// RFC 3339 in UTC, "2026-03-25T08:45:00Z"; milliseconds are written only when not zero.
[[nodiscard]] std::string format_time(Time time);
// "October 9, 2019": the form the Federal Register and people use.
[[nodiscard]] std::string format_date_long(Date date);

// ISO 8601 dates only; nullopt for anything that is not a real calendar day.
[[nodiscard]] std::optional<Date> parse_iso_date(std::string_view text);
// RFC 3339 with any offset, or a bare ISO date (midnight UTC).
[[nodiscard]] std::optional<Time> parse_time(std::string_view text);
// The forms publishers print: "10/9/2019", "10/9/19", "October 9, 2019", "Oct. 9, 2019", "2019-10-09",
// "9 October 2019". Two-digit years are 1970-2069. nullopt when it is not a real calendar day.
[[nodiscard]] std::optional<Date> parse_printed_date(std::string_view text);

}  // namespace entitywatch
