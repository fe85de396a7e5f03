// The grammar of amendatory instructions, in the forms the Bureau of Industry and Security has used since
// 2012. Names are invented.
#include "parsers/instructions.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "core/countries.hpp"
#include "parsers/ecfr.hpp"
#include "tests/unit/parsers/list_files.hpp"

namespace entitywatch::parsers {
namespace {

InstructionReading read(const std::vector<std::string>& texts, const std::string& part = "744") {
  std::vector<AmendmentParagraph> paragraphs;
  for (const std::string& t : texts) paragraphs.push_back({t, 15, part});
  return read_instructions(paragraphs);
}

// "add CHINA: Name" for short.
std::vector<std::string> shown(const InstructionReading& reading) {
  std::vector<std::string> out;
  for (const EntryInstruction& e : reading.entries) {
    std::string line = std::string(to_string(e.kind)) + " " + e.country + ": " + e.name;
    if (e.count) line += "#" + std::to_string(*e.count);
    if (e.from_table) line += "(table)";
    if (!e.becomes.empty()) line += " -> " + e.becomes;
    if (e.partial) line += " (partial)";
    out.push_back(line);
  }
  return out;
}

bool has_finding(const std::vector<Finding>& findings, const std::string& code) {
  for (const Finding& f : findings)
    if (f.code == code) return true;
  return false;
}

using Lines = std::vector<std::string>;
const std::string supplement4 = "2. Supplement No. 4 to part 744 is amended:";

}  // namespace

TEST_CASE("names stand under the country of their item") {
  const auto r =
      read({supplement4,
            "a. Under CANADA, by adding in alphabetical order, entries for “Alder Inc.” and “Birch Ltd.”;",
            "b. Under CHINA, PEOPLE'S REPUBLIC OF, by adding, in alphabetical order, entries for “Cedar Co., "
            "Ltd.;” and “Dune, Institute of Physics.”"});
  CHECK(shown(r) == Lines{"add CANADA: Alder Inc.", "add CANADA: Birch Ltd.",
                          "add CHINA, PEOPLE'S REPUBLIC OF: Cedar Co., Ltd.",
                          "add CHINA, PEOPLE'S REPUBLIC OF: Dune, Institute of Physics"});
  CHECK(r.findings.empty());
  CHECK(r.touched.empty());
  CHECK(r.entries[0].number == "2.a");
}

TEST_CASE("sub-items inherit the country and the list of their parent") {
  const auto r =
      read({"2. Amend Supplement no. 6 to part 744 by:", "a. Under CHINA, PEOPLE'S REPUBLIC OF, by:",
            "i. Adding the entry, in alphabetical order, for “Elm Co.;”",
            "ii. Removing the entry for “Fir Co.;” and", "iii. Revising the entry for “Gorse Co.;”",
            "b. Under FINLAND adding entries for the following entities: “Heath OY;” and “Iris OY;”"});
  CHECK(shown(r) == Lines{"add CHINA, PEOPLE'S REPUBLIC OF: Elm Co.",
                          "remove CHINA, PEOPLE'S REPUBLIC OF: Fir Co.",
                          "revise CHINA, PEOPLE'S REPUBLIC OF: Gorse Co.", "add FINLAND: Heath OY",
                          "add FINLAND: Iris OY"});
  CHECK(r.entries[1].list == ListId::unverified_list);
}

TEST_CASE("the mark i after h is a letter or a roman number, as what follows tells") {
  const auto letters = read({supplement4, "h. Under OMAN removing the entry for “A1;”",
                             "i. Adding a country listing for PERU, in alphabetical order; and",
                             "j. Under PERU by adding an entry for “B1.”"});
  CHECK(shown(letters) == Lines{"remove OMAN: A1", "add_country PERU: ", "add PERU: B1"});
  const auto romans = read({supplement4, "h. Under OMAN, by:", "i. Adding “A1”;", "ii. Removing “B1”;",
                            "i. Under PERU, adding “C1”."});
  CHECK(shown(romans) == Lines{"add OMAN: A1", "remove OMAN: B1", "add PERU: C1"});
}

TEST_CASE("a country is the object of an instruction") {
  const auto r = read({supplement4, "a. Removing the entry for SAUDI ARABIA;",
                       "b. By removing CANADA and all entries thereunder;",
                       "c. Adding BELIZE in alphabetical order and an entry for “Juniper LLC”; and",
                       "d. By adding in alphabetical order, the destination of Afghanistan under the Country "
                       "column and three Afghan entities;",
                       "e. Removing the entry for “Czech Republic” in its entirety."});
  CHECK(shown(r) == Lines{"remove_country SAUDI ARABIA: ", "remove_country CANADA: ", "add_country BELIZE: ",
                          "add BELIZE: Juniper LLC", "add_country AFGHANISTAN: ", "add AFGHANISTAN: #3",
                          "remove_country CZECH REPUBLIC: "});
}

TEST_CASE("one country heading put in the place of another removes no entry") {
  const auto r = read(
      {"2. Supplement no. 4 to part 744 is amended by removing “TURKEY” and adding “TÜRKIYE” in its place."});
  CHECK(r.entries.empty());
  CHECK(has_finding(r.findings, "country_renamed"));
}

TEST_CASE("instructions that only count their entries") {
  const auto r =
      read({"2. Supplement No. 4 to part 744 is amended by adding under China, People's Republic of, "
            "twenty-eight Chinese entities, in alphabetical order. The additions read as follows:"});
  CHECK(shown(r) == Lines{"add CHINA, PEOPLE'S REPUBLIC OF: #28"});
  const auto two =
      read({"2. Supplement no. 4 to part 744 is amended under RUSSIA, by adding 28 entities, and under "
            "BELARUS by adding two entities."});
  CHECK(shown(two) == Lines{"add RUSSIA: #28", "add BELARUS: #2"});
  const auto after =
      read({"2. Supplement no. 4 to part 744 is amended by adding two entities under INDIA and three "
            "entities under JAPAN."});
  CHECK(shown(after) == Lines{"add INDIA: #2", "add JAPAN: #3"});
  const auto named = read({supplement4,
                           "a. Under JAPAN, by adding in alphabetical order one Japanese entity, “Kelp KK”, "
                           "and by revising the entries for two entities, “L1” and “M1”."});
  CHECK(shown(named) == Lines{"add JAPAN: Kelp KK", "revise JAPAN: L1", "revise JAPAN: M1"});
  CHECK(named.findings.empty());
  const auto announced =
      read({"2. Supplement no. 4 to part 744 is amended by adding two entities under CUBA:", "a. “N1”;",
            "b. “O1”."});
  CHECK(shown(announced) == Lines{"add CUBA: N1", "add CUBA: O1"});
}

TEST_CASE("a stated count that does not fit the names is reported") {
  const auto r = read(
      {"2. Supplement no. 4 to part 744 is amended under CUBA by adding three entities, “A1” and “B1”."});
  REQUIRE(r.entries.size() == 2);
  CHECK(has_finding(r.entries[0].findings, "instruction_count_differs"));
}

TEST_CASE("a country may stand after its entries") {
  const auto r =
      read({supplement4, "a. By removing the entity “Moss Ltd.” under Germany and “Nettle GmbH” under Iran;",
            "b. By removing two entities under the United Arab Emirates, “Oak FZE” and “Pine Trading LLC.”"});
  CHECK(shown(r) == Lines{"remove GERMANY: Moss Ltd.", "remove IRAN: Nettle GmbH",
                          "remove UNITED ARAB EMIRATES: Oak FZE",
                          "remove UNITED ARAB EMIRATES: Pine Trading LLC"});
  const auto both =
      read({"2. Supplement no. 4 to part 744 is amended by removing under Germany “A1” and adding “B1” under "
            "UAE."});
  CHECK(shown(both) == Lines{"remove GERMANY: A1", "add UNITED ARAB EMIRATES: B1"});
}

TEST_CASE("several countries and verbs in one sentence") {
  const auto r = read(
      {"2. Supplement No. 4 to Part 744 is amended by adding, in alphabetical order, under CHINA, PEOPLE'S "
       "REPUBLIC OF, entries for “A1,” “B1;” under INDIA, an entry for “C1;” and under SRI LANKA, “D1.”"});
  CHECK(shown(r) == Lines{"add CHINA, PEOPLE'S REPUBLIC OF: A1", "add CHINA, PEOPLE'S REPUBLIC OF: B1",
                          "add INDIA: C1", "add SRI LANKA: D1"});
  const auto verbs =
      read({"2. Amend supplement no. 4 to part 744 under Russia by removing “Rye Ltd.”, revising “Sorrel "
            "OOO” and adding “Thyme AO” in alphabetical order to read as follows:"});
  CHECK(shown(verbs) ==
        Lines{"remove RUSSIA: Rye Ltd.", "revise RUSSIA: Sorrel OOO", "add RUSSIA: Thyme AO"});
  const auto passive =
      read({"2. Supplement no. 4 to part 744 is amended as follows: Under IRAN, the entry for “A1” is "
            "removed and the entry for “B1” is revised."});
  CHECK(shown(passive) == Lines{"remove IRAN: A1", "revise IRAN: B1"});
}

TEST_CASE("two sub-items in one paragraph") {
  const auto r = read({supplement4,
                       "a. Under CHINA, PEOPLE'S REPUBLIC OF, by adding an entry for “A1;” and b. Under "
                       "RUSSIA, by removing the entries for “B1;” and “C1” and adding an entry for “D1”."});
  CHECK(shown(r) == Lines{"add CHINA, PEOPLE'S REPUBLIC OF: A1", "remove RUSSIA: B1", "remove RUSSIA: C1",
                          "add RUSSIA: D1"});
}

TEST_CASE("an unnumbered paragraph goes on with the list above it") {
  const auto r = read({supplement4, "a. Under OMAN, adding entries for “A1;” and", "“B1”; and",
                       "b. Under PERU, removing “C1”.", "The additions and revisions read as follows:"});
  CHECK(shown(r) == Lines{"add OMAN: A1", "add OMAN: B1", "remove PERU: C1"});
  CHECK(r.findings.empty());
}

TEST_CASE("lost and misplaced quotation marks are put right and reported") {
  const auto r = read({supplement4,
                       "a. Under OMAN, by adding entries for Address 03”; “Umber; “Vetch;” Willow "
                       "“Technology Co., Ltd.;” “Yew” Trading Co.; and “Zinnia.”"});
  REQUIRE(shown(r) == Lines{"add OMAN: Address 03", "add OMAN: Umber", "add OMAN: Vetch",
                            "add OMAN: Willow Technology Co., Ltd.", "add OMAN: Yew Trading Co.",
                            "add OMAN: Zinnia"});
  for (const std::size_t repaired : {0u, 1u, 3u, 4u})
    CHECK(has_finding(r.entries[repaired].findings, "quotes_repaired"));
  for (const std::size_t sound : {2u, 5u}) CHECK(r.entries[sound].findings.empty());
}

TEST_CASE("a quotation inside a name is part of it") {
  const auto r =
      read({supplement4, "a. Under RUSSIA, by adding entries for “JSC “Almond”;” and “JSC Basil;”"});
  CHECK(shown(r) == Lines{"add RUSSIA: JSC “Almond”", "add RUSSIA: JSC Basil"});
}

TEST_CASE("a country in brackets is a part of the name that is quoted with it") {
  const auto r =
      read({supplement4,
            "a. Under UNITED ARAB EMIRATES (U.A.E.), removing the entries for “K Logistics (China) "
            "Limited;” “Kay (UAE) FZE;” “See (See) Ltd.;” and “Last (PRC) Co.”;"});
  CHECK(shown(r) == Lines{"remove UNITED ARAB EMIRATES: K Logistics (China) Limited",
                          "remove UNITED ARAB EMIRATES: Kay (UAE) FZE",
                          "remove UNITED ARAB EMIRATES: See (See) Ltd.",
                          "remove UNITED ARAB EMIRATES: Last (PRC) Co."});
  CHECK(r.findings.empty());
}

TEST_CASE("straight and doubled quotation marks") {
  CHECK(shown(read({supplement4, "a. Under OMAN, adding \"A1;\" and \"B1.\""})) ==
        Lines{"add OMAN: A1", "add OMAN: B1"});
  CHECK(shown(read({supplement4, "a. Under OMAN, adding ``A1;'' and ``B1.''"})) ==
        Lines{"add OMAN: A1", "add OMAN: B1"});
  CHECK(shown(read({supplement4, "a. Under OMAN, removing ‘A1’ and ‘B1’."})) ==
        Lines{"remove OMAN: A1", "remove OMAN: B1"});
}

TEST_CASE("a missing verb before entries in alphabetical order is an addition under review") {
  const auto r =
      read({supplement4, "a. Under CHINA, PEOPLE'S REPUBLIC OF, in alphabetical order, entries for “A1”"});
  REQUIRE(shown(r) == Lines{"add CHINA, PEOPLE'S REPUBLIC OF: A1"});
  CHECK(has_finding(r.entries[0].findings, "missing_verb"));
  const auto unclear = read({supplement4, "a. Under OMAN, the entry for “A1”."});
  CHECK(unclear.entries.empty());
  CHECK(has_finding(unclear.findings, "unplaced_instruction"));
}

TEST_CASE("a name without quotation marks among others is reported") {
  const auto r = read({supplement4, "a. Under OMAN, adding entries for “A1”; Bronze LLC; and “C1.”"});
  REQUIRE(r.entries.size() == 2);
  CHECK(has_finding(r.entries[1].findings, "unread_words"));
}

TEST_CASE("two verbs over the same names leave the kind to the table") {
  const auto r =
      read({supplement4,
            "a. Under OMAN, by revising and adding in alphabetical order entries for “A1” and “B1.”"});
  REQUIRE(r.entries.size() == 2);
  CHECK(has_finding(r.entries[0].findings, "kind_uncertain"));
  CHECK(r.findings.empty());
}

TEST_CASE("a range of address entries") {
  const auto r = read({supplement4, "a. Under OMAN, adding entries for “Address 08” through “Address 11”."});
  CHECK(shown(r) == Lines{"add OMAN: Address 08", "add OMAN: Address 09", "add OMAN: Address 10",
                          "add OMAN: Address 11"});
}

TEST_CASE("what alters a part of an entry revises it and removes nothing") {
  CHECK(shown(read({supplement4,
                    "a. In the entry for “A1” under OMAN, by removing the alias “B1” and adding the address "
                    "“1 Main Street”;"})) == Lines{"revise OMAN: A1 (partial)"});
  CHECK(shown(read({supplement4, "a. In the entry for “A1” under OMAN:", "i. By removing the alias “B1”; and",
                    "ii. By adding the alias “C1”;", "b. Under PERU, removing “D1”."})) ==
        Lines{"revise OMAN: A1 (partial)", "remove PERU: D1"});
  CHECK(shown(read({supplement4,
                    "a. Under OMAN, by removing the address “1 Main Street” from the entry for “A1”."})) ==
        Lines{"revise OMAN: A1 (partial)"});
  CHECK(shown(read({supplement4,
                    "a. By revising the entry for “A1” under the heading for OMAN by removing the alias “B1” "
                    "and adding the alias “C1”."})) == Lines{"revise OMAN: A1 (partial)"});
  CHECK(
      shown(read({"2. Supplement No. 4 to part 744 is amended, in the entry for “A1” under OMAN, by revising "
                  "“presumption of denial” to read “case-by-case”."})) == Lines{"revise OMAN: A1 (partial)"});
}

TEST_CASE("a rename in words") {
  CHECK(shown(read({supplement4, "a. Revising the entry for “Old Ltd.” to read “New Ltd.” under OMAN;",
                    "b. By redesignating the entry for “A1” as “B1” under PERU."})) ==
        Lines{"revise OMAN: Old Ltd. -> New Ltd. (partial)", "revise PERU: A1 -> B1 (partial)"});
  CHECK(shown(read({supplement4,
                    "a. Under OMAN, removing the entry “A1” and adding the entry “B1” in its place."})) ==
        Lines{"revise OMAN: A1 -> B1 (partial)"});
}

TEST_CASE("a removal that quotes the whole entry keeps its name") {
  CHECK(shown(read({supplement4,
                    "(c) By removing under Germany, the German entity: “Quince Handel, a.k.a., the following "
                    "alias: -QH, Some Street 1, 22399 Hamburg, Germany”;"})) ==
        Lines{"remove GERMANY: Quince Handel"});
  const auto unquoted = read({supplement4, "a. By removing the Omani entity Foo Bar Co., Ltd. under OMAN;"});
  REQUIRE(shown(unquoted) == Lines{"remove OMAN: Foo Bar Co., Ltd."});
  CHECK(has_finding(unquoted.entries[0].findings, "name_not_quoted"));
}

TEST_CASE("entries left to the table") {
  CHECK(shown(read({supplement4, "a. By adding the following entries in alphabetical order under OMAN:"})) ==
        Lines{"add OMAN: (table)"});
  CHECK(shown(read({"2. Supplement No. 4 to part 744 is amended by adding, in alphabetical order, entries "
                    "under OMAN and PERU to read as follows:"})) ==
        Lines{"add OMAN: (table)", "add PERU: (table)"});
}

TEST_CASE("what touches other places is no entry") {
  const auto r = read({"1. The authority citation for 15 CFR part 744 continues to read as follows:",
                       "5. Section 744.11 is amended by revising paragraph (a) introductory text and "
                       "removing and reserving paragraph (a)(1) to read as follows:",
                       "7. Supplement no. 4 to part 744 is amended by revising the introductory text to the "
                       "supplement to read as follows:",
                       "8. Supplement no. 8 to part 744 is added to read as follows:",
                       "9. Section 744.21 is amended by:", "a. Adding paragraph (a)(3);",
                       "b. In paragraph (b)(2), revising the first sentence; and"});
  CHECK(r.entries.empty());
  CHECK(r.findings.empty());
  CHECK(r.touched ==
        std::vector<Touched>{{15, "744", "744.11", "paragraph (a) introductory text", "revise"},
                             {15, "744", "744.11", "paragraph (a)(1)", "remove"},
                             {15, "744", "Supplement No. 4", "introductory text", "revise"},
                             {15, "744", "Supplement No. 8", "whole supplement", "add"},
                             {15, "744", "744.21", "paragraph (a)(3)", "add"},
                             {15, "744", "744.21", "paragraph (b)(2), first sentence", "revise"}});
}

TEST_CASE("supplement 4 to another part is no list") {
  const auto r = read({"4. Supplement No. 4 to part 774 is amended by adding entries for “A1”."}, "774");
  CHECK(r.entries.empty());
  CHECK(r.touched.size() == 1);
  const auto implied = read({"4. Supplement No. 4 is amended under OMAN by adding “A1”."}, "744");
  CHECK(shown(implied) == Lines{"add OMAN: A1"});
}

TEST_CASE("one rule amends several lists") {
  const auto r = read({"2. Supplement No. 4 to part 744 is amended under RUSSIA by adding “A1”.",
                       "3. Supplement No. 6 to part 744 is amended under RUSSIA by removing “A1”.",
                       "4. Supplement No. 7 to part 744 is amended under RUSSIA by removing “B1”."});
  REQUIRE(r.entries.size() == 3);
  CHECK(r.entries[0].list == ListId::entity_list);
  CHECK(r.entries[1].list == ListId::unverified_list);
  CHECK(r.entries[2].list == ListId::meu_list);
}

TEST_CASE("an instruction may set its own date") {
  const auto r = read(
      {"2. Effective October 9, 2019, supplement no. 4 to part 744 is amended under OMAN by adding “A1”."});
  REQUIRE(r.entries.size() == 1);
  CHECK(r.entries[0].effective_on == parse_iso_date("2019-10-09"));
}

TEST_CASE("corrections name what they correct") {
  const auto r =
      read({"2. In FR Doc. 2024-13148 appearing on page 51644 in the Federal Register of Tuesday, June 18, "
            "2024, the following corrections are made:",
            "a. On page 51662, in Supplement No. 4 to Part 744, under RUSSIA, the entry for “A1” is "
            "corrected to read as follows:"});
  REQUIRE(shown(r) == Lines{"revise RUSSIA: A1"});
  CHECK(r.entries[0].is_correction);
  CHECK(r.relations == std::vector<Relation>{{"corrects", "2024-13148"}});
}

TEST_CASE("instructions about entries that cannot be read are never passed over") {
  for (const std::string words :
       {"a. Under OMAN, by transferring the entry for “A1” to PERU.", "a. Under OMAN, by removing.",
        "a. Under OMAN, adding in alphabetical order;"}) {
    const auto r = read({supplement4, words});
    INFO(words);
    CHECK(r.entries.empty());
    CHECK(has_finding(r.findings, "unplaced_instruction"));
  }
}

TEST_CASE("what counts nothing is no mark of an item") {
  const auto r = read({supplement4, "a. Under OMAN, by:", "i. Adding an entry for “A1”;",
                       "by. Removing the entry for “B1”;"});
  CHECK(shown(r) == Lines{"add OMAN: A1", "remove OMAN: B1"});
}

TEST_CASE("roman numbers go as far as a long list needs") {
  std::vector<std::string> paragraphs{supplement4, "a. Under OMAN, by:"};
  constexpr std::array ones{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
  constexpr std::array tens{"", "x", "xx", "xxx"};
  Lines expected;
  const auto item = [&](const std::string& roman) {
    paragraphs.push_back(roman + ". Revising the entry for “N " + roman + "”;");
    expected.push_back("revise OMAN: N " + roman);
  };
  for (const char* ten : tens) {
    if (*ten != 0) item(ten);
    for (const char* one : ones) item(std::string(ten) + one);
  }
  item("xl");
  item("xli");
  paragraphs.push_back("b. Under PERU, removing the entry for “Z”.");
  expected.push_back("remove PERU: Z");
  CHECK(shown(read(paragraphs)) == expected);
}

TEST_CASE("any bytes are read without a crash") {
  const std::string words =
      "2. Supplement No. 4 to part 744 is amended: a. Under OMAN, by adding “A1;” and “B1” (i) In the entry "
      "for “C1” ii. “";
  for (std::size_t n = 0; n <= words.size(); ++n) static_cast<void>(read({words.substr(0, n)}));
  for (std::size_t n = 0; n < words.size(); ++n)
    for (const char c : {'\x80', '\xE2', '"', '(', '9', '\0'}) {
      std::string damaged = words;
      damaged[n] = c;
      static_cast<void>(read({damaged}));
    }
  std::string quotes;
  for (int i = 0; i < 40'000; ++i) quotes += "“";
  CHECK_FALSE(read({supplement4, "a. Under OMAN, adding " + quotes}).findings.empty());
}

namespace {

// Quoted as rules quote lists of names: the joint inside or outside the quotation, curled or straight.
std::string quoted_list(const Lines& names, std::size_t style) {
  const bool inside = style % 2 == 0;
  const bool straight = style % 3 == 2;
  const std::string joint = style % 5 < 3 ? ";" : ",";
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    if (i > 0) out += last ? " and " : " ";
    const std::string after = last ? "" : joint;
    out += straight ? "\"" : "“";
    out += names[i] + (inside ? after : "");
    out += straight ? "\"" : "”";
    if (!inside) out += after;
  }
  return out;
}

std::string without_stop(std::string name) {
  while (name.ends_with('.')) name.pop_back();
  return name;
}

}  // namespace

// Whatever a name of the real lists holds, an instruction that quotes it is read with the name whole, and
// none of its neighbours is lost.
TEST_CASE("every real name survives its quotation", "[corpus]") {
  const std::string part = test::corpus("ecfr/part-744_2026-03-25.xml");
  if (part.empty()) SKIP("the corpus is absent");
  const auto ecfr = read_ecfr_part(part);
  REQUIRE(ecfr);
  Lines names;
  const auto take = [&](const std::string& name) {
    const bool holds_more = name.find("“") != std::string::npos || name.find("k.a.") != std::string::npos;
    if (!holds_more && country_code(name).empty()) names.push_back(name);
  };
  for (const Listing& row : ecfr->lists.front().rows) {
    take(row.name);
    for (const std::string& alias : row.aliases) take(alias);
  }
  REQUIRE(names.size() > 8000);
  constexpr std::size_t together = 6;
  for (std::size_t i = 0; i < names.size(); i += together) {
    const Lines some(names.begin() + static_cast<std::ptrdiff_t>(i),
                     names.begin() + static_cast<std::ptrdiff_t>(std::min(i + together, names.size())));
    const auto r =
        read({supplement4, "a. Under OMAN, removing the entries for " + quoted_list(some, i / together) + ";",
              "b. Under PERU, removing the entry for “Last”."});
    Lines expected;
    for (const std::string& name : some) expected.push_back("remove OMAN: " + without_stop(name));
    expected.push_back("remove PERU: Last");
    Lines found;
    for (const std::string& line : shown(r)) found.push_back(without_stop(line));
    CHECK(found == expected);
  }
}

}  // namespace entitywatch::parsers
