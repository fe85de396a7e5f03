#include "notify/words.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "core/lists.hpp"
#include "notify/escape.hpp"

namespace entitywatch::notify {
namespace {

std::string clock_time(std::chrono::minutes since_midnight) {
  const auto total = static_cast<int>(since_midnight.count());
  const int hour = total / 60;
  return fmt::format("{}:{:02} {}", hour % 12 == 0 ? 12 : hour % 12, total % 60, hour < 12 ? "a.m." : "p.m.");
}

}  // namespace

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string lower_first(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

std::string enumerated(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

std::string listed(const std::vector<std::string>& texts, std::size_t most, std::size_t limit) {
  std::string out;
  std::size_t shown = 0;
  for (; shown < texts.size() && shown < most; ++shown) {
    if (shown == 0)
      out = shorten(texts[0], limit);
    else if (characters(out) + characters(texts[shown]) + 2 <= limit)
      out += "; " + texts[shown];
    else
      break;
  }
  return shown < texts.size() ? out + fmt::format(" (+{})", texts.size() - shown) : out;
}

std::string source_name(std::string_view name) {
  if (name == source::federal_register) return "Federal Register";
  if (name == source::public_inspection) return "Federal Register public inspection";
  if (name == source::ecfr) return "eCFR";
  if (name == source::csl) return "Consolidated Screening List";
  if (name == source::dpl) return "Denied Persons List file";
  if (name == source::bis_news) return "BIS news";
  return clean(name);
}

std::string moment(Time time) {
  using namespace std::chrono;
  const auto utc = floor<minutes>(time);
  const auto utc_day = floor<days>(utc);
  const hh_mm_ss utc_clock{utc - utc_day};
  const std::string in_utc =
      fmt::format("{:02}:{:02} UTC", utc_clock.hours().count(), utc_clock.minutes().count());
  try {
    const auto local = date::make_zoned("America/New_York", utc).get_local_time();
    const sys_time<minutes> shown{duration_cast<minutes>(local.time_since_epoch())};
    const auto day = floor<days>(shown);
    return fmt::format("{}, {} Eastern ({})", format_date_long(day), clock_time(shown - day), in_utc);
  } catch (const std::exception&) {
    return fmt::format("{}, {}", format_date_long(utc_day), in_utc);
  }
}

std::string spoken(std::string_view identifier) {
  std::string out = clean(identifier);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string action_word(ChangeKind kind, bool in_future) {
  switch (kind) {
    case ChangeKind::added:
      return in_future ? "To be added" : "Added";
    case ChangeKind::removed:
      return in_future ? "To be removed" : "Removed";
    case ChangeKind::revised:
      return in_future ? "To be revised" : "Revised";
    case ChangeKind::corrected:
      return in_future ? "To be corrected" : "Corrected";
    case ChangeKind::withdrawn:
      return "Withdrawn";
    case ChangeKind::editorial:
      return "Edited";
    case ChangeKind::document:
      return "Document";
    case ChangeKind::discrepancy:
      return "Sources disagree";
    case ChangeKind::effective:
      return "Now in effect";
  }
  return "Changed";
}

std::string describe(const Check& check) {
  std::string out = spoken(check.name);
  if (!check.expected.empty() || !check.found.empty())
    out += fmt::format(": {} expected, {} found", check.expected.empty() ? "nothing" : clean(check.expected),
                       check.found.empty() ? "nothing" : clean(check.found));
  if (!check.detail.empty()) out += " (" + shorten(clean(check.detail), 160) + ")";
  return out;
}

std::string describe(const Finding& finding) {
  std::string out = finding.message.empty() ? spoken(finding.code) : clean(finding.message);
  // A sentence that quotes already needs no second quotation.
  if (!finding.excerpt.empty() && out.find("“") == std::string::npos)
    out += " “" + shorten(clean(finding.excerpt), 160) + "”";
  return out;
}

}  // namespace entitywatch::notify
