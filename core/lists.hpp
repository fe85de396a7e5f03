// The lists entitywatch tracks and the sources that show them, by the names the interface gives them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace entitywatch {

// A list of parties. Supplements are those of 15 CFR part 744.
enum class ListId {
  entity_list,            // Supplement No. 4
  unverified_list,        // Supplement No. 6
  meu_list,               // Supplement No. 7, military end users
  denied_persons,         // the Denied Persons List file
  military_intelligence,  // 15 CFR 744.22(f)(2)
  ofac_sdn,
  ofac_ssi,
  ofac_fse,
  ofac_plc,
  ofac_cap,
  ofac_ns_mbs,
  ofac_cmic,
  isn_nonproliferation,
  itar_debarred,
};

// "entity-list", "unverified-list", …
[[nodiscard]] std::string_view to_string(ListId list);
[[nodiscard]] std::optional<ListId> parse_list(std::string_view text);
[[nodiscard]] std::span<const ListId> all_lists();
// What people call it: "Entity List", "Unverified List", …
[[nodiscard]] std::string_view display_name(ListId list);
// The list a supplement to part 744 holds: 4, 6, 7.
[[nodiscard]] std::optional<ListId> list_of_supplement(int supplement);
[[nodiscard]] std::optional<int> supplement_of_list(ListId list);

// The names under [sources].
namespace source {
inline constexpr std::string_view federal_register = "federal_register";
inline constexpr std::string_view public_inspection = "public_inspection";
inline constexpr std::string_view ecfr = "ecfr";
inline constexpr std::string_view csl = "csl";
inline constexpr std::string_view dpl = "dpl";
inline constexpr std::string_view bis_news = "bis_news";
}  // namespace source

}  // namespace entitywatch
