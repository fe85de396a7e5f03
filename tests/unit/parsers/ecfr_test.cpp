#include "parsers/ecfr.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "core/text.hpp"
#include "parsers/xml_sax.hpp"

using namespace entitywatch;
using namespace entitywatch::parsers;
using Names = std::vector<std::string>;

namespace {

std::string load(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::string fixture(const std::string& name) {
  return load(std::filesystem::path(ENTITYWATCH_SOURCE_DIR) / "tests/fixtures/ecfr" / name);
}

std::filesystem::path corpus() {
  if (const char* set = std::getenv("ENTITYWATCH_CORPUS")) return set;
  return std::filesystem::path(ENTITYWATCH_SOURCE_DIR).parent_path() / "shared/corpus";
}

const Check* check_named(const std::vector<Check>& checks, std::string_view name) {
  for (const Check& c : checks)
    if (c.name == name) return &c;
  return nullptr;
}

bool has_finding(const Listing& listing, std::string_view code) {
  for (const Finding& f : listing.findings)
    if (f.code == code) return true;
  return false;
}

bool has_review(const Listing& listing) {
  for (const Finding& f : listing.findings)
    if (f.severity == Finding::Severity::review) return true;
  return false;
}

struct Recorder final : XmlHandler {
  std::string seen;
  void start(std::string_view name, const XmlAttributes& attributes) override {
    seen += '<' + std::string(name);
    for (const XmlAttribute& a : attributes) seen += ' ' + std::string(a.name) + '=' + std::string(a.value);
    seen += '>';
  }
  void end(std::string_view name) override { seen += "</" + std::string(name) + '>'; }
  void text(std::string_view characters) override { seen += characters; }
};

struct Thrower final : XmlHandler {
  void start(std::string_view, const XmlAttributes&) override { throw std::runtime_error("handler"); }
  void end(std::string_view) override {}
  void text(std::string_view) override {}
};

}  // namespace

TEST_CASE("XML events come in order, entities and CDATA decoded") {
  Recorder r;
  REQUIRE(parse_xml(
      R"(<?xml version="1.0"?><a x="1 &amp; 2" y="&lt;&#xA7;"><b/>t &amp; &#x2014;<![CDATA[<c>]]></a>)", r));
  CHECK(r.seen == "<a x=1 & 2 y=<§><b></b>t & —<c></a>");
}

TEST_CASE("hostile XML is refused") {
  Recorder r;
  const auto doctype = parse_xml(R"(<!DOCTYPE a [<!ENTITY x "yyyy">]><a>&x;</a>)", r);
  REQUIRE_FALSE(doctype);
  CHECK(doctype.error().code == ErrorCode::malformed);
  CHECK(r.seen.empty());
  CHECK_FALSE(parse_xml(R"(<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>)", r));
  CHECK_FALSE(parse_xml("<a>&undefined;</a>", r));
  CHECK_FALSE(parse_xml("<a><b></a>", r));
  CHECK_FALSE(parse_xml("", r));
  CHECK_FALSE(parse_xml("not xml", r));
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<a>";
  const auto nested = parse_xml(deep, r);
  REQUIRE_FALSE(nested);
  CHECK(nested.error().code == ErrorCode::too_large);
  CHECK(parse_xml("<a/>", r, {3, 10}).error().code == ErrorCode::too_large);
  Thrower thrower;
  CHECK(parse_xml("<a/>", thrower).error().code == ErrorCode::internal);
}

TEST_CASE("the supplements of part 744 in all layouts") {
  const auto part = read_ecfr_part(fixture("part-744_layouts.xml"));
  REQUIRE(part);
  REQUIRE(part->lists.size() == 3);
  CHECK(part->findings.empty());
  const ListReading& entities = part->lists[0];
  CHECK(entities.list == ListId::entity_list);
  CHECK(entities.rows_in_file == 9);
  REQUIRE(check_named(entities.checks, "rows_placed") != nullptr);
  CHECK(check_named(entities.checks, "rows_placed")->ok);
  REQUIRE(entities.rows.size() == 7);

  const Listing& first = entities.rows[0];
  CHECK(first.country == "FRANCE");
  CHECK(first.country_code == "FR");
  CHECK(first.name == "Bellerive Optique S.A.");
  CHECK(first.addresses == Names{"12 Rue du Lac, 74000 Annecy, France", "3 Rue Neuve, Lyon, France"});
  CHECK(first.cross_references == Names{"Latvia"});
  CHECK(first.citations.size() == 2);
  CHECK(first.requirement_form == "all-items");

  const Listing& second = entities.rows[1];
  CHECK(second.country == "FRANCE");
  CHECK(second.aliases == Names{"Camelia", "SARL Camelia Marine"});
  CHECK(second.addresses == Names{"1 1⁄2 Quai Ouest, Brest, France", "Quai Est, 3rd floor, Brest, France"});
  CHECK(second.footnotes == std::vector<int>{1, 3});
  CHECK(second.license_requirement ==
        "For all items subject to the EAR. (See §§ 734.9(g), 746.8(a)(3), and 744.21(b) of the EAR)");
}

TEST_CASE("continuation rows, rows with other numbers of cells, reserved rows") {
  const auto part = read_ecfr_part(fixture("part-744_layouts.xml"));
  REQUIRE(part);
  const auto& rows = part->lists[0].rows;
  REQUIRE(rows.size() == 7);
  CHECK(rows[2].name == "Institute of Amber Physics");
  CHECK(rows[3].name == "First Design Department");
  CHECK(rows[3].parent == "Institute of Amber Physics");
  CHECK(rows[4].name == "7th Factory");
  CHECK(rows[4].addresses == Names{"1 Juras iela, Riga, Latvia", "2 Juras iela, Riga, Latvia"});
  REQUIRE(check_named(rows[2].checks, "stated_subordinates") != nullptr);
  CHECK(check_named(rows[2].checks, "stated_subordinates")->ok);
  // A citation that slid into the policy cell.
  CHECK(rows[2].license_review_policy == "See § 744.3(d) of this part");
  CHECK(rows[2].citations.size() == 2);
  CHECK(has_finding(rows[2], "cells_mended"));

  CHECK(rows[5].country == "LATVIA");
  CHECK(rows[5].name == "Address 01");
  CHECK(rows[5].addresses == Names{"Unit 5, 3 Brivibas iela, Riga, Latvia", "P.O. Box 12, Riga, Latvia"});
  CHECK(rows[5].policy_form == "presumption-of-denial");
  CHECK(has_finding(rows[5], "irregular_row"));

  CHECK(rows[6].country == "MALTA");
  CHECK(rows[6].policy_form == "presumption-of-denial");
  CHECK(has_finding(rows[6], "cells_swapped"));
  CHECK(has_review(rows[6]));
}

TEST_CASE("Supplements No. 6 and 7 have three columns and groups") {
  const auto part = read_ecfr_part(fixture("part-744_layouts.xml"));
  REQUIRE(part);
  const ListReading& unverified = part->lists[1];
  REQUIRE(unverified.rows.size() == 2);
  CHECK(unverified.rows[0].country_code == "TR");
  CHECK(unverified.rows[0].name == "Kaptan Lojistik");
  CHECK(unverified.rows[0].aliases == Names{"Kaptan Logistics Ltd."});
  CHECK(unverified.rows[0].citations.size() == 2);
  CHECK(unverified.rows[0].citations[1].repaired);
  CHECK(unverified.rows[1].name == "Deniz Makine AS");

  const ListReading& military = part->lists[2];
  CHECK(military.rows_in_file == 7);
  CHECK(check_named(military.checks, "rows_placed")->ok);
  CHECK(check_named(military.checks, "stated_subordinates")->ok);
  REQUIRE(military.rows.size() == 3);
  CHECK(military.rows[0].name == "UEG Samara Co., Ltd.");
  CHECK(military.rows[0].parent == "United Engine Group");
  CHECK(military.rows[0].citations.size() == 1);
  CHECK(military.rows[2].name == "Volna Plant JSC");
  CHECK(military.rows[2].parent.empty());
}

TEST_CASE("what is not the part is refused, what is missing is found") {
  CHECK_FALSE(read_ecfr_part("<html><body>Request Access</body></html>"));
  CHECK_FALSE(read_ecfr_part(""));
  CHECK_FALSE(read_ecfr_part(R"(<DIV5 N="745" TYPE="PART"><HEAD>PART 745</HEAD></DIV5>)"));
  const std::string whole = fixture("part-744_layouts.xml");
  for (std::size_t at = 0; at < whole.size(); at += 331) CHECK_FALSE(read_ecfr_part(whole.substr(0, at)));
  const auto empty = read_ecfr_part(R"(<DIV5 N="744" TYPE="PART"><HEAD>PART 744</HEAD></DIV5>)");
  REQUIRE(empty);
  REQUIRE_FALSE(empty->findings.empty());
  CHECK(empty->findings[0].code == "supplement_missing");
  CHECK(empty->findings[0].severity == Finding::Severity::review);
  const auto hollow =
      read_ecfr_part(R"(<DIV5 N="744"><DIV9 N="Supplement No. 4 to Part 744"><P>none</P></DIV9></DIV5>)");
  REQUIRE(hollow);
  CHECK(hollow->findings[0].code == "supplement_empty");
}

TEST_CASE("the list of titles") {
  const std::string json = fixture("titles.json");
  const auto title = read_ecfr_titles(json, 15);
  REQUIRE(title);
  CHECK(format_date(title->up_to_date_as_of) == "2025-04-15");
  CHECK(format_date(*title->latest_amended_on) == "2025-04-01");
  CHECK(read_ecfr_titles(json, 99).error().code == ErrorCode::not_found);
  CHECK(read_ecfr_titles(json, 35).error().code == ErrorCode::malformed);
  CHECK(read_ecfr_titles("<html>", 15).error().code == ErrorCode::malformed);
  CHECK(read_ecfr_titles("[]", 15).error().code == ErrorCode::malformed);
  CHECK(read_ecfr_titles(R"({"titles": {}})", 15).error().code == ErrorCode::malformed);
  CHECK_FALSE(read_ecfr_titles(std::string(100000, '['), 15));
  CHECK_FALSE(read_ecfr_titles(R"({"titles": [{"number": 1e99}, 5, null]})", 15));
}

TEST_CASE("readings are equal whatever thread makes them") {
  const std::string xml = fixture("part-744_layouts.xml");
  const auto expected = read_ecfr_part(xml);
  REQUIRE(expected);
  std::vector<std::jthread> threads;
  std::vector<int> equal(4, 0);
  for (std::size_t i = 0; i < equal.size(); ++i)
    threads.emplace_back([&, i] {
      const auto again = read_ecfr_part(xml);
      equal[i] = again && again->lists == expected->lists;
    });
  threads.clear();
  CHECK(equal == std::vector<int>(4, 1));
}

TEST_CASE("the real part 744 of two days", "[corpus]") {
  const auto folder = corpus() / "ecfr";
  if (!std::filesystem::exists(folder)) {
    std::cerr << "SKIPPED: no corpus at " << corpus()
              << "; set ENTITYWATCH_CORPUS to run the tests on real files\n";
    SKIP("no corpus");
  }
  const auto march = read_ecfr_part(load(folder / "part-744_2026-03-25.xml"));
  const auto july = read_ecfr_part(load(folder / "part-744_2026-07-18.xml"));
  REQUIRE(march);
  REQUIRE(july);
  REQUIRE(july->lists.size() == 3);
  CHECK(july->lists[0].rows_in_file == 3415);
  CHECK(july->lists[1].rows_in_file == 186);
  CHECK(july->lists[2].rows_in_file == 90);

  std::size_t stated = 0, held = 0, reviewed = 0, unreduced = 0, differing = 0;
  for (std::size_t l = 0; l < july->lists.size(); ++l) {
    const auto& before = march->lists[l].rows;
    const auto& after = july->lists[l].rows;
    CHECK(check_named(july->lists[l].checks, "rows_placed")->ok);
    REQUIRE(before.size() == after.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      const Listing& row = after[i];
      const Check* count = check_named(row.checks, "stated_alias_count");
      stated += count != nullptr;
      held += count != nullptr && count->ok;
      if (count != nullptr && !count->ok) CHECK(has_review(row));
      reviewed += has_review(row);
      unreduced += l == 0 && (row.requirement_form.empty() || row.policy_form.empty());
      CHECK_FALSE(row.name.empty());
      CHECK_FALSE(row.country_code.empty());
      // All that changed between the two days is editorial: names, aliases and addresses read alike.
      const auto fold = [](const Listing& x) {
        return text::fold(x.name + "|" + text::join(x.aliases, "|") + "|" + text::join(x.addresses, "|"));
      };
      differing += fold(before[i]) != fold(row);
    }
  }
  CHECK(stated > 1900);
  CHECK(static_cast<double>(held) >= 0.995 * static_cast<double>(stated));
  CHECK(reviewed < 80);
  CHECK(unreduced == 0);
  CHECK(differing == 0);
}
