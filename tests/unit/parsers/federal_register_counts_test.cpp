// The counts a summary states, in the sentences the Bureau has written them in.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "parsers/fr_counts.hpp"
#include "parsers/fr_numbers.hpp"

namespace entitywatch::parsers {
namespace {

std::string shown(const StatedCount& s) {
  const char* unit = s.unit == StatedUnit::entities  ? " entities"
                     : s.unit == StatedUnit::entries ? " entries"
                                                     : " addresses";
  return std::string(to_string(s.kind)) + " " + std::to_string(s.count) +
         (s.country.empty() ? unit : " " + s.country);
}

std::vector<std::string> totals(const std::string& summary) {
  std::vector<std::string> out;
  for (const StatedCount& s : read_stated_counts(summary).totals) out.push_back(shown(s));
  return out;
}

std::vector<std::string> places(const std::string& summary) {
  std::vector<std::string> out;
  for (const StatedCount& s : read_stated_counts(summary).by_country) out.push_back(shown(s));
  return out;
}

using Lines = std::vector<std::string>;

CountedEntry entry(OperationKind kind, const std::string& country, const std::string& name) {
  return {kind, ListId::entity_list, country, name};
}

}  // namespace

TEST_CASE("totals are read in words and figures") {
  CHECK(totals("BIS amends the EAR by adding 10 entities under 13 entries to the Entity List.") ==
        Lines{"add 10 entities", "add 13 entries"});
  CHECK(totals("This rule adds one hundred and fourteen entities to the Entity List and removes two.") ==
        Lines{"add 114 entities"});
  CHECK(totals("by adding thirty-three (33) persons to the Unverified List (UVL)") ==
        Lines{"add 33 entities"});
  CHECK(totals("by adding 29 entries (26 entities and 3 addresses) to the Entity List") ==
        Lines{"add 29 entries", "add 26 entities", "add 3 addresses"});
  CHECK(totals("This rule revises eleven existing entries under the destinations of Belarus and China and "
               "corrects one existing entry on the Entity List under the destination of Pakistan.") ==
        Lines{"revise 11 entries", "revise 1 entries"});
  CHECK(totals("This rule modifies four existing entries, consisting of revisions to one entry under France "
               "and one entry under Iran.") == Lines{"revise 4 entries"});
}

TEST_CASE("numbers that count something else are left alone") {
  CHECK(totals("This rule amends the EAR to expand requirements for twenty-eight existing entities on the "
               "Entity List.")
            .empty());
  CHECK(totals("This final rule revises an entry by removing two addresses from one entity under the "
               "destination of Russia.")
            .empty());
  CHECK(places("This final rule revises an entry by removing two addresses from one entity under the "
               "destination of Russia.")
            .empty());
  CHECK(totals("The rule adds new controls; any entity 50 percent owned by one or more entities on the "
               "Entity List is restricted.")
            .empty());
  CHECK(places("consisting of one removal of an entity and one removal of an address under the destination "
               "of China")
            .empty());
}

TEST_CASE("counts by destination") {
  CHECK(places("BIS is adding 70 entities to the Entity List, under the destinations of China, People's "
               "Republic of (China) (42); Iran (2); and the United Arab Emirates (UAE) (4).") ==
        Lines{"add 42 China", "add 2 Iran", "add 4 UAE"});
  CHECK(places("BIS is adding 32 persons to the UVL. Of the 32 persons being added, one is under each of the "
               "following destinations: Bulgaria, Canada, and Singapore; 14 are under the destination of "
               "China, and five under the destination of the United Arab Emirates.") ==
        Lines{"add 1 Bulgaria", "add 1 Canada", "add 1 Singapore", "add 14 China",
              "add 5 United Arab Emirates"});
  CHECK(places("This rule also corrects six existing entries to the Entity List, one under the destination "
               "of Germany and the other five under the destination of China.") ==
        Lines{"revise 1 Germany", "revise 5 China"});
  CHECK(
      places("BIS is removing five persons from the UVL. Of the five persons being removed, three are under "
             "the destination of China and two are under the destination of the United Arab Emirates.") ==
      Lines{"remove 3 China", "remove 2 United Arab Emirates"});
}

TEST_CASE("stated counts are checked against what was found") {
  const std::vector<CountedEntry> found{
      entry(OperationKind::add, "OMAN", "A"), entry(OperationKind::add, "PERU", "A"),
      entry(OperationKind::add, "PERU", "B"), entry(OperationKind::remove, "CUBA", "C")};
  const auto ok = [&](const std::string& summary) {
    const std::vector<Check> checks = check_counts(read_stated_counts(summary), found);
    REQUIRE(!checks.empty());
    return std::all_of(checks.begin(), checks.end(), [](const Check& c) { return c.ok; });
  };
  CHECK(ok("by adding two entities under three entries to the Entity List"));
  CHECK(ok("by adding two entities to the Entity List"));
  CHECK(ok("by adding three entities to the Entity List under the destinations of Oman (1) and Peru (2)"));
  CHECK_FALSE(ok("by adding four entities to the Entity List"));
  CHECK_FALSE(ok("by adding two entities under four entries to the Entity List"));
  CHECK_FALSE(
      ok("by adding three entities to the Entity List under the destinations of Oman (2) and Peru (1)"));
  CHECK(ok("by removing one entity from the Entity List"));
  CHECK_FALSE(ok("by removing two entities from the Entity List"));
}

TEST_CASE("a country's listing removed stands for entries that the rule does not name") {
  const std::vector<CountedEntry> found{entry(OperationKind::remove, "CUBA", "C"),
                                        entry(OperationKind::remove_country, "OMAN", "")};
  for (const Check& c :
       check_counts(read_stated_counts("by removing two entities from the Entity List"), found))
    CHECK(c.ok);
}

TEST_CASE("numbers in words") {
  CHECK(number_of("28") == 28);
  CHECK(number_of("1,024") == 1024);
  CHECK(number_of("twenty-eight") == 28);
  CHECK(!number_of("entity"));
  CHECK(!number_of("twenty-eleven"));
  const std::vector<std::string> words{"one", "hundred", "and", "forty", "two", "entities"};
  CHECK(leading_number(words)->value == 142);
  CHECK(leading_number(words)->words == 5);
}

}  // namespace entitywatch::parsers
