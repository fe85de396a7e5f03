#include "parsers/fr_preamble.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/fr_counts.hpp"
#include "parsers/fr_match.hpp"

namespace entitywatch::parsers {
namespace {

// Typing slips between the parts of a rule are common; another name is something else.
constexpr double same_name = 0.8;

std::optional<std::string> listed_name(const std::string& paragraph) {
  static const RE2 item("^(?:•|■|—|\\(\\d{1,3}\\))\\s*(.+?)(?:[,;]?\\s+and)?[;,.]?\\s*$");
  std::string name;
  if (!RE2::FullMatch(paragraph, item, &name)) return std::nullopt;
  return name;
}

// The old form goes on with aliases and addresses behind the name.
bool names(const std::string& listed, const std::string& name) {
  const std::string whole = text::fold(listed);
  const std::string wanted = text::fold(name);
  if (wanted.empty()) return false;
  return whole.starts_with(wanted) || name_similarity(listed, name) >= same_name;
}

bool is_done(const std::string& listed, const std::string& key, const std::vector<Operation>& operations) {
  return std::ranges::any_of(operations, [&](const Operation& op) {
    if (country_key(op.listing.country) != key) return false;
    return op.kind == OperationKind::remove_country || names(listed, op.listing.name) ||
           names(listed, op.name) || std::ranges::any_of(op.listing.aliases, [&](const std::string& alias) {
             return text::fold(alias) == text::fold(listed);
           });
  });
}

}  // namespace

std::optional<Check> check_preamble(const std::vector<FrParagraph>& body,
                                    const std::vector<Operation>& operations) {
  int listed = 0;
  int done = 0;
  std::string missing;
  for (const FrParagraph& p : body) {
    if (country_code(p.heading).empty()) continue;
    const auto name = listed_name(p.text);
    if (!name) continue;
    ++listed;
    if (is_done(*name, country_key(p.heading), operations))
      ++done;
    else
      missing += (missing.empty() ? "" : "; ") + *name;
  }
  if (listed == 0) return std::nullopt;
  return Check{"preamble_names", std::to_string(listed), std::to_string(done), listed == done,
               text::excerpt(missing, 300)};
}

}  // namespace entitywatch::parsers
