#include "core/time.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>

namespace entitywatch {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};

std::optional<Date> calendar_day(int y, int m, int d) {
  const year_month_day ymd{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (m < 1 || d < 1 || !ymd.ok()) return std::nullopt;
  return sys_days{ymd};
}

// A cursor over text that reads numbers and words; every reader says whether it found what it wanted.
struct Scanner {
  std::string_view text;
  std::size_t at = 0;

  [[nodiscard]] bool done() const { return at == text.size(); }
  void spaces() {
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at]))) ++at;
  }
  bool eat(char c) {
    if (at < text.size() && text[at] == c) return ++at, true;
    return false;
  }
  std::optional<int> number(std::size_t least, std::size_t most) {
    std::size_t end = at;
    while (end < text.size() && end - at < most && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
    if (end - at < least) return std::nullopt;
    int value = 0;
    std::from_chars(text.data() + at, text.data() + end, value);
    at = end;
    return value;
  }
  std::optional<int> month_name() {
    std::size_t end = at;
    while (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end]))) ++end;
    const std::string_view word = text.substr(at, end - at);
    if (word.size() < 3) return std::nullopt;
    for (std::size_t m = 0; m < months.size(); ++m) {
      if (word.size() > months[m].size()) continue;
      bool same = true;
      for (std::size_t i = 0; i < word.size(); ++i)
        same = same && std::tolower(static_cast<unsigned char>(word[i])) ==
                           std::tolower(static_cast<unsigned char>(months[m][i]));
      if (!same) continue;
      at = end;
      eat('.');
      return static_cast<int>(m) + 1;
    }
    return std::nullopt;
  }
};

std::optional<Date> scan_iso_date(Scanner& s) {
  const auto y = s.number(4, 4);
  if (!y || !s.eat('-')) return std::nullopt;
  const auto m = s.number(2, 2);
  if (!m || !s.eat('-')) return std::nullopt;
  const auto d = s.number(2, 2);
  if (!d) return std::nullopt;
  return calendar_day(*y, *m, *d);
}

int full_year(int y) {
  if (y >= 100) return y;
  return y < 70 ? 2000 + y : 1900 + y;
}

}  // namespace

Time SystemClock::now() const { return floor<milliseconds>(system_clock::now()); }

std::string format_date(Date date) {
  const year_month_day ymd{date};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                     static_cast<unsigned>(ymd.day()));
}

std::string format_time(Time time) {
  const auto date = floor<days>(time);
  const hh_mm_ss clock{time - date};
  std::string out = fmt::format("{}T{:02}:{:02}:{:02}", format_date(date), clock.hours().count(),
                                clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) out += fmt::format(".{:03}", clock.subseconds().count());
  return out + "Z";
}

std::string format_date_long(Date date) {
  const year_month_day ymd{date};
  return fmt::format("{} {}, {}", months[static_cast<unsigned>(ymd.month()) - 1],
                     static_cast<unsigned>(ymd.day()), static_cast<int>(ymd.year()));
}

std::optional<Date> parse_iso_date(std::string_view text) {
  Scanner s{text};
  const auto date = scan_iso_date(s);
  return s.done() ? date : std::nullopt;
}

std::optional<Time> parse_time(std::string_view text) {
  Scanner s{text};
  const auto date = scan_iso_date(s);
  if (!date) return std::nullopt;
  if (s.done()) return Time{*date};
  if (!s.eat('T') && !s.eat('t') && !s.eat(' ')) return std::nullopt;
  const auto h = s.number(2, 2);
  if (!h || !s.eat(':')) return std::nullopt;
  const auto m = s.number(2, 2);
  int sec = 0;
  if (s.eat(':')) {
    const auto read = s.number(2, 2);
    if (!read) return std::nullopt;
    sec = *read;
  }
  if (!m || *h > 23 || *m > 59 || sec > 60) return std::nullopt;
  Time time = Time{*date} + hours{*h} + minutes{*m} + seconds{sec};
  if (s.eat('.')) {
    int scale = 100;
    int ms = 0;
    bool any = false;
    while (const auto digit = s.number(1, 1)) {
      ms += *digit * scale;
      scale /= 10;
      any = true;
    }
    if (!any) return std::nullopt;
    time += milliseconds{ms};
  }
  if (s.eat('Z') || s.eat('z')) return s.done() ? std::optional{time} : std::nullopt;
  const bool plus = s.eat('+');
  if (!plus && !s.eat('-')) return std::nullopt;
  const auto oh = s.number(2, 2);
  s.eat(':');
  const auto om = s.number(2, 2);
  if (!oh || !om || *oh > 23 || *om > 59 || !s.done()) return std::nullopt;
  const auto offset = hours{*oh} + minutes{*om};
  return plus ? time - offset : time + offset;
}

std::optional<Date> parse_printed_date(std::string_view text) {
  Scanner s{text};
  s.spaces();
  if (const auto iso = parse_iso_date(text.substr(s.at))) return iso;
  if (const auto m = s.month_name()) {
    s.spaces();
    const auto d = s.number(1, 2);
    if (!d) return std::nullopt;
    s.eat(',');
    s.spaces();
    const auto y = s.number(4, 4);
    s.eat('.');
    s.spaces();
    return y && s.done() ? calendar_day(*y, *m, *d) : std::nullopt;
  }
  const auto first = s.number(1, 2);
  if (!first) return std::nullopt;
  if (s.eat('/')) {
    const auto d = s.number(1, 2);
    if (!d || !s.eat('/')) return std::nullopt;
    const std::size_t before = s.at;
    const auto y = s.number(2, 4);
    if (!y || s.at - before == 3) return std::nullopt;
    s.eat('.');
    s.spaces();
    return s.done() ? calendar_day(full_year(*y), *first, *d) : std::nullopt;
  }
  s.spaces();
  const auto m = s.month_name();
  s.spaces();
  const auto y = s.number(4, 4);
  s.spaces();
  return m && y && s.done() ? calendar_day(*y, *m, *first) : std::nullopt;
}

}  // namespace entitywatch
