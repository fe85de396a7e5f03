#include "daemon/cli_screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "core/json.hpp"
#include "core/text.hpp"
#include "daemon/api_params.hpp"
#include "daemon/cli_ask.hpp"
#include "daemon/cli_progress.hpp"
#include "daemon/cli_table.hpp"
#include "parsers/csv.hpp"

namespace entitywatch::daemon {
namespace {

// Names a request: answers in CSV are short, those in JSON hold whole entries.
constexpr std::size_t names_for_csv = 1'000;
constexpr std::size_t names_for_json = 200;
constexpr std::size_t longest_name = 500;  // what the endpoint looks at

struct Party {
  std::string id;
  std::string name;
  std::string country;
};

Result<std::vector<Party>> parties_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::invalid_argument, file + " cannot be read");
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  parsers::CsvReader reader(bytes, {.separator = parsers::csv_separator(bytes)});
  const parsers::CsvRecord* record = reader.next();
  const std::optional<parsers::CsvHeader> header =
      record == nullptr ? std::nullopt : std::optional<parsers::CsvHeader>(*record);
  if (!header || !header->column("name"))
    return fail(ErrorCode::invalid_argument,
                file + ": the first line must name its columns, \"name\" among them");
  std::vector<Party> out;
  while ((record = reader.next()) != nullptr) {
    const auto cell = [&](const char* column) {
      const auto at = header->column(column);
      return at ? text::excerpt(text::collapse(record->cell(*at)), longest_name) : std::string();
    };
    out.push_back({cell("id"), cell("name"), cell("country")});
    if (out.back().country.empty()) continue;
    const auto country = country_named(out.back().country);
    if (!country)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("{}, line {}: {}", file, record->line, country.error().message));
    out.back().country = *country;
  }
  if (out.empty()) return fail(ErrorCode::invalid_argument, file + " names nobody");
  return out;
}

std::string quoted(const std::string& cell) {
  std::string out = "\"";
  for (const char c : cell) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

using Slice = std::pair<std::vector<Party>::const_iterator, std::vector<Party>::const_iterator>;

std::multimap<std::string, std::string> parameters_of(const Screening& screening) {
  std::multimap<std::string, std::string> out{{"limit", std::to_string(screening.limit)}};
  for (const auto& [name, value] : screening.filters)
    if (!value.empty()) out.emplace(name, value);
  return out;
}

ApiRequest request_for(const Screening& screening, ScreenFormat format, const Slice& parties) {
  ApiRequest request;
  request.method = "POST";
  request.path = "/v1/screen";
  request.query = parameters_of(screening);
  if (format == ScreenFormat::csv) {
    request.content_type = "text/csv";
    request.body = "id,name,country\n";
    for (auto p = parties.first; p != parties.second; ++p)
      request.body += fmt::format("{},{},{}\n", quoted(p->id), quoted(p->name), quoted(p->country));
    return request;
  }
  request.content_type = "application/json";
  Json names = Json::array();
  for (auto p = parties.first; p != parties.second; ++p)
    names.push_back({{"id", p->id}, {"name", p->name}, {"country", p->country}});
  request.body = dump(Json{{"names", std::move(names)}});
  return request;
}

const std::vector<Column> columns_of_match{{"score"},          {"name", true},       {"cc", false, 1},
                                           {"list", false, 2}, {"matched", true, 4}, {"why", true, 5},
                                           {"id", false, 3}};

// Text of publishers goes to a terminal, where control characters are commands.
std::string cell_of(const Json& object, const char* key) {
  const Json& value = object.at(key);
  return text::sanitize(value.is_string() ? value.get<std::string>() : value.is_null() ? "" : dump(value));
}

std::vector<std::string> row_of(const Json& match) {
  const Json& entry = match.at("entry");
  return {cell_of(match, "score"), cell_of(entry, "name"),         cell_of(entry, "country_code"),
          cell_of(entry, "list"),  cell_of(match, "matched_name"), cell_of(match, "reason"),
          cell_of(entry, "id")};
}

void print_rows(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows) {
  rows.empty() ? static_cast<void>(std::fputs("nothing found\n", stderr)) : print_table(columns, rows);
}

// Takes the answers about many names in turn and prints them.
class Printer {
 public:
  explicit Printer(ScreenFormat format) : format_(format) {}

  Result<void> take(const std::string& body) {
    if (format_ == ScreenFormat::csv) {
      // The header of the answers once.
      const std::size_t skip = first_ ? 0 : std::min(body.find('\n'), body.size() - 1) + 1;
      std::fwrite(body.data() + skip, 1, body.size() - skip, stdout);
      first_ = false;
      return {};
    }
    const Json answer = Json::parse(body, nullptr, false);
    if (!answer.is_object() || !answer.contains("results"))
      return fail(ErrorCode::malformed,
                  "the daemon's answer is no list of results: " + text::excerpt(body, 100));
    for (const Json& result : answer["results"]) take(result);
    return {};
  }

  void finish() const {
    if (format_ == ScreenFormat::json) std::fputs("\n]}\n", stdout);
    if (format_ != ScreenFormat::table) return;
    std::vector<Column> columns = columns_of_match;
    columns.insert(columns.begin(), {"asked", true});
    print_rows(columns, rows_);
  }

 private:
  void take(const Json& result) {
    if (format_ == ScreenFormat::json) fmt::print("{}{}", first_ ? "{\"results\": [\n" : ",\n", dump(result));
    first_ = false;
    if (format_ == ScreenFormat::json) return;
    for (const Json& match : result.at("matches")) {
      rows_.push_back(row_of(match));
      rows_.back().insert(rows_.back().begin(), cell_of(result, "name"));
    }
  }

  const ScreenFormat format_;
  bool first_ = true;
  std::vector<std::vector<std::string>> rows_;
};

ScreenFormat format_of(const CommandOptions& options, const Screening& screening) {
  if (screening.format == "json" || (screening.format.empty() && options.json)) return ScreenFormat::json;
  if (screening.format == "csv" || (screening.format.empty() && !screening.file.empty()))
    return ScreenFormat::csv;
  return ScreenFormat::table;
}

int ask_many(Door& door, const Screening& screening, ScreenFormat format, const std::vector<Party>& parties) {
  const bool progress = !screening.file.empty() && terminal_error();
  const std::size_t most = format == ScreenFormat::csv ? names_for_csv : names_for_json;
  const auto at = [&](std::size_t i) { return parties.begin() + static_cast<std::ptrdiff_t>(i); };
  Printer printer(format);
  for (std::size_t done = 0; done < parties.size();) {
    const std::size_t next = std::min(parties.size(), done + most);
    const auto response = door.ask(request_for(screening, format, {at(done), at(next)}));
    if (!response) return report(response.error());
    if (response->status != 200) return refused(*response);
    if (const auto taken = printer.take(response->body); !taken) return report(taken.error());
    done = next;
    if (progress)
      fmt::print(stderr, "\r\x1b[K{} {} of {} names",
                 progress_bar(static_cast<double>(done) / static_cast<double>(parties.size())), done,
                 parties.size());
  }
  if (progress) std::fputs("\n", stderr);
  printer.finish();
  return 0;
}

// In the words of the endpoint for one name, which says why a name cannot be screened.
int ask_one(Door& door, const Screening& screening, ScreenFormat format) {
  ApiRequest request;
  request.path = "/v1/screen";
  request.query = parameters_of(screening);
  request.query.emplace("name", screening.name);
  return ask(door, request, [&](const ApiResponse& response) {
    const Json answer = Json::parse(response.body, nullptr, false);
    if (!answer.is_object() || !answer.contains("matches"))
      return report({ErrorCode::malformed,
                     "the daemon's answer is no list of matches: " + text::excerpt(response.body, 100),
                     {}});
    if (format == ScreenFormat::json) {
      fmt::print("{}\n", dump(answer, 2));
      return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const Json& match : answer["matches"]) rows.push_back(row_of(match));
    print_rows(columns_of_match, rows);
    return 0;
  });
}

}  // namespace

int screen(const CommandOptions& options, const Screening& screening) {
  if (screening.name.empty() == screening.file.empty())
    return report({ErrorCode::invalid_argument, "give a name, or --file with a CSV of names", {}});
  const bool many = !screening.file.empty();
  Result<std::vector<Party>> parties = std::vector<Party>{{{}, screening.name, {}}};
  if (many) parties = parties_of(screening.file);
  if (!parties) return report(parties.error());
  const ScreenFormat format = format_of(options, screening);
  return with_door(options, Door::Access::read, [&](Door& door) {
    return many || format == ScreenFormat::csv ? ask_many(door, screening, format, *parties)
                                               : ask_one(door, screening, format);
  });
}

}  // namespace entitywatch::daemon
