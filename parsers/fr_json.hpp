// JSON of the Federal Register API, read without trust: bounded depth, and every field possibly null,
// absent, of another type, or an empty object where a list is expected.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace entitywatch::parsers {

using FrJson = nlohmann::ordered_json;

// malformed when it is no JSON or nests deeper than any answer of the API.
[[nodiscard]] Result<FrJson> parse_fr_json(std::string_view json);

// The field's text, cleaned for showing; empty where it is null, absent or no text.
[[nodiscard]] std::string json_text(const FrJson& object, std::string_view field);
[[nodiscard]] int json_number(const FrJson& object, std::string_view field);
[[nodiscard]] std::optional<Date> json_date(const FrJson& object, std::string_view field);
[[nodiscard]] std::vector<std::string> json_texts(const FrJson& object, std::string_view field);
// The field where it is a list, else an empty one.
[[nodiscard]] const FrJson& json_list(const FrJson& object, std::string_view field);

}  // namespace entitywatch::parsers
