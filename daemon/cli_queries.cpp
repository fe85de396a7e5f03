#include "daemon/cli_queries.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <utility>

#include "core/json.hpp"
#include "core/text.hpp"
#include "daemon/cli_screen.hpp"
#include "daemon/cli_table.hpp"
#include "daemon/door.hpp"

namespace entitywatch::daemon {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// What a person typed, collected by the command line.
struct Asked {
  std::map<std::string, std::string> filters;
  std::map<std::string, bool> flags;
  std::string id;
  std::string format = "csv";
  std::string file;
  std::size_t limit = 100;
};

// Text of publishers goes to a terminal, where control characters are commands.
std::string in_words(const Json& value) { return text::sanitize(value.is_string() ? value.get<std::string>() : dump(value)); }

std::string field(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || found->is_null()) return {};
  return in_words(*found);
}

Json nested(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return !object.is_object() || found == object.end() ? Json(nullptr) : *found;
}

std::string joined(const Json& array, const char* separator = ", ") {
  std::string out;
  if (array.is_array())
    for (const Json& item : array) out += (out.empty() ? "" : separator) + in_words(item);
  return out;
}

std::string day_of(const std::string& time) { return time.substr(0, 10); }
std::string minute_of(const std::string& time) { return time.size() > 16 ? time.substr(0, 10) + " " + time.substr(11, 5) : time; }

class Query {
 public:
  Query(const CommandOptions& options, const Asked& asked) : options_(options), asked_(asked) {}

  // Opens the door, asks, and hands a good answer to `show`; everything else becomes an exit status.
  int run(ApiRequest request, Door::Access access, const std::function<void(const Json&)>& show) {
    auto config = configuration(options_);
    if (!config) return report(config.error());
    auto door = Door::open(*config, clock_, access);
    if (!door) return report(door.error());
    const auto response = (*door)->ask(request);
    if (!response) return report(response.error());
    if (response->status >= 400) return refused(*response);
    if (response->body.empty()) return 0;
    const Json json = Json::parse(response->body, nullptr, false);
    if (json.is_discarded()) return report({ErrorCode::malformed, "the daemon's answer is not JSON: " + text::excerpt(response->body, 100), {}});
    if (options_.json) {
      fmt::print("{}\n", dump(json, 2));
    } else {
      show(json);
    }
    return 0;
  }

  [[nodiscard]] ApiRequest list_request(const char* path) const {
    ApiRequest request;
    request.path = path;
    for (const auto& [name, value] : asked_.filters)
      if (!value.empty()) request.query.emplace(name, value);
    for (const auto& [name, on] : asked_.flags)
      if (on) request.query.emplace(name, "true");
    request.query.emplace("limit", std::to_string(asked_.limit));
    return request;
  }

  void table(const std::vector<Column>& columns, const Rows& rows, const Json& page, std::size_t shown) const {
    if (rows.empty()) {
      std::fputs("nothing found\n", stderr);
      return;
    }
    print_table(columns, rows);
    const std::string cursor = field(page, "next_cursor");
    if (shown >= asked_.limit && !cursor.empty()) fmt::print(stderr, "there may be more: add --cursor {} or raise --limit\n", cursor);
  }

  static int refused(const ApiResponse& response) {
    const Json problem = Json::parse(response.body, nullptr, false);
    const std::string detail = field(problem, "detail");
    fmt::print(stderr, "entitywatch: {}\n", detail.empty() ? field(problem, "title") : detail);
    return response.status == 404 || response.status == 400 ? 2 : 1;
  }

 private:
  const CommandOptions& options_;
  const Asked& asked_;
  const SystemClock clock_;
};

Rows change_rows(const Json& changes) {
  Rows rows;
  for (const Json& c : changes) {
    const Json entry = nested(c, "entry");
    const Json document = nested(c, "document");
    const std::string name = entry.is_null() ? field(document, "title") : field(entry, "name");
    rows.push_back({minute_of(field(c, "detected_at")), field(c, "kind"), name, field(entry, "country_code"), field(c, "list"), joined(nested(c, "fields")),
                    document.is_null() ? field(c, "source") : field(document, "number"), field(c, "effective_on"), field(c, "verification") == "review" ? "review" : "", field(c, "id")});
  }
  return rows;
}

const std::vector<Column> change_columns{{"detected", false, 5},
                                         {"kind", false, 0, Tint::by_word},
                                         {"name", true},
                                         {"cc", false, 3},
                                         {"list", false, 4},
                                         {"fields", true, 7},
                                         {"by", false, 2},
                                         {"effective", false, 1},
                                         {"check", false, 6, Tint::by_word},
                                         {"id", false, 8}};

int changes(const CommandOptions& options, const Asked& asked) {
  Query query(options, asked);
  return query.run(query.list_request("/v1/changes"), Door::Access::read, [&](const Json& page) {
    const Rows rows = change_rows(nested(page, "changes"));
    query.table(change_columns, rows, page, rows.size());
  });
}

int entries(const CommandOptions& options, const Asked& asked) {
  Query query(options, asked);
  return query.run(query.list_request("/v1/entries"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& e : nested(page, "entries"))
      rows.push_back({field(e, "name"), field(e, "country_code"), field(e, "list"), joined(nested(e, "aliases"), "; "), field(e, "status"), field(e, "effective_on"), field(e, "id")});
    if (field(page, "complete") == "false") std::fputs("incomplete: that day lies before the first reading\n", stderr);
    query.table({{"name", true}, {"cc", false, 1}, {"list", false, 2}, {"aliases", true, 6}, {"status", false, 5, Tint::by_word}, {"effective", false, 4}, {"id", false, 3}}, rows, page, rows.size());
  });
}

int documents(const CommandOptions& options, const Asked& asked) {
  Query query(options, asked);
  return query.run(query.list_request("/v1/documents"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& d : nested(page, "documents"))
      rows.push_back({field(d, "number"), field(d, "citation"), field(d, "publication_date"), field(d, "effective_on"), field(d, "topic"), field(d, "title")});
    query.table({{"number"}, {"citation", false, 1}, {"published", false, 2}, {"effective", false, 3}, {"topic", true, 4}, {"title", true}}, rows, page, rows.size());
  });
}

// "84 FR 54004, 2019-10-09" for a citation, the text itself for anything else; several are joined.
std::string listed(const Json& value) {
  if (value.is_null()) return {};
  if (!value.is_array()) return in_words(value);
  std::vector<std::string> out;
  for (const Json& item : value)
    out.push_back(item.is_object() && item.contains("volume") ? fmt::format("{} FR {}, {}", field(item, "volume"), field(item, "page").empty() ? "(page to come)" : field(item, "page"), field(item, "date"))
                                                              : in_words(item));
  return text::join(out, "; ");
}

void show_listing(const Json& entry) {
  const std::string country = field(entry, "country");
  fmt::print("{}{}\n", field(entry, "name"), country.empty() ? "" : " (" + country + ")");
  const auto line = [&](const char* title, const std::string& value) {
    if (!value.empty()) fmt::print("  {:<12} {}\n", title, wrap(value, terminal_width(), 15));
  };
  line("list", field(entry, "list"));
  line("status", field(entry, "status"));
  line("aliases", joined(nested(entry, "aliases"), "; "));
  const char* title = "addresses";
  for (const Json& address : nested(entry, "addresses")) line(std::exchange(title, ""), in_words(address));
  line("requirement", field(entry, "license_requirement"));
  line("policy", field(entry, "license_review_policy"));
  line("citations", listed(nested(entry, "citations")));
  line("id", field(entry, "id"));
}

void show_change(const Json& c) {
  const Json entry = nested(c, "entry");
  const std::string effective = field(c, "effective_on");
  fmt::print("{} {} by {}{}, {}\n", day_of(field(c, "detected_at")), field(c, "kind"), field(c, "source"), effective.empty() ? "" : ", effective " + effective, field(c, "verification"));
  const Json document = nested(c, "document");
  if (!document.is_null()) fmt::print("  {} {} {}\n  {}\n", field(document, "number"), field(document, "citation"), field(document, "title"), field(document, "url"));
  const Json before = nested(c, "before");
  for (const Json& changed : nested(c, "fields")) {
    const std::string name = in_words(changed);
    fmt::print("  {}\n", name);
    const auto side = [&](const char* mark, const Json& value) {
      const std::string shown = listed(value);
      if (!shown.empty()) fmt::print("    {} {}\n", mark, wrap(shown, terminal_width(), 6));
    };
    side("-", nested(before, name.c_str()));
    side("+", nested(entry, name.c_str()));
  }
  if (!field(c, "note").empty()) fmt::print("  {}\n", field(c, "note"));
  const std::string confirmed = joined(nested(c, "confirmed_by"));
  if (!confirmed.empty()) fmt::print("  confirmed by {}\n", confirmed);
  for (const Json& check : nested(c, "checks"))
    fmt::print("  check {}: expected {}, found {}: {}\n", field(check, "name"), field(check, "expected"), field(check, "found"), field(check, "ok") == "true" ? "holds" : "FAILED");
  for (const Json& finding : nested(c, "findings")) fmt::print("  {}: {}\n", field(finding, "severity"), field(finding, "message"));
  if (!entry.is_null()) show_listing(entry);
}

void show_history(const Json& answer) {
  Rows rows = change_rows(nested(answer, "changes"));
  if (!rows.empty()) print_table(change_columns, rows);
}

// A change, an entry or a document: ids of entries have 20 digits, of changes 32, anything else is a
// document's number.
int show(const CommandOptions& options, const Asked& asked) {
  Query query(options, asked);
  ApiRequest request;
  const bool hex = asked.id.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (hex && asked.id.size() == 32) {
    request.path = "/v1/changes/" + asked.id;
    return query.run(request, Door::Access::read, show_change);
  }
  if (hex && asked.id.size() == 20) {
    request.path = "/v1/entries/" + asked.id;
    return query.run(request, Door::Access::read, [](const Json& answer) {
      const Json entry = nested(answer, "entry");
      show_listing(entry.is_null() ? answer : entry);
      show_history(answer);
    });
  }
  request.path = "/v1/documents/" + asked.id;
  return query.run(request, Door::Access::read, [](const Json& answer) {
    const Json inner = nested(answer, "document");
    const Json& d = inner.is_null() ? answer : inner;
    const std::size_t width = terminal_width();
    fmt::print("{}\n", wrap(field(d, "title"), width, 0));
    constexpr std::pair<const char*, const char*> lines[] = {{"number", "number"}, {"citation", "citation"}, {"published", "publication_date"}, {"effective", "effective_on"}, {"topic", "topic"}, {"url", "url"}, {"abstract", "abstract"}};
    for (const auto& [title, key] : lines)
      if (const std::string value = field(d, key); !value.empty()) fmt::print("  {:<10} {}\n", title, wrap(value, width, 13));
    for (const Json& finding : nested(d, "findings")) fmt::print("  {}: {}\n", field(finding, "severity"), field(finding, "message"));
    show_history(answer);
  });
}

int sources(const CommandOptions& options, const Asked& asked) {
  Query query(options, asked);
  return query.run(query.list_request("/v1/sources"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& s : nested(page, "sources")) {
      const Json error = nested(s, "last_error");
      const Json held = nested(s, "held");
      const std::string trouble = !held.is_null() ? "held: " + field(held, "reason") : field(s, "status") == "ok" ? "" : field(error, "message");
      rows.push_back({field(s, "name"), field(s, "status"), minute_of(field(s, "last_success_at")), minute_of(field(s, "last_change_at")), minute_of(field(s, "next_poll_at")), trouble});
    }
    query.table({{"source"}, {"status", false, 0, Tint::by_word}, {"last success", false, 1}, {"last change", false, 3}, {"next poll", false, 4}, {"trouble", true, 2}}, rows, page, rows.size());
  });
}

int deliveries(const CommandOptions& options, const Asked& asked) {
  Query query(options, asked);
  return query.run(query.list_request("/v1/deliveries"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& d : nested(page, "deliveries")) {
      const Json response = nested(d, "last_response");
      rows.push_back({minute_of(field(d, "created_at")), field(d, "channel"), field(d, "subscription"), field(d, "status"), field(d, "attempts"), field(response, "status"),
                      field(response, "excerpt"), field(d, "id")});
    }
    query.table({{"created", false, 1}, {"channel", true}, {"subscription", true, 3}, {"status", false, 0, Tint::by_word}, {"tries", false, 5}, {"answer", false, 2}, {"text", true, 4}, {"id", false, 6}}, rows, page, rows.size());
  });
}

int redeliver(const CommandOptions& options, const Asked& asked) {
  Query query(options, asked);
  ApiRequest request;
  request.method = "POST";
  request.path = "/v1/deliveries/" + asked.id + "/redeliver";
  return query.run(request, Door::Access::write, [&](const Json&) { fmt::print("{} will be sent again\n", asked.id); });
}

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
  Query query(options, asked);
  ApiRequest request;
  request.method = "POST";
  request.path = path;
  request.content_type = "application/json";
  request.body = *body;
  add_stretch(request, asked);
  return query.run(request, access, show_answer);
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
  Query query(options, asked);
  std::vector<std::string> names{asked.id};
  if (asked.id.empty()) {
    CommandOptions as_text = options;
    as_text.json = false;
    names.clear();
    ApiRequest every;
    every.path = "/v1/subscriptions";
    every.query.emplace("limit", "1000");
    const int status = Query(as_text, asked).run(every, Door::Access::read, [&](const Json& page) {
      for (const Json& s : nested(page, "subscriptions")) names.push_back(field(s, "name"));
    });
    if (status != 0) return status;
  }
  if (names.empty()) return report({ErrorCode::invalid_argument, "there is no subscription yet: describe one, for example with --name x --countries CN", {}});
  int status = 0;
  for (const std::string& name : names) {
    ApiRequest request;
    request.path = "/v1/subscriptions/" + name + "/try";
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
  Query query(options, asked);
  return query.run(query.list_request("/v1/subscriptions"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& s : nested(page, "subscriptions"))
      rows.push_back({field(s, "name"), joined(nested(s, "channels")), joined(nested(s, "lists")), joined(nested(s, "kinds")), joined(nested(s, "countries")), joined(nested(s, "match")), field(s, "watchlist"), field(s, "digest")});
    query.table({{"name", true}, {"channels", true, 1}, {"lists", true, 4}, {"kinds", true, 3}, {"countries", true, 5}, {"match", true, 6}, {"watchlist", true, 7}, {"digest", true, 2}}, rows, page, rows.size());
  });
}

int remove_subscription(const CommandOptions& options, const Asked& asked) {
  Query query(options, asked);
  ApiRequest request;
  request.method = "DELETE";
  request.path = "/v1/subscriptions/" + asked.id;
  return query.run(request, Door::Access::write, [](const Json&) {});
}

int export_list(const CommandOptions& options, const Asked& asked) {
  auto config = configuration(options);
  if (!config) return report(config.error());
  const SystemClock clock;
  auto door = Door::open(*config, clock, Door::Access::read);
  if (!door) return report(door.error());
  ApiRequest request = Query(options, asked).list_request(("/v1/export/entries." + asked.format).c_str());
  request.query.erase("limit");
  const auto response = (*door)->stream(request, [](std::string_view piece) { std::fwrite(piece.data(), 1, piece.size(), stdout); });
  if (!response) return report(response.error());
  if (response->status == 200) return 0;
  const Json problem = Json::parse(response->body, nullptr, false);
  fmt::print(stderr, "entitywatch: {}\n", field(problem, "detail"));
  return response->status == 400 ? 2 : 1;
}

int screen_names(const CommandOptions& options, const Asked& asked) {
  return screen(options, {asked.id, asked.file, asked.filters, asked.limit, asked.format});
}

// Registers commands that share the state of one call.
class Registrar {
 public:
  Registrar(CommandOptions& options, std::function<int()>& chosen) : options_(options), chosen_(chosen), asked_(std::make_shared<Asked>()) {}

  using Run = int (*)(const CommandOptions&, const Asked&);

  CLI::App* add(CLI::App& to, const char* name, const char* help, std::function<int(const CommandOptions&, const Asked&)> run) {
    CLI::App* sub = to.add_subcommand(name, help);
    sub->add_option("--config", options_.config_path, "configuration file");
    sub->add_flag("--json", options_.json, "print the same JSON as the HTTP endpoint");
    // A command within a command is called first; the outer one is only its place.
    sub->callback([this_options = &options_, chosen = &chosen_, asked = asked_, run = std::move(run)] {
      if (!*chosen) *chosen = [=] { return run(*this_options, *asked); };
    });
    return sub;
  }
  void filters(CLI::App* sub, const std::vector<std::pair<const char*, const char*>>& names) {
    for (const auto& [name, help] : names) {
      std::string flag = std::string("--") + name;
      std::replace(flag.begin(), flag.end(), '_', '-');
      sub->add_option(flag, asked_->filters[name], help);
    }
  }
  void paging(CLI::App* sub) {
    sub->add_option("--limit", asked_->limit, "at most this many")->check(CLI::Range(1, 1000));
    sub->add_option("--cursor", asked_->filters["cursor"], "go on from an earlier answer");
  }
  void id(CLI::App* sub, const char* name, const char* help) { sub->add_option(name, asked_->id, help)->required(); }
  [[nodiscard]] Asked& asked() { return *asked_; }

 private:
  CommandOptions& options_;
  std::function<int()>& chosen_;
  std::shared_ptr<Asked> asked_;
};

const std::vector<std::pair<const char*, const char*>> change_filters{
    {"since", "detected on this day or time, or later"}, {"until", "detected before"}, {"list", "entity-list, unverified-list, …"}, {"kind", "added, removed, revised, …"},
    {"country", "CN, HK, …"},                           {"document", "number or citation"}, {"q", "words in a name"},                {"order", "oldest or newest first"}};
const std::vector<std::pair<const char*, const char*>> entry_filters{{"list", "entity-list, unverified-list, …"},
                                                                     {"country", "CN, HK, …"},
                                                                     {"q", "words in a name"},
                                                                     {"status", "listed, pending, removed or all"},
                                                                     {"as_of", "as it was in force on this day"},
                                                                     {"known_at", "as this system knew it at this time"}};
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

}  // namespace

void add_query_commands(CLI::App& app, CommandOptions& options, std::function<int()>& chosen) {
  Registrar c(options, chosen);
  CLI::App* sub = c.add(app, "changes", "what happened, oldest first", changes);
  c.filters(sub, change_filters);
  sub->add_flag("--updates", c.asked().flags["updates"], "show changes again when something about them was learned later");
  sub->add_flag("--pending", c.asked().flags["pending"], "announced for a day to come");
  sub->add_flag("--open", c.asked().flags["open"], "discrepancies that last");
  c.paging(sub);
  Registrar e(options, chosen);
  sub = e.add(app, "entries", "the lists as they stand, or stood", entries);
  e.filters(sub, entry_filters);
  e.paging(sub);
  Registrar d(options, chosen);
  sub = d.add(app, "documents", "rules, notices and news", documents);
  d.filters(sub, {{"q", "words of the title, the number or the citation"}});
  d.paging(sub);
  Registrar s(options, chosen);
  s.id(s.add(app, "show", "one change, entry or document", show), "id", "its id or number");
  Registrar q(options, chosen);
  sub = q.add(app, "deliveries", "what was sent, what waits, what failed for good", deliveries);
  q.filters(sub, {{"status", "pending, delivered or dead"}, {"channel", "its name"}, {"subscription", "its name"}, {"alert", "id of the alert"}});
  q.paging(sub);
  Registrar r(options, chosen);
  r.id(r.add(app, "redeliver", "send a dead delivery again", redeliver), "id", "id of the delivery");
  Registrar x(options, chosen);
  sub = x.add(app, "export", "the list, now or as of a day", export_list);
  x.filters(sub, entry_filters);
  sub->add_option("--format", x.asked().format, "csv, jsonl or ftm")->check(CLI::IsMember({"csv", "jsonl", "ftm"}));
  Registrar n(options, chosen);
  sub = n.add(app, "screen", "match a name, or a CSV of names, against the lists", screen_names);
  sub->add_option("name", n.asked().id, "the name");
  sub->add_option("--file", n.asked().file, "CSV with a column name, optionally id and country");
  n.asked().format.clear();
  sub->add_option("--format", n.asked().format, "table, csv or json; default: a table for a name, CSV for a file")->check(CLI::IsMember({"table", "csv", "json"}));
  n.filters(sub, {{"country", "CN, HK, …"}, {"list", "entity-list, …"}, {"min_score", "from 0 to 1, default 0.8"}});
  n.asked().limit = 10;
  sub->add_option("--limit", n.asked().limit, "at most this many a name")->check(CLI::Range(1, 1000));
  Registrar o(options, chosen);
  CLI::App* listing = o.add(app, "sources", "freshness, last error, what a brake holds", sources);
  Registrar release(options, chosen);
  release.id(release.add(*listing, "release", "let a held reading through", [](const CommandOptions& opt, const Asked& a) { return release_source(opt, a.id); }), "name", "the source");
  add_subscription_commands(app, options, chosen);
}

}  // namespace entitywatch::daemon
