#include "parsers/public_inspection.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "parsers/inspection_text.hpp"
#include "parsers/text_table.hpp"
#include "tests/unit/parsers/list_files.hpp"

using namespace entitywatch;
using namespace entitywatch::parsers;
using namespace entitywatch::test;

namespace {

std::string first_item() {
  return nlohmann::json::parse(fixture("inspection/current.json"))["results"][0].dump();
}

}  // namespace

TEST_CASE("a revoked document is withdrawn, and titled as the table of contents prints it") {
  const std::string item = nlohmann::json::parse(fixture("inspection/current.json"))["results"][1].dump();
  const auto reading = read_public_inspection_document({item, std::nullopt});
  REQUIRE(reading);
  CHECK(reading->document.stage == DocumentStage::withdrawn);
  CHECK(reading->document.title == "Export Privileges: Orders");
  CHECK(reading->document.text_url.empty());
  CHECK(has_finding(reading->document.findings, "editorial_note"));
}

TEST_CASE("a rule read from its text before it is published") {
  const std::string item = first_item();
  const std::string text = fixture("inspection/2030-04512.txt");
  const auto reading = read_public_inspection_document({item, text});
  REQUIRE(reading);
  const Document& d = reading->document;
  CHECK(d.number == "2030-04512");
  CHECK(d.stage == DocumentStage::inspection);
  CHECK(d.title == "Additions to the Entity List; Removal From the Entity List");
  CHECK(d.type == "Rule");
  CHECK(d.topic == "entity-list");
  CHECK(d.filed_at == parse_time("2030-03-01T21:15:00Z"));
  CHECK(d.publication_date == parse_iso_date("2030-03-05"));
  CHECK(d.effective_on == parse_iso_date("2030-03-05"));
  CHECK(d.citation.empty());
  CHECK(d.rins == std::vector<std::string>{"0694-ZZ01"});
  CHECK(has_finding(d.findings, "early_text"));
  for (const Check& check : d.checks) CHECK(check.ok);

  REQUIRE(reading->operations.size() == 4);
  const Operation& lantern = reading->operations[0];
  CHECK(lantern.kind == OperationKind::add);
  CHECK(lantern.has_row);
  CHECK(lantern.listing.country == "CHINA, PEOPLE'S REPUBLIC OF");
  CHECK(lantern.listing.name == "Lantern Photonics Co., Ltd.");
  CHECK(lantern.listing.aliases == std::vector<std::string>{"Lantern Optics", "LPC"});
  CHECK(lantern.listing.addresses ==
        std::vector<std::string>{"Room 5, 12 Canal Road, Nanjing, China", "14 Canal Road, Nanjing, China"});
  CHECK(lantern.listing.license_requirement == "For all items subject to the EAR (See § 744.11 of the EAR)");
  CHECK(lantern.listing.license_review_policy == "Presumption of denial");
  CHECK(lantern.listing.citations == std::vector<Citation>{{95, 0, parse_iso_date("2030-03-05"), false}});
  CHECK(has_finding(lantern.findings, "early_text"));
  CHECK(reading->operations[1].listing.name == "Quiet Harbor Works");
  const Operation& removal = reading->operations[2];
  CHECK(removal.kind == OperationKind::remove);
  CHECK(removal.name == "Old Pier Systems");
  CHECK(reading->operations[3].listing.country == "TÜRKIYE");
  CHECK(reading->operations[3].listing.name == "Sumac Havacilik");
}

TEST_CASE("the text alone, and its item alone") {
  const std::string text = fixture("inspection/2030-04512.txt");
  const auto alone = read_public_inspection_document({std::nullopt, text});
  REQUIRE(alone);
  CHECK(alone->document.number == "2030-04512");
  CHECK(alone->document.publication_date == parse_iso_date("2030-03-05"));
  CHECK(alone->document.stage == DocumentStage::inspection);
  CHECK(alone->operations.size() == 4);
  const std::string item = first_item();
  const auto listed = read_public_inspection_document({item, std::nullopt});
  REQUIRE(listed);
  CHECK(listed->operations.empty());
  CHECK(listed->document.topic == "entity-list");
  CHECK(read_public_inspection_document({}).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a revoked document") {
  const std::string item = nlohmann::json::parse(fixture("inspection/current.json"))["results"][1].dump();
  const auto reading = read_public_inspection_document({item, std::nullopt});
  REQUIRE(reading);
  CHECK(reading->document.stage == DocumentStage::withdrawn);
  CHECK(has_finding(reading->document.findings, "editorial_note"));
}

TEST_CASE("a table without columns leaves what the instructions say, marked") {
  const std::string text = fixture("inspection/2030-04512_run_together.txt");
  const auto reading = read_public_inspection_document({std::nullopt, text});
  REQUIRE(reading);
  REQUIRE(reading->operations.size() == 4);
  for (const Operation& o : reading->operations) {
    CHECK_FALSE(o.has_row);
    if (o.kind == OperationKind::add) CHECK(has_finding(o.findings, "row_unknown"));
  }
  CHECK(reading->operations[0].listing.name == "Lantern Photonics Co., Ltd.");
}

TEST_CASE("a manuscript with double spacing") {
  std::string spaced;
  for (const std::string& line : text::split(fixture("inspection/2030-04512.txt"), '\n'))
    spaced += line + "\n\n";
  const auto plain = read_public_inspection_document({std::nullopt, fixture("inspection/2030-04512.txt")});
  const auto reading = read_public_inspection_document({std::nullopt, spaced});
  REQUIRE(plain);
  REQUIRE(reading);
  REQUIRE(reading->operations.size() == 4);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(reading->operations[i].listing.name == plain->operations[i].listing.name);
}

TEST_CASE("the GPO's way of writing in plain text") {
  CHECK(as_printed("``A'' (See Sec. Sec. 734.9 and 744.21)--b") == "“A” (See §§ 734.9 and 744.21)—b");
  CHECK(as_printed("T[Uuml]RKIYE, L[eacute]opold, [Page 3], 9 th Floor") ==
        "TÜRKIYE, Léopold, [Page 3], 9th Floor");
  CHECK(inspection_lines("a\r\n[[Page 54003]]\n\f12\nb (printed page 44500) c\n0\n2. d") ==
        std::vector<std::string>{"a", "b  c", "2. d"});
}

TEST_CASE("a table whose columns cannot be told apart is no table") {
  const std::vector<std::string> lines{
      "Country                 Entity              Federal Register citation",
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
  const auto place = find_text_table(lines, 0);
  REQUIRE(place);
  CHECK_FALSE(read_text_table(lines, *place));
  CHECK_FALSE(find_text_table({"Country club rules for an entity"}, 0));
}

TEST_CASE("any bytes can be read as a document on inspection") {
  survives_damage(fixture("inspection/2030-04512.txt"), [](std::string_view bytes) {
    if (const auto reading = read_public_inspection_document({std::nullopt, bytes}))
      CHECK(reading->document.stage == DocumentStage::inspection);
  });
  survives_damage(first_item(), [](std::string_view bytes) {
    static_cast<void>(read_public_inspection_document({bytes, std::nullopt}));
  });
}

// Texts of real rules against their keys: every operation, nothing else.
TEST_CASE("texts of real rules", "[corpus]") {
  std::size_t wanted = 0;
  std::size_t found = 0;
  std::size_t extra = 0;
  for (const char* name : {"2019-22210.pi", "2019-22210", "2023-03929", "2024-10485", "2024-13695.pi",
                           "2024-13695", "2024-15810", "2024-16379", "2024-23638", "2024-31468", "2025-05426",
                           "2025-07185.pi", "2025-07185", "2025-19001", "C1-2024-13148"}) {
    const std::string stem = std::string(name).substr(0, std::string(name).find(".pi"));
    const std::string bytes = corpus(std::string("rules/") + name + ".txt");
    const std::string key = corpus("rules/" + stem + ".expected.json");
    if (bytes.empty() || key.empty()) SKIP("the corpus is absent");
    const auto reading = read_public_inspection_document({std::nullopt, bytes});
    REQUIRE(reading);
    std::map<std::string, int> want;
    const auto fold_key = [](std::string_view op, std::string_view country, std::string_view party) {
      return std::string(op) + '|' + text::fold(country) + '|' + text::fold(party);
    };
    const auto string_of = [](const nlohmann::json& o, const char* field) {
      return o.contains(field) && o[field].is_string() ? o[field].get<std::string>() : std::string{};
    };
    const nlohmann::json expected = nlohmann::json::parse(key);
    for (const auto& o : expected["operations"]) {
      ++want[fold_key(string_of(o, "op"), string_of(o, "country"), string_of(o, "name"))];
      ++wanted;
    }
    for (const Operation& o : reading->operations) {
      const std::string_view op = to_string(o.kind);
      int* hit = nullptr;
      for (const std::string& party : {o.listing.name, o.name})
        if (const auto at = want.find(fold_key(op, o.listing.country, party));
            hit == nullptr && at != want.end() && at->second > 0)
          hit = &at->second;
      if (hit == nullptr) {
        ++extra;
        UNSCOPED_INFO(name << ": " << op << ' ' << o.listing.country << ' ' << o.listing.name);
      } else {
        --*hit;
        ++found;
      }
    }
  }
  CHECK(found == wanted);
  CHECK(extra == 0);
}
