#include "core/countries.hpp"

#include <unicode/locid.h>

#include <array>
#include <map>
#include <mutex>
#include <unordered_map>

#include "core/text.hpp"

namespace entitywatch {
namespace {

// How the supplements to part 744 print destinations where that is not the common English name, and
// other spellings met in rules, on inspection and in the CSL. The first of a code is the list's own.
struct Spelling {
  std::string_view code;
  std::string_view printed;
};
constexpr std::array spellings{
    Spelling{"CN", "CHINA, PEOPLE'S REPUBLIC OF"},
    Spelling{"CN", "CHINA"},
    Spelling{"CN", "PEOPLE'S REPUBLIC OF CHINA"},
    Spelling{"CN", "CHINA, PEOPLES REPUBLIC OF"},
    Spelling{"CN", "CHINA (PRC)"},
    Spelling{"CN", "PRC"},
    Spelling{"HK", "HONG KONG"},
    Spelling{"MO", "MACAU"},
    Spelling{"MO", "MACAO"},
    Spelling{"TW", "TAIWAN"},
    Spelling{"TR", "TÜRKIYE"},
    Spelling{"TR", "TURKEY"},
    Spelling{"TR", "TURKIYE"},
    Spelling{"MM", "BURMA"},
    Spelling{"MM", "MYANMAR"},
    Spelling{"RU", "RUSSIA"},
    Spelling{"RU", "RUSSIAN FEDERATION"},
    Spelling{"UA", "CRIMEA REGION OF UKRAINE"},
    Spelling{"UA", "CRIMEA (OCCUPIED)"},
    Spelling{"UA", "CRIMEA"},
    Spelling{"UA", "UKRAINE (CRIMEA)"},
    Spelling{"UA", "SEVASTOPOL"},
    Spelling{"KR", "SOUTH KOREA"},
    Spelling{"KR", "KOREA, REPUBLIC OF"},
    Spelling{"KR", "KOREA, SOUTH"},
    Spelling{"KR", "REPUBLIC OF KOREA"},
    Spelling{"KP", "NORTH KOREA"},
    Spelling{"KP", "KOREA, NORTH"},
    Spelling{"KP", "KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF"},
    Spelling{"AE", "UNITED ARAB EMIRATES"},
    Spelling{"AE", "UAE"},
    Spelling{"AE", "U.A.E."},
    Spelling{"GB", "UNITED KINGDOM"},
    Spelling{"GB", "UK"},
    Spelling{"GB", "U.K."},
    Spelling{"GB", "GREAT BRITAIN"},
    Spelling{"US", "UNITED STATES"},
    Spelling{"US", "UNITED STATES OF AMERICA"},
    Spelling{"CZ", "CZECH REPUBLIC"},
    Spelling{"CZ", "CZECHIA"},
    Spelling{"MK", "NORTH MACEDONIA"},
    Spelling{"MK", "MACEDONIA"},
    Spelling{"BA", "BOSNIA AND HERZEGOVINA"},
    Spelling{"BS", "BAHAMAS, THE"},
    Spelling{"BS", "THE BAHAMAS"},
    Spelling{"GM", "GAMBIA, THE"},
    Spelling{"GM", "THE GAMBIA"},
    Spelling{"CI", "COTE D'IVOIRE"},
    Spelling{"CI", "IVORY COAST"},
    Spelling{"CD", "CONGO, DEMOCRATIC REPUBLIC OF THE"},
    Spelling{"CD", "CONGO, DEMOCRATIC REPUBLIC OF"},
    Spelling{"CD", "DEMOCRATIC REPUBLIC OF THE CONGO"},
    Spelling{"CG", "CONGO, REPUBLIC OF THE"},
    Spelling{"CG", "REPUBLIC OF THE CONGO"},
    Spelling{"LA", "LAOS"},
    Spelling{"MD", "MOLDOVA"},
    Spelling{"MD", "MOLDOVA, REPUBLIC OF"},
    Spelling{"SY", "SYRIA"},
    Spelling{"SY", "SYRIAN ARAB REPUBLIC"},
    Spelling{"IR", "IRAN"},
    Spelling{"IR", "IRAN, ISLAMIC REPUBLIC OF"},
    Spelling{"VN", "VIETNAM"},
    Spelling{"VN", "VIET NAM"},
    Spelling{"SK", "SLOVAKIA"},
    Spelling{"SK", "SLOVAK REPUBLIC"},
    Spelling{"SZ", "ESWATINI"},
    Spelling{"SZ", "SWAZILAND"},
    Spelling{"KG", "KYRGYZSTAN"},
    Spelling{"KG", "KYRGYZ REPUBLIC"},
    Spelling{"TZ", "TANZANIA"},
    Spelling{"TZ", "TANZANIA, UNITED REPUBLIC OF"},
    Spelling{"VE", "VENEZUELA"},
    Spelling{"VE", "VENEZUELA, BOLIVARIAN REPUBLIC OF"},
    Spelling{"BO", "BOLIVIA"},
    Spelling{"BO", "BOLIVIA, PLURINATIONAL STATE OF"},
    Spelling{"BN", "BRUNEI"},
    Spelling{"BN", "BRUNEI DARUSSALAM"},
    Spelling{"PS", "WEST BANK"},
    Spelling{"PS", "GAZA"},
    Spelling{"PS", "PALESTINIAN TERRITORIES"},
    Spelling{"VG", "VIRGIN ISLANDS, BRITISH"},
    Spelling{"VG", "BRITISH VIRGIN ISLANDS"},
    Spelling{"VA", "HOLY SEE"},
    Spelling{"KN", "SAINT KITTS AND NEVIS"},
    Spelling{"LC", "SAINT LUCIA"},
    Spelling{"VC", "SAINT VINCENT AND THE GRENADINES"},
    Spelling{"AG", "ANTIGUA AND BARBUDA"},
    Spelling{"TT", "TRINIDAD AND TOBAGO"},
    Spelling{"CV", "CAPE VERDE"},
    Spelling{"TL", "EAST TIMOR"},
    Spelling{"NL", "NETHERLANDS"},
    Spelling{"NL", "THE NETHERLANDS"},
    Spelling{"PH", "PHILIPPINES"},
    Spelling{"PH", "PHILIPPINES"},
    Spelling{"PH", "THE PHILIPPINES"},
    Spelling{"CU", "CUBA"},
};

std::string english_name(std::string_view code) {
  const icu::Locale region("", std::string(code).c_str());
  icu::UnicodeString name;
  region.getDisplayCountry(icu::Locale::getEnglish(), name);
  std::string out;
  name.toUTF8String(out);
  return out;
}

struct Tables {
  std::unordered_map<std::string, std::string> code_by_fold;
  std::map<std::string, std::string, std::less<>> printed_by_code;
};

const Tables& tables() {
  static const Tables built = [] {
    Tables t;
    for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
      const std::string name = english_name(*code);
      t.code_by_fold.emplace(text::fold(name), *code);
    }
    for (const Spelling& s : spellings) {
      t.code_by_fold.insert_or_assign(text::fold(s.printed), std::string(s.code));
      t.printed_by_code.emplace(s.code, s.printed);
    }
    return t;
  }();
  return built;
}

}  // namespace

std::string country_code(std::string_view printed) {
  const auto& codes = tables().code_by_fold;
  const auto found = codes.find(text::fold(printed));
  return found == codes.end() ? std::string{} : found->second;
}

std::string canonical_country(std::string_view printed) {
  const std::string code = country_code(printed);
  if (code.empty()) return text::upper(text::collapse(printed));
  const auto& own = tables().printed_by_code;
  // Crimea shares Ukraine's code but is a destination of its own in the lists.
  if (code == "UA") return text::upper(text::collapse(printed));
  const auto found = own.find(code);
  return found != own.end() ? found->second : text::upper(english_name(code));
}

std::string country_display_name(std::string_view code) {
  if (code == "HK") return "Hong Kong";
  if (code == "MO") return "Macau";
  if (code == "MM") return "Burma";
  const std::string name = english_name(code);
  return name.empty() ? std::string(code) : name;
}

}  // namespace entitywatch
