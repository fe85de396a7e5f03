#include "daemon/cli_subscriptions.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/text.hpp"
#include "daemon/cli_query.hpp"

namespace entitywatch::daemon {
namespace {

bool names_stretch(const std::string& filter) { return filter == "since" || filter == "until"; }

Result<std::string> subscription_body(const Asked& asked) {
  if (!asked.file.empty()) {
    std::ifstream in(asked.file, std::ios::binary);
    if (!in) return fail(ErrorCode::invalid_argument, asked.file + " cannot be read");
    return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  }
  Json body = Json::object();
  for (const auto& [name, value] : asked.filters) {
    if (value.empty() || names_stretch(name)) continue;
    const bool single = name == "name" || name == "digest" || name == "watchlist" || name == "quiet_hours";
    body[name] = single ? Json(value) : Json(text::split(value, ','));
  }
  const auto loud = asked.flags.find("quiet_override");
  if (loud != asked.flags.end() && !loud->second) body["quiet_override"] = false;
  return dump(body);
}

void add_stretch(ApiRequest& request, const Asked& asked) {
  for (const auto& filter : asked.filters)
    if (names_stretch(filter.first) && !filter.second.empty()) request.query.insert(filter);
}

int subscribe(const CommandOptions& options, const Asked& asked, const char* path, const std::function<void(const Json&)>& show_answer, Door::Access access) {
  const auto body = subscription_body(asked);
  if (!body) return report(body.error());
  ApiRequest request = request_to("POST", path);
  request.content_type = "application/json";
  request.body = *body;
  add_stretch(request, asked);
  return Query(options, asked).run(request, access, show_answer);
}

void show_trial(const Json& trial) {
  const std::size_t alerts = trial.value("alerts", std::size_t{0});
  fmt::print("{}: {} alert{} from {} to {}, {:.2f} a week; {} changes", field(nested(trial, "subscription"), "name"), alerts, alerts == 1 ? "" : "s",
             day_of(field(trial, "since")), day_of(field(trial, "until")), trial.value("alerts_a_week", 0.0), field(trial, "changes"));
  const char* separator = ": ";
  const Json counts = nested(trial, "counts");
  for (const auto& [kind, count] : counts.items()) fmt::print("{}{} {}", std::exchange(separator, ", "), dump(count), kind);
  fmt::print("\n");
  for (const Json& problem : nested(trial, "problems")) fmt::print("  not judged: {}\n", in_words(problem));
  for (const Json& week : nested(trial, "weeks")) {
    const std::size_t count = week.value("alerts", std::size_t{0});
    if (count > 0) fmt::print("  week of {}  {:>4} {:<7}{}\n", field(week, "week_of"), count, count == 1 ? "alert" : "alerts", std::string(std::min<std::size_t>(count, 40), '#'));
  }
  if (nested(trial, "latest_alerts").empty()) return;
  fmt::print("  the latest:\n");
  for (const Json& alert : nested(trial, "latest_alerts")) fmt::print("  {}  {}\n", minute_of(field(alert, "at")), field(alert, "subject"));
}

// One of the subscriptions there are, or, without a name, each of them.
int try_known(const CommandOptions& options, const Asked& asked) {
  const Query query(options, asked);
  std::vector<std::string> names{asked.id};
  if (asked.id.empty()) {
    CommandOptions as_text = options;
    as_text.json = false;
    names.clear();
    ApiRequest every = request_to("GET", "/v1/subscriptions");
    every.query.emplace("limit", "1000");
    const int status = Query(as_text, asked).run(every, Door::Access::read, [&](const Json& page) {
      for (const Json& s : nested(page, "subscriptions")) names.push_back(field(s, "name"));
    });
    if (status != 0) return status;
  }
  if (names.empty()) return report({ErrorCode::invalid_argument, "there is no subscription yet: describe one, for example with --name x --countries CN", {}});
  int status = 0;
  for (const std::string& name : names) {
    ApiRequest request = request_to("GET", "/v1/subscriptions/" + name + "/try");
    add_stretch(request, asked);
    status = std::max(status, query.run(request, Door::Access::read, show_trial));
  }
  return status;
}

int try_subscription(const CommandOptions& options, const Asked& asked) {
  const bool described = !asked.file.empty() || std::any_of(asked.filters.begin(), asked.filters.end(), [](const auto& f) { return !names_stretch(f.first) && !f.second.empty(); });
  if (!described) return try_known(options, asked);
  if (!asked.id.empty()) return report({ErrorCode::invalid_argument, "give the name of a subscription, or describe a new one, not both", {}});
  return subscribe(options, asked, "/v1/subscriptions/try", show_trial, Door::Access::read);
}

int list_subscriptions(const CommandOptions& options, const Asked& asked) {
  const Query query(options, asked);
  return query.run(query.list_request("/v1/subscriptions"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& s : nested(page, "subscriptions"))
      rows.push_back({field(s, "name"), joined(nested(s, "channels")), joined(nested(s, "lists")), joined(nested(s, "kinds")), joined(nested(s, "countries")), joined(nested(s, "match")), field(s, "watchlist"), field(s, "digest")});
    query.table({{"name", true}, {"channels", true, 1}, {"lists", true, 4}, {"kinds", true, 3}, {"countries", true, 5}, {"match", true, 6}, {"watchlist", true, 7}, {"digest", true, 2}}, rows, page);
  });
}

int remove_subscription(const CommandOptions& options, const Asked& asked) {
  const ApiRequest request = request_to("DELETE", "/v1/subscriptions/" + asked.id);
  return Query(options, asked).run(request, Door::Access::write, [](const Json&) {});
}

const std::vector<std::pair<const char*, const char*>> subscription_fields{{"name", "its name"},          {"channels", "comma separated"}, {"lists", "comma separated"},
                                                                           {"kinds", "comma separated"},  {"countries", "comma separated"}, {"topics", "comma separated"},
                                                                           {"match", "words or globs, comma separated"}, {"documents", "numbers or globs, comma separated"},
                                                                           {"watchlist", "a CSV beside the configuration file"}, {"digest", "immediate, hourly, daily 08:00 ZONE, weekly mon 08:00 ZONE"},
                                                                           {"quiet_hours", "22:00-07:00 ZONE"}};

void quiet_override(Registrar& registrar, CLI::App* sub) {
  bool& loud = registrar.asked().flags["quiet_override"];
  loud = true;
  sub->add_option("--quiet-override", loud, "whether what matches the watchlist is sent in quiet hours; default true");
}

}  // namespace

void add_subscription_commands(CLI::App& app, CommandOptions& options, std::function<int()>& chosen) {
  CLI::App* group = app.add_subcommand("subscriptions", "who is told of what");
  group->require_subcommand(1);
  Registrar list(options, chosen);
  list.add(*group, "list", "those of the file and those made at run time", list_subscriptions);
  Registrar add(options, chosen);
  CLI::App* adding = add.add(*group, "add", "add one at run time", [](const CommandOptions& o, const Asked& a) {
    return subscribe(o, a, "/v1/subscriptions", [](const Json& s) { fmt::print("{} added\n", field(s, "name")); }, Door::Access::write);
  });
  add.filters(adding, subscription_fields);
  quiet_override(add, adding);
  adding->add_option("--file", add.asked().file, "JSON of the subscription");
  Registrar trial(options, chosen);
  CLI::App* trying = trial.add(*group, "try", "what the last year would have sent: by one subscription, by each there is, or by one not made yet", try_subscription);
  trying->add_option("subscription", trial.asked().id, "one that there is; without it, and without a description, each of them");
  trial.filters(trying, subscription_fields);
  quiet_override(trial, trying);
  trial.filters(trying, {{"since", "from this day on; default: a year before until"}, {"until", "before this day; default: now"}});
  trying->add_option("--file", trial.asked().file, "JSON of the subscription");
  Registrar remove(options, chosen);
  remove.id(remove.add(*group, "remove", "remove one made at run time", remove_subscription), "name", "its name");
}

}  // namespace entitywatch::daemon
