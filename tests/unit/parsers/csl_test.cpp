#include "parsers/csl.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/identity.hpp"
#include "parsers/cell_text.hpp"
#include "parsers/csl_record.hpp"
#include "parsers/dpl.hpp"
#include "parsers/ecfr.hpp"
#include "tests/unit/parsers/list_files.hpp"

using namespace entitywatch;
using namespace entitywatch::parsers;
using namespace entitywatch::test;

namespace {

const ListReading& list_of(const CslReading& reading, ListId id) {
  for (const ListReading& l : reading.lists)
    if (l.list == id) return l;
  FAIL("no list " << to_string(id));
  return reading.lists.front();
}

std::vector<std::string> names_of(const ListReading& reading) {
  std::vector<std::string> out;
  for (const Listing& row : reading.rows) out.push_back(row.country_code + ' ' + row.name);
  return out;
}

}  // namespace

TEST_CASE("every list of the file by its name") {
  const auto reading = read_csl(fixture("csl/consolidated.csv"));
  REQUIRE(reading);
  std::size_t rows = 0;
  for (const ListReading& l : reading->lists) rows += l.rows_in_file;
  CHECK(rows == 21);
  for (const ListId id : all_lists())
    if (id != ListId::military_intelligence) CHECK(list_of(*reading, id).rows_in_file > 0);
  REQUIRE(reading->findings.size() == 1);
  CHECK(reading->findings[0].code == "source_unknown");
  CHECK(reading->findings[0].excerpt == "Fictitious Watch List (FWL) - Weather Department");
}

TEST_CASE("sources by full name and by code") {
  CHECK(csl_list("Specially Designated Nationals (SDN) - Treasury Department") == ListId::ofac_sdn);
  CHECK(csl_list("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department") ==
        ListId::ofac_ns_mbs);
  CHECK(csl_list("Military-Intelligence End Users - Bureau of Industry and Security") ==
        ListId::military_intelligence);
  CHECK(csl_list("Military End User (MEU) List - Bureau of Industry and Security") == ListId::meu_list);
  CHECK(csl_list("EL") == ListId::entity_list);
  CHECK(csl_list("dtc") == ListId::itar_debarred);
  CHECK_FALSE(csl_list("Non-SDN Iranian Sanctions Act List (NS-ISA) - Treasury Department"));
  CHECK_FALSE(csl_list(""));
}

TEST_CASE("a party under several destinations is a listing for each, and once") {
  const auto reading = read_csl(fixture("csl/consolidated.csv"));
  REQUIRE(reading);
  const ListReading& el = list_of(*reading, ListId::entity_list);
  CHECK(el.rows_in_file == 7);
  CHECK(names_of(el) == std::vector<std::string>{"BY Borealis Optics Company", "RU Borealis Optics Company",
                                                 "CN Xi'an Lantern Technology Co., Ltd.",
                                                 "CN Jade River Trading Limited", "UA OOO \"Volna\"",
                                                 "CN Amber Radio Works"});
  const Listing& belarus = el.rows[0];
  CHECK(belarus.country == "BELARUS");
  CHECK(belarus.addresses == std::vector<std::string>{"4 Kirova St., Borisov, 222512, Belarus"});
  CHECK(belarus.aliases == std::vector<std::string>{"Borealis Optika", "BOC", "JSC Borealis"});
  CHECK(belarus.citations ==
        std::vector<Citation>{{84, 54002, {}, false}, {85, 44159, {}, false}, {86, 1234, {}, false}});
  CHECK(belarus.policy_form == "presumption-of-denial");
  CHECK(belarus.start_date == parse_iso_date("2019-10-09"));
  const Listing& russia = el.rows[1];
  CHECK(russia.addresses == std::vector<std::string>{"9 Lenina Avenue, Smolensk, 214000, Russia",
                                                     "12 Pushkina Street, Smolensk, Russia"});
}

TEST_CASE("destinations are the supplement's") {
  const auto reading = read_csl(fixture("csl/consolidated.csv"));
  REQUIRE(reading);
  const ListReading& el = list_of(*reading, ListId::entity_list);
  // Hong Kong stands under China since 2020; the file still has a record for each.
  const Listing& jade = el.rows[3];
  CHECK(jade.country == "CHINA, PEOPLE'S REPUBLIC OF");
  CHECK(jade.addresses == std::vector<std::string>{"Room 4, 9/F, 30 Harbour Road, Wan Chai, Hong Kong",
                                                   "8 Canal Road, Shenzhen, China"});
  CHECK(el.rows[4].country == "CRIMEA REGION OF UKRAINE");
  CHECK(el.rows[4].addresses.size() == 2);
  CHECK(list_of(*reading, ListId::unverified_list).rows[0].country == "CHINA, PEOPLE'S REPUBLIC OF");
  CHECK(list_of(*reading, ListId::unverified_list).rows[0].addresses ==
        std::vector<std::string>{"Rm 511, 5/F, 1 Temple Street, Sha Tin, New Territories, Hong Kong"});
}

TEST_CASE("what an export lost is put back where it is certain") {
  CHECK(mend_question_marks("Xi?an") == "Xi'an");
  CHECK(mend_question_marks("Donetsk People?s Republic") == "Donetsk People's Republic");
  CHECK(mend_question_marks("FAU ?Glavgosekspertiza Rossii?") == "FAU \"Glavgosekspertiza Rossii\"");
  CHECK(mend_question_marks("Unit 1001 ? 1002, 99?5 Road") == "Unit 1001 - 1002, 99-5 Road");
  CHECK(mend_question_marks("Huawei do Brasil Telecomunicac?es") == "Huawei do Brasil Telecomunicac?es");
  CHECK(mend_question_marks("?") == "?");
  CHECK(mend_question_marks("") == "");
  CHECK(cell_text("Caf\xE9 \x93X\x94") == "Café “X”");
  CHECK(cell_text("Caf\xC3\xA9  x\r\ny") == "Café x y");
  const auto reading = read_csl(fixture("csl/consolidated.csv"));
  REQUIRE(reading);
  const Listing& lantern = list_of(*reading, ListId::entity_list).rows[2];
  CHECK(lantern.name == "Xi'an Lantern Technology Co., Ltd.");  // the town is in the address
  CHECK(lantern.aliases == std::vector<std::string>{"\"Lantern\"", "Lantern R?D"});
  CHECK(has_finding(lantern.findings, "lost_character"));
  CHECK_FALSE(lantern.start_date);
  CHECK(has_finding(lantern.findings, "impossible_date"));
}

TEST_CASE("members of a group have their own name") {
  const auto reading = read_csl(fixture("csl/consolidated.csv"));
  REQUIRE(reading);
  const Listing& works = list_of(*reading, ListId::entity_list).rows[5];
  CHECK(works.name == "Amber Radio Works");
  CHECK(works.parent == "Amber Group 7th Research Institute");
  CHECK(works.addresses == std::vector<std::string>{"50 Long Road, Nanjing, China",
                                                    "52 Long Road, Nanjing, China, Nanjing, China"});
}

TEST_CASE("denied persons read as in their own file") {
  const auto csl = read_csl(fixture("csl/consolidated.csv"));
  const auto dpl = read_dpl(fixture("dpl/tabs.txt"));
  REQUIRE(csl);
  REQUIRE(dpl);
  const ListReading& list = list_of(*csl, ListId::denied_persons);
  REQUIRE(list.rows.size() == 3);
  CHECK(list.rows_in_file == 2);
  CHECK(list.rows[0].name == dpl->rows[0].name);
  CHECK(list.rows[0].addresses == dpl->rows[0].addresses);
  CHECK(list.rows[0].citations == dpl->rows[0].citations);
  CHECK(list.rows[0].remarks == dpl->rows[0].remarks);
  CHECK(list.rows[1].country_code == "MT");
  CHECK(list.rows[2].addresses == std::vector<std::string>{"P.O. BOX 9, ANTHONY, NM, 88021, US"});
}

TEST_CASE("lists of Treasury and State") {
  const auto reading = read_csl(fixture("csl/consolidated.csv"));
  REQUIRE(reading);
  const ListReading& sdn = list_of(*reading, ListId::ofac_sdn);
  REQUIRE(sdn.rows.size() == 2);
  CHECK(sdn.rows[0].country == "SYRIA");
  CHECK(sdn.rows[0].programs == std::vector<std::string>{"SDGT", "IRGC"});
  CHECK(sdn.rows[0].addresses == std::vector<std::string>{"Basrah, Iraq"});
  CHECK(sdn.rows[0].remarks ==
        "Director; (Linked To: QUILL HOLDINGS); Born: 1967, 1966; Born in: Tall 'Afar, Iraq");
  CHECK(sdn.rows[1].country_code == "MT");
  CHECK(list_of(*reading, ListId::isn_nonproliferation).rows[0].citations ==
        std::vector<Citation>{{86, 0, parse_iso_date("2021-04-15"), false}});
}

TEST_CASE("the JSON says what the CSV says") {
  const auto csv = read_csl(fixture("csl/consolidated.csv"));
  const auto json = read_csl(fixture("csl/consolidated.json"));
  REQUIRE(csv);
  REQUIRE(json);
  REQUIRE(csv->lists.size() == json->lists.size());
  for (std::size_t i = 0; i < csv->lists.size(); ++i) {
    const ListReading& a = csv->lists[i];
    const ListReading& b = json->lists[i];
    CHECK(a.list == b.list);
    CHECK(a.rows_in_file == b.rows_in_file);
    REQUIRE(a.rows.size() == b.rows.size());
    for (std::size_t r = 0; r < a.rows.size(); ++r) {
      Listing from_csv = a.rows[r];
      Listing from_json = b.rows[r];
      from_csv.raw = from_json.raw = {};
      from_csv.findings.clear();
      from_json.findings.clear();
      INFO(from_csv.name);
      CHECK(from_csv == from_json);
    }
    REQUIRE(b.checks.size() == 1);
    CHECK(b.checks[0].ok);
  }
}

TEST_CASE("one page of a search answer is not the list") {
  const auto page = read_csl(
      R"({"total": 14160, "sources": [{"source": "Unverified List (UVL) - Bureau of Industry and Security"}],
          "results": [{"source": {"code": "EL"}, "name": "A Ltd", "addresses": [{"country": "CN"}]}]})");
  REQUIRE(page);
  REQUIRE(page->lists.size() == 1);
  CHECK(page->lists[0].checks[0].name == "stated_total");
  CHECK_FALSE(page->lists[0].checks[0].ok);
  CHECK(has_finding(page->findings, "source_without_rows"));
}

TEST_CASE("what is no Consolidated Screening List") {
  CHECK(read_csl("").error().code == ErrorCode::malformed);
  CHECK(read_csl("<html>Request Access</html>").error().code == ErrorCode::malformed);
  CHECK(read_csl("{\"message\": \"Not Found\"}").error().code == ErrorCode::malformed);
  CHECK(read_csl("[1, {\"source\": 7}]")->findings.size() == 2);
  CHECK(read_csl("{\"results\": [").error().code == ErrorCode::malformed);
  CHECK(read_csl(std::string(5000, '[')).error().code == ErrorCode::malformed);
  CHECK(read_csl("a,b,c\n1,2,3\n").error().code == ErrorCode::malformed);
}

TEST_CASE("a file cut in the middle of a row") {
  const std::string whole = fixture("csl/consolidated.csv");
  const std::size_t at = whole.find("Granite Aero");
  const auto reading = read_csl(std::string_view(whole).substr(0, at + 4));
  REQUIRE(reading);
  CHECK(list_of(*reading, ListId::meu_list).rows_in_file == 1);
  CHECK(list_of(*reading, ListId::meu_list).rows.empty());
  CHECK(has_finding(list_of(*reading, ListId::meu_list).findings, "row_unread"));
}

TEST_CASE("any bytes can be read as a Consolidated Screening List") {
  for (const char* name : {"csl/consolidated.csv", "csl/consolidated.json"})
    survives_damage(fixture(name), [](std::string_view bytes) {
      if (const auto reading = read_csl(bytes))
        for (const ListReading& l : reading->lists) CHECK(l.rows_in_file > 0);
    });
}

TEST_CASE("a real Consolidated Screening List", "[corpus]") {
  const std::string bytes = corpus("csl/consolidated_2022-05.csv");
  if (bytes.empty()) SKIP("the corpus is absent");
  const auto reading = read_csl(bytes);
  REQUIRE(reading);
  CHECK(reading->findings.empty());
  std::size_t in_file = 0;
  for (const ListReading& l : reading->lists) {
    in_file += l.rows_in_file;
    CHECK_FALSE(has_finding(l.findings, "row_unread"));
  }
  CHECK(in_file == 14160);
  const ListReading& el = list_of(*reading, ListId::entity_list);
  CHECK(el.rows_in_file == 2001);

  const std::string part = corpus("ecfr/part-744_2026-03-25.xml");
  if (part.empty()) SKIP("the corpus is absent");
  const auto ecfr = read_ecfr_part(part);
  REQUIRE(ecfr);
  const Matching m = match_rows(rows_of(ecfr->lists.front()), rows_of(el));
  // Four years lie between the two; what the list has lost or renamed since does not match.
  CHECK(m.pairs.size() * 100 >= el.rows.size() * 95);
}
