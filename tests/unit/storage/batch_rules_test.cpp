// A commit lands whole or not at all, and one that breaks a rule changes nothing.
#include <catch2/catch_test_macros.hpp>

#include "memory_store.hpp"
#include "samples.hpp"
#include "storage/archive_on_store.hpp"
#include "storage/keys.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;

struct Fixture {
  Fixture() {
    auto made = std::make_unique<MemoryStore>();
    store = made.get();
    REQUIRE(store->write(initial_content()));
    archive = make_archive(std::move(made));
    REQUIRE(archive->commit(test::commit(1)));
  }
  // Refused as our own mistake, and nothing is written.
  void refuses(const Commit& commit) {
    const Rows before = store->rows();
    const auto receipt = archive->commit(commit);
    REQUIRE_FALSE(receipt);
    CHECK(receipt.error().code == ErrorCode::internal);
    CHECK(store->rows() == before);
  }
  MemoryStore* store = nullptr;
  std::unique_ptr<Archive> archive;
};

TEST_CASE_METHOD(Fixture,
                 "a failed write leaves nothing, and the next commit counts on as if it had not been",
                 "[commit]") {
  const Rows before = store->rows();
  store->set_failing(true);
  const auto failed = archive->commit(commit(2));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::io);
  CHECK(store->rows() == before);
  CHECK(archive->reader()->change("change-000002").value() == std::nullopt);
  store->set_failing(false);
  const auto receipt = archive->commit(commit(3));
  REQUIRE(receipt);
  CHECK(receipt->chain_number == 2);
  CHECK(receipt->changes[0].seq == 2);
  CHECK(archive->verify_chain()->ok);
}

TEST_CASE_METHOD(Fixture, "a change is added once", "[commit]") {
  Commit again;
  again.observation = observation("x", "bytes");
  again.new_changes = {change("change-000001", "e", "d")};
  refuses(again);
  Commit twice;
  twice.new_changes = {change("new", "e", "d"), change("new", "e", "d")};
  refuses(twice);
}

TEST_CASE_METHOD(Fixture, "an update needs a stored change and a raised revision", "[commit]") {
  Commit unknown;
  unknown.updated_changes = {change("nobody", "e", "d")};
  refuses(unknown);
  Commit stale;
  stale.updated_changes = {archive->reader()->change("change-000001").value().value()};
  refuses(stale);
}

TEST_CASE_METHOD(Fixture, "an entry keeps its list", "[commit]") {
  Commit moved;
  moved.entries = {entry("entry-000001", ListId::meu_list)};
  refuses(moved);
}

TEST_CASE_METHOD(Fixture, "a stored version is not rewritten", "[commit]") {
  Commit rewritten = commit(1);
  rewritten.new_changes.clear();
  REQUIRE(archive->commit(rewritten));  // the same content
  rewritten.versions[0].listing.name = "another";
  refuses(rewritten);
}

TEST_CASE_METHOD(Fixture, "what has no id is not stored", "[commit]") {
  Commit c;
  c.documents = {document("")};
  refuses(c);
  c = {};
  c.entries = {entry("")};
  refuses(c);
  c = {};
  c.new_changes = {change("", "e", "d")};
  refuses(c);
  c = {};
  c.deliveries = {delivery("", 1, 1)};
  refuses(c);
  c = {};
  c.sources = {SourceState{}};
  refuses(c);
  c = {};
  c.alerts = {Alert{}};
  refuses(c);
}

TEST_CASE_METHOD(Fixture, "a change may be completed in the commit that adds it", "[commit]") {
  Commit both;
  both.new_changes = {change("new", "e", "d")};
  both.updated_changes = {change("new", "e", "d2")};
  both.updated_changes[0].revision = 2;
  const auto receipt = archive->commit(both);
  REQUIRE(receipt);
  const Change stored = archive->reader()->change("new").value().value();
  CHECK(stored.seq == 2);
  CHECK(stored.position == 3);
  int of_old = 0;
  REQUIRE(archive->reader()->changes_of_document("d", [&](const Change&) { return ++of_old > 0; }));
  CHECK(of_old == 0);
  CHECK(archive->verify_chain()->ok);
}

TEST_CASE_METHOD(Fixture, "a row of the outbox's index from before it named the channel is read", "[commit]") {
  Commit made;
  made.deliveries = {delivery("old", 3, 10)};
  REQUIRE(archive->commit(made));
  const auto waiting = [this] {
    std::vector<Waiting> out;
    REQUIRE(archive->reader()->waiting(at(10), [&](const Waiting& row) { return out.push_back(row), true; }));
    return out;
  };
  const std::vector<Waiting> before = waiting();
  store->tamper(Table::delivery_index, keys::delivery_due(at(10), "old"), "");
  CHECK(waiting() == before);
  CHECK(before.back() == Waiting{"old", made.deliveries[0].channel, at(3), at(10)});
}

TEST_CASE("the same commits give the same bytes", "[commit]") {
  const auto run = [] {
    auto made = std::make_unique<MemoryStore>();
    MemoryStore* store = made.get();
    REQUIRE(store->write(initial_content()));
    const auto archive = make_archive(std::move(made));
    for (int n = 1; n <= 5; ++n) REQUIRE(archive->commit(commit(n)));
    return store->rows();
  };
  CHECK(run() == run());
}

}  // namespace
}  // namespace entitywatch::storage
