#include <array>

#include "core/text.hpp"
#include "parsers/csl_record.hpp"

namespace entitywatch::parsers {
namespace {

// Words of a source's full name, in the order they must be tried: "Non-SDN Menu-Based Sanctions List"
// names the SDN list too.
struct ByWords {
  std::string_view words;
  ListId list;
};
constexpr std::array by_words{
    ByWords{"entity list", ListId::entity_list},
    ByWords{"unverified", ListId::unverified_list},
    ByWords{"military intelligence", ListId::military_intelligence},
    ByWords{"military end", ListId::meu_list},
    ByWords{"denied persons", ListId::denied_persons},
    ByWords{"sectoral", ListId::ofac_ssi},
    ByWords{"sanctions evaders", ListId::ofac_fse},
    ByWords{"palestinian", ListId::ofac_plc},
    ByWords{"capta", ListId::ofac_cap},
    ByWords{"correspondent account", ListId::ofac_cap},
    ByWords{"menu based", ListId::ofac_ns_mbs},
    ByWords{"military industrial", ListId::ofac_cmic},
    ByWords{"nonproliferation", ListId::isn_nonproliferation},
    ByWords{"itar debarred", ListId::itar_debarred},
    ByWords{"aeca debarred", ListId::itar_debarred},
    ByWords{"specially designated", ListId::ofac_sdn},
};

struct ByCode {
  std::string_view code;
  ListId list;
};
constexpr std::array by_code{
    ByCode{"EL", ListId::entity_list},
    ByCode{"UVL", ListId::unverified_list},
    ByCode{"MEU", ListId::meu_list},
    ByCode{"DPL", ListId::denied_persons},
    ByCode{"MIEU", ListId::military_intelligence},
    ByCode{"SDN", ListId::ofac_sdn},
    ByCode{"SSI", ListId::ofac_ssi},
    ByCode{"FSE", ListId::ofac_fse},
    ByCode{"PLC", ListId::ofac_plc},
    ByCode{"CAP", ListId::ofac_cap},
    ByCode{"MBS", ListId::ofac_ns_mbs},
    ByCode{"NS-MBS", ListId::ofac_ns_mbs},
    ByCode{"CMIC", ListId::ofac_cmic},
    ByCode{"ISN", ListId::isn_nonproliferation},
    ByCode{"DTC", ListId::itar_debarred},
};

}  // namespace

std::optional<ListId> csl_list(std::string_view source) {
  const std::string code = text::upper(text::trim(source));
  for (const ByCode& c : by_code)
    if (c.code == code) return c.list;
  const std::string words = text::fold_words(source);
  for (const ByWords& w : by_words)
    if (words.find(w.words) != std::string::npos) return w.list;
  return std::nullopt;
}

}  // namespace entitywatch::parsers
