// Which version of an entry is in force, by its two times.
#include "daemon/api_history.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/api_world.hpp"

namespace entitywatch::daemon {
namespace {

using test::day;

struct Made {
  const char* effective;  // nullptr: since ever
  const char* known;
  EntryStatus status = EntryStatus::listed;
};

std::vector<EntryVersion> versions(const std::vector<Made>& made) {
  std::vector<EntryVersion> out;
  for (const Made& m : made) {
    out.push_back(
        test::version(test::entry(ListId::entity_list, "Alpha Works"), out.size() + 1, m.effective, m.known));
    out.back().status = m.status;
  }
  return out;
}

// The number of the version in force; 0: none.
std::uint64_t in_force(const std::vector<Made>& made, const char* on, const char* known_at = nullptr) {
  const Viewpoint viewpoint{day(on),
                            known_at == nullptr ? std::nullopt : std::optional(test::time(known_at))};
  const auto version = version_in_force(versions(made), viewpoint);
  return version ? version->number : 0;
}

TEST_CASE("a version is in force from its day on", "[history]") {
  const std::vector<Made> made = {{nullptr, "2026-01-01T00:00:00Z"}, {"2026-03-10", "2026-03-09T15:00:00Z"}};
  CHECK(in_force(made, "2020-01-01") == 1);
  CHECK(in_force(made, "2026-03-09") == 1);
  CHECK(in_force(made, "2026-03-10") == 2);
  CHECK(in_force(made, "2026-03-10", "2026-03-09T14:59:59Z") == 1);
  CHECK(in_force(made, "2026-03-10", "2025-12-31T00:00:00Z") == 0);
  CHECK(in_force({}, "2026-03-10") == 0);
}

TEST_CASE("what was announced for a day to come is not undone by what was learned before it", "[history]") {
  // A rule of March revises from December on; one of April revises at once.
  const std::vector<Made> made = {{nullptr, "2026-01-01T00:00:00Z"},
                                  {"2026-12-01", "2026-03-01T00:00:00Z"},
                                  {"2026-04-01", "2026-04-01T00:00:00Z"}};
  CHECK(in_force(made, "2026-03-31") == 1);
  CHECK(in_force(made, "2026-04-01") == 3);
  CHECK(in_force(made, "2026-11-30") == 3);
  CHECK(in_force(made, "2026-12-01") == 2);
}

TEST_CASE("a correction with an earlier date replaces what had begun when it was learned", "[history]") {
  const std::vector<Made> made = {{"2026-03-01", "2026-03-01T00:00:00Z"},
                                  {"2026-02-15", "2026-03-20T00:00:00Z"}};
  CHECK(in_force(made, "2026-02-14") == 0);
  CHECK(in_force(made, "2026-02-20") == 2);
  CHECK(in_force(made, "2026-03-05") == 2);
  CHECK(in_force(made, "2026-03-05", "2026-03-10T00:00:00Z") == 1);
}

TEST_CASE("an announcement that is withdrawn never takes effect", "[history]") {
  const std::vector<Made> made = {{"2026-04-01", "2026-03-01T00:00:00Z"},
                                  {"2026-04-01", "2026-03-05T00:00:00Z", EntryStatus::removed}};
  const auto on = [&](const char* date) {
    return version_in_force(versions(made), {day(date), std::nullopt});
  };
  CHECK_FALSE(on("2026-03-31"));
  REQUIRE(on("2026-04-01"));
  CHECK(on("2026-04-01")->status == EntryStatus::removed);
  CHECK(version_to_come(versions(made), {day("2026-03-10"), std::nullopt})->status == EntryStatus::removed);
  CHECK(version_to_come(versions(made), {day("2026-03-10"), test::time("2026-03-02")})->status ==
        EntryStatus::listed);
}

TEST_CASE("an effective date that is put off is put off", "[history]") {
  auto told = versions({{"2026-04-01", "2026-03-01T00:00:00Z"}, {"2026-06-01", "2026-03-20T00:00:00Z"}});
  for (EntryVersion& version : told) version.change_id = "the same change";
  const auto on = [&](const char* date, const char* known_at) {
    return version_in_force(told, {day(date), test::time(known_at)}).has_value();
  };
  CHECK_FALSE(on("2026-05-01", "2026-03-20"));
  CHECK(on("2026-06-01", "2026-03-20"));
  CHECK(on("2026-05-01", "2026-03-19"));
}

TEST_CASE("an entry that was removed and listed again is in force again", "[history]") {
  const std::vector<Made> made = {{nullptr, "2026-01-01T00:00:00Z"},
                                  {"2026-02-01", "2026-02-01T00:00:00Z", EntryStatus::removed},
                                  {"2026-03-01", "2026-03-01T00:00:00Z"}};
  CHECK(in_force(made, "2026-01-31") == 1);
  CHECK(in_force(made, "2026-02-28") == 2);
  CHECK(in_force(made, "2026-03-01") == 3);
}

}  // namespace
}  // namespace entitywatch::daemon
