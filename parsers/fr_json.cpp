#include "parsers/fr_json.hpp"

#include "core/json_depth.hpp"
#include "core/text.hpp"

namespace entitywatch::parsers {
namespace {

constexpr int deepest = 32;

const FrJson* field_of(const FrJson& object, std::string_view field) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(std::string(field));
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

Result<FrJson> parse_fr_json(std::string_view json) {
  if (nests_deeper_than(json, deepest))
    return fail(ErrorCode::malformed, "the JSON nests deeper than an answer of the Federal Register");
  FrJson parsed = FrJson::parse(json.begin(), json.end(), nullptr, false);
  if (parsed.is_discarded()) return fail(ErrorCode::malformed, "the bytes are no JSON");
  return parsed;
}

std::string json_text(const FrJson& object, std::string_view field) {
  const FrJson* value = field_of(object, field);
  if (value == nullptr || !value->is_string()) return {};
  return text::collapse(text::sanitize(value->get_ref<const std::string&>()));
}

int json_number(const FrJson& object, std::string_view field) {
  const FrJson* value = field_of(object, field);
  if (value == nullptr || !value->is_number_integer()) return 0;
  const auto number = value->get<std::int64_t>();
  constexpr std::int64_t largest = 10'000'000;
  return number > 0 && number < largest ? static_cast<int>(number) : 0;
}

std::optional<Date> json_date(const FrJson& object, std::string_view field) {
  return parse_iso_date(json_text(object, field));
}

const FrJson& json_list(const FrJson& object, std::string_view field) {
  static const FrJson none = FrJson::array();
  const FrJson* value = field_of(object, field);
  return value != nullptr && value->is_array() ? *value : none;
}

std::vector<std::string> json_texts(const FrJson& object, std::string_view field) {
  std::vector<std::string> out;
  for (const FrJson& item : json_list(object, field)) {
    if (!item.is_string()) continue;
    std::string words = text::collapse(text::sanitize(item.get_ref<const std::string&>()));
    if (!words.empty()) out.push_back(std::move(words));
  }
  return out;
}

}  // namespace entitywatch::parsers
