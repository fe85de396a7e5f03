#include "parsers/entity_cell_glued.hpp"

#include "core/text.hpp"
#include "parsers/entity_cell_name.hpp"
#include "parsers/entity_cell_words.hpp"

namespace entitywatch::parsers {
namespace {

// Several times the longest alias of the lists.
constexpr std::size_t max_alias_bytes = 2000;

bool is_initial(std::string_view word) {
  const std::size_t at = word.find_last_of(" .(-");
  const std::string_view last = at == std::string_view::npos ? word : word.substr(at + 1);
  return last.size() <= 1;
}

}  // namespace

std::optional<GluedAddress> part_at_full_stop(std::string_view alias) {
  for (std::size_t at = alias.find('.'); at != std::string_view::npos; at = alias.find('.', at + 1)) {
    std::size_t next = at + 1;
    while (next < alias.size() && (alias[next] == '\'' || alias.substr(next, 3) == "”"))
      next += alias[next] == '\'' ? 1 : 3;
    const bool space = next < alias.size() && alias[next] == ' ';
    if (!space && !(next < alias.size() && alias[next] >= '0' && alias[next] <= '9' && at > 2 &&
                    !words::has_digit(alias.substr(at - 1, 1))))
      continue;
    const std::string_view left = alias.substr(0, at);
    const std::string right = text::trim(alias.substr(next));
    if (right.empty() || is_initial(left)) continue;
    const bool abbreviation = words::ends_with_abbreviation(alias.substr(0, at + 1));
    const bool form = words::ends_with_legal_form("x " + std::string(left));
    if (abbreviation && !form) continue;
    const std::string first_word = right.substr(0, right.find_first_of(" ,"));
    if (words::is_legal_form(first_word)) continue;
    // A full stop inside the address parts nothing: "…, OBA Mah. Karakuslar Sk.".
    if (left.size() > max_alias_bytes || !split_name(left).rest.empty()) return std::nullopt;
    const bool country = !words::country_at_end(right).empty();
    if (!country && !looks_like_address(right)) continue;
    GluedAddress out{std::string(alias.substr(0, next)), right, {}};
    if (!country && !(words::has_digit(right) && words::has_address_word(right)))
      out.doubt = "the last alias and an address may be run together";
    return out;
  }
  return std::nullopt;
}

std::optional<GluedAddress> part_from_address(std::string_view alias) {
  if (auto stop = part_at_full_stop(alias)) return stop;
  NameSplit split = split_name(alias);
  if (split.rest.empty()) {
    if (split.doubt.empty()) return std::nullopt;
    return GluedAddress{std::string(alias), {}, "the last alias and an address may be run together"};
  }
  const bool country = !words::country_at_end(split.rest).empty();
  if (!country && !words::has_digit(split.rest) && !words::is_place(split.rest)) return std::nullopt;
  return GluedAddress{split.name, split.rest, split.doubt};
}

}  // namespace entitywatch::parsers
