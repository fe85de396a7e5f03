// titles.json of the versioner.
#include <nlohmann/json.hpp>

#include "core/json_depth.hpp"
#include "core/time.hpp"
#include "parsers/ecfr.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::size_t max_bytes = 4u << 20;
constexpr int max_depth = 32;

std::optional<Date> date_of(const nlohmann::json& title, const char* key) {
  const auto found = title.find(key);
  if (found == title.end() || !found->is_string()) return std::nullopt;
  return parse_iso_date(found->get_ref<const std::string&>());
}

}  // namespace

Result<EcfrTitle> read_ecfr_titles(std::string_view json, int title) {
  if (json.size() > max_bytes) return fail(ErrorCode::too_large, "the list of titles is larger than 4 MB");
  if (nests_deeper_than(json, max_depth)) return fail(ErrorCode::malformed, "the list of titles nests too deep to be one");
  const auto root = nlohmann::json::parse(json, nullptr, false);
  const auto titles = root.is_object() ? root.find("titles") : root.end();
  if (!root.is_object() || titles == root.end() || !titles->is_array())
    return fail(ErrorCode::malformed, "the answer is not the eCFR's list of titles");
  for (const auto& one : *titles) {
    if (!one.is_object()) continue;
    const auto number = one.find("number");
    if (number == one.end() || !number->is_number_integer() || number->get<std::int64_t>() != title) continue;
    EcfrTitle out;
    out.number = title;
    const auto up_to_date = date_of(one, "up_to_date_as_of");
    if (!up_to_date)
      return fail(ErrorCode::malformed,
                  "title " + std::to_string(title) + " has no date it is up to date as of");
    out.up_to_date_as_of = *up_to_date;
    out.latest_amended_on = date_of(one, "latest_amended_on");
    out.latest_issue_date = date_of(one, "latest_issue_date");
    return out;
  }
  return fail(ErrorCode::not_found, "the eCFR's list of titles has no title " + std::to_string(title));
}

}  // namespace entitywatch::parsers
