// OpenAPI 3.1, made from the table of routes; the shapes are in openapi/schemas.json.
#include <fmt/format.h>

#include "core/text.hpp"
#include "daemon/api_params.hpp"
#include "daemon/page_files.hpp"
#include "daemon/version.hpp"

namespace entitywatch::daemon {
namespace {

Json reference(std::string_view schema) {
  return Json{{"$ref", fmt::format("#/components/schemas/{}", schema)}};
}

std::string_view status_text(int status) {
  switch (status) {
    case 200:
      return "Done.";
    case 201:
      return "Created.";
    case 202:
      return "Accepted.";
    case 204:
      return "Removed.";
    case 400:
      return "A parameter or the body is wrong.";
    case 401:
      return "A token is asked for.";
    case 403:
      return "The token may not, or the request comes from another site.";
    case 404:
      return "There is no such thing.";
    case 409:
      return "That is not possible as things stand.";
    case 429:
      return "The publisher asked to wait; see Retry-After.";
    case 408:
      return "The request stopped half way.";
    case 413:
      return "The body is too large.";
    case 414:
      return "The address is too long.";
    case 415:
      return "The body has a content coding.";
    case 421:
      return "The Host is none of ours.";
    case 431:
      return "A header field is too large.";
    case 503:
      return "Not now; try again in a moment.";
    default:
      return "Something failed.";
  }
}

Json parameters_of(const Route& route) {
  Json out = Json::array();
  for (const std::string& segment : text::split(route.pattern, '/'))
    if (!segment.empty() && segment.front() == '{')
      out.push_back(Json{{"name", segment.substr(1, segment.size() - 2)},
                         {"in", "path"},
                         {"required", true},
                         {"schema", Json{{"type", "string"}, {"minLength", 1}}}});
  for (const Param& param : route.query) {
    Json one{{"name", param.name},
             {"in", "query"},
             {"description", param.description},
             {"schema", Json::parse(param.schema)}};
    if (param.need == Need::required) {
      one["required"] = true;
    } else {
      one["allowEmptyValue"] = true;  // as forms send what was left blank: not given
    }
    if (one["schema"].value("type", "") == "array") {
      one["style"] = "form";
      one["explode"] = false;
    }
    out.push_back(std::move(one));
  }
  return out;
}

Json response_of(const Route& route, int status) {
  Json out{{"description", status_text(status)}};
  if (status >= 400) {
    out["content"] = Json{{"application/problem+json", Json{{"schema", reference("Problem")}}}};
  } else if (!route.media.empty()) {
    Json media = Json::object();
    if (!route.schema.empty()) media["schema"] = reference(route.schema);
    out["content"] = Json{{route.media, std::move(media)}};
    if (!route.other_media.empty()) out["content"][route.other_media] = Json::object();
  }
  return out;
}

// What any request may be answered before it reaches its route: its form, its way here, its token.
std::vector<int> common_statuses(const Route& route) {
  std::vector<int> out{400, 401, 403, 408, 414, 421, 431, 500, 503};
  if (!route.body_schema.empty()) out.insert(out.end(), {413, 415});
  return out;
}

Json operation_of(const Route& route) {
  Json out{{"operationId", route.operation}, {"summary", route.summary}};
  if (Json parameters = parameters_of(route); !parameters.empty()) out["parameters"] = std::move(parameters);
  if (!route.body_schema.empty()) {
    Json content{{"application/json", Json{{"schema", reference(route.body_schema)}}}};
    if (!route.other_media.empty()) content[route.other_media] = Json::object();
    out["requestBody"] = Json{{"required", true}, {"content", std::move(content)}};
  }
  Json responses = Json::object();
  for (const int status : route.statuses) responses[std::to_string(status)] = response_of(route, status);
  for (const int status : common_statuses(route))
    if (!responses.contains(std::to_string(status)))
      responses[std::to_string(status)] = response_of(route, status);
  if (route.method == "GET" && route.statuses.front() == 200)
    responses["304"] = Json{{"description", "Unchanged since the ETag given."}};
  out["responses"] = std::move(responses);
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c | 0x20);
  return out;
}

Json description() {
  Json paths = Json::object();
  for (const Route& route : routes())
    paths[std::string(route.pattern)][lower(route.method)] = operation_of(route);
  return Json{
      {"openapi", "3.1.0"},
      {"info", Json{{"title", "entitywatch"},
                    {"version", version},
                    {"description",
                     "Export control lists, what changes them, and the evidence for it. Lists page with "
                     "`cursor`: next_cursor is "
                     "always given; an empty list is the end for now. Every GET answers HEAD too."}}},
      {"servers", Json::array({Json{{"url", "/"}}})},
      {"security", Json::array({Json::object(), Json{{"token", Json::array()}}})},
      {"paths", std::move(paths)},
      {"components", Json{{"securitySchemes", Json{{"token", Json{{"type", "http"}, {"scheme", "bearer"}}}}},
                          {"schemas", Json::parse(embedded::openapi_schemas())}}}};
}

}  // namespace

ApiResponse answer::openapi(const Ask&) {
  static const std::string text = dump(description(), 1) + "\n";
  ApiResponse out;
  out.body = text;
  return out;
}

}  // namespace entitywatch::daemon
