// Screening: names against the lists. One name by GET, many by POST as JSON or CSV.
#include <fmt/format.h>

#include <charconv>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "daemon/api_history.hpp"
#include "daemon/api_params.hpp"
#include "parsers/csv.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t longest_name = 500;  // characters of one name that are looked at
constexpr std::size_t most_names = 10'000;  // in one call

struct Party {
  std::string id;
  std::string name;
  std::string country;
};

Result<double> score_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > 1)
    return fail(ErrorCode::invalid_argument, "min_score: give a number from 0 to 1");
  return value;
}

// The search of the daemon's index, or of one built for this process where no daemon runs.
std::vector<ScreenHit> search(const Ask& ask, const ScreenQuery& query) {
  if (ask.actions.screen) return ask.actions.screen(query);
  const std::scoped_lock lock(ask.memory.mutex);
  if (!ask.memory.screener) {
    std::vector<Entry> entries;
    const auto read = ask.reader.entries(std::nullopt, "", [&](const Entry& e) { return entries.push_back(e), true; });
    if (!read) return {};
    ask.memory.screener = std::make_unique<Screener>();
    ask.memory.screener->load(entries);
  }
  return ask.memory.screener->search(query);
}

Result<Json> matches(const Ask& ask, ScreenQuery query) {
  query.name = text::excerpt(query.name, longest_name);
  Json out = Json::array();
  for (const ScreenHit& hit : search(ask, query)) {
    const auto entry = ask.reader.entry(hit.entry_id);
    if (!entry) return tl::unexpected(entry.error());
    if (!*entry) continue;
    // A status changes with the day, not with a commit.
    const auto view = view_entry(ask.reader, **entry, Viewpoint{ask.today(), std::nullopt});
    if (!view) return tl::unexpected(view.error());
    if (!*view) continue;
    out.push_back(Json{{"entry", to_json(**view)}, {"score", hit.score}, {"matched_name", hit.matched_name}, {"reason", hit.reason}});
  }
  return out;
}

Result<ScreenQuery> query_of(const ApiRequest& request) {
  ScreenQuery query;
  query.limit = 10;
  if (const std::string score = text_parameter(request, "min_score"); !score.empty()) {
    const auto value = score_of(score);
    if (!value) return tl::unexpected(value.error());
    query.min_score = *value;
  }
  if (!text_parameter(request, "limit").empty()) {
    const auto limit = limit_parameter(request);
    if (!limit) return tl::unexpected(limit.error());
    query.limit = *limit;
  }
  if (const std::string country = text_parameter(request, "country"); !country.empty()) {
    const auto code = country_named(country);
    if (!code) return tl::unexpected(code.error());
    query.country_code = *code;
  }
  auto lists = lists_parameter(request);
  if (!lists) return tl::unexpected(lists.error());
  query.lists = std::move(*lists);
  return query;
}

Result<std::string> country_of(const std::string& text) {
  if (text.empty()) return std::string();
  return country_named(text);
}

// {"names": ["…" or {"id", "name", "country"}], "min_score", "limit", "list"}
struct Batch {
  std::vector<Party> parties;
  ScreenQuery query;
};

Result<Batch> parse_batch(const ApiRequest& request) {
  const Json body = Json::parse(
      request.body, [](int depth, Json::parse_event_t, Json&) { return depth <= 6; }, false);
  if (body.is_discarded() || !body.is_object() || !body.contains("names") || !body["names"].is_array())
    return fail(ErrorCode::invalid_argument, "the body is not a JSON object with an array \"names\"");
  auto query = query_of(request);
  if (!query) return tl::unexpected(query.error());
  Batch batch{{}, std::move(*query)};
  for (const auto& [key, value] : body.items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : dump(value);
    if (key == "min_score") {
      const auto score = score_of(text);
      if (!score) return tl::unexpected(score.error());
      batch.query.min_score = *score;
    } else if (key == "limit") {
      if (!value.is_number_integer() || value.get<std::int64_t>() < 1 || value.get<std::int64_t>() > static_cast<std::int64_t>(max_limit))
        return fail(ErrorCode::invalid_argument, fmt::format("limit: give a whole number from 1 to {}", max_limit));
      batch.query.limit = value.get<std::size_t>();
    } else if (key == "list") {
      for (const Json& name : value.is_array() ? value : Json::array({value})) {
        const auto list = list_named(name.is_string() ? name.get<std::string>() : dump(name));
        if (!list) return tl::unexpected(list.error());
        batch.query.lists.push_back(*list);
      }
    } else if (key != "names") {
      return fail(ErrorCode::invalid_argument, text::excerpt(key, 40) + ": not known; known are names, min_score, limit, list");
    }
  }
  for (const Json& item : body["names"]) {
    if (item.is_string()) {
      batch.parties.push_back({{}, item.get<std::string>(), {}});
    } else if (item.is_object() && item.contains("name") && item["name"].is_string()) {
      for (const char* key : {"id", "country"})
        if (item.contains(key) && !item[key].is_string() && !item[key].is_null())
          return fail(ErrorCode::invalid_argument, fmt::format("names[{}].{}: give a string", batch.parties.size(), key));
      const auto text = [&](const char* key) { return item.contains(key) && item[key].is_string() ? item[key].get<std::string>() : std::string(); };
      batch.parties.push_back({text("id"), text("name"), text("country")});
    } else {
      return fail(ErrorCode::invalid_argument, fmt::format("names[{}]: give a string, or an object with \"name\"", batch.parties.size()));
    }
  }
  if (batch.parties.size() > most_names) return fail(ErrorCode::invalid_argument, fmt::format("names: at most {} in one call", most_names));
  return batch;
}

ApiResponse screen_json(const Ask& ask) {
  auto batch = parse_batch(ask.request);
  if (!batch) return problem_of(batch.error());
  Json results = Json::array();
  for (const Party& party : batch->parties) {
    ScreenQuery query = batch->query;
    query.name = party.name;
    const auto country = country_of(party.country);
    if (!country) return problem_of(country.error());
    if (!country->empty()) query.country_code = *country;
    auto found = matches(ask, std::move(query));
    if (!found) return problem_of(found.error());
    results.push_back(Json{{"id", party.id.empty() ? Json(nullptr) : Json(party.id)}, {"name", party.name}, {"matches", std::move(*found)}});
  }
  return answer_json(Json{{"results", std::move(results)}});
}

// One cell of RFC 4180 that no spreadsheet takes for a formula.
std::string csv_cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) text.insert(0, 1, '\'');
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

ApiResponse screen_csv(const Ask& ask) {
  auto query = query_of(ask.request);
  if (!query) return problem_of(query.error());
  parsers::CsvReader reader(ask.request.body);
  std::map<std::string, std::size_t> columns;
  if (const parsers::CsvRecord* header = reader.next())
    for (std::size_t i = 0; i < header->cells.size(); ++i) columns.emplace(text::fold(header->cells[i]), i);
  if (!columns.contains("name")) return problem(400, "Bad Request", "the CSV's first line must name its columns, \"name\" among them");
  std::string out = "id,name,score,matched_name,entry_id,list,country,listed_name,reason\r\n";
  std::size_t rows = 0;
  while (const parsers::CsvRecord* record = reader.next()) {
    if (++rows > most_names) return problem(400, "Bad Request", fmt::format("at most {} names in one call", most_names));
    const auto cell = [&](const char* name) { const auto at = columns.find(name); return at == columns.end() ? std::string() : text::collapse(record->cell(at->second)); };
    ScreenQuery one = *query;
    one.name = text::excerpt(cell("name"), longest_name);
    const auto country = country_of(cell("country"));
    if (!country) return problem(400, "Bad Request", fmt::format("line {}: {}", record->line, country.error().message));
    if (!country->empty()) one.country_code = *country;
    const std::vector<ScreenHit> hits = search(ask, one);
    if (hits.empty()) out += csv_cell(cell("id")) + ',' + csv_cell(cell("name")) + ",,,,,,,\r\n";
    for (const ScreenHit& hit : hits) {
      const auto entry = ask.reader.entry(hit.entry_id);
      if (!entry) return problem_of(entry.error());
      if (!*entry) continue;
      out += fmt::format("{},{},{:.3f},{},{},{},{},{},{}\r\n", csv_cell(cell("id")), csv_cell(cell("name")), hit.score, csv_cell(hit.matched_name), hit.entry_id,
                         to_string((*entry)->list), (*entry)->listing.country_code, csv_cell((*entry)->listing.name), csv_cell(hit.reason));
    }
  }
  ApiResponse response;
  response.content_type = "text/csv; charset=utf-8";
  response.body = std::move(out);
  return response;
}

}  // namespace

ApiResponse answer::screen(const Ask& ask) {
  auto query = query_of(ask.request);
  if (!query) return problem_of(query.error());
  query->name = text_parameter(ask.request, "name");
  if (text::search_key(query->name).empty()) return problem(400, "Bad Request", "name: give the name to screen");
  auto found = matches(ask, std::move(*query));
  if (!found) return problem_of(found.error());
  return answer_json(Json{{"matches", std::move(*found)}});
}

ApiResponse answer::screen_many(const Ask& ask) {
  return text::starts_with_ignoring_case(ask.request.content_type, "text/csv") ? screen_csv(ask) : screen_json(ask);
}

}  // namespace entitywatch::daemon
