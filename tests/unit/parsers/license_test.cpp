#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "parsers/entity_cell.hpp"

using namespace entitywatch;
using namespace entitywatch::parsers;

TEST_CASE("license requirements reduce to a form and keep their words") {
  struct Case {
    std::string text, form;
  };
  const Case c = GENERATE(
      Case{"For all items subject to the EAR. (See § 744.11 of the EAR)", "all-items"},
      Case{"All Items Subject to the EAR", "all-items"},
      Case{"For all items subject to the EAR, see §§ 734.9(e) and 744.11 of the EAR", "all-items"},
      Case{"For all items subject to the EAR when used in projects specified in § 746.8(a)(4) of the EAR",
           "all-items-in-projects"},
      Case{"All items subject to the EAR except for food or medicine designated as EAR99.",
           "all-items-with-exceptions"},
      Case{"For all items subject to the EAR. (See § 744.11). This license requirement may be overcome by "
           "License Exception GOV",
           "all-items-with-exceptions"},
      Case{"For items on the CCL and EAR99 items listed in supplement no. 7 to part 746 of the EAR",
           "listed-items"},
      Case{"See § 744.2 of the EAR", "see-section"});
  Listing r;
  read_requirement_cell(c.text, r);
  CAPTURE(c.text);
  CHECK(r.license_requirement == c.text);
  CHECK(r.requirement_form == c.form);
  CHECK(r.footnotes.empty());
  CHECK(r.findings.empty());
}

TEST_CASE("review policies reduce to a form") {
  struct Case {
    std::string text, form;
  };
  const Case c = GENERATE(
      Case{"Presumption of denial.", "presumption-of-denial"}, Case{"Policy of Denial", "policy-of-denial"},
      Case{"Policy of denial. See § 746.8(b)", "policy-of-denial"},
      Case{"Policy of denial for all items apart from food, which will be reviewed on a case-by-case basis. "
           "See § 746.8(b)",
           "policy-of-denial-with-exceptions"},
      Case{"Policy of denial; Case-by-case basis for U.S. Government supported space programs",
           "policy-of-denial-with-exceptions"},
      Case{"Presumption of denial except case-by-case for items not described in ECCN 3B001.a.4",
           "presumption-of-denial-with-exceptions"},
      Case{"Presumption of denial for items at advanced nodes; Case by case for all other items.", "mixed"},
      Case{"Case-by-case review for ECCNs 1A004.c; and presumption of denial for all other items subject to "
           "the EAR",
           "mixed"},
      Case{"Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items", "mixed"},
      Case{"Case-by-case basis", "case-by-case"},
      Case{"Presumption of approval for EAR99 items", "presumption-of-approval"},
      Case{"See §§ 744.2(d) and 744.3(d)", "see-section"});
  Listing r;
  read_policy_cell(c.text, r);
  CAPTURE(c.text);
  CHECK(r.license_review_policy == c.text);
  CHECK(r.policy_form == c.form);
}

TEST_CASE("words that fit no form are kept and noted") {
  Listing r;
  read_policy_cell("Will be announced", r);
  CHECK(r.policy_form.empty());
  CHECK(r.license_review_policy == "Will be announced");
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings[0].severity == Finding::Severity::note);
}

TEST_CASE("footnotes printed as bare digits are taken out, section numbers stay") {
  struct Case {
    std::string text, clean;
    std::vector<int> footnotes;
  };
  const Case c = GENERATE(
      Case{"(See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)",
           "(See §§ 734.9(g), 746.8(a)(3), and 744.21(b) of the EAR)",
           {3}},
      Case{"(See §§ 734.9(g)3, 746.8(a)(3) of the EAR)", "(See §§ 734.9(g), 746.8(a)(3) of the EAR)", {3}},
      Case{"see §§ 734.9(e) 1 and 744.11 of the EAR 2", "see §§ 734.9(e) and 744.11 of the EAR", {1, 2}},
      Case{"(See § 744.11 3 of the EAR)", "(See § 744.11 of the EAR)", {3}},
      Case{"(See §§ 734.9(e)(2) and 744.11 of the EAR)4", "(See §§ 734.9(e)(2) and 744.11 of the EAR)", {4}},
      Case{
          "(See §§ 734.9(g),\\3\\ 746.8(a)(3) of the EAR)", "(See §§ 734.9(g), 746.8(a)(3) of the EAR)", {3}},
      Case{"(See § 744.11 of the EAR)", "(See § 744.11 of the EAR)", {}},
      Case{"(See §§ 744.2(d), 744.3(d), and 744.4(d))", "(See §§ 744.2(d), 744.3(d), and 744.4(d))", {}},
      Case{"items in Category 5 Part 1 and EAR 99 items in supplement no. 7 to part 746",
           "items in Category 5 Part 1 and EAR 99 items in supplement no. 7 to part 746",
           {}});
  Listing r;
  read_requirement_cell(c.text, r);
  CAPTURE(c.text);
  CHECK(r.license_requirement == c.clean);
  CHECK(r.footnotes == c.footnotes);
  CHECK(r.raw.license_requirement == c.text);
}

TEST_CASE("footnote designations are kept ascending and once") {
  Listing r;
  add_footnotes(",4", r);
  add_footnotes("1 4", r);
  add_footnotes("2", r);
  add_footnotes("17", r);
  add_footnotes("", r);
  CHECK(r.footnotes == std::vector<int>{1, 2, 4});
}
