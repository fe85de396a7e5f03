// Reading the parameters of a question. Every failure is an Error with code invalid_argument whose
// message names the parameter, what is wrong with it and what it may be.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/change.hpp"
#include "core/lists.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "daemon/api.hpp"
#include "daemon/api_route.hpp"

namespace entitywatch::daemon {

inline constexpr std::size_t default_limit = 100;
inline constexpr std::size_t max_limit = 1000;

// Unknown parameters, and single-valued ones given twice.
[[nodiscard]] Result<void> check_parameters(const ApiRequest& request, const Route& route);

// The value of a parameter; empty when absent.
[[nodiscard]] std::string text_parameter(const ApiRequest& request, std::string_view name);
[[nodiscard]] Result<std::size_t> limit_parameter(const ApiRequest& request);
// The name after which a list of names goes on: what `cursor` holds; empty for its beginning.
[[nodiscard]] Result<std::string> name_cursor_parameter(const ApiRequest& request);
enum class Order { oldest, newest };
[[nodiscard]] Result<Order> order_parameter(const ApiRequest& request);
[[nodiscard]] Result<bool> flag_parameter(const ApiRequest& request, std::string_view name);
[[nodiscard]] Result<std::optional<Date>> date_parameter(const ApiRequest& request, std::string_view name);
[[nodiscard]] Result<std::optional<Time>> time_parameter(const ApiRequest& request, std::string_view name);

// Several values: the parameter given more than once, or separated by commas.
[[nodiscard]] std::vector<std::string> values_of(const ApiRequest& request, std::string_view name);
[[nodiscard]] Result<std::vector<ListId>> lists_parameter(const ApiRequest& request);
[[nodiscard]] Result<std::vector<ChangeKind>> kinds_parameter(const ApiRequest& request);
// ISO codes; names of countries are understood too.
[[nodiscard]] Result<std::vector<std::string>> countries_parameter(const ApiRequest& request);
// Folded words, each of which a name has to contain.
[[nodiscard]] std::vector<std::string> words_parameter(const ApiRequest& request);

[[nodiscard]] Result<ListId> list_named(std::string_view text);
[[nodiscard]] Result<ChangeKind> kind_named(std::string_view text);
[[nodiscard]] Result<std::string> country_named(std::string_view text);

// The answer to a failure: 400 for invalid_argument, 404 for not_found, 503 for unavailable, else 500.
[[nodiscard]] ApiResponse problem_of(const Error& error);
[[nodiscard]] ApiResponse answer_json(const Json& json, int status = 200);
// Of what rests on the archive and the day alone, so that it may be given again while both stand.
[[nodiscard]] ApiResponse answer_standing(const Ask& ask, const Json& json);
[[nodiscard]] ApiResponse not_found(std::string_view what, std::string_view id);

}  // namespace entitywatch::daemon
