#include "daemon/api_params.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "daemon/cursor.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::string_view repeatable[] = {"list", "kind", "country"};

std::string known_parameters(const Route& route) {
  if (route.query.empty()) return "it takes none";
  std::vector<std::string> names;
  for (const Param& p : route.query) names.emplace_back(p.name);
  return "it takes " + text::join(names, ", ");
}

tl::unexpected<Error> wrong(std::string_view name, std::string_view value, std::string_view wanted) {
  return fail(ErrorCode::invalid_argument,
              fmt::format("{}: '{}' is not {}", name, text::excerpt(text::sanitize(value), 80), wanted));
}

template <class T, class Parse>
Result<std::vector<T>> each_value(const ApiRequest& request, std::string_view name, Parse parse) {
  std::vector<T> out;
  for (const std::string& value : values_of(request, name)) {
    auto parsed = parse(value);
    if (!parsed) return tl::unexpected(parsed.error());
    out.push_back(std::move(*parsed));
  }
  return out;
}

}  // namespace

Result<void> check_parameters(const ApiRequest& request, const Route& route) {
  for (const auto& [name, value] : request.query) {
    const bool known = std::any_of(route.query.begin(), route.query.end(),
                                   [&name = name](const Param& p) { return p.name == name; });
    if (!known)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("{} does not know the parameter '{}'; {}", route.pattern,
                              text::excerpt(text::sanitize(name), 80), known_parameters(route)));
    if (request.query.count(name) > 1 &&
        std::find(std::begin(repeatable), std::end(repeatable), name) == std::end(repeatable))
      return fail(ErrorCode::invalid_argument, fmt::format("{}: given more than once; give one value", name));
  }
  return {};
}

std::string text_parameter(const ApiRequest& request, std::string_view name) {
  const auto at = request.query.find(std::string(name));
  return at == request.query.end() ? std::string() : at->second;
}

Result<std::size_t> limit_parameter(const ApiRequest& request) {
  if (!request.query.contains("limit")) return default_limit;
  const std::string value = text_parameter(request, "limit");
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), limit);
  if (error != std::errc{} || end != value.data() + value.size() || limit < 1 || limit > max_limit)
    return wrong("limit", value, fmt::format("a whole number from 1 to {}", max_limit));
  return limit;
}

Result<std::string> name_cursor_parameter(const ApiRequest& request) {
  const std::string cursor = text_parameter(request, "cursor");
  if (cursor.empty()) return std::string();
  return decode_cursor(CursorKind::names, cursor);
}

Result<Order> order_parameter(const ApiRequest& request) {
  const std::string value = text_parameter(request, "order");
  if (value.empty() || value == "oldest") return Order::oldest;
  if (value == "newest") return Order::newest;
  return wrong("order", value, "oldest or newest");
}

Result<bool> flag_parameter(const ApiRequest& request, std::string_view name) {
  const std::string value = text_parameter(request, name);
  if (value.empty() || value == "false") return false;
  if (value == "true") return true;
  return wrong(name, value, "true or false");
}

Result<std::optional<Date>> date_parameter(const ApiRequest& request, std::string_view name) {
  const std::string value = text_parameter(request, name);
  if (value.empty()) return std::optional<Date>();
  const auto date = parse_iso_date(value);
  if (!date) return wrong(name, value, "a date as in 2026-03-25");
  return date;
}

Result<std::optional<Time>> time_parameter(const ApiRequest& request, std::string_view name) {
  std::string value = text_parameter(request, name);
  if (value.empty()) return std::optional<Time>();
  // A '+' before the offset that was not percent-encoded arrives as a space.
  if (const auto at = value.find_last_of(' '); at != std::string::npos && value.size() - at == 6)
    value[at] = '+';
  const auto time = parse_time(value);
  if (!time)
    return wrong(name, value, "a date or an RFC 3339 time, as in 2026-03-25 or 2026-03-25T08:45:00Z");
  return time;
}

std::vector<std::string> values_of(const ApiRequest& request, std::string_view name) {
  std::vector<std::string> out;
  const auto [first, last] = request.query.equal_range(std::string(name));
  for (auto at = first; at != last; ++at)
    for (const std::string& part : text::split(at->second, ','))
      if (std::string clean = text::trim(part); !clean.empty()) out.push_back(std::move(clean));
  return out;
}

Result<ListId> list_named(std::string_view value) {
  if (const auto list = parse_list(value)) return *list;
  std::vector<std::string> names;
  for (const ListId list : all_lists()) names.emplace_back(to_string(list));
  return wrong("list", value, "one of " + text::join(names, ", "));
}

Result<ChangeKind> kind_named(std::string_view value) {
  if (const auto kind = parse_change_kind(value)) return *kind;
  return wrong("kind", value,
               "one of added, removed, withdrawn, revised, corrected, editorial, document, discrepancy, effective");
}

Result<std::string> country_named(std::string_view value) {
  const bool letters = std::all_of(value.begin(), value.end(),
                                   [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
  if (value.size() == 2 && letters) return text::upper(value);
  if (std::string code = country_code(value); !code.empty()) return code;
  return wrong("country", value, "an ISO 3166-1 code as in CN, or a country's name");
}

Result<std::vector<ListId>> lists_parameter(const ApiRequest& request) {
  return each_value<ListId>(request, "list", list_named);
}

Result<std::vector<ChangeKind>> kinds_parameter(const ApiRequest& request) {
  return each_value<ChangeKind>(request, "kind", kind_named);
}

Result<std::vector<std::string>> countries_parameter(const ApiRequest& request) {
  // A name may hold a comma ("CHINA, PEOPLE'S REPUBLIC OF"): a value that is a country as a whole stays
  // whole.
  std::vector<std::string> out;
  const auto [first, last] = request.query.equal_range("country");
  for (auto at = first; at != last; ++at) {
    if (std::string code = country_code(at->second); !code.empty()) {
      out.push_back(std::move(code));
      continue;
    }
    for (const std::string& part : text::split(at->second, ',')) {
      if (text::trim(part).empty()) continue;
      auto code = country_named(text::trim(part));
      if (!code) return tl::unexpected(code.error());
      out.push_back(std::move(*code));
    }
  }
  return out;
}

std::vector<std::string> words_parameter(const ApiRequest& request) {
  std::vector<std::string> out;
  for (std::string& word : text::split(text::search_key(text_parameter(request, "q")), ' '))
    if (!word.empty()) out.push_back(std::move(word));
  return out;
}

ApiResponse problem(int status, std::string_view title, std::string_view detail) {
  ApiResponse out;
  out.status = status;
  out.content_type = "application/problem+json";
  out.body =
      dump(Json{{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}}) + "\n";
  return out;
}

ApiResponse problem_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_argument:
      return problem(400, "Bad Request", error.describe());
    case ErrorCode::not_found:
      return problem(404, "Not Found", error.describe());
    case ErrorCode::unavailable:
      return problem(503, "Service Unavailable", error.describe());
    default:
      return problem(500, "Internal Server Error", error.describe());
  }
}

ApiResponse answer_json(const Json& json, int status) {
  ApiResponse out;
  out.status = status;
  out.body = dump(json) + "\n";
  return out;
}

ApiResponse answer_standing(const Ask& ask, const Json& json) {
  ApiResponse out = answer_json(json, 200);
  out.stands = Standing{ask.state, ask.today()};
  return out;
}

ApiResponse not_found(std::string_view what, std::string_view id) {
  return problem(404, "Not Found",
                 fmt::format("there is no {} '{}'", what, text::excerpt(text::sanitize(id), 120)));
}

}  // namespace entitywatch::daemon
