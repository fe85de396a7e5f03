// The table of sources: a new one is a file under sources/, its declaration and its line here.
#include <algorithm>
#include <array>

#include "daemon/source.hpp"
#include "daemon/sources/factories.hpp"

namespace entitywatch::daemon {
namespace {

struct Kind {
  std::string_view name;
  std::unique_ptr<Source> (*make)();
};

constexpr std::array<Kind, 6> table{{
    {source::federal_register, make_federal_register_source},
    {source::public_inspection, make_public_inspection_source},
    {source::ecfr, make_ecfr_source},
    {source::csl, make_csl_source},
    {source::dpl, make_dpl_source},
    {source::bis_news, make_bis_news_source},
}};

}  // namespace

std::unique_ptr<Source> make_source(std::string_view kind) {
  const auto* at = std::find_if(table.begin(), table.end(), [&](const Kind& k) { return k.name == kind; });
  return at == table.end() ? nullptr : at->make();
}

std::vector<std::string_view> source_kinds() {
  std::vector<std::string_view> names;
  for (const Kind& k : table) names.push_back(k.name);
  return names;
}

std::string FetchResponse::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

}  // namespace entitywatch::daemon
