#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/time.hpp"
#include "parsers/entity_cell.hpp"

using namespace entitywatch;
using namespace entitywatch::parsers;

namespace {

Citation cited(int volume, int page, std::string_view date, bool repaired = false) {
  return {volume, page, parse_iso_date(date), repaired};
}

Listing read(std::string_view text) {
  Listing listing;
  read_citation_cell(text, listing);
  return listing;
}

}  // namespace

TEST_CASE("citations as printed") {
  CHECK(read("84 FR 54004, 10/9/19.\n85 FR 44159, 7/22/20.").citations ==
        std::vector{cited(84, 54004, "2019-10-09"), cited(85, 44159, "2020-07-22")});
  CHECK(read("84 FR 54004, 10/9/19.85 FR 44159, 7/22/20").citations.size() == 2);
  CHECK(read("85 FR 83799, 12/23/2020.").citations == std::vector{cited(85, 83799, "2020-12-23")});
  CHECK(read("79 FR 34217, June 16, 2014; 82 FR 16732, April 6, 2017.").citations ==
        std::vector{cited(79, 34217, "2014-06-16"), cited(82, 16732, "2017-04-06")});
  CHECK(read("82 FR 724, 1/4/17.").citations == std::vector{cited(82, 724, "2017-01-04")});
  CHECK(read("84 FR 54004, 10/9/19.").findings.empty());
}

TEST_CASE("placeholders have page 0") {
  const std::string text = GENERATE(
      "88 FR [INSERT FR PAGE NUMBER AND 2/27/2023].", "88 FR [INSERT FR PAGE NUMBER], February 27, 2023.",
      "88 FR [Insert FR Page Number and 2/27/23]", "88 FR [INSERT FIRST PAGE OF DOCUMENT] 2/27/2023.");
  CAPTURE(text);
  CHECK(read(text).citations == std::vector{cited(88, 0, "2023-02-27")});
}

TEST_CASE("misprints that are certain are repaired") {
  CHECK(read("77 FR 231164/18/12.").citations == std::vector{cited(77, 23116, "2012-04-18", true)});
  CHECK(read("73 FR 5450812/5/08.").citations == std::vector{cited(73, 54508, "2008-12-05", true)});
  CHECK(read("66 FR 50090 10/1/01.").citations == std::vector{cited(66, 50090, "2001-10-01", true)});
  CHECK(read("74 FR 8184. 2/24/09.").citations == std::vector{cited(74, 8184, "2009-02-24", true)});
  CHECK(read("88 FR FR 12158, 2/27/23.").citations == std::vector{cited(88, 12158, "2023-02-27", true)});
  CHECK(read("80 FR 52968 preview citation details, 9/2/15. 89 FR 51652, 6/18/24.").citations ==
        std::vector{cited(80, 52968, "2015-09-02", true), cited(89, 51652, "2024-06-18")});
}

TEST_CASE("what cannot be read with certainty is left out and found") {
  // Page 1231 and December, or page 12311 and February: both are days of 2012.
  const Listing glued = read("77 FR 1231112/5/12.");
  CHECK(glued.citations.size() + glued.findings.size() >= 1);
  const Listing ambiguous = read("77 FR 72312/5/12.");
  CHECK(ambiguous.citations.empty());
  REQUIRE(ambiguous.findings.size() == 1);
  CHECK(ambiguous.findings[0].code == "citation_unread");
  CHECK(ambiguous.findings[0].severity == Finding::Severity::review);
  CHECK(read("see the Federal Register").findings.size() == 1);
  CHECK(read("84 FR, 10/9/19.").findings.size() == 1);
  CHECK(read("84 FR 54004, 10/9/19. and more").findings.size() == 1);
  CHECK(read("83 FR 61541, 11/13/19.").findings.at(0).code == "citation_date");
  CHECK(read("83 FR 61541, 13/13/18.").findings.at(0).code == "citation_without_date");
  CHECK(read("").findings.empty());
}
