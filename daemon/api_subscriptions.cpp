#include "daemon/api_subscriptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/text.hpp"
#include "daemon/api_params.hpp"
#include "daemon/config_parts.hpp"
#include "daemon/cursor.hpp"
#include "notify/routing.hpp"

namespace entitywatch::daemon {
namespace {

constexpr int deepest = 8;

// JSON with a cap on its depth: nlohmann's reader accepts any.
Result<Json> parse_object(std::string_view body) {
  Json parsed = Json::parse(
      body, [](int depth, Json::parse_event_t, Json&) { return depth <= deepest; }, false);
  if (parsed.is_discarded() || !parsed.is_object())
    return fail(ErrorCode::invalid_argument, "the body is not a JSON object");
  return parsed;
}

bool is_strings(const Json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_string(); });
}

bool is_plain_csv(const std::string& name) {
  return name.size() > 4 && name.front() != '.' && name.find('/') == std::string::npos && name.ends_with(".csv");
}

// Strings and arrays of strings are written alike in JSON and TOML: the reader of the configuration file
// checks what comes over the wire, with the same rules and messages.
//
// A watchlist is named, not given: what the network names must be a CSV beside the configuration file.
Result<std::string> as_toml(const Json& object, const Config& config) {
  std::string out = "[[subscriptions]]\n";
  for (const auto& [key, value] : object.items()) {
    if (value.is_null() || key == "origin") continue;
    if (key == "watchlist" && (config.file.empty() || !value.is_string() || !is_plain_csv(value.get<std::string>())))
      return fail(ErrorCode::invalid_argument,
                  "watchlist: names a CSV beside the daemon's configuration file, without folders, such as "
                  "\"vendors.csv\"; others are given under [[subscriptions]] in that file");
    if (!value.is_string() && !value.is_boolean() && !is_strings(value))
      return fail(ErrorCode::invalid_argument, fmt::format("{}: give a string, a list of strings, true or false", key));
    out += dump(Json(key)) + " = " + dump(value) + "\n";
  }
  return out;
}

// "subscription:3: subscriptions[0].digest: …" speaks of a file that nobody wrote.
std::string without_places(const std::string& message) {
  std::vector<std::string> out;
  for (const std::string& line : text::split(message, '\n')) {
    const std::size_t place = line.find(": ");
    std::string rest = place == std::string::npos ? line : line.substr(place + 2);
    const std::size_t key = rest.find(": ");
    const std::size_t dot = rest.rfind('.', key);
    if (rest.rfind("subscriptions", 0) == 0 && key != std::string::npos && dot != std::string::npos)
      rest.erase(0, dot + 1);
    out.push_back(std::move(rest));
  }
  return text::join(out, "; ");
}

template <class T>
Json names_of(const std::vector<T>& values) {
  Json out = Json::array();
  for (const T& value : values) out.push_back(to_string(value));
  return out;
}

bool is_stored(const std::vector<std::pair<std::string, std::string>>& stored, const std::string& name) {
  return std::any_of(stored.begin(), stored.end(), [&](const auto& s) { return s.first == name; });
}

bool in_file(const Config& config, const std::string& name) {
  return std::any_of(config.subscriptions.begin(), config.subscriptions.end(),
                     [&](const notify::Subscription& s) { return s.name == name; });
}

ApiResponse in_file_conflict(const std::string& name) {
  return problem(409, "Conflict",
                 fmt::format("subscription '{}' stands in the configuration file; change it there", name));
}

ApiResponse read_only() {
  return problem(409, "Conflict",
                 "subscriptions are kept by the running daemon, or by a database opened for writing");
}

}  // namespace

Json to_json(const notify::Subscription& s) {
  Json out{{"name", s.name},
           {"channels", s.channels},
           {"lists", names_of(s.lists)},
           {"kinds", names_of(s.kinds)},
           {"countries", s.countries},
           {"topics", s.topics},
           {"match", s.match},
           {"digest", s.digest}};
  if (!s.documents.empty()) out["documents"] = s.documents;
  if (!s.quiet_hours.empty()) {
    out["quiet_hours"] = s.quiet_hours;
    out["quiet_override"] = s.quiet_override;
  }
  // As it was given: of one made at run time the name alone, which is all it may be.
  if (!s.watchlist.empty())
    out["watchlist"] = s.from_file ? s.watchlist : std::filesystem::path(s.watchlist).filename().string();
  out["origin"] = s.from_file ? "file" : "api";
  return out;
}

Result<notify::Subscription> parse_subscription(std::string_view json,
                                                const Config& config) {
  const auto object = parse_object(json);
  if (!object) return tl::unexpected(object.error());
  const auto toml_text = as_toml(*object, config);
  if (!toml_text) return tl::unexpected(toml_text.error());
  ConfigProblems problems("subscription");
  const SecretPlaces places{"", std::filesystem::path(config.file).parent_path().string()};
  try {
    const toml::table parsed = toml::parse(*toml_text);
    TableReader root(parsed, "", places, problems);
    auto read = read_subscriptions(root, config.channels);
    if (problems.empty() && read.size() == 1) {
      read.front().from_file = false;
      if (read.front().name.size() <= 100) return std::move(read.front());
      return fail(ErrorCode::invalid_argument, "name: is longer than 100 characters");
    }
  } catch (const toml::parse_error&) {
    return fail(ErrorCode::invalid_argument, "the body holds control characters; leave them out");
  }
  return fail(ErrorCode::invalid_argument, without_places(problems.error().message));
}

Result<StoredSubscriptions> stored_subscriptions(const storage::Reader& reader, const Config& config) {
  const auto stored = reader.subscriptions();
  if (!stored) return tl::unexpected(stored.error());
  StoredSubscriptions out;
  for (const auto& [name, json] : *stored) {
    auto parsed = parse_subscription(json, config);
    if (parsed && !in_file(config, name)) {
      out.subscriptions.push_back(std::move(*parsed));
    } else {
      out.problems.push_back(
          fmt::format("subscription {} is left out: {}", name,
                      parsed ? "the configuration file has one of that name" : parsed.error().message));
    }
  }
  return out;
}

Result<StoredSubscriptions> known_subscriptions(const storage::Reader& reader, const Config& config) {
  auto out = stored_subscriptions(reader, config);
  if (!out) return out;
  auto& all = out->subscriptions;
  all.insert(all.end(), config.subscriptions.begin(), config.subscriptions.end());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

namespace answer {

ApiResponse subscriptions(const Ask& ask) {
  const auto known = known_subscriptions(ask.reader, *ask.config);
  if (!known) return problem_of(known.error());
  const auto limit = limit_parameter(ask.request);
  if (!limit) return problem_of(limit.error());
  const auto begun = name_cursor_parameter(ask.request);
  if (!begun) return problem_of(begun.error());
  std::string last = *begun;
  Json items = Json::array();
  for (const notify::Subscription& subscription : known->subscriptions) {
    if (subscription.name <= last) continue;
    if (items.size() >= *limit) break;
    items.push_back(to_json(subscription));
    last = subscription.name;
  }
  Json out{{"subscriptions", std::move(items)}, {"next_cursor", encode_cursor(CursorKind::names, last)}};
  if (!known->problems.empty()) out["problems"] = known->problems;
  return answer_json(out);
}

ApiResponse add_subscription(const Ask& ask) {
  const auto subscription = parse_subscription(ask.request.body, *ask.config);
  if (!subscription) return problem_of(subscription.error());
  if (in_file(*ask.config, subscription->name)) return in_file_conflict(subscription->name);
  const auto stored = ask.reader.subscriptions();
  if (!stored) return problem_of(stored.error());
  if (is_stored(*stored, subscription->name))
    return problem(409, "Conflict",
                   fmt::format("there is a subscription '{}' already; delete it first", subscription->name));
  if (!ask.actions.put_subscription) return read_only();
  const Json json = to_json(*subscription);
  const auto put = ask.actions.put_subscription(subscription->name, dump(json));
  return put ? answer_json(json, 201) : problem_of(put.error());
}

ApiResponse remove_subscription(const Ask& ask) {
  const std::string name = ask.path.empty() ? text_parameter(ask.request, "name") : ask.path[0];
  if (name.empty())
    return problem(400, "Bad Request", "name: say which subscription, as in /v1/subscriptions/NAME");
  if (in_file(*ask.config, name)) return in_file_conflict(name);
  if (!ask.actions.delete_subscription) return read_only();
  const auto removed = ask.actions.delete_subscription(name);
  if (!removed) return problem_of(removed.error());
  if (!*removed) return not_found("subscription", name);
  ApiResponse out;
  out.status = 204;
  out.content_type.clear();
  return out;
}

}  // namespace answer
}  // namespace entitywatch::daemon
