// What a document says of itself: filing line, dates, topic, relations.
#include <catch2/catch_test_macros.hpp>

#include "parsers/fr_front.hpp"
#include "parsers/fr_dates.hpp"
#include "parsers/fr_topic.hpp"

namespace entitywatch::parsers {
namespace {

Document titled(const std::string& title, const std::string& action = {}, const std::string& abstract = {}) {
  Document d;
  d.title = title;
  d.action = action;
  d.abstract = abstract;
  return d;
}

std::vector<Date> dates(std::initializer_list<const char*> iso) {
  std::vector<Date> out;
  for (const char* one : iso) out.push_back(*parse_iso_date(one));
  return out;
}

}  // namespace

TEST_CASE("the filing line is US Eastern time") {
  const FilingLine summer = read_filing_line("[FR Doc. 2024-13695 Filed 6-20-24; 4:15 pm]");
  CHECK(summer.number == "2024-13695");
  CHECK(summer.filed_at == parse_time("2024-06-20T20:15:00Z"));
  CHECK(read_filing_line("[FR Doc. C1-2024-13148 Filed 9-3-24; 8:45 am]").number == "C1-2024-13148");
  CHECK(read_filing_line("[ FR Doc. 2031-00001 Filed 1-2-31; 12:05 pm]").filed_at ==
        parse_time("2031-01-02T17:05:00Z"));
  CHECK(read_filing_line("[FR Doc. E8-4768 Filed 3-7-08; 8:45 am]").number == "E8-4768");
  CHECK(read_filing_line("[FR Doc. 2024-1 Filed 13-40-24; 8:45 am]").filed_at == std::nullopt);
  CHECK(read_filing_line("").number.empty());
}

TEST_CASE("every effective date of a DATES paragraph, and no other date") {
  CHECK(effective_dates("This rule is effective February 24, 2023.", std::nullopt) == dates({"2023-02-24"}));
  CHECK(effective_dates("This rule is effective June 12, 2024, except for amendatory instruction 14, which "
                        "is effective September 16, 2024.",
                        std::nullopt) == dates({"2024-06-12", "2024-09-16"}));
  CHECK(effective_dates(
            "Effective July 25, 2024. Comments must be received by BIS no later than September 1, 2024.",
            std::nullopt) == dates({"2024-07-25"}));
  CHECK(effective_dates("Effective November 10, 2025, through November 9, 2026, the rule published at 90 FR "
                        "47201 on September 30, 2025, is stayed.",
                        std::nullopt)
            .front() == *parse_iso_date("2025-11-10"));
  CHECK(effective_dates("This rule is effective upon publication in the Federal Register.",
                        parse_iso_date("2024-07-25")) == dates({"2024-07-25"}));
  CHECK(effective_dates("Comments are due January 2, 2024.", std::nullopt).empty());
}

TEST_CASE("instructions with dates of their own") {
  const auto found = instruction_dates(
      "This rule is effective June 12, 2024, except for amendatory instruction 14, which is effective "
      "September 16, 2024.");
  REQUIRE(found.size() == 1);
  CHECK(found[0].number == "14");
  CHECK(found[0].date == *parse_iso_date("2024-09-16"));
  CHECK(instruction_dates("Instructions 5 and 6 are effective June 1, 2024.").size() == 2);
  CHECK(instruction_dates("This rule is effective June 12, 2024.").empty());
}

TEST_CASE("the end of the savings clause") {
  const std::string clause =
      "items that were en route aboard a carrier to a port of export, on June 24, 2024, may proceed before "
      "July 24, 2024. "
      "Any such items not actually exported before midnight, on July 24, 2024, require a license.";
  CHECK(savings_end({{"Savings Clause", clause}}) == parse_iso_date("2024-07-24"));
  CHECK(!savings_end({{"", "This rule was published before July 24, 2024."}}));
}

TEST_CASE("topics by title") {
  const auto topic = [](const std::string& title, const std::string& action = {}) {
    return fr_topic(titled(title, action));
  };
  CHECK(topic("Additions of Entities to the Entity List") == "entity-list");
  CHECK(topic("Revisions to the Unverified List") == "unverified-list");
  CHECK(topic("Additions to the Entity List; Removals From the Unverified List") == "entity-list");
  CHECK(topic("Revisions to the Unverified List and the Entity List") == "unverified-list");
  CHECK(topic("Addition of 'Military End User' (MEU) List to the Export Administration Regulations") ==
        "meu-list");
  CHECK(topic("In the Matter of: John Q. Nobody; Order Denying Export Privileges") == "denial-order");
  CHECK(topic("Nobody Airlines, Moscow, Russia; Order Renewing Temporary Denial of Export Privileges") ==
        "denial-order");
  CHECK(topic("Commerce Control List: Controls on Certain Marine Toxins") == "commerce-control-list");
  CHECK(topic("Submission for OMB Review; Comment Request; Entity List and Unverified List Requests") ==
        "information-collection");
  CHECK(topic("Sensors and Instrumentation Technical Advisory Committee; Notice of Open Meeting") ==
        "advisory-committee");
  CHECK(
      topic("Implementation of Sanctions Against Russia Under the Export Administration Regulations (EAR)") ==
      "country-policy");
  CHECK(topic("Existing Validated End-User Authorizations in the People's Republic of China") ==
        "licensing-policy");
  CHECK(topic("Additions to the Entity List; Correction") == "correction");
  CHECK(topic("Additions to the Entity List; Correction of Existing Entries on the Entity List") ==
        "entity-list");
  CHECK(topic("Guidance on Administrative Enforcement Cases") == "enforcement");
  CHECK(topic("Action Affecting Export Privileges; Nobody Trading Ltd.") == "denial-order");
  CHECK(topic("A Conference at the Department of Commerce") == "other");
  CHECK(topic("Membership of the Performance Review Boards") == "other");
  CHECK(topic("Notice on the Addition of Entities to the Uyghur Forced Labor Prevention Act Entity List") ==
        "other");
}

TEST_CASE("relations to other documents") {
  Document delay =
      titled("Delay of Effective Date of Certain Controls", "Final rule; delay of effective date.");
  delay.dates_text = "The effective date of the rule published at 90 FR 100 is delayed until June 1, 2031.";
  CHECK(fr_relations(delay, {}) == std::vector<Relation>{{"delays", "90 FR 100", std::nullopt, parse_iso_date("2031-06-01")}});
  Document extension = titled("Temporary General License: Extension of Validity", "Final rule.");
  CHECK(fr_relations(extension, {{"", "The rule of May 22, 2019 (84 FR 23468) was published by BIS."}}) ==
        std::vector<Relation>{{"extends", "84 FR 23468"}});
  Document order = titled("Order Renewing Temporary Denial of Export Privileges");
  CHECK(fr_relations(order, {{"",
                              "The TDO was issued on April 7, 2022 (87 FR 21611) and renewed on October 3, "
                              "2022 (87 FR 60985)."}}) == std::vector<Relation>{{"renews", "87 FR 60985"}});
  CHECK(fr_relations(titled("Additions to the Entity List"), {{"", "BIS published a rule (84 FR 54002)."}})
            .empty());
}

TEST_CASE("the days to which a relation moves effects") {
  const auto dated = [](const char* kind, const char* dates) {
    Document d;
    d.dates_text = dates;
    const Relation r = with_dates({kind, "90 FR 100"}, d);
    return (r.from ? format_date(*r.from) : "?") + " " + (r.until ? format_date(*r.until) : "?");
  };
  CHECK(dated("delays",
              "As of March 3, 2031, the effective date of the final rule published on February 1, 2031, at 90 FR 100 is "
              "delayed from March 5, 2031, to June 1, 2031.") == "? 2031-06-01");
  CHECK(dated("delays", "The effective date is delayed indefinitely.") == "? ?");
  CHECK(dated("delays", "This rule is effective May 2, 2031. The new effective date of the delayed rule is July 9, 2031.") ==
        "? 2031-07-09");
  CHECK(dated("stays", "Effective May 2, 2031, Supplement No. 4 as amended is stayed until May 2, 2032.") ==
        "2031-05-02 2032-05-02");
  CHECK(dated("suspends", "From May 2, 2031 through May 1, 2032, the amendments are suspended.") == "2031-05-02 2032-05-02");
  CHECK(dated("suspends", "Comments were received until May 2, 2031. The rule is suspended.") == "? ?");
  CHECK(dated("ends", "Effective June 3, 2031, the suspension published on May 2, 2031 is lifted.") == "2031-06-03 ?");
}

TEST_CASE("a suspension that is lifted is told apart from one that begins") {
  Document over = titled("Lifting of Suspension of Certain Entity List Additions", "Final rule; lifting of suspension.");
  over.dates_text = "Effective June 3, 2031, the suspension at 96 FR 11200 is lifted.";
  CHECK(fr_relations(over, {}) == std::vector<Relation>{{"ends", "96 FR 11200", parse_iso_date("2031-06-03")}});
}

}  // namespace entitywatch::parsers
