#include "notify/dry_run.hpp"

#include <algorithm>
#include <map>

namespace entitywatch::notify {
namespace {

// The Federal Register publishes at 8:45 Eastern.
constexpr std::chrono::minutes publication_hour{12 * 60 + 45};
// Detected later than this after publication, a document was loaded as history.
constexpr std::chrono::days late{3};

Date monday_of(Time time) {
  const Date day = std::chrono::floor<std::chrono::days>(time);
  return day - (std::chrono::weekday{day} - std::chrono::Monday);
}

}  // namespace

Time told_at(const Change& change) {
  if (!change.document || !change.document->publication_date) return change.detected_at;
  const Time published = *change.document->publication_date + publication_hour;
  return change.detected_at > published + late ? published : change.detected_at;
}

std::vector<Alert> dry_run(const Subscription& subscription, const std::vector<Change>& changes,
                           const std::vector<Document>& documents, const WatchlistMatcher* watchlists) {
  // What is told at one moment was one commit; within it, history order.
  std::map<Time, std::vector<Change>> moments;
  for (const Change& change : changes) moments[told_at(change)].push_back(change);
  const std::vector<Subscription> only{subscription};
  const std::vector<std::string> channels =
      subscription.channels.empty() ? std::vector<std::string>{"any"} : subscription.channels;
  std::vector<Alert> out;
  for (const auto& [now, told] : moments) {
    std::vector<Alert> open;
    for (const Alert& alert : out)
      if (alert.not_before > now) open.push_back(alert);
    for (Alert& alert : route({only, channels, told, {}, documents, now, watchlists}, open).alerts) {
      const auto known =
          std::find_if(out.begin(), out.end(), [&](const Alert& a) { return a.id == alert.id; });
      if (known == out.end())
        out.push_back(std::move(alert));
      else
        *known = std::move(alert);
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Alert& a, const Alert& b) { return a.not_before < b.not_before; });
  return out;
}

std::vector<WeekOfAlerts> alerts_by_week(const std::vector<Alert>& alerts, Time since, Time until) {
  std::vector<WeekOfAlerts> weeks;
  for (Date monday = monday_of(since); Time{monday} < until; monday += std::chrono::days{7})
    weeks.push_back({monday, 0, 0});
  for (const Alert& alert : alerts) {
    // A digest or quiet hours may end after the stretch: its changes belong to the last week all the same.
    const Date monday = monday_of(alert.not_before);
    auto week =
        std::find_if(weeks.begin(), weeks.end(), [&](const WeekOfAlerts& w) { return w.monday == monday; });
    if (week == weeks.end()) week = weeks.insert(weeks.end(), WeekOfAlerts{monday, 0, 0});
    ++week->alerts;
    week->changes += alert.change_ids.size();
  }
  std::sort(weeks.begin(), weeks.end(),
            [](const WeekOfAlerts& a, const WeekOfAlerts& b) { return a.monday < b.monday; });
  return weeks;
}

}  // namespace entitywatch::notify
