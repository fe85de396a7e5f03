// What a subscription would have sent: /v1/subscriptions/try and /v1/subscriptions/{name}/try.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/api_params.hpp"
#include "daemon/api_subscriptions.hpp"
#include "daemon/watchlists.hpp"
#include "notify/dry_run.hpp"
#include "notify/summary.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t most_shown = 20;
constexpr std::chrono::days longest{366 * 50};  // bounds the weeks of an answer

struct Stretch {
  Time since{};
  Time until{};
};

// What the subscription wants of the stretch, and the documents behind it.
struct Wanted {
  std::vector<Change> changes;
  std::vector<Document> documents;
  std::map<std::string, std::size_t> counts;
};

Result<Wanted> wanted_changes(const storage::Reader& reader, const notify::Subscription& subscription,
                              const Stretch& stretch, const notify::WatchlistMatcher* watchlists) {
  Wanted out;
  std::map<std::string, std::optional<Document>> documents;
  std::optional<Error> failed;
  const auto scanned = reader.changes(0, [&](const Change& change) {
    const Time told = notify::told_at(change);
    if (told < stretch.since || told >= stretch.until) return true;
    const Document* document = nullptr;
    if (change.document) {
      auto [at, fresh] = documents.try_emplace(change.document->number);
      if (fresh) {
        auto read = reader.document(change.document->number);
        if (!read) return failed = read.error(), false;
        at->second = std::move(*read);
      }
      if (at->second) document = &*at->second;
    }
    if (!notify::wants(subscription, change, document, watchlists)) return true;
    ++out.counts[std::string(to_string(change.kind))];
    out.changes.push_back(change);
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (failed) return tl::unexpected(std::move(*failed));
  for (auto& [number, document] : documents)
    if (document) out.documents.push_back(std::move(*document));
  return out;
}

std::string subject_of(const Alert& alert, const Wanted& wanted) {
  notify::AlertView view;
  view.alert = alert;
  for (const std::string& id : alert.change_ids)
    for (const Change& change : wanted.changes)
      if (change.id == id) view.changes.push_back(change);
  for (const Document& document : wanted.documents)
    if (document.number == alert.document) view.document = document;
  return notify::summarize(view).subject;
}

Json latest_alerts(const std::vector<Alert>& alerts, const Wanted& wanted) {
  Json out = Json::array();
  for (auto at = alerts.rbegin(); at != alerts.rend() && out.size() < most_shown; ++at)
    out.push_back(Json{{"at", format_time(at->not_before)},
                       {"subject", subject_of(*at, wanted)},
                       {"changes", at->change_ids.size()},
                       {"watchlist_matches", at->matches.size()}});
  return out;
}

Json weeks_of(const std::vector<notify::WeekOfAlerts>& weeks) {
  Json out = Json::array();
  for (const notify::WeekOfAlerts& week : weeks)
    out.push_back(
        Json{{"week_of", format_date(week.monday)}, {"alerts", week.alerts}, {"changes", week.changes}});
  return out;
}

// The last changes, newest first.
Json latest_changes(const std::vector<Change>& changes) {
  Json out = Json::array();
  for (auto at = changes.rbegin(); at != changes.rend() && out.size() < most_shown; ++at)
    out.push_back(to_json(*at));
  return out;
}

ApiResponse trial_of(const Ask& ask, const notify::Subscription& subscription) {
  const auto since = time_parameter(ask.request, "since");
  if (!since) return problem_of(since.error());
  const auto until = time_parameter(ask.request, "until");
  if (!until) return problem_of(until.error());
  const Time end = until->value_or(ask.now);
  const Stretch stretch{since->value_or(end - std::chrono::days{365}), end};
  if (stretch.since >= stretch.until) return problem(400, "Bad Request", "since: does not lie before until");
  if (stretch.until - stretch.since > longest)
    return problem(400, "Bad Request", "since: lies more than 50 years before until");
  const Watchlists watchlists({subscription});
  // As in routing: a watchlist that cannot be judged silences nothing.
  const Watchlists* matcher = watchlists.complete() ? &watchlists : nullptr;
  const auto wanted = wanted_changes(ask.reader, subscription, stretch, matcher);
  if (!wanted) return problem_of(wanted.error());
  const std::vector<Alert> alerts =
      notify::dry_run(subscription, wanted->changes, wanted->documents, matcher);
  const auto weeks = notify::alerts_by_week(alerts, stretch.since, stretch.until);
  Json counts = Json::object();
  for (const auto& [kind, count] : wanted->counts) counts[kind] = count;
  Json out{{"subscription", to_json(subscription)},
           {"since", format_time(stretch.since)},
           {"until", format_time(stretch.until)},
           {"changes", wanted->changes.size()},
           {"alerts", alerts.size()},
           {"alerts_a_week", static_cast<double>(alerts.size()) / static_cast<double>(weeks.size())},
           {"weeks", weeks_of(weeks)},
           {"counts", std::move(counts)},
           {"latest_alerts", latest_alerts(alerts, *wanted)},
           {"latest", latest_changes(wanted->changes)}};
  if (!watchlists.complete()) out["problems"] = watchlists.problems();
  return answer_json(out);
}

}  // namespace

namespace answer {

ApiResponse try_subscription(const Ask& ask) {
  const auto subscription = parse_subscription(ask.request.body, *ask.config);
  return subscription ? trial_of(ask, *subscription) : problem_of(subscription.error());
}

ApiResponse try_named_subscription(const Ask& ask) {
  const auto all = known_subscriptions(ask.reader, *ask.config);
  if (!all) return problem_of(all.error());
  const auto found = std::find_if(all->subscriptions.begin(), all->subscriptions.end(),
                                  [&](const notify::Subscription& s) { return s.name == ask.path[0]; });
  return found == all->subscriptions.end() ? not_found("subscription", ask.path[0]) : trial_of(ask, *found);
}

}  // namespace answer
}  // namespace entitywatch::daemon
