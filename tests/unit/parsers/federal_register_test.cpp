// Whole documents in the publisher's form (tests/fixtures/federal_register; names are invented).
#include "parsers/federal_register.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

namespace entitywatch::parsers {
namespace {

std::string fixture(const std::string& name) {
  std::ifstream in(std::string(ENTITYWATCH_SOURCE_DIR) + "/tests/fixtures/federal_register/" + name,
                   std::ios::binary);
  REQUIRE(in.good());
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

DocumentReading read(const std::string& xml, const std::string& json = {}) {
  FederalRegisterInput input;
  const std::string text = fixture(xml);
  const std::string metadata = json.empty() ? std::string() : fixture(json);
  input.xml = text;
  if (!json.empty()) input.metadata_json = metadata;
  auto reading = read_federal_register_document(input);
  REQUIRE(reading.has_value());
  return *reading;
}

bool has(const std::vector<Finding>& findings, const std::string& code,
         Finding::Severity severity = Finding::Severity::review) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& f) { return f.code == code && f.severity == severity; });
}

bool in_review(const Operation& op) {
  const auto bad = [](const auto& checks) {
    return std::any_of(checks.begin(), checks.end(), [](const Check& c) { return !c.ok; });
  };
  const auto doubt = [](const auto& all) {
    return std::any_of(all.begin(), all.end(),
                       [](const Finding& f) { return f.severity == Finding::Severity::review; });
  };
  return bad(op.checks) || bad(op.listing.checks) || doubt(op.findings) || doubt(op.listing.findings);
}

std::vector<std::string> shown(const DocumentReading& reading) {
  std::vector<std::string> out;
  for (const Operation& op : reading.operations)
    out.push_back(std::string(to_string(op.kind)) + " " + std::string(to_string(op.list)) + " " +
                  op.listing.country + ": " + op.listing.name);
  return out;
}

const Check* check(const Document& d, const std::string& name, const std::string& expected_part = {}) {
  for (const Check& c : d.checks)
    if (c.name == name && c.expected.find(expected_part) != std::string::npos) return &c;
  return nullptr;
}

using Lines = std::vector<std::string>;

std::string rule_around(const std::string& regtext) {
  return "<RULE><PREAMB><SUBAGY>Bureau of Industry and "
         "Security</SUBAGY><SUBJECT>Additions</SUBJECT></PREAMB><SUPLINF><REGTEXT TITLE=\"15\" "
         "PART=\"744\">" +
         regtext + "</REGTEXT></SUPLINF><FRDOC>[FR Doc. 2031-00001 Filed 3-4-31; 8:45 am]</FRDOC></RULE>";
}

DocumentReading read_rule_around(const std::string& regtext) {
  const std::string xml = rule_around(regtext);
  auto reading = read_federal_register_document({std::nullopt, xml, std::nullopt});
  REQUIRE(reading.has_value());
  return *reading;
}

std::string row(const std::string& country, const std::string& entity,
                const std::string& citation = "96 FR [INSERT FR PAGE NUMBER AND 3/5/2031].") {
  return "<ROW><ENT I=\"22\">" + country + "</ENT><ENT>" + entity +
         "</ENT><ENT>For all items subject to the EAR</ENT><ENT>Presumption of denial</ENT><ENT>" + citation +
         "</ENT></ROW>";
}

}  // namespace

TEST_CASE("a rule over two lists, instruction and table together") {
  const DocumentReading r = read("mixed_lists.xml", "mixed_lists.json");
  REQUIRE(shown(r) == Lines{"add entity-list CHINA, PEOPLE'S REPUBLIC OF: Amber Institute, Center for Optics",
                            "add entity-list CHINA, PEOPLE'S REPUBLIC OF: Basalt Co., Ltd.",
                            "add entity-list OMAN: Cobalt Trading LLC",
                            "add entity-list OMAN: Dolomite Limited Liability Company",
                            "revise entity-list OMAN: Emerald Group", "remove entity-list OMAN: Feldspar LLC",
                            "add entity-list UNITED ARAB EMIRATES: Cobalt Trading LLC",
                            "remove entity-list UNITED ARAB EMIRATES: Granite FZE",
                            "remove unverified-list LATVIA: Hornblende SIA",
                            "add unverified-list LATVIA: Ilmenite SIA"});
  const Operation& amber = r.operations[0];
  CHECK(amber.has_row);
  CHECK(amber.listing.addresses == Lines{"12 Jade Road, Building 3, 9th Floor, Shanghai, China"});
  CHECK(amber.listing.footnotes == std::vector<int>{1});
  CHECK(amber.listing.license_requirement ==
        "For all items subject to the EAR (see §§ 734.9(e) and 744.11 of the EAR)");
  CHECK(amber.listing.citations == std::vector<Citation>{{96, 11200, parse_iso_date("2031-03-05"), false}});
  const Operation& basalt = r.operations[1];
  CHECK(basalt.listing.aliases == Lines{"Basalt", "BCL"});
  CHECK(basalt.listing.addresses == Lines{"1 Quarry Road, Beijing, China", "2 Quarry Road, Beijing, China"});
  CHECK(r.operations[2].listing.cross_references.size() == 1);
  CHECK(r.operations[4].listing.citations.size() == 2);
  for (std::size_t i = 0; i < r.operations.size(); ++i) {
    INFO(i);
    CHECK(in_review(r.operations[i]) == (i == 3));
  }
  CHECK(has(r.operations[3].findings, "name_differs"));
  CHECK(r.operations[3].name == "Dolomite LLC");
}

TEST_CASE("the document of a rule: dates, pages, counts") {
  const Document d = read("mixed_lists.xml", "mixed_lists.json").document;
  CHECK(d.number == "2031-04242");
  CHECK(d.citation == "96 FR 11200");
  CHECK(d.topic == "entity-list");
  CHECK(d.dockets == Lines{"Docket No. 310301-0001"});
  CHECK(d.rins == Lines{"0694-ZZ99"});
  CHECK(d.agencies == Lines{"commerce-department", "industry-and-security-bureau"});
  CHECK(d.effective_on == parse_iso_date("2031-03-04"));
  CHECK(d.effective_dates == std::vector<Date>{*parse_iso_date("2031-03-04"), *parse_iso_date("2031-04-01")});
  CHECK(d.savings_until == parse_iso_date("2031-04-03"));
  CHECK(d.filed_at == parse_time("2031-03-04T08:45:00-05:00"));
  CHECK(d.authority == "50 U.S.C. 4801-4852; 50 U.S.C. 4601 et seq.");
  CHECK(d.touched.empty());
  for (const Check& c : d.checks) {
    INFO(c.name << ": " << c.expected << " / " << c.found);
    CHECK(c.ok);
  }
  CHECK(check(d, "stated_entries", "5 added") != nullptr);
  CHECK(check(d, "stated_entities", "4 added") != nullptr);
  CHECK(check(d, "stated_by_country", "Oman 2") != nullptr);
  CHECK(check(d, "stated_entries", "2 removed") != nullptr);
  CHECK(check(d, "stated_entities", "1 removed") != nullptr);
  CHECK(check(d, "pages") != nullptr);
}

TEST_CASE("an instruction's own effective date") {
  const DocumentReading r = read("mixed_lists.xml", "mixed_lists.json");
  CHECK(!r.operations[0].effective_on);
  CHECK(r.operations[8].effective_on == parse_iso_date("2031-04-01"));
  CHECK(r.operations[9].effective_on == parse_iso_date("2031-04-01"));
}

TEST_CASE("without metadata the document says what it can of itself") {
  const Document d = read("mixed_lists.xml").document;
  CHECK(d.number == "2031-04242");
  CHECK(d.publication_date == parse_iso_date("2031-03-05"));
  CHECK(d.volume == 96);
  CHECK(d.citation == "96 FR 11200");
  CHECK(d.type == "Rule");
  CHECK(d.agencies == Lines{"commerce-department", "industry-and-security-bureau"});
}

TEST_CASE("metadata alone is a document without operations") {
  const std::string json = fixture("mixed_lists.json");
  const auto r = read_federal_register_document({json, std::nullopt, std::nullopt});
  REQUIRE(r.has_value());
  CHECK(r->operations.empty());
  CHECK(r->document.topic == "entity-list");
  CHECK(r->document.checks.empty());
}

TEST_CASE("counted instructions find their rows; earlier citations tell revisions from additions") {
  const DocumentReading r = read("counts_only.xml");
  CHECK(shown(r) == Lines{"add entity-list GERMANY: Kyanite GmbH", "add entity-list GERMANY: Marble GmbH",
                          "revise entity-list GERMANY: Larimar GmbH",
                          "remove entity-list ESTONIA: Jasper OU"});
  for (const Operation& op : r.operations) CHECK(!in_review(op));
  CHECK(r.document.filed_at == parse_time("2012-08-06T16:15:00-04:00"));
  CHECK(r.document.effective_on == parse_iso_date("2012-08-07"));
}

TEST_CASE("of a whole issue only the documents of BIS are read") {
  const auto issue = read_federal_register_issue(fixture("issue.xml"));
  REQUIRE(issue.has_value());
  REQUIRE(issue->size() == 3);
  const DocumentReading& rule = (*issue)[0];
  CHECK(shown(rule) == Lines{"remove entity-list OMAN: Onyx LLC"});
  CHECK(rule.document.citation == "96 FR 11100");
  CHECK(rule.document.publication_date == parse_iso_date("2031-03-05"));
  CHECK(rule.document.effective_on == parse_iso_date("2031-03-05"));
  const DocumentReading& proposal = (*issue)[1];
  CHECK(proposal.operations.empty());
  CHECK(proposal.document.type == "Proposed Rule");
  const DocumentReading& order = (*issue)[2];
  CHECK(order.document.topic == "denial-order");
  CHECK(order.document.title ==
        "Order Denying Export Privileges; In the Matter of: John Q. Nobody, Inmate Number: 00000-000, P.O. "
        "Box 1, Nowhere, TX 70000");
  CHECK(order.document.start_page == 11300);
}

TEST_CASE("a correction mends words: no row, always under review") {
  const DocumentReading r = read("correction.xml");
  CHECK(r.document.topic == "correction");
  CHECK(r.document.relations == std::vector<Relation>{{"corrects", "2031-04242"}});
  REQUIRE(r.operations.size() == 1);
  const Operation& op = r.operations[0];
  CHECK(op.kind == OperationKind::revise);
  CHECK(op.is_correction);
  CHECK(op.name == "Emerald Group");
  CHECK(op.listing.name == "Emerald Gruppe");
  CHECK(!op.has_row);
  CHECK(has(op.findings, "row_unknown"));
  CHECK(std::any_of(r.document.touched.begin(), r.document.touched.end(), [](const Touched& t) {
    return t.section == "Supplement No. 5" && t.action == "correct";
  }));
}

TEST_CASE("rows and instructions that have no counterpart are operations under review") {
  const auto r = read_rule_around(
      "<AMDPAR>2. Supplement No. 4 to part 744 is amended under OMAN by adding entries for “Pyrite LLC” and "
      "“Quartz LLC”.</AMDPAR><GPOTABLE COLS=\"5\">" +
      row("OMAN", "Pyrite LLC, 1 Street, Muscat, Oman.") + row("PERU", "Rutile SA, 2 Street, Lima, Peru.") +
      row("", "Slate SA, 3 Street, Lima, Peru.",
          "90 FR 1234, 1/8/25. 96 FR [INSERT FR PAGE NUMBER AND 3/5/2031].") +
      "</GPOTABLE>");
  REQUIRE(shown(r) == Lines{"add entity-list OMAN: Pyrite LLC", "add entity-list OMAN: Quartz LLC",
                            "add entity-list PERU: Rutile SA", "revise entity-list PERU: Slate SA"});
  CHECK(!in_review(r.operations[0]));
  CHECK(!r.operations[1].has_row);
  CHECK(has(r.operations[1].findings, "row_unknown"));
  CHECK(has(r.operations[2].findings, "row_without_instruction"));
  CHECK(has(r.operations[3].findings, "row_without_instruction"));
}

TEST_CASE("a row under another country than the instruction's is under review") {
  const auto r = read_rule_around(
      "<AMDPAR>2. Supplement No. 4 to part 744 is amended under OMAN by adding an entry for “Pyrite "
      "LLC”.</AMDPAR><GPOTABLE COLS=\"5\">" +
      row("PERU", "Pyrite LLC, 1 Street, Lima, Peru.") + "</GPOTABLE>");
  REQUIRE(shown(r) == Lines{"add entity-list PERU: Pyrite LLC"});
  CHECK(has(r.operations[0].findings, "country_differs"));
}

TEST_CASE("a supplement added as a whole adds its rows") {
  const auto r = read_rule_around(
      "<AMDPAR>2. Supplement No. 7 to part 744 is added to read as follows:</AMDPAR><HD "
      "SOURCE=\"HD1\">Supplement No. 7 to Part 744—Military End-User List</HD><GPOTABLE COLS=\"3\"><ROW><ENT "
      "I=\"01\">OMAN</ENT><ENT>Talc LLC, 1 Street, Muscat, Oman.</ENT><ENT>96 FR [INSERT FR PAGE NUMBER AND "
      "3/5/2031].</ENT></ROW></GPOTABLE>");
  REQUIRE(shown(r) == Lines{"add meu-list OMAN: Talc LLC"});
  CHECK(!in_review(r.operations[0]));
}

TEST_CASE("a cell parted over two pages is one cell") {
  const auto r = read_rule_around(
      "<AMDPAR>2. Supplement No. 4 to part 744 is amended under OMAN by adding an entry for “Pyrite "
      "LLC”.</AMDPAR><GPOTABLE COLS=\"5\">"
      "<ROW><ENT I=\"01\">OMAN</ENT><ENT>Pyrite LLC, a.k.a., the following two aliases:<LI>—P1; "
      "and</LI></ENT><ENT>For all items subject</ENT><ENT>Presumption</ENT></ROW>"
      "<ROW><PRTPAGE P=\"11203\"/><ENT I=\"22\"> </ENT><ENT>—P2.<LI>1 Street, Muscat, "
      "Oman.</LI></ENT><ENT>to the EAR</ENT><ENT>of denial</ENT><ENT>96 FR [INSERT FR PAGE NUMBER AND "
      "3/5/2031].</ENT></ROW></GPOTABLE>");
  REQUIRE(r.operations.size() == 1);
  const Listing& l = r.operations[0].listing;
  CHECK(l.aliases == Lines{"P1", "P2"});
  CHECK(l.addresses == Lines{"1 Street, Muscat, Oman"});
  CHECK(l.license_requirement == "For all items subject to the EAR");
  CHECK(l.license_review_policy == "Presumption of denial");
  CHECK(l.citations.size() == 1);
}

TEST_CASE("a rule that says another number than it does fails its check") {
  std::string xml = fixture("counts_only.xml");
  xml.replace(xml.find("adding two persons"), 18, "adding six persons");
  const auto r = read_federal_register_document({std::nullopt, xml, std::nullopt});
  REQUIRE(r.has_value());
  const Check* stated = check(r->document, "stated_entities", "6 added");
  REQUIRE(stated != nullptr);
  CHECK(!stated->ok);
  CHECK(stated->found == "2");
}

TEST_CASE("a name the preamble lists and no operation carries fails a check") {
  std::string xml = fixture("counts_only.xml");
  const std::size_t at = xml.find("<REGTEXT");
  xml.insert(at,
             "<HD SOURCE=\"HD1\">Germany</HD><P>(1) Kyanite GmbH, Street 1, 10115 Berlin, Germany;</P><P>• "
             "Marbel GmbH, <E T=\"03\">and</E></P><P>• Nephrite GmbH.</P>");
  const auto r = read_federal_register_document({std::nullopt, xml, std::nullopt});
  REQUIRE(r.has_value());
  const Check* names = check(r->document, "preamble_names");
  REQUIRE(names != nullptr);
  CHECK(names->expected == "3");
  CHECK(names->found == "2");
  CHECK(names->detail == "Nephrite GmbH");
}

TEST_CASE("a suspension names what it suspends") {
  const std::string json =
      R"({"document_number":"2031-05000","title":"One Year Suspension of a Rule","type":"Rule","action":"Final rule; suspension.","abstract":"BIS suspends the rule.","dates":"Effective November 10, 2031, through November 9, 2032, the amendments published at 96 FR 11200 are suspended.","volume":96,"start_page":50857,"citation":"96 FR 50857","agencies":[{"slug":"industry-and-security-bureau"}]})";
  const auto r = read_federal_register_document({json, std::nullopt, std::nullopt});
  REQUIRE(r.has_value());
  CHECK(r->document.relations == std::vector<Relation>{
                                      {"suspends", "96 FR 11200", parse_iso_date("2031-11-10"), parse_iso_date("2032-11-10")}});
  CHECK(r->document.effective_dates == std::vector<Date>{*parse_iso_date("2031-11-10")});
}

TEST_CASE("metadata with nulls, empty objects and wrong types is read as far as it goes") {
  const std::string json =
      R"({"document_number":"2031-05001","title":null,"agencies":{},"docket_ids":{},"volume":"96","start_page":null,"correction_of":{},"effective_on":"soon","abstract":{}})";
  const auto r = read_federal_register_document({json, std::nullopt, std::nullopt});
  REQUIRE(r.has_value());
  CHECK(r->document.number == "2031-05001");
  CHECK(r->document.volume == 0);
}

TEST_CASE("what is no document is an error") {
  const auto code = [](std::optional<std::string_view> json, std::optional<std::string_view> xml) {
    const auto r = read_federal_register_document({json, xml, std::nullopt});
    return r ? std::string("read") : std::string(to_string(r.error().code));
  };
  CHECK(code(std::nullopt, std::nullopt) == "invalid_argument");
  CHECK(code("{}", std::nullopt) == "malformed");
  CHECK(code("<html>", std::nullopt) == "malformed");
  CHECK(code(std::nullopt, "<html><body>Request Access</body></html>") == "malformed");
  CHECK(code(std::nullopt, "") == "malformed");
  CHECK(code(std::nullopt, "<!DOCTYPE RULE [<!ENTITY x \"y\">]><RULE>&x;</RULE>") == "malformed");
  CHECK(code(std::nullopt, "<RULE/>") == "malformed");
  CHECK(code(std::string(5000, '['), std::nullopt) == "malformed");
}

TEST_CASE("pages of the documents listing") {
  CHECK(read_documents_page(R"({"count":0,"description":"none"})")->items.empty());
  CHECK(!read_documents_page("[]"));
  CHECK(!read_documents_page("<html>Request Access</html>"));
  CHECK(!read_documents_page(R"({"count":3})"));
  const std::string one =
      R"({"count":1,"total_pages":1,"results":[{"document_number":"2031-1","publication_date":"2031-03-05","full_text_xml_url":null,"page_views":{"count":1},"title":"A"}]})";
  const auto page = read_documents_page(one);
  REQUIRE(page.has_value());
  REQUIRE(page->items.size() == 1);
  CHECK(page->items[0].number == "2031-1");
  CHECK(page->items[0].full_text_xml_url.empty());
  CHECK(page->items[0].publication_date == parse_iso_date("2031-03-05"));
  std::string viewed = one;
  viewed.replace(viewed.find("\"count\":1}"), 9, "\"count\":9");
  CHECK(read_documents_page(viewed)->items[0].digest == page->items[0].digest);
  std::string changed = one;
  changed.replace(changed.find("\"A\""), 3, "\"B\"");
  CHECK(read_documents_page(changed)->items[0].digest != page->items[0].digest);
}

TEST_CASE("a document cut anywhere is an error or a reading") {
  for (const char* name : {"mixed_lists.xml", "counts_only.xml", "correction.xml"}) {
    const std::string xml = fixture(name);
    for (std::size_t n = 0; n < xml.size(); n += 7)
      CHECK(
          !read_federal_register_document({std::nullopt, std::string_view(xml).substr(0, n), std::nullopt}));
  }
  const std::string json = fixture("mixed_lists.json");
  for (std::size_t n = 0; n + 2 < json.size(); ++n)
    CHECK(!read_federal_register_document({std::string_view(json).substr(0, n), std::nullopt, std::nullopt}));
}

TEST_CASE("a document with damaged bytes is an error or a reading") {
  const std::string xml = fixture("mixed_lists.xml");
  unsigned state = 12345;
  const auto next = [&] { return state = state * 1664525u + 1013904223u; };
  for (int round = 0; round < 1500; ++round) {
    std::string damaged = xml;
    for (int hits = 0; hits < 3; ++hits) damaged[next() % damaged.size()] = static_cast<char>(next() >> 24);
    static_cast<void>(read_federal_register_document({std::nullopt, damaged, std::nullopt}));
  }
  // Damage that leaves the XML well-formed: words put in the place of others.
  const std::vector<std::string> words{"“",      "”",  "Under", "OMAN", "by",          ";",
                                       "a.k.a.", "LI", "*",     "2.",   "entries for", "28"};
  for (int round = 0; round < 1500; ++round) {
    std::string damaged = xml;
    for (int hits = 0; hits < 6; ++hits) {
      const std::size_t space = damaged.find(' ', next() % damaged.size());
      if (space != std::string::npos && damaged.rfind('>', space) > damaged.rfind('<', space))
        damaged.insert(space, " " + words[next() % words.size()]);
    }
    const auto r = read_federal_register_document({std::nullopt, damaged, std::nullopt});
    // Only the line with the document's number can make it unreadable.
    if (!r) CHECK(r.error().message.find("number") != std::string::npos);
  }
}

}  // namespace entitywatch::parsers
