#include "core/lists.hpp"

#include <array>

namespace entitywatch {
namespace {

struct ListName {
  ListId id;
  std::string_view name;
  std::string_view display;
};

constexpr std::array<ListName, 14> names{{
    {ListId::entity_list, "entity-list", "Entity List"},
    {ListId::unverified_list, "unverified-list", "Unverified List"},
    {ListId::meu_list, "meu-list", "Military End-User List"},
    {ListId::denied_persons, "denied-persons", "Denied Persons List"},
    {ListId::military_intelligence, "military-intelligence", "Military-Intelligence End Users"},
    {ListId::ofac_sdn, "ofac-sdn", "OFAC Specially Designated Nationals"},
    {ListId::ofac_ssi, "ofac-ssi", "OFAC Sectoral Sanctions Identifications"},
    {ListId::ofac_fse, "ofac-fse", "OFAC Foreign Sanctions Evaders"},
    {ListId::ofac_plc, "ofac-plc", "OFAC Palestinian Legislative Council List"},
    {ListId::ofac_cap, "ofac-cap", "OFAC CAPTA List"},
    {ListId::ofac_ns_mbs, "ofac-ns-mbs", "OFAC Non-SDN Menu-Based Sanctions"},
    {ListId::ofac_cmic, "ofac-cmic", "OFAC Chinese Military-Industrial Complex Companies"},
    {ListId::isn_nonproliferation, "isn-nonproliferation", "ISN Nonproliferation Sanctions"},
    {ListId::itar_debarred, "itar-debarred", "AECA Debarred Parties"},
}};

constexpr auto ids = [] {
  std::array<ListId, names.size()> out{};
  for (std::size_t i = 0; i < names.size(); ++i) out[i] = names[i].id;
  return out;
}();

}  // namespace

std::string_view to_string(ListId list) { return names[static_cast<std::size_t>(list)].name; }

std::string_view display_name(ListId list) { return names[static_cast<std::size_t>(list)].display; }

std::optional<ListId> parse_list(std::string_view text) {
  for (const ListName& n : names)
    if (n.name == text) return n.id;
  return std::nullopt;
}

std::span<const ListId> all_lists() { return ids; }

std::optional<ListId> list_of_supplement(int supplement) {
  switch (supplement) {
    case 4: return ListId::entity_list;
    case 6: return ListId::unverified_list;
    case 7: return ListId::meu_list;
    default: return std::nullopt;
  }
}

std::optional<int> supplement_of_list(ListId list) {
  switch (list) {
    case ListId::entity_list: return 4;
    case ListId::unverified_list: return 6;
    case ListId::meu_list: return 7;
    default: return std::nullopt;
  }
}

}  // namespace entitywatch
