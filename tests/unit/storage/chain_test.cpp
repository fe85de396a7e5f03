#include "storage/chain.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/hash.hpp"
#include "memory_store.hpp"
#include "samples.hpp"
#include "storage/archive_on_store.hpp"
#include "storage/codec.hpp"
#include "storage/evidence.hpp"
#include "storage/keys.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;

// Five commits; the fourth also completes the change of the second.
struct Chained {
  Chained() {
    auto made = std::make_unique<MemoryStore>();
    store = made.get();
    REQUIRE(store->write(initial_content()));
    archive = make_archive(std::move(made));
    for (int n = 1; n <= 5; ++n) {
      Commit next = commit(n);
      if (n == 4) {
        next.updated_changes = {archive->reader()->change("change-000002").value().value()};
        next.updated_changes[0].revision = 2;
      }
      auto receipt = archive->commit(next);
      REQUIRE(receipt);
      head = receipt->chain_head;
    }
    REQUIRE(report().ok);
  }
  ChainReport report() const {
    const auto verified = archive->verify_chain();
    REQUIRE(verified);
    return *verified;
  }
  std::string row(Table table, const std::string& key) const { return store->rows().at({table, key}); }
  void bad_at(std::uint64_t link, std::string_view word) const {
    const ChainReport found = report();
    CHECK_FALSE(found.ok);
    CHECK(found.first_bad_link == link);
    INFO(found.problem);
    CHECK(found.problem.find(word) != std::string::npos);
  }
  MemoryStore* store = nullptr;
  std::unique_ptr<Archive> archive;
  std::string head;
};

TEST_CASE("an empty chain verifies", "[chain]") {
  auto store = std::make_unique<MemoryStore>();
  REQUIRE(store->write(initial_content()));
  const auto report = make_archive(std::move(store))->verify_chain().value();
  CHECK(report.ok);
  CHECK(report.links == 0);
  CHECK(report.first_bad_link == 0);
}

TEST_CASE_METHOD(Chained, "a whole chain verifies", "[chain]") {
  const ChainReport found = report();
  CHECK(found.links == 5);
  CHECK(found.evidence == 5);
  CHECK(found.first_bad_link == 0);
  CHECK(found.head == head);
}

TEST_CASE_METHOD(Chained, "an altered link is named", "[chain]") {
  std::string value = row(Table::chain, keys::number(3));
  value[value.size() / 2] = static_cast<char>(value[value.size() / 2] ^ 1);
  store->tamper(Table::chain, keys::number(3), value);
  bad_at(3, "altered");
}

TEST_CASE_METHOD(Chained, "a link altered with its own hash breaks the next", "[chain]") {
  auto opened = open_link(row(Table::chain, keys::number(3)));
  REQUIRE(opened);
  opened->link.items.pop_back();
  store->tamper(Table::chain, keys::number(3), seal(opened->link).value);
  bad_at(4, "follow");
}

TEST_CASE_METHOD(Chained, "a missing link is named", "[chain]") {
  store->tamper(Table::chain, keys::number(2), std::nullopt);
  bad_at(2, "missing");
}

TEST_CASE_METHOD(Chained, "a chain cut at its end is noticed", "[chain]") {
  store->tamper(Table::chain, keys::number(5), std::nullopt);
  bad_at(4, "ends at link 4");
}

TEST_CASE_METHOD(Chained, "altered evidence is named with its link", "[chain]") {
  const std::string bytes = commit(3).observation->parts[0].bytes;
  std::string other = bytes;
  other[10] = 'X';
  store->tamper(Table::evidence, std::string{bytes_of(sha256(bytes))}, encode(*compress_evidence(other)));
  bad_at(3, "evidence " + sha256_hex(bytes));
}

TEST_CASE_METHOD(Chained, "missing evidence is named with its link", "[chain]") {
  const std::string bytes = commit(4).observation->parts[0].bytes;
  store->tamper(Table::evidence, std::string{bytes_of(sha256(bytes))}, std::nullopt);
  bad_at(4, "missing");
}

TEST_CASE_METHOD(Chained, "an altered record is named with the link that recorded it last", "[chain]") {
  Document changed = document("document-000003");
  changed.title = "Something else";
  store->tamper(Table::documents, "document-000003", encode(changed));
  bad_at(3, "documents document-000003");
}

TEST_CASE_METHOD(Chained, "a change is held against the link that completed it", "[chain]") {
  Change changed = archive->reader()->change("change-000002").value().value();
  changed.note = "forged";
  store->tamper(Table::changes, keys::number(2), encode(changed));
  bad_at(4, "changes");
}

TEST_CASE_METHOD(Chained, "of several faults the earliest link is named", "[chain]") {
  store->tamper(Table::documents, "document-000005", std::nullopt);
  store->tamper(Table::entries, keys::entry(ListId::entity_list, "entry-000002"), std::nullopt);
  store->tamper(Table::versions, keys::version("entry-000003", 1), std::nullopt);
  bad_at(2, "is missing");
}

TEST_CASE_METHOD(Chained, "each kind of record is vouched for", "[chain]") {
  const std::vector<std::pair<Table, std::string>> places{
      {Table::observations, keys::observation(3)},
      {Table::documents, "document-000003"},
      {Table::entries, keys::entry(ListId::entity_list, "entry-000003")},
      {Table::versions, keys::version("entry-000003", 1)},
      {Table::source_rows, keys::source_row("csl", ListId::itar_debarred, "entry-000003")},
      {Table::changes, keys::number(3)}};
  for (const auto& [table, key] : places) {
    const std::string whole = row(table, key);
    std::string altered = whole;
    altered[altered.size() - 1] = static_cast<char>(altered.back() ^ 1);
    store->tamper(table, key, altered);
    bad_at(3, describe(table, key));
    store->tamper(table, key, std::nullopt);
    bad_at(3, describe(table, key));
    store->tamper(table, key, whole);
    CHECK(report().ok);
  }
}

TEST_CASE_METHOD(Chained, "a record nobody recorded is noticed", "[chain]") {
  store->tamper(Table::documents, "forged", encode(document("forged")));
  bad_at(5, "no link vouches for documents forged");
}

TEST_CASE_METHOD(Chained, "a row that was deleted and is back is noticed", "[chain]") {
  const std::string key = keys::source_row("csl", ListId::itar_debarred, "entry-000003");
  const std::string whole = row(Table::source_rows, key);
  Commit gone;
  gone.source_rows = {commit(3).source_rows[0]};
  gone.source_rows[0].gone = true;
  REQUIRE(archive->commit(gone));
  CHECK(report().ok);
  store->tamper(Table::source_rows, key, whole);
  bad_at(6, "source_rows");
}

TEST_CASE_METHOD(Chained, "an index that leads astray is noticed", "[chain]") {
  store->tamper(Table::change_index, keys::position(2), keys::number(1));
  bad_at(5, "positions");
  store->tamper(Table::change_index, keys::position(2), std::nullopt);
  CHECK(report().ok);
  store->tamper(Table::change_index, keys::change_id("change-000003"), std::nullopt);
  bad_at(5, "change-000003");
}

}  // namespace
}  // namespace entitywatch::storage
