// The word lists behind entity_cell_words: plain data, lower case, sorted at compile time. Internal to the
// entity cell.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace entitywatch::parsers::words {

template <std::size_t N>
using Set = std::array<std::string_view, N>;

template <std::size_t N>
consteval Set<N> sorted(Set<N> words) {
  std::sort(words.begin(), words.end());
  return words;
}

// Forms that stand at the end of a name and complete it.
inline constexpr auto closing_forms = sorted(std::to_array<std::string_view>(
    {"ltd",  "limited", "inc",  "incorporated", "llc",     "llp",      "lp",   "plc",   "corp", "gmbh",
     "ag",   "sa",      "sas",  "sarl",         "sal",     "srl",      "spa",  "bv",    "nv",   "ab",
     "as",   "asa",     "oy",   "oyj",          "ou",      "oü",       "aps",  "kg",    "kft",  "zrt",
     "doo",  "ood",     "eood", "ad",           "jsc",     "ojsc",     "cjsc", "pjsc",  "pao",  "oao",
     "zao",  "ooo",     "ao",   "fze",          "fzco",    "fzc",      "fzo",  "dmcc",  "pte",  "pty",
     "bhd",  "sti",     "şti",  "sirketi",      "şirketi", "kk",       "tbk",  "ltda",  "eirl", "sro",
     "co",   "pvt",     "est",  "cv",           "ek",      "sl",       "lllp", "pc",    "wll",  "saoc",
     "saog", "sae",     "psc",  "pjs",          "ua",      "se",       "kgaa", "fzllc", "mchj", "too",
     "tov",  "pat",     "uab",  "sia",          "as",      "ansirketi"}));

// Forms that may stand in a segment of their own beside those.
inline constexpr auto other_forms = sorted(std::to_array<std::string_view>(
    {"company", "private", "corporation", "pt", "sdn", "and", "z", "o", "group"}));

inline constexpr auto address_words = sorted(std::to_array<std::string_view>(
    {"street",       "st",          "str",        "road",         "rd",        "avenue",     "ave",
     "av",           "blvd",        "blve",       "blv",          "boulevard", "lane",       "ln",
     "alley",        "highway",     "hwy",        "square",       "sq",        "plaza",      "building",
     "bldg",         "bld",         "tower",      "towers",       "floor",     "flr",        "fl",
     "flat",         "room",        "rm",         "rooms",        "suite",     "ste",        "unit",
     "units",        "apt",         "apartment",  "office",       "block",     "blk",        "house",
     "shop",         "shops",       "warehouse",  "workshop",     "lot",       "plot",       "no",
     "nos",          "box",         "po",         "pobox",        "district",  "dist",       "county",
     "province",     "city",        "town",       "township",     "village",   "region",     "oblast",
     "obl",          "zone",        "park",       "estate",       "sector",    "phase",      "markaz",
     "merkaz",       "mall",        "bazar",      "bazaar",       "market",    "mah",        "mahallesi",
     "mahalle",      "mahalesi",    "mh",         "cad",          "caddesi",   "sok",        "sokak",
     "sk",           "bulvar",      "bulvari",    "bulvarı",      "ul",        "ulitsa",     "ulica",
     "pr",           "prospekt",    "prospect",   "prospeckt",    "per",       "pereulok",   "proezd",
     "shosse",       "nab",         "embankment", "naberezhnaya", "jalan",     "jl",         "lorong",
     "calle",        "avenida",     "rue",        "via",          "strasse",   "straße",     "weg",
     "tee",          "tn",          "airport",    "dockyard",     "cantt",     "cantonment", "colony",
     "arcade",       "centre",      "center",     "ctr",          "mezzanine", "dom",        "litera",
     "liter",        "korpus",      "pom",        "kv",           "etazh",     "gorod",      "xuar",
     "territory",    "chowk",       "kowloon",    "area",         "site",      "premises",   "headquarters",
     "intersection", "menara",      "wisma",      "plateaux",     "immeuble",  "edificio",   "piso",
     "oficina",      "colonia",     "passage",    "passazh",      "drive",     "courtyard",  "yard",
     "hutong",       "gali",        "nagar",      "sitesi",       "kat",       "daire",      "sanayi",
     "mansion",      "crescent",    "terrace",    "court",        "way",       "harbour",    "sharifia",
     "metro",        "mound",       "quay",       "ring",         "base",      "campus",     "address",
     "ste",          "territories", "parliament", "motorway",     "boulverd",  "sheikh",     "freezone",
     "hotel",        "near",        "opposite",   "behind",       "raion",     "rayon",      "krai",
     "kray",         "okrug",       "republic"}));

inline constexpr auto organisation_words = sorted(std::to_array<std::string_view>({"institute",
                                                                                   "institution",
                                                                                   "institut",
                                                                                   "academy",
                                                                                   "university",
                                                                                   "college",
                                                                                   "school",
                                                                                   "bureau",
                                                                                   "department",
                                                                                   "ministry",
                                                                                   "directorate",
                                                                                   "agency",
                                                                                   "administration",
                                                                                   "committee",
                                                                                   "council",
                                                                                   "corps",
                                                                                   "company",
                                                                                   "corporation",
                                                                                   "enterprise",
                                                                                   "association",
                                                                                   "factory",
                                                                                   "plant",
                                                                                   "works",
                                                                                   "laboratory",
                                                                                   "laboratories",
                                                                                   "foundation",
                                                                                   "federation",
                                                                                   "union",
                                                                                   "importers",
                                                                                   "exporters",
                                                                                   "consultants",
                                                                                   "contractors",
                                                                                   "manufacturers",
                                                                                   "holding",
                                                                                   "holdings",
                                                                                   "shipyard",
                                                                                   "organization",
                                                                                   "organisation",
                                                                                   "division",
                                                                                   "subsidiary",
                                                                                   "branch",
                                                                                   "establishment",
                                                                                   "konstruktorskoe",
                                                                                   "predpriyatie",
                                                                                   "zavod",
                                                                                   "concern",
                                                                                   "jsc",
                                                                                   "pjsc",
                                                                                   "ojsc",
                                                                                   "cjsc",
                                                                                   "llc",
                                                                                   "ltd",
                                                                                   "gmbh",
                                                                                   "ooo",
                                                                                   "oao",
                                                                                   "pao",
                                                                                   "zao",
                                                                                   "inc",
                                                                                   "corp",
                                                                                   "npo",
                                                                                   "kb",
                                                                                   "skb",
                                                                                   "tskb",
                                                                                   "lab",
                                                                                   "nii",
                                                                                   "okb",
                                                                                   "fgup",
                                                                                   "fsue",
                                                                                   "mkb",
                                                                                   "gosmkb",
                                                                                   "fgbu",
                                                                                   "npp",
                                                                                   "commission",
                                                                                   "service",
                                                                                   "forces",
                                                                                   "consortium"}));

inline constexpr auto trade_words = sorted(std::to_array<std::string_view>(
    {"technology",    "technologies", "technical",        "tech",          "trading",
     "traders",       "trade",        "electronics",      "electronic",    "elektronik",
     "international", "industries",   "industrial",       "industry",      "systems",
     "system",        "services",     "solutions",        "engineering",   "engineers",
     "logistics",     "group",        "global",           "aviation",      "airlines",
     "air",           "components",   "research",         "center",        "centre",
     "enterprises",   "products",     "supply",           "supplies",      "communications",
     "telecom",       "network",      "networks",         "cloud",         "computer",
     "computers",     "construction", "microelectronics", "semiconductor", "semiconductors",
     "general",       "development",  "production",       "equipment",     "machinery",
     "materials",     "chemical",     "energy",           "marine",        "shipping",
     "cargo",         "freight",      "express",          "motors",        "laboratory",
     "lab",           "labs",         "office",           "complex",       "project",
     "resources",     "investment",   "investments",      "holding",       "petroleum",
     "oil",           "gas",          "optics",           "instruments",   "instrument",
     "associates",    "partners",     "consulting",       "security",      "design",
     "science",       "sciences",     "scientific",       "havacilik",     "lojistik",
     "makina",        "makine",       "ticaret",          "sanat",         "offices",
     "arsenal",       "catering",     "police",           "state",         "national",
     "federal",       "joint"}));

// Cities that close an address where the country is left out.
inline constexpr auto cities = sorted(std::to_array<std::string_view>({"islamabad",     "karachi",
                                                                       "lahore",        "rawalpindi",
                                                                       "peshawar",      "moscow",
                                                                       "beijing",       "shanghai",
                                                                       "shenzhen",      "guangzhou",
                                                                       "dubai",         "sharjah",
                                                                       "abu dhabi",     "tehran",
                                                                       "istanbul",      "ankara",
                                                                       "kiev",          "kyiv",
                                                                       "minsk",         "kowloon",
                                                                       "wuhan",         "nanjing",
                                                                       "chengdu",       "tianjin",
                                                                       "xian",          "damascus",
                                                                       "beirut",        "baghdad",
                                                                       "kabul",         "almaty",
                                                                       "yerevan",       "tbilisi",
                                                                       "st petersburg", "saint petersburg",
                                                                       "kuala lumpur",  "london",
                                                                       "paris",         "berlin",
                                                                       "sofia",         "riga",
                                                                       "tallinn",       "vilnius",
                                                                       "bangkok",       "taipei",
                                                                       "cairo",         "khartoum",
                                                                       "juba",          "caracas",
                                                                       "havana",        "nicosia",
                                                                       "limassol",      "athens",
                                                                       "vienna",        "zurich",
                                                                       "geneva",        "new delhi",
                                                                       "mumbai",        "bangalore",
                                                                       "dhaka",         "colombo",
                                                                       "tripoli",       "wan chai",
                                                                       "tashkent",      "bishkek",
                                                                       "baku",          "sevastopol",
                                                                       "simferopol",    "donetsk",
                                                                       "luhansk",       "zelenograd",
                                                                       "hangzhou",      "chongqing",
                                                                       "dalian",        "shenyang",
                                                                       "suzhou",        "harbin",
                                                                       "changsha",      "zhuhai",
                                                                       "dongguan"}));

inline constexpr auto abbreviations = sorted(std::to_array<std::string_view>(
    {"ltd",  "inc",  "co",    "corp", "jr",   "sr",  "pvt", "sdn", "bhd", "ltda", "sti", "şti",  "est", "pte",
     "dept", "intl", "bros",  "univ", "inst", "mfg", "st",  "rd",  "ave", "blvd", "str", "bldg", "bld", "no",
     "rm",   "fl",   "elec",  "tech", "mr",   "mrs", "dr",  "mt",  "ft",  "im",   "imp", "exp",  "ind", "mah",
     "mh",   "cad",  "sok",   "sk",   "sit",  "san", "tic", "ul",  "pr",  "nab",  "per", "apt",  "obl", "bul",
     "dist", "prov", "equip", "dev",  "sci",  "lt",  "std", "na",  "man", "mat"}));

}  // namespace entitywatch::parsers::words
