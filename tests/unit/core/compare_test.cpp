#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "core/compare.hpp"
#include "track_support.hpp"

using namespace entitywatch;
using test::listing;

namespace {

Comparison edit(const std::function<void(Listing&)>& change) {
  const Listing before = listing("CHINA, PEOPLE'S REPUBLIC OF", "Alpha Co., Ltd.", "Rm 12 3, 5 Main Road, Town");
  Listing after = before;
  after.raw = {};
  change(after);
  return compare(before, after);
}

}  // namespace

TEST_CASE("what only respells a field is editorial") {
  CHECK(edit([](Listing& l) { l.name = "ALPHA CO LTD"; }).substance.empty());
  CHECK(edit([](Listing& l) { l.name = "Alpha  Co.,\u00a0Ltd"; }).substance.empty());
  CHECK(edit([](Listing& l) { l.license_review_policy = "presumption of denial."; }).substance.empty());
  CHECK(edit([](Listing& l) { l.country = "China, People\u2019s Republic of"; }).substance.empty());
  CHECK(edit([](Listing& l) { l.addresses = {"Rm 12-3; 5 Main Road", "and Town"}; }).substance.empty());
  CHECK(edit([](Listing& l) { l.citations[0].repaired = true; }).substance.empty());
}

TEST_CASE("the order of aliases is editorial, an alias more is not") {
  Listing a = listing("IRAN", "Alpha");
  a.aliases = {"One", "Two"};
  a.raw.entity.clear();
  Listing b = a;
  b.aliases = {"Two", "One"};
  CHECK(compare(a, b).substance.empty());
  CHECK(compare(a, b).editorial == std::vector<std::string>{"aliases"});
  b.aliases.push_back("Three");
  CHECK(compare(a, b).substance == std::vector<std::string>{"aliases"});
}

TEST_CASE("one letter, one digit or a moved digit boundary is substance") {
  using Fields = std::vector<std::string>;
  CHECK(edit([](Listing& l) { l.name = "Alpho Co., Ltd."; }).substance == Fields{"name"});
  CHECK(edit([](Listing& l) { l.addresses = {"Rm 1 23, 5 Main Road, Town"}; }).substance == Fields{"addresses"});
  CHECK(edit([](Listing& l) { l.addresses = {"Rm 12 3, 6 Main Road, Town"}; }).substance == Fields{"addresses"});
  CHECK(edit([](Listing& l) { l.footnotes = {1}; }).substance == Fields{"footnotes"});
  CHECK(edit([](Listing& l) { l.citations.push_back({85, 7, std::nullopt, false}); }).substance == Fields{"citations"});
  CHECK(edit([](Listing& l) { l.country = "IRAN"; l.country_code = "IR"; }).substance == Fields{"country"});
}

TEST_CASE("two names of one destination are editorial, Crimea is not Ukraine") {
  Listing a = listing("TURKEY", "Alpha");
  Listing b = listing("TÜRKIYE", "Alpha");
  CHECK(compare(a, b).substance.empty());
  a = listing("UKRAINE", "Alpha");
  b = listing("CRIMEA REGION OF UKRAINE", "Alpha");
  CHECK(compare(a, b).substance == std::vector<std::string>{"country"});
}

TEST_CASE("across sources the page of one rule's citation may differ") {
  Listing a = listing("IRAN", "Alpha");
  Listing b = a;
  a.raw = {};
  a.citations = {{84, 54002, test::day("2019-10-09"), false}};
  b.citations = {{84, 54004, test::day("2019-10-09"), false}};
  CHECK(compare_across_sources(a, b).substance.empty());
  CHECK(compare(a, b).substance == std::vector<std::string>{"citations"});
}
