// A list that an older reader read last: its bytes are read again before the next ones, so that what the readers read
// otherwise is recorded and told to nobody, and what is told is the publisher's change. And a reading that an
// operator lets through where no daemon runs.
#include <catch2/catch_test_macros.hpp>

#include "daemon/pipeline.hpp"
#include "tests/support/api_world.hpp"
#include "tests/support/edition.hpp"

namespace entitywatch::daemon {
namespace {

struct Law {
  Law() {
    archive = *storage::Archive::open({.directory = scratch.path("db")});
    restart();
  }
  // The next start of the program.
  void restart() {
    RoutingTable table;
    table.channels = {"grc"};
    pipeline = *Pipeline::create(*archive, clock, std::move(table));
  }
  Accepted read(const std::vector<std::string>& rows) {
    Observation o{"ecfr",      ObservationKind::ecfr_part,
                  "part-744",  test::day("2026-03-01") + std::chrono::days{++readings},
                  clock.now(), {}};
    o.parts.push_back(
        {"body", "https://example.org/part-744.xml", "application/xml", {}, test::part_744(rows)});
    SourceState after;
    after.name = "ecfr";
    after.has_baseline = true;
    const auto accepted = pipeline->observe(o, after);
    REQUIRE(accepted);
    return *accepted;
  }
  [[nodiscard]] std::vector<Change> changes() const {
    std::vector<Change> out;
    REQUIRE(archive->reader()->changes(0, [&](const Change& c) { return out.push_back(c), true; }));
    return out;
  }
  [[nodiscard]] std::optional<Entry> entry(const std::string& name) const {
    std::optional<Entry> out;
    REQUIRE(archive->reader()->entries(std::nullopt, "", [&](const Entry& e) {
      if (e.listing.name == name) out = e;
      return true;
    }));
    return out;
  }
  [[nodiscard]] std::size_t deliveries() const {
    std::size_t n = 0;
    REQUIRE(archive->reader()->deliveries("", [&](const Delivery&) { return ++n > 0; }));
    return n;
  }
  // As if an older reader had taken this for the address of the entry.
  void misread(const std::string& name, const std::string& address, const std::string& version) {
    Commit older;
    Entry wrong = *entry(name);
    wrong.listing.addresses = {address};
    older.entries.push_back(wrong);
    REQUIRE(archive->reader()->source_rows("ecfr", [&](const SourceRow& row) {
      if (row.entry_id != wrong.id) return true;
      older.source_rows.push_back(row);
      older.source_rows.back().listing.addresses = {address};
      return true;
    }));
    REQUIRE(older.source_rows.size() == 1);
    SourceState state = *archive->reader()->source("ecfr").value();
    state.reader_version = version;
    older.sources.push_back(std::move(state));
    REQUIRE(archive->commit(older));
    restart();
  }

  test::Scratch scratch;
  test::FixedClock clock{"2026-03-25T12:00:00Z"};
  std::unique_ptr<storage::Archive> archive;
  std::unique_ptr<Pipeline> pipeline;
  int readings = 0;
};

std::vector<std::string> rows_of(int parties) {
  std::vector<std::string> out;
  for (int n = 0; n < parties; ++n) out.push_back(test::entity_row(test::party_name(n)));
  return out;
}

TEST_CASE_METHOD(Law, "what an older reader misread is put right in silence; the publisher's change is told",
                 "[reread]") {
  auto rows = rows_of(4);
  REQUIRE(read(rows).changes == 0);
  const std::string right = entry(test::party_name(1))->listing.addresses.at(0);
  misread(test::party_name(1), "Wrongly Read Street, Lyon, France", "older");
  REQUIRE(entry(test::party_name(1))->listing.addresses.at(0) == "Wrongly Read Street, Lyon, France");

  rows.push_back(test::entity_row(test::party_name(4)));
  CHECK(read(rows).changes == 1);
  CHECK(changes().at(0).kind == ChangeKind::added);
  CHECK(changes().at(0).entry->listing.name == test::party_name(4));
  CHECK(entry(test::party_name(1))->listing.addresses == std::vector{right});
  CHECK(archive->reader()->source("ecfr").value()->reader_version == reader_version);
  CHECK(archive->verify_chain()->ok);
}

TEST_CASE_METHOD(Law, "the same difference is a change when the reader is the same", "[reread]") {
  auto rows = rows_of(4);
  REQUIRE(read(rows).changes == 0);
  misread(test::party_name(1), "Left Street, Lyon, France", std::string(reader_version));
  rows.push_back(test::entity_row(test::party_name(4)));
  CHECK(read(rows).changes == 2);
}

TEST_CASE_METHOD(Law, "without the bytes of the last reading the next is compared with what is known",
                 "[reread]") {
  auto rows = rows_of(4);
  REQUIRE(read(rows).changes == 0);
  misread(test::party_name(1), "Wrongly Read Street, Lyon, France", "older");
  SourceState state = *archive->reader()->source("ecfr").value();
  state.memory["evidence"] = std::string(64, '0');
  Commit forgetful;
  forgetful.sources.push_back(std::move(state));
  REQUIRE(archive->commit(forgetful));
  rows.push_back(test::entity_row(test::party_name(4)));
  CHECK(read(rows).changes == 2);
}

TEST_CASE_METHOD(Law, "a held reading is let through as it is, once", "[brakes]") {
  const auto rows = rows_of(60);
  REQUIRE(read(rows).changes == 0);
  const Accepted held = read({rows[0], rows[1]});
  CHECK(held.held);
  CHECK(held.changes == 0);
  CHECK(changes().empty());
  restart();  // another program than the one that held it

  const auto released = pipeline->release("ecfr");
  REQUIRE(released);
  CHECK(released->changes == 58);
  CHECK_FALSE(released->held);
  REQUIRE(changes().size() == 58);
  for (const Change& c : changes()) CHECK(c.kind == ChangeKind::removed);
  CHECK_FALSE(archive->reader()->source("ecfr").value()->held);
  CHECK(deliveries() > 0);

  const auto again = pipeline->release("ecfr");
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::not_found);
  CHECK(again.error().message == "no reading of ecfr is held");
}

}  // namespace
}  // namespace entitywatch::daemon
