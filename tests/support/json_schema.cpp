#include "tests/support/json_schema.hpp"

#include <algorithm>
#include <set>

namespace entitywatch::test {
namespace {

bool has_type(const Json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return false;
}

bool fits_format(const std::string& value, const std::string& format) {
  if (format == "date") return value.size() == 10 && parse_iso_date(value).has_value();
  if (format == "date-time")
    return value.size() >= 20 && value.back() == 'Z' && parse_time(value).has_value();
  return false;
}

using Complaints = std::vector<std::string>;

void add(Complaints& out, Complaints more) { out.insert(out.end(), more.begin(), more.end()); }

void check_type(const Json& schema, const Json& value, const std::string& at, Complaints& out) {
  const Json types = schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
  const bool fits = std::any_of(types.begin(), types.end(),
                                [&](const Json& type) { return has_type(value, type.get<std::string>()); });
  if (!fits) out.push_back(at + ": is not " + schema["type"].dump());
}

void check_object(const Json& document, const Json& schema, const Json& value, const std::string& at,
                  Complaints& out) {
  if (!value.is_object()) return;
  for (const Json& name : schema.value("required", Json::array()))
    if (!value.contains(name.get<std::string>())) out.push_back(at + ": lacks " + name.get<std::string>());
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, member] : value.items()) {
    if (properties.contains(name)) {
      add(out, complaints(document, properties[name], member, at + "." + name));
    } else if (schema.contains("additionalProperties")) {
      add(out, complaints(document, schema["additionalProperties"], member, at + "." + name));
    }
  }
}

}  // namespace

std::vector<std::string> complaints(const Json& document, const Json& schema, const Json& value,
                                    const std::string& at) {
  static const std::set<std::string> known = {
      "$ref",      "type",      "enum",        "required", "properties", "items",   "allOf",
      "oneOf",     "format",    "description", "minimum",  "maximum",    "default", "additionalProperties",
      "minLength", "maxLength", "pattern"};
  Complaints out;
  for (const auto& [keyword, ignored] : schema.items())
    if (!known.contains(keyword)) out.push_back(at + ": the schema uses " + keyword);
  if (schema.contains("$ref")) {
    const std::string name = schema["$ref"].get<std::string>();
    const Json::json_pointer pointer(name.substr(1));
    if (!document.contains(pointer)) return {at + ": " + name + " leads nowhere"};
    add(out, complaints(document, document.at(pointer), value, at));
  }
  if (schema.contains("type")) check_type(schema, value, at, out);
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
    out.push_back(at + ": " + value.dump() + " is none of " + schema["enum"].dump());
  if (schema.contains("format") && value.is_string() &&
      !fits_format(value.get<std::string>(), schema["format"].get<std::string>()))
    out.push_back(at + ": " + value.dump() + " is no " + schema["format"].get<std::string>());
  if (schema.contains("minimum") && value.is_number() && value < schema["minimum"])
    out.push_back(at + ": is below the minimum");
  for (const Json& part : schema.value("allOf", Json::array()))
    add(out, complaints(document, part, value, at));
  if (schema.contains("oneOf")) {
    const auto fitting = std::count_if(schema["oneOf"].begin(), schema["oneOf"].end(), [&](const Json& one) {
      return complaints(document, one, value, at).empty();
    });
    if (fitting != 1) out.push_back(at + ": fits " + std::to_string(fitting) + " of oneOf");
  }
  if (value.is_array() && schema.contains("items"))
    for (std::size_t i = 0; i < value.size(); ++i)
      add(out, complaints(document, schema["items"], value[i], at + "[" + std::to_string(i) + "]"));
  check_object(document, schema, value, at, out);
  return out;
}

}  // namespace entitywatch::test
