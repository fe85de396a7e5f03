#include "notify/digest.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <exception>
#include <vector>

#include "core/text.hpp"

namespace entitywatch::notify {
namespace {

using date::days;
using std::chrono::minutes;

const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::optional<minutes> parse_clock(std::string_view text) {
  const bool shape = text.size() == 5 && text[2] == ':' &&
                     text.find_first_not_of("0123456789:") == std::string_view::npos && text.rfind(':') == 2;
  if (!shape) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return minutes{hour * 60 + minute};
}

std::optional<std::chrono::weekday> parse_weekday(std::string_view text) {
  constexpr std::array<std::string_view, 7> names{"sunday",   "monday", "tuesday", "wednesday",
                                                  "thursday", "friday", "saturday"};
  for (unsigned day = 0; day < names.size(); ++day)
    if (text::equals_ignoring_case(text, names[day]) ||
        text::equals_ignoring_case(text, names[day].substr(0, 3)))
      return std::chrono::weekday{day};
  return std::nullopt;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (std::string& word : text::split(text::collapse(text), ' '))
    if (!word.empty()) out.push_back(std::move(word));
  return out;
}

tl::unexpected<Error> bad_digest(std::string_view text, std::string_view problem) {
  return fail(ErrorCode::invalid_config,
              fmt::format("\"{}\" is not a digest: {}; write immediate, hourly, \"daily 08:00 America/New_York\" or "
                          "\"weekly mon 08:00 America/New_York\"",
                          text, problem));
}

// The instant at which clocks in the zone show `clock` on `day`.
Time instant(const date::time_zone* zone, date::local_days day, minutes clock) {
  const auto local = date::local_time<minutes>{day.time_since_epoch()} + clock;
  const auto at = zone->to_sys(local, date::choose::earliest);
  return std::chrono::time_point_cast<std::chrono::milliseconds>(at);
}

date::local_days local_day(const date::time_zone* zone, Time now) {
  return date::floor<days>(zone->to_local(now));
}

Time end_of_window(const Digest& digest, const date::time_zone* zone, Time now) {
  date::local_days day = local_day(zone, now) - days{1};
  while (true) {
    const bool right_day =
        digest.kind != Digest::Kind::weekly || date::weekday{day}.c_encoding() == digest.day.c_encoding();
    if (right_day)
      if (const Time end = instant(zone, day, digest.at); end > now) return end;
    day += days{1};
  }
}

}  // namespace

Result<Digest> parse_digest(std::string_view text) {
  const std::vector<std::string> parts = words(text);
  if (parts.empty()) return bad_digest(text, "it is empty");
  Digest out;
  std::size_t next = 1;
  if (text::equals_ignoring_case(parts[0], "immediate") || text::equals_ignoring_case(parts[0], "hourly")) {
    out.kind =
        text::equals_ignoring_case(parts[0], "hourly") ? Digest::Kind::hourly : Digest::Kind::immediate;
    return parts.size() == 1 ? Result<Digest>(out)
                             : bad_digest(text, "nothing may follow '" + parts[0] + "'");
  }
  if (text::equals_ignoring_case(parts[0], "weekly")) {
    out.kind = Digest::Kind::weekly;
    const auto day = parts.size() > next ? parse_weekday(parts[next]) : std::nullopt;
    if (!day) return bad_digest(text, "a day of the week is missing");
    out.day = *day;
    ++next;
  } else if (text::equals_ignoring_case(parts[0], "daily")) {
    out.kind = Digest::Kind::daily;
  } else {
    return bad_digest(text, "'" + parts[0] + "' is not known");
  }
  const auto clock = parts.size() > next ? parse_clock(parts[next]) : std::nullopt;
  if (!clock) return bad_digest(text, "a time of day such as 08:00 is missing");
  out.at = *clock;
  if (parts.size() > next + 2) return bad_digest(text, "there is more than a time and a zone");
  if (parts.size() == next + 2) out.zone = parts[next + 1];
  if (find_zone(out.zone) == nullptr)
    return bad_digest(text, "'" + out.zone + "' is no time zone of this system");
  return out;
}

Time window_end(const Digest& digest, Time now) {
  if (digest.kind == Digest::Kind::immediate) return now;
  if (digest.kind == Digest::Kind::hourly)
    return std::chrono::floor<std::chrono::hours>(now) + std::chrono::hours{1};
  const date::time_zone* zone = find_zone(digest.zone);
  if (zone == nullptr) zone = find_zone("UTC");
  // Without any time zones at all a day is a day in UTC.
  if (zone == nullptr) return std::chrono::floor<days>(now) + days{1};
  return end_of_window(digest, zone, now);
}

Result<QuietHours> parse_quiet_hours(std::string_view text) {
  const auto bad = [&](std::string_view problem) {
    return fail(ErrorCode::invalid_config,
                fmt::format("\"{}\" is not a span of hours: {}; write \"22:00-07:00 America/New_York\"", text, problem));
  };
  const std::vector<std::string> parts = words(text);
  if (parts.empty() || parts.size() > 2) return bad("two times and a zone are needed");
  const std::size_t dash = parts[0].find('-');
  if (dash == std::string::npos) return bad("two times joined by '-' are needed");
  const auto from = parse_clock(std::string_view(parts[0]).substr(0, dash));
  const auto until = parse_clock(std::string_view(parts[0]).substr(dash + 1));
  if (!from || !until || *from == *until) return bad("two different times of day are needed");
  QuietHours out{*from, *until, parts.size() == 2 ? parts[1] : "UTC"};
  if (find_zone(out.zone) == nullptr) return bad("'" + out.zone + "' is no time zone of this system");
  return out;
}

std::optional<Time> quiet_until(const QuietHours& quiet, Time now) {
  const date::time_zone* zone = find_zone(quiet.zone);
  if (zone == nullptr) return std::nullopt;
  const date::local_days today = local_day(zone, now);
  for (const date::local_days day : {date::local_days{today - days{1}}, today}) {
    const Time start = instant(zone, day, quiet.from);
    const Time end =
        instant(zone, quiet.until > quiet.from ? day : date::local_days{day + days{1}}, quiet.until);
    if (start <= now && now < end) return end;
  }
  return std::nullopt;
}

}  // namespace entitywatch::notify
