#include "parsers/dpl.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/compare.hpp"
#include "core/identity.hpp"
#include "parsers/denied_person.hpp"
#include "parsers/notice_citations.hpp"
#include "tests/unit/parsers/list_files.hpp"

using namespace entitywatch;
using namespace entitywatch::parsers;
using namespace entitywatch::test;

namespace {

const Listing& named(const ListReading& reading, std::string_view name) {
  for (const Listing& row : reading.rows)
    if (row.name == name) return row;
  FAIL("no row " << name);
  return reading.rows.front();
}

Date day(int y, unsigned m, unsigned d) {
  return std::chrono::year_month_day{std::chrono::year{y}, std::chrono::month{m}, std::chrono::day{d}};
}

}  // namespace

TEST_CASE("dpl.txt, tab-separated") {
  const auto reading = read_dpl(fixture("dpl/tabs.txt"));
  REQUIRE(reading);
  CHECK(reading->list == ListId::denied_persons);
  CHECK(reading->rows_in_file == 10);
  CHECK(reading->rows.size() == 9);
  CHECK(has_finding(reading->findings, "row_repeated"));

  const Listing& first = reading->rows.front();
  CHECK(first.name == "ARVID NORDQUIST");
  CHECK(first.country == "UNITED STATES");
  CHECK(first.country_code == "US");
  CHECK(first.addresses == std::vector<std::string>{"1200 HARBOR LANE, PORTSMOUTH, NH, 03801, US"});
  CHECK(first.start_date == day(2016, 4, 11));
  CHECK(first.end_date == day(2034, 7, 17));
  CHECK(first.citations == std::vector<Citation>{{81, 22575, day(2016, 4, 18), false}});
  CHECK(first.remarks == "Standard order");

  CHECK(named(*reading, "BLUE HERON EXPORTS, INC.").citations.size() == 2);
  CHECK(named(*reading, "EDDA \"LIV\" HOLM").addresses == std::vector<std::string>{"GENEVA, CH"});
  CHECK_FALSE(named(*reading, "EDDA \"LIV\" HOLM").end_date);
}

TEST_CASE("a country left in the column of the state") {
  const auto reading = read_dpl(fixture("dpl/tabs.txt"));
  REQUIRE(reading);
  const Listing& cypriot = named(*reading, "DEMIR OKAN");
  CHECK(cypriot.country_code == "CY");
  CHECK(has_finding(cypriot.findings, "country_in_state_column"));
  // RS is Russia here, by the older code.
  CHECK(named(*reading, "FEDOR ZIMIN").country_code == "RU");
}

TEST_CASE("dates and citations that cannot be are left out and noted") {
  const auto reading = read_dpl(fixture("dpl/tabs.txt"));
  REQUIRE(reading);
  const Listing& zimin = named(*reading, "FEDOR ZIMIN");
  CHECK_FALSE(zimin.start_date);
  CHECK(zimin.end_date == day(2037, 4, 28));
  CHECK(has_finding(zimin.findings, "impossible_date"));
  CHECK(zimin.citations.empty());
  CHECK(has_finding(zimin.findings, "citation_unread"));
  const Listing& calypso = named(*reading, "CALYPSO CHARTERS LTD.");
  CHECK(has_finding(calypso.findings, "impossible_date"));  // last update 3017
  CHECK(calypso.start_date == day(2017, 8, 10));
}

TEST_CASE("other names inside a name are aliases") {
  Listing l;
  set_denied_name("FUYI SUN A/K/A FRANK SUN", l);
  CHECK(l.name == "FUYI SUN");
  CHECK(l.aliases == std::vector<std::string>{"FRANK SUN"});
  Listing dba;
  set_denied_name("NORTHERN AIRLINES D/B/A N7 AIRLINES A/K/A N7", dba);
  CHECK(dba.name == "NORTHERN AIRLINES");
  CHECK(dba.aliases == std::vector<std::string>{"N7 AIRLINES", "N7"});
  Listing former;
  set_denied_name("NEW CO., LTD. F/K/A OLD CO., LTD.", former);
  CHECK(former.name == "NEW CO., LTD.");
  CHECK(former.former_names == std::vector<std::string>{"OLD CO., LTD."});
  Listing plain;
  set_denied_name(" AKAASH PATEL ", plain);
  CHECK(plain.name == "AKAASH PATEL");
  CHECK(plain.aliases.empty());
}

TEST_CASE("name and address out of one cell") {
  struct Case {
    const char* cell;
    const char* name;
    const char* street;
    const char* city;
    const char* state;
    const char* country;
    const char* postal;
  };
  const Case cases[] = {
      {"ADA LIN, 8019 NORTH ROW, HOUSE 21, , , DE, ", "ADA LIN", "8019 NORTH ROW, HOUSE 21", "", "", "DE",
       ""},
      {"GULL AIR, , , , LU, ", "GULL AIR", "", "", "", "LU", ""},
      {"WREN CO., LTD., 9 F, NO. 170 E. RD., TAIPEI, , TW, 10542", "WREN CO., LTD.", "9 F, NO. 170 E. RD.",
       "TAIPEI", "", "TW", "10542"},
      {"SNIPE (HOLDINGS, INC.), 3 HILL LANE, HOUSTON, TX, US, 77042", "SNIPE (HOLDINGS, INC.)", "3 HILL LANE",
       "HOUSTON", "TX", "US", "77042"},
      {"JON KIRK, III., 13204 A COURT, AUSTIN, TX, US, 78729", "JON KIRK, III.", "13204 A COURT", "AUSTIN",
       "TX", "US", "78729"},
      {"PEDRO ALVA, JR, INMATE NUMBER: 1, FCI A, BRYAN, TX, US, 77720", "PEDRO ALVA, JR",
       "INMATE NUMBER: 1, FCI A", "BRYAN", "TX", "US", "77720"},
      {"HU, LINGFEI, 1 QUARTZ DRIVE, SUITE B, SAN JOSE, CA, US, 95133", "HU, LINGFEI",
       "1 QUARTZ DRIVE, SUITE B", "SAN JOSE", "CA", "US", "95133"},
      {"CAPTAIN ROOK, OKBA AIR BASE, TRIPOLI, , LY, ", "CAPTAIN ROOK", "OKBA AIR BASE", "TRIPOLI", "", "LY",
       ""},
      {"UTA AVIATION JSC,, KEEL AIRPORT, NORTH REGION, , RU, 628012", "UTA AVIATION JSC", "KEEL AIRPORT",
       "NORTH REGION", "", "RU", "628012"},
      {"ANN LEE, P.O. Box 3000, ANTHONY, , NM, 88021", "ANN LEE", "P.O. Box 3000", "ANTHONY", "", "NM",
       "88021"},
      {"BO FAY, MAXWELL BASE, MONTGOMERY, AL, , 36112", "BO FAY", "MAXWELL BASE", "MONTGOMERY", "AL", "",
       "36112"},
      {"CY RAE, 127 A STREET, EL MARJ, , LY, LY", "CY RAE", "127 A STREET", "EL MARJ", "", "LY", "LY"},
      {"DI EVE, 5 QUAY, ROCHFORD, ESSEX, , GB", "DI EVE", "5 QUAY, ROCHFORD", "ESSEX", "", "GB", ""},
  };
  for (const Case& c : cases) {
    INFO(c.cell);
    const NameAndPlace got = split_name_and_address(c.cell);
    CHECK(got.name == c.name);
    CHECK(got.place.street == c.street);
    CHECK(got.place.city == c.city);
    CHECK(got.place.state == c.state);
    CHECK(got.place.country == c.country);
    CHECK(got.place.postal == c.postal);
  }
  CHECK_FALSE(split_name_and_address("NOBODY KNOWS").doubt.empty());
  CHECK(split_name_and_address("").name.empty());
}

TEST_CASE("the same orders in both layouts are the same entries") {
  const auto old_layout = read_dpl(fixture("dpl/tabs.txt"));
  const auto new_layout = read_dpl(fixture("dpl/one_cell.csv"));
  REQUIRE(old_layout);
  REQUIRE(new_layout);
  CHECK(new_layout->rows_in_file == 10);
  CHECK(new_layout->rows.size() == 10);
  const auto before = rows_of(*old_layout);
  const auto after = rows_of(*new_layout);
  const Matching m = match_rows(before, after);
  REQUIRE(m.gone.size() == 1);
  CHECK(before[m.gone[0]]->name == "OLD ORDER LTD.");
  REQUIRE(m.fresh.size() == 2);
  CHECK(after[m.fresh[0]]->name == "NORTH QUAY (HARBOR HOLDINGS, INC.)");
  CHECK(after[m.fresh[1]]->name == "PEDRO ALVA, JR");
  for (const Match& pair : m.pairs) {
    INFO(before[pair.before]->name);
    CHECK(before[pair.before]->addresses == after[pair.after]->addresses);
    const Comparison difference = compare(*before[pair.before], *after[pair.after]);
    if (before[pair.before]->name == "FEDOR ZIMIN")
      CHECK(difference.substance == std::vector<std::string>{"citations", "start_date"});
    else
      CHECK(difference.substance.empty());
  }
}

TEST_CASE("other files are not the Denied Persons List") {
  CHECK(read_dpl("").error().code == ErrorCode::malformed);
  CHECK(read_dpl("<html><body>Request Access</body></html>").error().code == ErrorCode::malformed);
  CHECK(read_dpl("_id,source,name\n1,EL,x\n").error().code == ErrorCode::malformed);
}

TEST_CASE("a row that was cut is counted and not read") {
  const std::string whole = fixture("dpl/tabs.txt");
  const auto reading = read_dpl(std::string_view(whole).substr(0, whole.size() - 60));
  REQUIRE(reading);
  CHECK(reading->rows_in_file == 10);
  CHECK(reading->rows.size() == 8);
  CHECK(has_finding(reading->findings, "row_unread"));
}

TEST_CASE("any bytes can be read as a Denied Persons List") {
  for (const char* name : {"dpl/tabs.txt", "dpl/one_cell.csv"})
    survives_damage(fixture(name), [](std::string_view bytes) {
      if (const auto reading = read_dpl(bytes)) CHECK(reading->rows.size() <= reading->rows_in_file);
    });
}

TEST_CASE("citations as lists print them") {
  const auto read = [](std::string_view text) { return read_notice_citations(text).citations; };
  CHECK(read("84 FR 54002; 85 FR 44159") ==
        std::vector<Citation>{{84, 54002, {}, false}, {85, 44159, {}, false}});
  CHECK(read("83F.R. 28801 6/21/2018") == std::vector<Citation>{{83, 28801, day(2018, 6, 21), false}});
  CHECK(read("89 F.R. 52022, 6/21/2024") == std::vector<Citation>{{89, 52022, day(2024, 6, 21), false}});
  CHECK(read("66 FR 24266, 77 FR 58006 (no. 182)") ==
        std::vector<Citation>{{66, 24266, {}, false}, {77, 58006, {}, false}});
  CHECK(read("73 FR 54504 (9/22/2008)") == std::vector<Citation>{{73, 54504, day(2008, 9, 22), false}});
  CHECK(read("Vol. 86, No. 71, 04/15/2021") == std::vector<Citation>{{86, 0, day(2021, 4, 15), false}});
  CHECK(read("76 FR No. 197 (10/12/2011)") == std::vector<Citation>{{76, 0, day(2011, 10, 12), false}});
  CHECK(read("46 F.R. 46154 9/17/81 and 46 F.R. 19290 3/30/81").size() == 2);
  CHECK(read("84 FR 1, 84 FR 1").size() == 1);
  CHECK(read("").empty());
  CHECK(read("NEW F.R. NOTICE TO BE PUBLISHED SOON").empty());
  // The year of the date is not that of the volume.
  const NoticeCitations mismatch = read_notice_citations("87 F.R. 52740 8/29/2002");
  CHECK(mismatch.citations == std::vector<Citation>{{87, 52740, {}, false}});
  CHECK(has_finding(mismatch.findings, "citation_date_mismatch"));
}

// Real files: how much is read, and what differs between snapshots.
TEST_CASE("real Denied Persons Lists", "[corpus]") {
  const std::string bytes_2018 = corpus("dpl/dpl_2018-08-03.txt");
  const std::string bytes_2019 = corpus("dpl/dpl_2019-06-12.txt");
  const std::string bytes_2026 = corpus("dpl/dpl_bis-new-format_2026-06-18.csv");
  if (bytes_2018.empty() || bytes_2019.empty() || bytes_2026.empty()) SKIP("the corpus is absent");
  const auto r2018 = read_dpl(bytes_2018);
  const auto r2019 = read_dpl(bytes_2019);
  const auto r2026 = read_dpl(bytes_2026);
  REQUIRE(r2018);
  REQUIRE(r2019);
  REQUIRE(r2026);
  CHECK(r2018->rows_in_file == 539);
  CHECK(r2019->rows_in_file == 546);
  CHECK(r2026->rows_in_file == 564);
  for (const auto* reading : {&*r2018, &*r2019, &*r2026}) {
    CHECK_FALSE(has_finding(reading->findings, "row_unread"));
    for (const Listing& row : reading->rows) {
      INFO(row.raw.entity);
      CHECK_FALSE(row.country_code.empty());
      CHECK(row.start_date.has_value());
    }
  }
  const Matching year = match_rows(rows_of(*r2018), rows_of(*r2019));
  CHECK(year.fresh.size() == 18);
  CHECK(year.gone.size() == 11);
  // Across the layouts no person is both gone and new.
  const Matching layouts = match_rows(rows_of(*r2019), rows_of(*r2026));
  CHECK(layouts.pairs.size() == 247);
  for (const std::size_t gone : layouts.gone)
    for (const std::size_t fresh : layouts.fresh)
      CHECK(name_key(ListId::denied_persons, "", r2019->rows[gone].name) !=
            name_key(ListId::denied_persons, "", r2026->rows[fresh].name));
}
