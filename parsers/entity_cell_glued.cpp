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

// "Ltd. Singapore Representative Office. 8 Burn Road": the alias may go on after its first full stop; so it
// may before "ST", which is a legal form misprinted as well as a street.
bool another_stop_parts(std::string_view right) {
  if (right.starts_with("ST ") || right.starts_with("ST. ")) return true;
  const std::string_view head = right.substr(0, right.find(','));
  for (std::size_t at = head.find(". "); at != std::string_view::npos; at = head.find(". ", at + 1)) {
    const std::string_view left = head.substr(0, at);
    if (!words::ends_with_abbreviation(head.substr(0, at + 1)) && !words::has_digit(left) &&
        !is_initial(left))
      return true;
  }
  return false;
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
    if (another_stop_parts(right))
      out.doubt = "more than one full stop may part the last alias from the address";
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
  GluedAddress out{split.name, split.rest, split.doubt};
  // "—Vansickle Ltd 7380 Vansickle Rd., Unit 660, Canada": the first comma stands inside the address.
  if (out.doubt.empty() && (words::has_digit(out.alias) || words::has_address_word(out.alias)))
    out.doubt = "no full stop parts the last alias from the address";
  return out;
}

}  // namespace entitywatch::parsers
