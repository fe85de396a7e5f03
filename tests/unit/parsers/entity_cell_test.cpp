#include "parsers/entity_cell.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/text.hpp"

using namespace entitywatch;
using namespace entitywatch::parsers;
using Names = std::vector<std::string>;

namespace {

Listing read(const Names& lines) {
  Listing listing;
  read_entity_cell({lines}, listing);
  return listing;
}

bool has_review(const Listing& listing) {
  for (const Finding& f : listing.findings)
    if (f.severity == Finding::Severity::review) return true;
  return false;
}

bool has_finding(const Listing& listing, std::string_view code) {
  for (const Finding& f : listing.findings)
    if (f.code == code) return true;
  return false;
}

const Check* count_check(const Listing& listing) {
  for (const Check& c : listing.checks)
    if (c.name == "stated_alias_count") return &c;
  return nullptr;
}

}  // namespace

TEST_CASE("a cell with a stated alias count") {
  const Listing r =
      read({"Emeri Bridge Company (EBC), a.k.a., the following two aliases:", "—Imeri Bridge; and",
            "—Amery Bridge Company.", "",
            "Kolo Road, Kabul, Afghanistan; and Maidan Market, Paktiya, Afghanistan."});
  CHECK(r.name == "Emeri Bridge Company (EBC)");
  CHECK(r.aliases == Names{"Imeri Bridge", "Amery Bridge Company"});
  CHECK(r.addresses == Names{"Kolo Road, Kabul, Afghanistan", "Maidan Market, Paktiya, Afghanistan"});
  REQUIRE(count_check(r) != nullptr);
  CHECK(count_check(r)->ok);
  CHECK(count_check(r)->expected == "2");
  CHECK(r.raw.entity ==
        "Emeri Bridge Company (EBC), a.k.a., the following two aliases:\n—Imeri Bridge; and\n—Amery Bridge "
        "Company.\n"
        "Kolo Road, Kabul, Afghanistan; and Maidan Market, Paktiya, Afghanistan.");
  CHECK_FALSE(has_review(r));
}

TEST_CASE("the paragraph break before the addresses may be absent") {
  const Names with = {"Foo LLC, a.k.a., the following alias:", "—Bar LLC.", "",
                      "5 Lenina Street, Minsk, Belarus."};
  const Names without = {"Foo LLC, a.k.a., the following alias:", "—Bar LLC.",
                         "5 Lenina Street, Minsk, Belarus."};
  CHECK(read(with).aliases == read(without).aliases);
  CHECK(read(with).addresses == read(without).addresses);
}

TEST_CASE("every printed form of the words that open the list") {
  const std::string opening = GENERATE(
      "a.k.a., the following one alias:", "a.k.a. the following one alias:",
      "a.k.a, the following one alias:", "a.k.a , the following one alias:", "a.k.a., the following alias:",
      "a.k.a., the following one alias,", "a.k.a., and the following one alias:", "the following one alias:",
      "a.k.a., the one following alias:", "a.k.a., the follow one alias:", "a.k.a., following one alias:",
      "a.k.a., including the following alias:", "a.k.a., as the following one alias:",
      "a.k.a., the one alias:", "a.k.a., the following the following one alias:",
      "a.k.a., the following one entity:", "a.k.a., the following one aliaes:",
      "aka, the following one alias:", "a.k.a., the following 1 alias:", "a.k.a., the following one alias");
  CAPTURE(opening);
  const Listing r = read({"Tako LLC, " + opening, "—Taco LLC.", "17 Njdeh Street, Yerevan, 0026, Armenia."});
  CHECK(r.name == "Tako LLC");
  CHECK(r.aliases == Names{"Taco LLC"});
  CHECK(r.addresses == Names{"17 Njdeh Street, Yerevan, 0026, Armenia"});
  REQUIRE(count_check(r) != nullptr);
  CHECK(count_check(r)->ok);
}

TEST_CASE("an alias list without a dash, without line breaks, with hyphens") {
  CHECK(read({"Vega Institute, a.k.a., the following one alias:", "VNII.", "Mendeleevo, 141570, Russia."})
            .aliases == Names{"VNII"});
  const Listing flat =
      read({"Vega Institute, a.k.a., the following two aliases:—VNII; and —Vega. 5 Lenina Street, Moscow, "
            "Russia."});
  CHECK(flat.aliases == Names{"VNII", "Vega"});
  CHECK(flat.addresses == Names{"5 Lenina Street, Moscow, Russia"});
  const Listing hyphens =
      read({"Liberty Trading LLC, a.k.a. the following two aliases: -Baet Trading; and -Baet Al, Apt #18 "
            "Manchester Tower, Dubai, U.A.E."});
  CHECK(hyphens.aliases == Names{"Baet Trading", "Baet Al"});
  CHECK(hyphens.addresses == Names{"Apt #18 Manchester Tower, Dubai, U.A.E."});
  const Listing inline_list =
      read({"Kral Air, a.k.a., the following two aliases: Kral Sirketi; and Kral Air Ltd. Gumus Sok, No: "
            "1/3, Istanbul, Turkey."});
  CHECK(inline_list.aliases == Names{"Kral Sirketi", "Kral Air Ltd."});
  CHECK(inline_list.addresses == Names{"Gumus Sok, No: 1/3, Istanbul, Turkey"});
}

TEST_CASE("an address glued to the last alias") {
  struct Case {
    std::string alias, name, address;
  };
  const Case c = GENERATE(Case{"—CPUNTA. 5929 Route Transcanadienne, St. Laurent, Quebec H4T 1Z6 Canada.",
                               "CPUNTA", "5929 Route Transcanadienne, St. Laurent, Quebec H4T 1Z6 Canada"},
                          Case{"—Koksotrans Ltd. Rakhmanovskiy lane, 4, Moscow 127994, Russia.",
                               "Koksotrans Ltd.", "Rakhmanovskiy lane, 4, Moscow 127994, Russia"},
                          Case{"—Mostomost, LLC. D. 10 korp. 3 ul. Neverova, Moscow, Russia.",
                               "Mostomost, LLC", "D. 10 korp. 3 ul. Neverova, Moscow, Russia"},
                          Case{"—Alexander Kuznets, Ordjonikidze 10, Moscow, Russia 119071.",
                               "Alexander Kuznets", "Ordjonikidze 10, Moscow, Russia 119071"},
                          Case{"—Rescue Committee. Russia.", "Rescue Committee", "Russia"});
  CAPTURE(c.alias);
  const Listing r = read({"Alfa, a.k.a., the following one alias:", c.alias});
  CHECK(r.aliases == Names{c.name});
  CHECK(r.addresses == Names{c.address});
}

TEST_CASE("full stops inside an alias part nothing") {
  const Listing r =
      read({"Fakel Design Bureau, a.k.a., the following two aliases:", "—AO MKB Fakel im. P.D. Grushina; and",
            "—Dr. A.V. Fakel Bureau.", "33 Grushina Street, Khimki, Russia."});
  CHECK(r.aliases == Names{"AO MKB Fakel im. P.D. Grushina", "Dr. A.V. Fakel Bureau"});
  CHECK(read({"Fakel Bureau, a.k.a., the following one alias:", "—MMP V.V. Chernyshev."}).aliases ==
        Names{"MMP V.V. Chernyshev"});
}

TEST_CASE("a wrong alias count is found and marked") {
  const Listing r = read({"Suna Group, a.k.a., the following one alias:", "—Suna Trading Co.; and",
                          "—Suna Group of Companies.", "151 (B) Mingalar Lane, Yangon, Burma."});
  CHECK(r.aliases.size() == 2);
  REQUIRE(count_check(r) != nullptr);
  CHECK_FALSE(count_check(r)->ok);
  CHECK(has_finding(r, "alias_count"));
  CHECK(has_review(r));
}

TEST_CASE("a line break inside an alias is mended where the stated count then holds") {
  const Listing r = read({"Neft LLC, a.k.a., the following two aliases:", "—OOO Neft", "—Aktiv; and",
                          "—RN-Aktiv OOO.", "Kaluga 15, Moscow, Russia."});
  CHECK(r.aliases == Names{"OOO Neft—Aktiv", "RN-Aktiv OOO"});
  CHECK(count_check(r)->ok);
  CHECK(has_finding(r, "alias_repaired"));
  CHECK_FALSE(has_review(r));
}

TEST_CASE("aliases in running text") {
  CHECK(read({"Hong Yi Technology Co., a.k.a. Hong Kong Yi Co., a.k.a. SZ Yi Co., Workshop 15, 2/F, Fanling, "
              "Hong Kong"})
            .aliases == Names{"Hong Kong Yi Co.", "SZ Yi Co."});
  const Listing brackets = read({"Lukas, OAO (a.k.a. Lukas; a.k.a. Lukas Oil Company; f.k.a. Neftlukas OOO)",
                                 "Address: 11 Sretenski boulevard, Moscow 101000, Russia"});
  CHECK(brackets.name == "Lukas, OAO");
  CHECK(brackets.aliases == Names{"Lukas", "Lukas Oil Company"});
  CHECK(brackets.former_names == Names{"Neftlukas OOO"});
  CHECK(brackets.addresses == Names{"11 Sretenski boulevard, Moscow 101000, Russia"});
  const Listing former =
      read({"Gazma, AO (f.k.a., Dochernee Gazma), a.k.a., the following one alias:", "—AO 'Gazma'.",
            "Moscow, Russia."});
  CHECK(former.name == "Gazma, AO");
  CHECK(former.former_names == Names{"Dochernee Gazma"});
  CHECK(former.aliases == Names{"AO 'Gazma'"});
  const Listing drawn_in = read(
      {"OOO Shipyard 'Bay' (f.k.a., AO Shipyard 'Bay'; JSC Shipyard 'Bay;' JSC Bay Shipyard; and OJSC BAY), "
       "a.k.a., the following one alias:",
       "—Bay Shipyard LLC.", "4 Tankist Street, Kerch, Crimea, Ukraine."});
  CHECK(drawn_in.former_names ==
        Names{"AO Shipyard 'Bay'", "JSC Shipyard 'Bay'", "JSC Bay Shipyard", "OJSC BAY"});
  const Listing joined =
      read({"Pegas Technic Services, a.k.a. Pegas Teknik and Air Technic Services, OBA Mah. Kara Sk., "
            "Antalya, Türkiye"});
  CHECK(joined.aliases == Names{"Pegas Teknik", "Air Technic Services"});
  CHECK(has_review(joined));
  const Listing unclear =
      read({"Ukrain Airlines, a.k.a., UM Airlines, UM Air, 7, Shuly Str., Kiev, Ukraine"});
  CHECK(unclear.aliases == Names{"UM Airlines", "UM Air"});
  CHECK(unclear.addresses == Names{"7, Shuly Str., Kiev, Ukraine"});
  CHECK(has_review(unclear));
}

TEST_CASE("a name and its address in one line") {
  struct Case {
    std::string cell, name, address;
  };
  const Case c = GENERATE(
      Case{"Altai Municipality Public Security Bureau, North West Rd., Altai City, XUAR, China.",
           "Altai Municipality Public Security Bureau", "North West Rd., Altai City, XUAR, China"},
      Case{"Abdul Satar, 501, 5th Floor, Sancharaki Market, Kabul, Afghanistan", "Abdul Satar",
           "501, 5th Floor, Sancharaki Market, Kabul, Afghanistan"},
      Case{"Edward Fann, Hucun, Huafeng Town, Shandong Province, China", "Edward Fann",
           "Hucun, Huafeng Town, Shandong Province, China"},
      Case{"Aero One, S.A., 24 Koumpi Str., Attica, Greece", "Aero One, S.A.",
           "24 Koumpi Str., Attica, Greece"},
      Case{"Advanced Targets Company, LLC (ATS), P.O. Box 34237, Abu Dhabi, U.A.E.",
           "Advanced Targets Company, LLC (ATS)", "P.O. Box 34237, Abu Dhabi, U.A.E."},
      Case{"Multi Electronics Co, Ltd., 5/F Blk 37A, Foshan, China", "Multi Electronics Co, Ltd.",
           "5/F Blk 37A, Foshan, China"},
      Case{"JLT Technology, Hong Kong Co., Ltd., Room 1237, Kowloon Bay, Hong Kong",
           "JLT Technology, Hong Kong Co., Ltd.", "Room 1237, Kowloon Bay, Hong Kong"},
      Case{"Ecom (HK) Co., Ltd. Flat/Rm 7022 BLK D, New Territories, Hong Kong", "Ecom (HK) Co., Ltd.",
           "Flat/Rm 7022 BLK D, New Territories, Hong Kong"},
      Case{"Digi, LTD.,16-Ya Parkovaya Street, Moscow, Russia", "Digi, LTD.",
           "16-Ya Parkovaya Street, Moscow, Russia"},
      Case{"Milur, OOO, Georgievskiy Prospekt, 5, Moscow, Russia", "Milur, OOO",
           "Georgievskiy Prospekt, 5, Moscow, Russia"},
      Case{"A. Leon Ltd.; HA'Assif 19, Binyamina, Israel", "A. Leon Ltd.", "HA'Assif 19, Binyamina, Israel"},
      Case{"Academy of Medical Sciences, Institute of Basic Medicine, 27 Taiping Road, Beijing, China",
           "Academy of Medical Sciences, Institute of Basic Medicine", "27 Taiping Road, Beijing, China"},
      Case{"Poly Asia Ltd., (PAPL), Room 1103, Kowloon, Hong Kong", "Poly Asia Ltd., (PAPL)",
           "Room 1103, Kowloon, Hong Kong"},
      Case{"Huawen Cloud Cuba, Cuba", "Huawen Cloud Cuba", "Cuba"},
      Case{"Address 01, Unit D, 16/F One Place, Hong Kong", "Address 01",
           "Unit D, 16/F One Place, Hong Kong"});
  CAPTURE(c.cell);
  const Listing r = read({c.cell});
  CHECK(r.name == c.name);
  CHECK(r.addresses == Names{c.address});
  CHECK_FALSE(has_review(r));
}

TEST_CASE("a name on a line of its own, or alone") {
  CHECK(read({"Kelva Inc", "", "6600 21st Avenue, Laval, Quebec H7R3G8, Canada"}).name == "Kelva Inc");
  CHECK(read({"Markel Company (Markel CJSC),", "17, Apt 31, Yerevan, Armenia"}).name ==
        "Markel Company (Markel CJSC)");
  const Listing alone = read({"Ali Mehdi Omran."});
  CHECK(alone.name == "Ali Mehdi Omran");
  CHECK(alone.addresses.empty());
  CHECK(read({"Allied Trade Co."}).name == "Allied Trade Co.");
}

TEST_CASE("an uncertain end of the name is marked, never silent") {
  const std::string cell =
      GENERATE("Valeri Kosma Akadeemia Tee 21E, 12618 Tallinn, Estonia",
               "Basha Shaikh Office M-2, Al Andalus Bldg, Dubai, U.A.E.",
               "IKKO Finance 6 Lothbury, London, England, EC2R 7HH",
               "Universal Logistics GmbH Cargo City Sud, Building 577, Frankfurt am Main, Germany",
               "National Computing Center (NCC), Sun Yat-Sen University, University City, Guangzhou, China",
               "Tactical Corporation, NPO Elektro, 31 Mendeleev Street, Chelyabinsk, Russia",
               "Tactical Corporation, Raduga, 31 Mendeleev Street, Chelyabinsk, Russia",
               "48th Research Institute, Kirov, 119 October Prospect, Kirov, Russia",
               "Southern University, Department of Energy Engineering, 1088 Xueyuan Ave., Shenzhen, China");
  CAPTURE(cell);
  CHECK(has_review(read({cell})));
}

TEST_CASE("addresses one by one") {
  struct Case {
    std::string text;
    Names addresses;
  };
  const Case c = GENERATE(
      Case{"1 A Street, Kabul, Afghanistan, and 2 B Street, Kabul, Afghanistan.",
           {"1 A Street, Kabul, Afghanistan", "2 B Street, Kabul, Afghanistan"}},
      Case{"1 A Road, Beijing, China 100084 and 2 B Road, Beijing, China.",
           {"1 A Road, Beijing, China 100084", "2 B Road, Beijing, China"}},
      Case{"1 A Road, Athens, Greece; and72 B Ave, Athens, Greece.",
           {"1 A Road, Athens, Greece", "72 B Ave, Athens, Greece"}},
      Case{"1 A Road, Beijing, China.; and 2 B Road, Beijing, China.",
           {"1 A Road, Beijing, China", "2 B Road, Beijing, China"}},
      Case{"Corner of Ahlone Road and Strand Road, Yangon, Burma.",
           {"Corner of Ahlone Road and Strand Road, Yangon, Burma"}},
      Case{"97C, Jalan Kenari, Selangor, Malaysia Suite D23, Jalan Tun, Kuala Lumpur, Malaysia.",
           {"97C, Jalan Kenari, Selangor, Malaysia", "Suite D23, Jalan Tun, Kuala Lumpur, Malaysia"}},
      Case{"G1 Free Zone RAK—U.A.E.; and Bur Dubai, U.A.E.",
           {"G1 Free Zone RAK—U.A.E.", "Bur Dubai, U.A.E."}},
      Case{"Kat: 1 No; 114, Bakirkoy, Istanbul, Turkey.", {"Kat: 1 No 114, Bakirkoy, Istanbul, Turkey"}},
      Case{"Hadath (Main St; old side), Beirut, Lebanon.", {"Hadath (Main St; old side), Beirut, Lebanon"}});
  CAPTURE(c.text);
  CHECK(read({"Zed Trading Ltd., a.k.a., the following one alias:", "—Zed.", c.text}).addresses ==
        c.addresses);
}

TEST_CASE("addresses over several lines") {
  CHECK(read({"Kimya Ltd.,", "", "2nd Floor, No. 2, Istanbul, Turkey;", "and",
              "Yesil Tulumba A, Istanbul, Turkey 34134."})
            .addresses ==
        Names{"2nd Floor, No. 2, Istanbul, Turkey", "Yesil Tulumba A, Istanbul, Turkey 34134"});
  CHECK(read({"Mak Logistics, Unit B2, 18 Kwai Road, New Territories,", "Hong Kong."}).addresses ==
        Names{"Unit B2, 18 Kwai Road, New Territories, Hong Kong"});
  CHECK(read({"Surgut (a.k.a. Surgut OAO)", "Address: ul. Kukuyevitskogo, 1, Surgut 628415, Russia",
              "Alt Address: Street Kukuevitskogo 1, Surgut, Russia"})
            .addresses ==
        Names{"ul. Kukuyevitskogo, 1, Surgut 628415, Russia", "Street Kukuevitskogo 1, Surgut, Russia"});
}

TEST_CASE("cross references leave the addresses") {
  const Listing r = read(
      {"Nilo Group, Unit 705, Minsk, Belarus (see alternate addresses under Iran, Russia and the U.K.)."});
  CHECK(r.addresses == Names{"Unit 705, Minsk, Belarus"});
  CHECK(r.cross_references.size() == 3);
  CHECK(r.cross_references.at(0) == "Iran");
  CHECK(read({"Foo Ltd., 5 A Street, Manama, Bahrain. (See also addresses in the United Arab (Emirates)."})
            .addresses == Names{"5 A Street, Manama, Bahrain"});
  CHECK(read({"Morye, 1 A Street, Kerch, Ukraine (See alternate addresses under Crimea (Occupied))."})
            .cross_references == Names{"Crimea (Occupied)"});
  CHECK(read({"All Trade, 1 Chui Street, Bishkek, Kyrgyzstan.",
              "(For alternate addresses, see Kazakhstan and Turkey.)"})
            .cross_references == Names{"Kazakhstan", "Turkey"});
}

TEST_CASE("subordinate institutions are parties of their own") {
  Listing common;
  common.country = "CHINA, PEOPLE'S REPUBLIC OF";
  const auto parties = read_entity_parties(
      {{"Second Academy, a.k.a., the following two aliases, and two subordinate institutions:",
        "—Changfeng Academy; and", "—SA.", "Subordinate institution",
        "Design Department, a.k.a., the following one alias:", "—Planning Department.",
        "Subordinate institution", "283 Factory.",
        "The following addresses apply to the entity and to the two subordinate institutions:", "",
        "50 Yongding Road, Beijing, China; and 51 Yongding Road, Beijing, China."}},
      common);
  REQUIRE(parties.size() == 3);
  CHECK(parties[0].name == "Second Academy");
  CHECK(parties[0].parent.empty());
  CHECK(parties[0].aliases == Names{"Changfeng Academy", "SA"});
  CHECK(parties[1].name == "Design Department");
  CHECK(parties[1].parent == "Second Academy");
  CHECK(parties[1].aliases == Names{"Planning Department"});
  CHECK(parties[2].name == "283 Factory");
  for (const Listing& p : parties) {
    CHECK(p.addresses.size() == 2);
    CHECK(p.country == common.country);
    CHECK_FALSE(has_review(p));
  }
  CHECK(parties[0].checks.back().name == "stated_subordinates");
  CHECK(parties[0].checks.back().ok);
}

TEST_CASE("the joint to the next subordinate institution is no part of a name") {
  const auto parties = read_entity_parties(
      {{"Energy Commission (EC), a.k.a., the following one alias:",
        "—Power Works, P.O. Box 1, Zenda; and the following two subordinate entities:",
        "—Reactors (including power plants) and any collocated ammonia plants; and", "—Lasers Institute."}},
      {});
  REQUIRE(parties.size() == 3);
  CHECK(parties[1].name == "Reactors (including power plants) and any collocated ammonia plants");
  CHECK(parties[2].name == "Lasers Institute");
}

TEST_CASE("a subordinate institution named behind its parent") {
  const Listing r =
      read({"Electronics Group 13th Research Institute (EG 13) subordinate institution: Bowei Circuits, 113 "
            "Hezuo Road, Hebei, China."});
  CHECK(r.name == "Bowei Circuits");
  CHECK(r.parent == "Electronics Group 13th Research Institute (EG 13)");
  CHECK(read_party_name("Electronics Group (EG 13) subordinate institution: Bowei Circuits") ==
        PartyName{"Bowei Circuits", "Electronics Group (EG 13)"});
  CHECK(read_party_name("Bel Technologies LLC, a.k.a., the following one alias,").name ==
        "Bel Technologies LLC");
  CHECK(read_party_name("Tongtong Co., Ltd. (a subordinate institute of EG-7)").name ==
        "Tongtong Co., Ltd. (a subordinate institute of EG-7)");
}

TEST_CASE("an alias count in two words") {
  Names lines = {"Ninth Academy, a.k.a., the following twenty-two aliases:"};
  for (int i = 0; i < 22; ++i) lines.push_back("—Institute " + std::to_string(i) + " of Ninth;");
  CHECK(count_check(read(lines))->expected == "22");
  CHECK(count_check(read(lines))->ok);
}

TEST_CASE("affiliated entities and lists of facilities") {
  const auto parties = read_entity_parties(
      {{"Huawen Co., Ltd., a.k.a., the following one alias:",
        "—Huawen, and to include the following addresses and the following 2 affiliated entities:",
        "Bantian Base, Shenzhen, China.",
        "Affiliated entities:", "Huawen Mobile Ltd., Huawen Base, Shenzhen, China.",
        "Huawen Anjie Co., Ltd., a.k.a., the following one alias:", "—Agisson Co., Ltd.",
        "Building 2, Shenzhen, China."}},
      {});
  REQUIRE(parties.size() == 3);
  CHECK(parties[0].aliases == Names{"Huawen"});
  CHECK(parties[2].name == "Huawen Anjie Co., Ltd.");
  CHECK(parties[2].aliases == Names{"Agisson Co., Ltd."});
  CHECK(parties[2].addresses == Names{"Building 2, Shenzhen, China"});
  CHECK(parties[2].parent == "Huawen Co., Ltd.");
  const auto facilities = read_entity_parties(
      {{"The following Department of Energy entities:",
        "—Reactors not under safeguards (excluding Kunda 1 and 2); and", "—Heavy water plants."}},
      {});
  REQUIRE(facilities.size() == 2);
  CHECK(facilities[0].name == "Reactors not under safeguards (excluding Kunda 1 and 2)");
  CHECK(facilities[1].parent == "Department of Energy");
}

TEST_CASE("continuation rows") {
  const CellText above{{"Foo Ltd., 5 A Street, Riga, Latvia"}};
  CHECK(is_continuation({{"Subordinate institution", "7th Factory."}}, above));
  CHECK(is_continuation({{"P.O. Box 12, Riga, Latvia."}}, above));
  CHECK(is_continuation({{"and 2 B Street, Riga, Latvia."}}, above));
  CHECK(is_continuation({{"—Foo Trading."}}, above));
  CHECK_FALSE(is_continuation({{"Bar Institute, 7 C Street, Riga, Latvia."}}, above));
  CHECK(is_continuation({{"Bar Institute, 7 C Street, Riga, Latvia."}},
                        {{"Foo Ltd., 5 A Street, Riga, Latvia; and"}}));
}

TEST_CASE("no text makes the reader fail") {
  const Names texts = {"",
                       " ",
                       "—",
                       ";",
                       "a.k.a.",
                       ", a.k.a., the following two aliases:",
                       "(((",
                       ")))",
                       "(See",
                       "Subordinate institution",
                       "The following entities:",
                       "\xff\xfe",
                       "Foo, a.k.a., the following 99 aliases:",
                       std::string(20000, '('),
                       std::string(20000, ';'),
                       "Foo (a.k.a. ",
                       ", , ,",
                       "and",
                       "Address",
                       "the following aliases:—",
                       "No; and No; and No"};
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 40));
    const auto parties = read_entity_parties({{text}}, {});
    CHECK_FALSE(parties.empty());
    CHECK((!parties.front().name.empty() || has_review(parties.front())));
    CHECK(read_party_name(text).parent.empty());
  }
}
