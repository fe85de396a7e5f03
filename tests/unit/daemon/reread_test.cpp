// A newer reader over stored bytes: what it reads otherwise is recorded once, told to nobody unless asked,
// and does not undo what came later.
#include "daemon/reread.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "daemon/maintenance.hpp"
#include "tests/support/api_world.hpp"

namespace entitywatch::daemon {
namespace {

using test::Scratch;

std::string rule_xml() {
  std::ifstream in(std::string(ENTITYWATCH_SOURCE_DIR) + "/tests/fixtures/demo/2019-22210.xml",
                   std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Rule {
  Rule() {
    archive = *storage::Archive::open({.directory = scratch.path("db")});
    RoutingTable table;
    table.channels = {"grc"};
    pipeline = *Pipeline::create(*archive, clock, std::move(table));
    Observation o{"federal_register", ObservationKind::federal_register_document,
                  "2019-22210",       std::nullopt,
                  clock.now(),        {}};
    o.parts.push_back({"xml", "https://example.org/2019-22210.xml", "text/xml", {}, rule_xml()});
    REQUIRE(pipeline->replay(o)->changes == 28);
    told = deliveries();
    REQUIRE(told > 0);
  }
  [[nodiscard]] std::size_t deliveries() const {
    std::size_t n = 0;
    REQUIRE(archive->reader()->deliveries("", [&](const Delivery&) { return ++n > 0; }));
    return n;
  }
  [[nodiscard]] std::vector<Change> changes() const {
    std::vector<Change> out;
    REQUIRE(archive->reader()->changes(0, [&](const Change& c) { return out.push_back(c), true; }));
    return out;
  }
  [[nodiscard]] RereadReport reread(RereadOptions options = {}) const {
    const auto report = reread_documents(*archive, *pipeline, options);
    REQUIRE(report);
    CHECK(report->complete);
    return *report;
  }
  // The reader of this version, but for what `alter` does to the operations it finds.
  static RereadOptions newer(std::function<void(std::vector<Operation>&)> alter) {
    RereadOptions options;
    options.read = [alter = std::move(alter)](const Observation& o) {
      auto reading = read(o);
      if (reading) alter(reading->documents.at(0).operations);
      return reading;
    };
    return options;
  }

  Scratch scratch;
  test::FixedClock clock{"2026-03-25T12:00:00Z"};
  std::unique_ptr<storage::Archive> archive;
  std::unique_ptr<Pipeline> pipeline;
  std::size_t told = 0;
};

TEST_CASE_METHOD(Rule, "the same reading again changes nothing", "[reread]") {
  const auto before = changes();
  const RereadReport report = reread();
  CHECK(report.observations == 1);
  CHECK(report.changes == 0);
  CHECK(changes() == before);
  CHECK(deliveries() == told);
}

TEST_CASE_METHOD(Rule, "what is read otherwise is recorded once and told to nobody", "[reread]") {
  const auto alias = newer([](std::vector<Operation>& ops) {
    ops.at(3).listing.aliases.emplace_back("Found By The Newer Reader");
  });
  const std::string name = read({"federal_register",
                                 ObservationKind::federal_register_document,
                                 "2019-22210",
                                 std::nullopt,
                                 clock.now(),
                                 {{"xml", "", "", {}, rule_xml()}}})
                               ->documents[0]
                               .operations[3]
                               .listing.name;
  CHECK(reread(alias).changes == 1);
  CHECK(deliveries() == told);
  std::size_t amended = 0;
  for (const Change& c : changes()) {
    if (c.revision == 1) continue;
    ++amended;
    CHECK(c.entry->listing.name == name);
    CHECK(c.entry->listing.aliases.back() == "Found By The Newer Reader");
    CHECK(c.sightings.back().note.find("newer reader") != std::string::npos);
    CHECK(archive->reader()->entry(c.entry->id).value()->listing.aliases.back() ==
          "Found By The Newer Reader");
  }
  CHECK(amended == 1);
  CHECK(changes().size() == 28);
  CHECK(archive->verify_chain()->ok);
  CHECK(reread(alias).changes == 0);
}

TEST_CASE_METHOD(Rule, "asked to, it tells subscribers", "[reread]") {
  auto alias = newer([](std::vector<Operation>& ops) {
    ops.at(3).listing.aliases.emplace_back("Found By The Newer Reader");
  });
  alias.telling = Telling::subscribers;
  CHECK(reread(alias).changes == 1);
  CHECK(deliveries() == told + 1);
}

TEST_CASE_METHOD(Rule, "what an older reader missed becomes a change of its own", "[reread]") {
  const auto more = newer([](std::vector<Operation>& ops) {
    Operation missed = ops.back();
    missed.name = missed.listing.name = "Overlooked Machines Ltd.";
    missed.listing.aliases.clear();
    ops.push_back(std::move(missed));
  });
  CHECK(reread(more).changes == 1);
  CHECK(deliveries() == told);
  const auto all = changes();
  REQUIRE(all.size() == 29);
  CHECK(all.back().entry->listing.name == "Overlooked Machines Ltd.");
  CHECK(all.back().kind == ChangeKind::added);
  CHECK(all.back().note.find("newer reader") != std::string::npos);
  CHECK(archive->reader()->entry(all.back().entry->id).value());
  CHECK(reread(more).changes == 0);
}

TEST_CASE_METHOD(Rule, "what it finds no more is marked, not undone", "[reread]") {
  const auto fewer = newer([](std::vector<Operation>& ops) { ops.pop_back(); });
  CHECK(reread(fewer).changes == 1);
  CHECK(changes().size() == 28);
  std::size_t marked = 0;
  for (const Change& c : changes())
    for (const Finding& f : c.findings)
      if (f.code == "no_longer_in_document") {
        ++marked;
        CHECK(c.review);
        CHECK(c.sightings.back().note.find("newer reader") != std::string::npos);
      }
  CHECK(marked == 1);
  CHECK(reread(fewer).changes == 0);
}

TEST_CASE_METHOD(Rule, "an entry that another document has shaped since stays as it is", "[reread]") {
  const Change third = changes().at(3);
  Commit later;
  later.entries = {*third.entry};
  later.entries[0].document = "2020-00001";
  later.entries[0].listing.aliases = {"Of The Later Rule"};
  REQUIRE(archive->commit(later));
  RoutingTable table;
  pipeline = *Pipeline::create(*archive, clock, std::move(table));
  const auto otherwise = newer([](std::vector<Operation>& ops) {
    for (Operation& op : ops) op.listing.addresses.emplace_back("1 Newly Read Road, Urumqi, China");
  });
  CHECK(reread(otherwise).changes == 28);
  const auto entry = archive->reader()->entry(third.entry->id).value();
  CHECK(entry->document == "2020-00001");
  CHECK(entry->listing.aliases == std::vector<std::string>{"Of The Later Rule"});
  CHECK(archive->reader()->versions(third.entry->id)->size() == 1);
  CHECK(changes().at(3).entry->listing.addresses.back() == "1 Newly Read Road, Urumqi, China");
  CHECK(reread(otherwise).changes == 0);
}

TEST_CASE_METHOD(Rule, "bytes that cannot be read any more are counted and left", "[reread]") {
  RereadOptions options;
  options.read = [](const Observation&) -> Result<Reading> {
    return fail(ErrorCode::malformed, "not this reader's");
  };
  const auto before = changes();
  const RereadReport report = reread(options);
  CHECK(report.unreadable == 1);
  CHECK(changes() == before);
}

TEST_CASE_METHOD(Rule,
                 "maintenance reads again once for a version, forgets old deliveries and compacts in time",
                 "[reread]") {
  DatabaseConfig config;
  config.keep_deliveries = std::chrono::hours{24 * 30};
  Maintenance maintenance(*archive, *pipeline, clock, config);
  CHECK_FALSE(documents_are_read_by(*archive, reader_version).value());
  REQUIRE(maintenance.pass({}));
  CHECK(documents_are_read_by(*archive, reader_version).value());
  CHECK_FALSE(documents_are_read_by(*archive, "another").value());
  CHECK(deliveries() == told);  // young, and still pending

  Commit done;
  REQUIRE(archive->reader()->deliveries(
      "", [&](const Delivery& d) { return done.deliveries.push_back(d), true; }));
  for (Delivery& d : done.deliveries) {
    d.status = DeliveryStatus::delivered;
    d.delivered_at = clock.now();
    d.next_attempt_at.reset();
  }
  REQUIRE(archive->commit(done));
  const std::string alert = done.deliveries[0].alert_id;
  clock.set("2026-04-20T12:00:00Z");
  REQUIRE(maintenance.pass({}));
  CHECK(deliveries() == told);
  clock.set("2026-04-25T12:00:00Z");
  REQUIRE(maintenance.pass({}));
  CHECK(deliveries() == 0);
  CHECK(archive->reader()->alert(alert).value() == std::nullopt);
  CHECK(changes().size() == 28);
  CHECK(archive->verify_chain()->ok);
  // Rewritten a week after the last time, not before.
  CHECK(archive->reader()->note("compacted at").value() == "2026-04-20T12:00:00Z");
}

}  // namespace
}  // namespace entitywatch::daemon
