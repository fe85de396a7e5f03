// The Consolidated Screening List through the pipeline: it is law for some of its lists and repeats others,
// and both are one snapshot.
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <set>

#include "core/text.hpp"
#include "daemon/pipeline.hpp"
#include "tests/support/api_world.hpp"

namespace entitywatch::daemon {
namespace {

std::vector<std::string> rows_of_fixture() {
  std::ifstream in(std::string(ENTITYWATCH_SOURCE_DIR) + "/tests/fixtures/csl/consolidated.csv",
                   std::ios::binary);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

struct Watched {
  Watched() {
    archive = *storage::Archive::open({.directory = scratch.path("db")});
    pipeline = *Pipeline::create(*archive, clock, {});
  }
  Accepted read(const std::vector<std::string>& rows) {
    Observation o{"csl",       ObservationKind::csl,
                  "list",      test::day("2026-03-01") + std::chrono::days{++readings},
                  clock.now(), {}};
    o.parts.push_back({"body", "https://example.org/csl.csv", "text/csv", {}, text::join(rows, "\n") + "\n"});
    SourceState after;
    after.name = "csl";
    after.has_baseline = true;
    const auto accepted = pipeline->observe(o, after);
    REQUIRE(accepted);
    return *accepted;
  }
  [[nodiscard]] std::string held() const {
    const auto state = archive->reader()->source("csl").value();
    return state->held ? state->held->reason : "";
  }
  test::Scratch scratch;
  test::FixedClock clock{"2026-03-25T12:00:00Z"};
  std::unique_ptr<storage::Archive> archive;
  std::unique_ptr<Pipeline> pipeline;
  int readings = 0;
};

// By the names the file has for them; one it invents is no list of ours.
std::set<std::string> lists_of(const std::vector<std::string>& rows) {
  std::set<std::string> out;
  for (std::size_t i = 1; i < rows.size(); ++i) out.insert(text::split(rows[i], ',').at(1));
  out.erase("Fictitious Watch List (FWL) - Weather Department");
  return out;
}

TEST_CASE_METHOD(Watched, "a second reading with other words is no missing list", "[csl]") {
  auto rows = rows_of_fixture();
  REQUIRE(lists_of(rows).size() > 2);
  CHECK_FALSE(read(rows).held);
  const std::size_t at = rows[1].find(" St.");
  REQUIRE(at != std::string::npos);
  rows[1].replace(at, 4, " Sq.");
  CHECK_FALSE(read(rows).held);
  CHECK(held().empty());
}

TEST_CASE_METHOD(Watched, "a snapshot that lacks a list it showed is held, whoever's list it is", "[csl]") {
  const auto rows = rows_of_fixture();
  for (const std::string& list : lists_of(rows)) {
    Watched fresh;
    CHECK_FALSE(fresh.read(rows).held);
    std::vector<std::string> without;
    for (const std::string& row : rows)
      if (row.find("," + list + ",") == std::string::npos) without.push_back(row);
    INFO(list);
    CHECK(fresh.read(without).held);
    CHECK(fresh.held().find("missing altogether") != std::string::npos);
  }
}

}  // namespace
}  // namespace entitywatch::daemon
