#include "daemon/cli_query.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "core/text.hpp"

namespace entitywatch::daemon {

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

std::string joined(const Json& array, const char* separator) {
  std::string out;
  if (array.is_array())
    for (const Json& item : array) out += (out.empty() ? "" : separator) + in_words(item);
  return out;
}

std::string day_of(const std::string& time) { return time.substr(0, 10); }
std::string minute_of(const std::string& time) { return time.size() > 16 ? time.substr(0, 10) + " " + time.substr(11, 5) : time; }

int Query::run(const ApiRequest& request, Door::Access access, const std::function<void(const Json&)>& show) const {
  return ask(options_, access, request, [&](const ApiResponse& response) {
    if (response.body.empty()) return 0;
    const Json json = Json::parse(response.body, nullptr, false);
    if (json.is_discarded()) return report({ErrorCode::malformed, "the daemon's answer is not JSON: " + text::excerpt(response.body, 100), {}});
    if (options_.json) {
      fmt::print("{}\n", dump(json, 2));
    } else {
      show(json);
    }
    return 0;
  });
}

ApiRequest Query::list_request(const std::string& path) const {
  ApiRequest request = request_to("GET", path);
  for (const auto& [name, value] : asked_.filters)
    if (!value.empty()) request.query.emplace(name, value);
  for (const auto& [name, on] : asked_.flags)
    if (on) request.query.emplace(name, "true");
  request.query.emplace("limit", std::to_string(asked_.limit));
  return request;
}

void Query::table(const std::vector<Column>& columns, const Rows& rows, const Json& page) const {
  if (rows.empty()) {
    std::fputs("nothing found\n", stderr);
    return;
  }
  print_table(columns, rows);
  const std::string cursor = field(page, "next_cursor");
  if (rows.size() >= asked_.limit && !cursor.empty()) fmt::print(stderr, "there may be more: add --cursor {} or raise --limit\n", cursor);
}

ApiRequest request_to(const char* method, std::string path) {
  ApiRequest request;
  request.method = method;
  request.path = std::move(path);
  return request;
}

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

const std::vector<Column>& change_columns() {
  static const std::vector<Column> columns{{"detected", false, 5},
                                           {"kind", false, 0, Tint::by_word},
                                           {"name", true},
                                           {"cc", false, 3},
                                           {"list", false, 4},
                                           {"fields", true, 7},
                                           {"by", false, 2},
                                           {"effective", false, 1},
                                           {"check", false, 6, Tint::by_word},
                                           {"id", false, 8}};
  return columns;
}

CLI::App* Registrar::add(CLI::App& to, const char* name, const char* help, Run run) {
  CLI::App* sub = to.add_subcommand(name, help);
  sub->add_option("--config", options_.config_path, "configuration file");
  sub->add_flag("--json", options_.json, "print the same JSON as the HTTP endpoint");
  // A command within a command is called first; the outer one is only its place.
  sub->callback([this_options = &options_, chosen = &chosen_, asked = asked_, run = std::move(run)] {
    if (!*chosen) *chosen = [=] { return run(*this_options, *asked); };
  });
  return sub;
}

void Registrar::filters(CLI::App* sub, const std::vector<std::pair<const char*, const char*>>& names) {
  for (const auto& [name, help] : names) {
    std::string flag = std::string("--") + name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    sub->add_option(flag, asked_->filters[name], help);
  }
}

void Registrar::paging(CLI::App* sub) {
  sub->add_option("--limit", asked_->limit, "at most this many")->check(CLI::Range(1, 1000));
  sub->add_option("--cursor", asked_->filters["cursor"], "go on from an earlier answer");
}

void Registrar::id(CLI::App* sub, const char* name, const char* help) { sub->add_option(name, asked_->id, help)->required(); }

}  // namespace entitywatch::daemon
