#include "notify/http_outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "core/text.hpp"
#include "notify/redact.hpp"

namespace entitywatch::notify {
namespace {

using std::chrono::seconds;

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};

struct DateParts {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

unsigned month_number(std::string_view text) {
  for (unsigned m = 0; m < months.size(); ++m)
    if (text.size() == 3 && text::equals_ignoring_case(text, months[m])) return m + 1;
  return 0;
}

// Words of the three forms: "Wed, 09 Oct 2019 12:45:00 GMT", "Wednesday, 09-Oct-19 12:45:00 GMT",
// "Wed Oct  9 12:45:00 2019".
std::optional<DateParts> date_parts(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : std::string(text) + " ") {
    if (c != ' ' && c != '-' && c != ',' && c != ':') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (words.size() < 7) return std::nullopt;
  const bool asctime = month_number(words[1]) != 0;
  const std::array<std::size_t, 6> at =
      asctime ? std::array<std::size_t, 6>{6, 1, 2, 3, 4, 5} : std::array<std::size_t, 6>{3, 2, 1, 4, 5, 6};
  const auto year = number(words[at[0]]);
  const auto day = number(words[at[2]]);
  const auto hour = number(words[at[3]]);
  const auto minute = number(words[at[4]]);
  const auto second = number(words[at[5]]);
  if (!year || !day || !hour || !minute || !second || *day < 1) return std::nullopt;
  const int full = *year >= 100 ? *year : *year + (*year < 70 ? 2000 : 1900);
  return DateParts{full, month_number(words[at[1]]), static_cast<unsigned>(*day), *hour, *minute, *second};
}

std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (text::equals_ignoring_case(key, name)) return value;
  return {};
}

Outcome::Kind kind_of(int status, Receiver receiver) {
  if (status >= 200 && status < 300) return Outcome::Kind::delivered;
  if (status == 410) return Outcome::Kind::channel_disabled;
  const bool final = status == 400 || status == 403 || status == 404;
  return receiver == Receiver::chat && final ? Outcome::Kind::rejected : Outcome::Kind::retry;
}

}  // namespace

std::optional<seconds> parse_retry_after(std::string_view value, Time now) {
  const std::string text = text::trim(value);
  if (text.empty()) return std::nullopt;
  if (text.find_first_not_of("0123456789") == std::string::npos) {
    constexpr std::int64_t year = 366LL * 24 * 3600;
    return seconds{text.size() > 8 ? year : std::min<std::int64_t>(std::stoll(text), year)};
  }
  const auto parts = date_parts(text);
  if (!parts || parts->month == 0) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year{parts->year}, std::chrono::month{parts->month},
                                        std::chrono::day{parts->day}};
  if (!day.ok()) return std::nullopt;
  const auto at = std::chrono::sys_days{day} + std::chrono::hours{parts->hour} +
                  std::chrono::minutes{parts->minute} + seconds{parts->second};
  return std::max(seconds{0}, std::chrono::ceil<seconds>(at - now));
}

Outcome outcome_of(const Result<HttpResponse>& answer, Receiver receiver, Time now,
                   const std::vector<std::string>& secrets) {
  Outcome out;
  if (!answer) {
    out.response.excerpt = redacted_excerpt(
        fmt::format("{}: {}", to_string(answer.error().code), answer.error().message), secrets);
    return out;
  }
  out.kind = kind_of(answer->status, receiver);
  out.response.status = answer->status;
  std::string said = answer->body;
  if (answer->status >= 300 && answer->status < 400)
    said = "redirects are not followed; the address is now " + header(*answer, "location");
  out.response.excerpt = redacted_excerpt(said, secrets);
  if (out.kind == Outcome::Kind::retry)
    out.retry_after = parse_retry_after(header(*answer, "retry-after"), now);
  return out;
}

}  // namespace entitywatch::notify
