#include "parsers/denial_order.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "parsers/denial_address.hpp"
#include "parsers/denial_terms.hpp"
#include "parsers/federal_register.hpp"
#include "parsers/fr_topic.hpp"
#include "parsers/public_inspection.hpp"

namespace entitywatch::parsers {
namespace {

using Lines = std::vector<std::string>;

std::string element(const char* name, const std::string& words) {
  return std::string("<") + name + ">" + words + "</" + name + ">\n";
}

// A notice in the publisher's form.
struct Notice {
  std::string subject;
  Lines block;  // FP lines of the EXTRACT; empty: none
  Lines paragraphs;
  std::string dated = "Dated: September 29, 2031.";

  [[nodiscard]] std::string xml() const {
    std::string out = "<NOTICE><PREAMB><PRTPAGE P=\"71000\"/>" + element("AGENCY", "DEPARTMENT OF COMMERCE") +
                      element("SUBAGY", "Bureau of Industry and Security") + element("SUBJECT", subject) +
                      "</PREAMB>\n";
    if (!block.empty()) {
      out += "<EXTRACT>";
      for (const std::string& line : block) out += "<FP SOURCE=\"FP-1\">" + line + "</FP>\n";
      out += "</EXTRACT>";
    }
    for (const std::string& p : paragraphs) out += element("P", p);
    return out + "<SIG><DATED>" + dated +
           "</DATED><NAME>Pat Example,</NAME><TITLE>Director, Office of Export Enforcement.</TITLE></SIG>\n" +
           "<FRDOC>[FR Doc. 2031-20202 Filed 10-2-31; 8:45 am]</FRDOC><BILCOD>BILLING CODE "
           "3510-DT-P</BILCOD></NOTICE>";
  }
};

DocumentReading read(const Notice& notice) {
  const std::string xml = notice.xml();
  const auto r = read_federal_register_document({std::nullopt, xml, parse_iso_date("2031-10-03")});
  REQUIRE(r.has_value());
  return *r;
}

Lines shown(const DocumentReading& r) {
  Lines out;
  for (const Operation& op : r.operations) {
    REQUIRE(op.list == ListId::denied_persons);
    const char* verb = op.kind == OperationKind::add      ? "add "
                       : op.kind == OperationKind::revise ? "revise "
                                                          : "remove ";
    const auto day = [](const std::optional<Date>& d) { return d ? format_date(*d) : std::string("-"); };
    out.push_back(verb + op.listing.name + " [" + op.listing.country_code + "] " +
                  day(op.listing.start_date) + ".." + day(op.listing.end_date));
  }
  return out;
}

template <class T>
bool failed(const std::vector<T>& checks) {
  return std::any_of(checks.begin(), checks.end(), [](const Check& c) { return !c.ok; });
}
bool to_review(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& f) { return f.severity == Finding::Severity::review; });
}
bool in_review(const DocumentReading& r) {
  bool out = failed(r.document.checks) || to_review(r.document.findings);
  for (const Operation& op : r.operations)
    out = out || failed(op.checks) || to_review(op.findings) || to_review(op.listing.findings);
  return out;
}
bool has(const std::vector<Finding>& findings, std::string_view code) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.code == code; });
}

const std::string participate =
    "may not, directly or indirectly, participate in any way in any transaction involving any commodity, "
    "software or technology.";

// A conviction under section 1760(e): the commonest order.
Notice conviction(const std::string& subject, const Lines& block = {}) {
  return {subject,
          block,
          {"On April 14, 2029, in the U.S. District Court for the District of Arizona, Lorna Quill (“Quill”) "
           "was convicted of violating 18 U.S.C. 554.",
           "I have decided to deny Quill's export privileges under the Regulations for a period of 10 years "
           "from the date of Quill's conviction. The Office of "
           "Exporter Services has also decided to revoke any BIS-issued licenses in which Quill had an "
           "interest at the time of her conviction.",
           "Accordingly, it is hereby <E T=\"03\">ordered:</E>",
           "<E T=\"03\">First,</E> from the date of this Order until April 14, 2039, Lorna Quill, with a "
           "last known address of Inmate Number: 10101-202, FCI Example, P.O. Box 7, "
           "Mesa, AZ 85201, and when acting for or on her behalf, her successors, assigns, employees, agents "
           "or representatives (“the Denied Person”), " +
               participate,
           "<E T=\"03\">Third,</E> any other person, firm, corporation, or business organization related to "
           "Quill by ownership, control, position of responsibility, affiliation, or other "
           "connection in the conduct of trade or business may also be made subject to the provisions of "
           "this Order in order to prevent evasion of this Order.",
           "<E T=\"03\">Sixth,</E> this Order is effective immediately and shall remain in effect until "
           "April 14, 2039."}};
}

}  // namespace

TEST_CASE("an order after a conviction denies one person from its day to the day stated") {
  const DocumentReading r =
      read(conviction("In the Matter of: Lorna Quill, Inmate Number: 10101-202, FCI Example, P.O. Box 7, "
                      "Mesa, AZ 85201; Order Denying Export Privileges"));
  CHECK(shown(r) == Lines{"add Lorna Quill [US] 2031-09-29..2039-04-14"});
  const Listing& l = r.operations[0].listing;
  CHECK(l.addresses == Lines{"Inmate Number: 10101-202, FCI Example, P.O. Box 7, Mesa, AZ 85201"});
  CHECK(r.operations[0].effective_on == parse_iso_date("2031-09-29"));
  CHECK(r.operations[0].has_row);
  CHECK_FALSE(in_review(r));
  CHECK(std::any_of(r.document.checks.begin(), r.document.checks.end(),
                    [](const Check& c) { return c.name == "denial_period" && c.ok; }));
}

TEST_CASE("a bare title leaves the parties to the block") {
  const DocumentReading one = read(conviction(
      "Order Denying Export Privileges", {"In the Matter of: Lorna Quill, a/k/a Lorna Quince, Inmate Number: "
                                          "10101-202, FCI Example, P.O. Box 7, Mesa, AZ 85201."}));
  CHECK(shown(one) == Lines{"add Lorna Quill [US] 2031-09-29..2039-04-14"});
  CHECK(one.operations[0].listing.aliases == Lines{"Lorna Quince"});
  CHECK_FALSE(in_review(one));
  const DocumentReading lines = read(conviction(
      "Order Denying Export Privileges", {"In the Matter of:", "Lorna Quill", "Inmate Number: 10101-202",
                                          "FCI Example", "P.O. Box 7", "Mesa, AZ 85201"}));
  CHECK(lines.operations.size() == 1);
  CHECK(lines.operations[0].listing.addresses ==
        Lines{"Inmate Number: 10101-202, FCI Example, P.O. Box 7, Mesa, AZ 85201"});
}

TEST_CASE("an address set over several lines is one; a party a line is a party each") {
  const auto parties = read_ordered_parties({"Osric Vane", "P.O. Box 8709", "Dubai", "United Arab Emirates",
                                             "and", "5 Cedar Close", "London, United Kingdom",
                                             "Quick Parts, LLC", "8209 Market St", "Wilmington, NC 28411"});
  REQUIRE(parties.size() == 2);
  CHECK(parties[0].addresses ==
        Lines{"P.O. Box 8709, Dubai, United Arab Emirates", "5 Cedar Close, London, United Kingdom"});
  CHECK(parties[1].name == "Quick Parts, LLC");
  CHECK(parties[1].addresses == Lines{"8209 Market St, Wilmington, NC 28411"});
  const auto named =
      read_ordered_parties({"Harrow Group PLC; Harrow Aviation; Osric Vane; Harrow Airways FZE"});
  REQUIRE(named.size() == 4);
  CHECK(named[2].name == "Osric Vane");
}

TEST_CASE("dates that disagree with each other, and a title the text does not know, are for review") {
  Notice n =
      conviction("In the Matter of: Lorna Quill, 5 Elm St., Mesa, AZ 85201; Order Denying Export Privileges");
  n.paragraphs.back() =
      "Sixth, this Order is effective immediately and shall remain in effect until April 14, 2038.";
  const DocumentReading dates = read(n);
  CHECK(dates.operations[0].listing.end_date == parse_iso_date("2039-04-14"));
  CHECK(failed(dates.document.checks));
  const DocumentReading stranger = read(conviction(
      "In the Matter of: Ferris Bloom, 5 Elm St., Mesa, AZ 85201; Order Denying Export Privileges"));
  CHECK(failed(stranger.document.checks));
  CHECK(failed(stranger.operations[0].checks));
}

TEST_CASE("a temporary denial names several parties, each with its aliases and addresses, for a period") {
  Notice n{"Order Temporarily Denying Export Privileges",
           {"Harrow Air, a/k/a Harrow Airways, Harrow Tower, No. 2, Lantern St., Tehran, Iran;",
            "Osric Vane, f/k/a Osric Vain, P.O. Box 404, Dubai, United Arab Emirates;", "and",
            "5 Cedar Close, London W1W 8RP, United Kingdom;",
            "Quick Parts, LLC, 8209 Market St #A1, Wilmington, NC 28411"},
           {"Pursuant to Section 766.24 of the Export Administration Regulations, OEE has requested the "
            "issuance of an Order temporarily denying, for a period of 180 days, the export "
            "privileges of Harrow Air, Osric Vane, and Quick Parts, LLC.",
            "It is therefore ordered:",
            "First, that Harrow Air, a/k/a Harrow Airways, Harrow Tower, No. 2, Lantern St., Tehran, Iran; "
            "Osric Vane, f/k/a Osric Vain, P.O. Box 404, Dubai, United Arab Emirates, and 5 "
            "Cedar Close, London W1W 8RP, United Kingdom; and Quick Parts, LLC, 8209 Market St #A1, "
            "Wilmington, NC 28411, and when acting for or on their behalf, any successors or "
            "assigns, agents, or employees (each a “Denied Person” and collectively the “Denied Persons”) " +
                participate,
            "This Order is effective upon issuance and shall remain in effect for one hundred eighty (180) "
            "days."}};
  const DocumentReading r = read(n);
  CHECK(shown(r) == Lines{"add Harrow Air [IR] 2031-09-29..2032-03-27",
                          "add Osric Vane [AE] 2031-09-29..2032-03-27",
                          "add Osric Vane [GB] 2031-09-29..2032-03-27",
                          "add Quick Parts, LLC [US] 2031-09-29..2032-03-27"});
  CHECK(r.operations[0].listing.aliases == Lines{"Harrow Airways"});
  CHECK(r.operations[1].listing.former_names == Lines{"Osric Vain"});
  CHECK(r.operations[2].listing.cross_references == Lines{"UNITED ARAB EMIRATES"});
  CHECK(r.operations[2].listing.addresses == Lines{"5 Cedar Close, London W1W 8RP, United Kingdom"});
  CHECK(has(r.operations[0].listing.findings, "end_date_computed"));
  CHECK_FALSE(in_review(r));
}

TEST_CASE("a renewal revises the end and names the order it renews") {
  Notice n{
      "Harrow Air, Harrow Tower, No. 2, Lantern St., Tehran, Iran; Order Renewing Temporary Denial of Export "
      "Privileges",
      {},
      {"Pursuant to Section 766.24 of the Regulations, I hereby grant the request to renew the temporary "
       "denial order issued against Harrow Air on October 3, 2030.",
       "The TDO was published in the Federal Register, 95 FR 60001, and renewed, 96 FR 20002.",
       "It is therefore ordered:",
       "First, Harrow Air, Harrow Tower, No. 2, Lantern St., Tehran, Iran, when acting for or on their "
       "behalf, any successors or assigns, agents, or employees " +
           participate,
       "This Order shall be effective on October 4, 2031 and shall remain in effect for one year."}};
  const DocumentReading r = read(n);
  CHECK(shown(r) == Lines{"revise Harrow Air [IR] 2031-10-04..2032-10-04"});
  REQUIRE(r.document.relations.size() == 1);
  CHECK(r.document.relations[0].kind == "renews");
  CHECK(r.document.relations[0].target == "96 FR 20002");
  CHECK_FALSE(in_review(r));
}

TEST_CASE("an order that ends a denial removes, and names the order it ends") {
  Notice n{
      "Order Terminating Temporary Denial of Export Privileges; Quick Parts, LLC, 8209 Market St #A1, "
      "Wilmington, NC 28411",
      {},
      {"On March 1, 2031, I issued an Order temporarily denying the export privileges of Quick Parts, LLC "
       "(96 FR 12001).",
       "Accordingly, it is hereby ordered that the temporary denial order issued against Quick Parts, LLC is "
       "hereby terminated, effective immediately."}};
  const DocumentReading r = read(n);
  CHECK(shown(r) == Lines{"remove Quick Parts, LLC [US] -..-"});
  CHECK(r.operations[0].effective_on == parse_iso_date("2031-09-29"));
  REQUIRE(r.document.relations.size() == 1);
  CHECK(r.document.relations[0].kind == "ends");
  CHECK(r.document.relations[0].target == "96 FR 12001");
  n.subject =
      "Quick Parts, LLC, 8209 Market St #A1, Wilmington, NC 28411; Action Affecting Export Privileges";
  CHECK(read(n).operations[0].kind == OperationKind::remove);
}

TEST_CASE("related persons are denied with the respondent") {
  Notice n =
      conviction("In the Matter of: Lorna Quill, 5 Elm St., Mesa, AZ 85201; Order Denying Export Privileges");
  n.paragraphs.insert(n.paragraphs.begin() + 4,
                      "Second, in addition to the Denied Person named above, the following person is also "
                      "subject to this Order as a Related Person: Quill Exports, Inc., with a last known "
                      "address of 6 Elm St., Mesa, AZ 85201, and when acting for or on its behalf, its "
                      "successors or assigns (“the Related Person”).");
  const DocumentReading r = read(n);
  CHECK(shown(r) == Lines{"add Lorna Quill [US] 2031-09-29..2039-04-14",
                          "add Quill Exports, Inc. [US] 2031-09-29..2039-04-14"});
  CHECK(r.operations[1].listing.addresses == Lines{"6 Elm St., Mesa, AZ 85201"});
}

TEST_CASE("an order whose parties cannot be read says so and does nothing") {
  const DocumentReading r =
      read({"Order Denying Export Privileges",
            {},
            {"Pursuant to the Regulations the parties named in the annex are denied export privileges."}});
  CHECK(r.operations.empty());
  CHECK(has(r.document.findings, "parties_unread"));
  CHECK(r.document.topic == "denial-order");
}

TEST_CASE("a settlement that denies privileges adds; one whose denial is suspended does not") {
  Notice n{"Order Relating to Quick Parts, LLC",
           {"In the Matter of: Quick Parts, LLC, 8209 Market St #A1, Wilmington, NC 28411, Respondent"},
           {"The Bureau of Industry and Security has notified Quick Parts, LLC of its intention to initiate "
            "an administrative proceeding.",
            "It is therefore ordered:", "First, a civil penalty of $50,000 is assessed against Quick Parts.",
            "Second, for a period of two (2) years from the date of this Order, Quick Parts, LLC, with a "
            "last known address of 8209 Market St #A1, Wilmington, NC 28411, and when acting "
            "for or on its behalf, its successors or assigns (the “Denied Person”), may not participate, "
            "directly or indirectly, in any way in any transaction."}};
  const DocumentReading r = read(n);
  CHECK(shown(r) == Lines{"add Quick Parts, LLC [US] 2031-09-29..2033-09-29"});
  n.paragraphs.push_back(
      "Third, the two-year denial period set forth above shall be suspended in its entirety for a "
      "probationary period of two years.");
  CHECK(read(n).operations.empty());
}

TEST_CASE("periods in words and figures; months end on a day there is") {
  CHECK(period_in("a period of ten years from") == DenialPeriod{0, 120});
  CHECK(period_in("one hundred eighty days") == DenialPeriod{180, 0});
  CHECK(period_in("one hundred and eighty (180) days") == DenialPeriod{180, 0});
  CHECK(period_in("eighteen months") == DenialPeriod{0, 18});
  CHECK_FALSE(period_in("as long as it takes"));
  CHECK(after(*parse_iso_date("2031-08-31"), {0, 6}) == parse_iso_date("2032-02-29"));
}

TEST_CASE("countries of addresses") {
  CHECK(country_of_address("5 Main St., Atlanta, Georgia 30301") == "US");
  CHECK(country_of_address("5 Rustaveli Ave., Tbilisi, Georgia") == "GE");
  CHECK(country_of_address("1 Oak St., Laredo, TX") == "US");
  CHECK(country_of_address("16 Udine Court, Richmond Hill, Ontario, L4C8C6, Canada") == "CA");
  CHECK(country_of_address("Pennsylvania Avenue, Washington, D.C. 20230") == "US");
  CHECK(country_of_address("g. Ob, prospekt Mozzherina, d. 10").empty());
}

TEST_CASE("an order on public inspection is read as far as its text goes") {
  const char* text =
      "This document is scheduled to be published in the\nFederal Register on 10/03/2031 and available "
      "online at\nBILLING CODE: 3510-DT-P\n\nDEPARTMENT OF COMMERCE\n\nBureau of Industry and "
      "Security\n\nOrder Denying Export Privileges\n\nIn the Matter of: Lorna Quill, Inmate Number: "
      "10101-202, FCI Example, P.O. Box 7, Mesa, AZ 85201\n\n"
      "     On April 14, 2029, in the U.S. District Court for the District of Arizona, Lorna Quill "
      "(\"Quill\") was convicted of violating 18 U.S.C. 554.\n\n"
      "     Accordingly, it is hereby ordered:\n\n"
      "     First, from the date of this Order until April 14, 2039, Lorna Quill, with a last known address "
      "of Inmate Number: 10101-202, FCI Example, P.O. Box 7, Mesa, AZ 85201, and when "
      "acting for or on her behalf, her successors, may not, directly or indirectly, participate in any way "
      "in any transaction.\n\n"
      "     Sixth, this Order is effective immediately and shall remain in effect until April 14, 2039.\n\n"
      "Dated: September 29, 2031.\n\nPat Example,\nDirector,\nOffice of Export Enforcement.\n[FR Doc. "
      "2031-20202 Filed: 10/2/2031 8:45 am; Publication Date: 10/3/2031]\n";
  const char* item =
      R"({"document_number":"2031-20202","title":"Order Denying Export Privileges","type":"Notice","agencies":[{"slug":"industry-and-security-bureau"}],)"
      R"("filed_at":"2031-10-02T08:45:00-04:00","publication_date":"2031-10-03"})";
  const auto r = read_public_inspection_document({item, text});
  REQUIRE(r.has_value());
  CHECK(shown(*r) == Lines{"add Lorna Quill [US] 2031-09-29..2039-04-14"});
  CHECK(has(r->operations[0].findings, "early_text"));
}

// Every title of a denial order that names its parties is read into names that the title has and that are
// names: no address, no mark of an alias, no words of the order.
TEST_CASE("parties of every denial order's title in the corpus") {
  const char* given = std::getenv("ENTITYWATCH_CORPUS");
  const std::filesystem::path corpus =
      given != nullptr ? std::filesystem::path(given)
                       : std::filesystem::path(ENTITYWATCH_SOURCE_DIR) / ".." / "shared" / "corpus";
  std::ifstream in(corpus / "federal-register" / "abstracts_half.jsonl");
  if (!in) {
    std::cerr << "\n*** SKIPPED: the corpus is absent (" << corpus << "); set ENTITYWATCH_CORPUS. ***\n";
    SKIP("the corpus is absent");
  }
  std::size_t orders = 0, bare = 0, parties = 0, unplaced = 0;
  for (std::string line; std::getline(in, line);) {
    Document d;
    d.title = nlohmann::json::parse(line)["title"];
    if (fr_topic(d) != "denial-order") continue;
    ++orders;
    const std::vector<OrderedParty> read = parties_in_title(d.title);
    bare += read.empty() ? 1 : 0;
    if (read.empty()) CHECK(d.title.find_first_of(",;:") == std::string::npos);
    for (const OrderedParty& party : read) {
      ++parties;
      INFO(d.title << " -> " << party.name);
      CHECK(d.title.find(party.name) != std::string::npos);
      CHECK(party.name.find_first_of("0123456789:;") == std::string::npos);
      CHECK(text::fold(party.name).find("exportprivileges") == std::string::npos);
      CHECK_FALSE(party.addresses.empty());
      for (const Listing& l : listings_of(party)) unplaced += l.country_code.empty() ? 1 : 0;
    }
  }
  std::cout << "denial orders by title: " << orders << ", naming their parties: " << orders - bare
            << ", parties: " << parties << ", without a country (for review): " << unplaced << "\n";
  CHECK(orders == 131);
  CHECK(orders - bare == 122);
}

}  // namespace entitywatch::parsers
