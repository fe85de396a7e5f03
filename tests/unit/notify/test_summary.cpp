#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "notify/mail_text.hpp"
#include "notify/summary.hpp"
#include "notify/words.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

namespace {

std::string fact(const Summary& summary, const std::string& label) {
  for (const Fact& f : summary.facts)
    if (f.label == label) return f.value;
  return "(none)";
}

}  // namespace

TEST_CASE("twenty-eight additions of one rule") {
  const Summary s = summarize(samples::additions(28));
  CHECK(s.headline == "Entity List: 28 added (China)");
  CHECK(s.lead == "Effective October 9, 2019, in force · 84 FR 54002 · verified");
  CHECK(s.subject == "Entity List: 28 added (China) — 84 FR 54002");
  CHECK(fact(s, "Authority") ==
        "84 FR 54002, document 2019-22210 — “Addition of Certain Entities to the Entity List”");
  CHECK(fact(s, "Published") ==
        "filed October 8, 2019, 4:15 p.m. Eastern (20:15 UTC); published October 9, 2019");
  CHECK(fact(s, "Checked") == "verified; 29 checks held: stated alias count (28), stated entities");
  CHECK(fact(s, "Savings clause") ==
        "goods en route on the effective date may proceed until November 8, 2019");
  CHECK(fact(s, "License") == "For all items subject to the EAR. (See § 744.11 of the EAR)");
  CHECK(s.local_url == "http://127.0.0.1:8744/#/documents/2019-22210");
  REQUIRE(s.items.size() == 28);
  CHECK(s.items[0].requirement.empty());  // said once, as a fact
  CHECK(s.items[0].aliases.size() == 2);
}

TEST_CASE("one removal is named in the headline and shows no license terms") {
  const Summary s = summarize(samples::removal());
  CHECK(s.headline ==
        "Entity List: Prefecture 7 Public Security Bureau Electronics Co., Ltd. (China) removed");
  CHECK(fact(s, "License") == "(none)");
}

TEST_CASE("a mixed rule counts each action and shows what a revision did") {
  const Summary s = summarize(samples::mixed(70, 4));
  CHECK(s.headline == "Entity List: 70 added, 4 revised (China 60, Pakistan 14)");
  const auto revised = std::find_if(s.items.begin(), s.items.end(),
                                    [](const Item& i) { return i.kind == ChangeKind::revised; });
  REQUIRE(revised != s.items.end());
  const std::vector<Difference> expected{
      {"Name", "Prefecture 1000 Security Electronics",
       "Prefecture 1000 Public Security Bureau Electronics Co., Ltd."},
      {"Aliases removed", "PPSB Former", ""},
      {"Aliases added", "", "Prefecture No. 1000 Bureau of Public Security"},
      {"Addresses removed", "12 Old Rd., Urumqi, China", ""},
      {"Addresses added", "", "1100 Yingbin Rd., Akesu City, XUAR 843000, China"},
      {"License review policy", "Presumption of denial",
       "Case-by-case review for ECCNs 1A004.c and 1A995; presumption of denial for all other items subject "
       "to the EAR"}};
  CHECK(revised->differences == expected);
}

TEST_CASE("the few revisions keep their details beside many additions") {
  const Summary s = summarize(samples::mixed(200, 4));
  const std::vector<bool> chosen = fair_share(s, 20);
  CHECK(std::count(chosen.begin(), chosen.end(), true) == 20);
  for (std::size_t i = 0; i < s.items.size(); ++i)
    if (s.items[i].kind == ChangeKind::revised) CHECK(chosen[i]);
  const std::string text = plain_text(s, {}).text;
  CHECK(text.find("was: Presumption of denial") != std::string::npos);
}

TEST_CASE("what is not yet in force says so everywhere") {
  const Summary s = summarize(samples::inspection("2019-10-12"));
  CHECK(s.headline == "Entity List: 3 to be added (China), effective October 12, 2019");
  CHECK(
      s.lead ==
      "Effective October 12, 2019, not yet in force · document 2019-22210 · on public inspection · verified");
  CHECK(s.subject.ends_with("— document 2019-22210, on public inspection"));
  CHECK(fact(s, "Authority").starts_with("document 2019-22210, not yet published"));
  CHECK(fact(s, "Published") ==
        "on public inspection since October 8, 2019, 4:15 p.m. Eastern (20:15 UTC); publication scheduled "
        "for October 11, 2019");
}

TEST_CASE("a rule on inspection that is in force already reads as added") {
  CHECK(summarize(samples::inspection("2019-10-08")).headline == "Entity List: 3 added (China)");
}

TEST_CASE("a withdrawn inspection document") {
  const Summary s = summarize(samples::withdrawn());
  CHECK(s.headline == "Withdrawn before publication: 3 changes to the Entity List will not take effect");
  CHECK(fact(s, "Effective") == "will not take effect as announced");
  CHECK(fact(s, "Savings clause") == "(none)");
  CHECK(fact(s, "Published").ends_with("withdrawn before publication"));
}

TEST_CASE("seen only in the eCFR, no rule known") {
  const Summary s = summarize(samples::ecfr_only());
  CHECK(s.subject.ends_with("added — seen only in the eCFR"));
  CHECK(fact(s, "Authority") == "no rule known; seen only in the eCFR of March 25, 2026");
  CHECK(s.local_url == "http://127.0.0.1:8744/#/entries/entry");
  CHECK(s.read_url == "https://www.ecfr.gov/on/2026-03-25/title-15/part-744");
  CHECK(s.lead.find("verified") == std::string::npos);  // nothing was stated to check against
}

TEST_CASE("a failed self-check is named, once where all share it") {
  const Summary s = summarize(samples::review());
  CHECK(s.subject.starts_with("[needs review] "));
  CHECK(s.lead.ends_with("NEEDS REVIEW"));
  REQUIRE(s.warnings.size() == 2);
  CHECK(s.warnings[0] == "stated entities: 4 expected, 3 found (adding four entities)");
  CHECK(s.items[0].problems.empty());
  CHECK(s.items[1].problems.size() == 1);
}

TEST_CASE("a change marked for review without a reason still says so") {
  AlertView view = samples::additions(1);
  view.changes[0].review = true;
  CHECK(summarize(view).warnings == std::vector<std::string>{"a self-check did not hold"});
}

TEST_CASE("a correction and a document without entries") {
  const Summary corrected = summarize(samples::correction());
  CHECK(corrected.headline.ends_with("(China) corrected"));
  CHECK(fact(corrected, "Bears on") == "corrects 2019-22209");
  const Summary document = summarize(samples::document_only());
  CHECK(document.headline ==
        "Rule, no entry changed: Expansion of End-User Controls To Cover Affiliates of Certain Listed "
        "Entities");
  CHECK(fact(document, "Touches") == "15 CFR 744.11, Supplement No. 4 to part 744");
}

TEST_CASE("an update says what only the later source shows") {
  const Summary s = summarize(samples::update());
  CHECK(s.headline.starts_with("Update to an earlier alert: "));
  REQUIRE_FALSE(s.facts.empty());
  CHECK(s.facts[0] ==
        Fact{"New", "Shown only by the eCFR of October 14, 2019: an address the rule did not print", ""});
}

TEST_CASE("watchlist matches stand first, the best first") {
  AlertView view = samples::additions(28);
  view.alert.matches = {{view.changes[20].id, "Prefecture", "V-1", 0.88, "x"},
                        {view.changes[9].id, "Bureau Ltd", "", 1.0, "y"}};
  const Summary s = summarize(view);
  CHECK(s.subject.starts_with("WATCHLIST 2 matches: Entity List: 28 added"));
  CHECK(s.items[0].change_id == view.changes[9].id);
  CHECK(s.items[1].change_id == view.changes[20].id);
  CHECK(s.items[0].watchlist == std::vector<std::string>{"your “Bureau Ltd”, 100 %"});
  CHECK(s.watchlist[1] ==
        "Prefecture 21 Public Security Bureau Electronics Co., Ltd. (China), added: matches your "
        "“Prefecture” (V-1), 88 %");
}

TEST_CASE("several lists and several effective dates are told apart") {
  AlertView view = samples::additions(3);
  view.changes[2].list = ListId::unverified_list;
  view.changes[2].effective_on = samples::day("2019-12-01");
  const Summary s = summarize(view);
  CHECK(s.headline == "Entity List: 2 added; Unverified List: 1 to be added (China)");
  CHECK(fact(s, "Effective") == "October 9, 2019, in force (2); December 1, 2019, not yet in force (1)");
  CHECK(s.items[2].effective == "December 1, 2019");
}

TEST_CASE("a digest over several documents names each authority") {
  AlertView view = samples::additions(2);
  view.changes[1].document->number = "2019-22333";
  view.changes[1].document->citation = "84 FR 60000";
  view.document.reset();
  view.alert.document.clear();
  const Summary s = summarize(view);
  CHECK(fact(s, "Authority") == "84 FR 54002; 84 FR 60000");
  CHECK(s.items[0].authority == "84 FR 54002");
  CHECK(changes_endpoint(view) ==
        "http://127.0.0.1:8744/v1/changes?since=2019-10-09T12:46:00Z&until=2019-10-09T12:46:00.001Z");
}

TEST_CASE("singular and plural") {
  CHECK(counted(0, "check", "checks") == "0 checks");
  CHECK(counted(1, "check", "checks") == "1 check");
  CHECK(counted(2, "check", "checks") == "2 checks");
  AlertView one = samples::watched_additions(1, 0);
  CHECK(summarize(one).subject.starts_with("WATCHLIST 1 match: "));
  CHECK(enumerated({"a", "b", "c"}) == "a, b and c");
  CHECK(listed({"a", "b", "c"}, 2, 100) == "a; b (+1)");
}

TEST_CASE("an alert whose changes are gone is still readable") {
  AlertView view = samples::additions(0);
  CHECK(summarize(view).headline == "No change is left to show");
}

TEST_CASE("operators' notices keep their lines") {
  const Summary s = summarize(samples::operator_notice());
  CHECK(s.subject == "[operators] ecfr has been failing for 3 polls");
  CHECK(s.body == "The last error: timeout: no answer within 30 s.\nThe next try is at 12:47 UTC.");
  CHECK(fact(s, "Source") == "eCFR");
}

TEST_CASE("a failed check that a finding puts into words is told once, without a second quotation") {
  AlertView view = samples::additions(2);
  view.document->checks.push_back({"instruction_in_table", "Mohammad Trading", "Mohamad Trading", false, ""});
  view.document->checks.push_back({"stated_entries", "3", "2", false, ""});
  const std::string words = "the instruction says “Mohammad Trading” and the table “Mohamad Trading”";
  view.document->findings.push_back({Finding::Severity::review, "x", words, "Adding entries for …"});
  view.changes[0].findings.push_back({Finding::Severity::review, "x", words, "Adding other entries …"});
  view.changes[0].review = true;
  CHECK(summarize(view).warnings == std::vector<std::string>{"stated entries: 3 expected, 2 found", words});
}
