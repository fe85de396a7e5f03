// The contract of Store, held against every engine there is.
#include "storage/store.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "memory_store.hpp"
#include "samples.hpp"
#include "storage/rocks_store.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;
using namespace std::string_literals;

std::unique_ptr<Store> make_store(const std::string& engine, const TempDir& dir) {
  if (engine == "memory") return std::make_unique<MemoryStore>();
  RocksStoreOptions options;
  options.directory = dir.path();
  auto store = open_rocks_store(options);
  REQUIRE(store);
  return std::move(*store);
}

std::vector<std::string> keys_of(const View& view, Table table, std::string_view prefix,
                                 std::string_view from) {
  std::vector<std::string> out;
  REQUIRE(view.scan(table, prefix, from, [&](std::string_view key, std::string_view) {
    out.emplace_back(key);
    return true;
  }));
  return out;
}

std::vector<std::string> keys_back(const View& view, Table table, std::string_view prefix,
                                   std::string_view before) {
  std::vector<std::string> out;
  REQUIRE(view.scan_back(table, prefix, before, [&](std::string_view key, std::string_view) {
    out.emplace_back(key);
    return true;
  }));
  return out;
}

TEST_CASE("store contract", "[store]") {
  const auto engine = GENERATE("memory"s, "rocksdb"s);
  INFO(engine);
  const TempDir dir;
  const auto store = make_store(engine, dir);
  REQUIRE(store->write({{Table::documents, "a", "1"},
                        {Table::documents, "b", "2"},
                        {Table::documents, "b\xff"s, "3"},
                        {Table::documents, "b\xff\xff"s, "4"},
                        {Table::documents, "c", "5"},
                        {Table::documents, "\xff\xff"s, "6"},
                        {Table::entries, "b", "other"}}));

  SECTION("the state rises with every write and stands without one") {
    const std::uint64_t before = store->state();
    CHECK(keys_of(*store->view(), Table::documents, "", "").size() == 6);
    CHECK(store->state() == before);
    REQUIRE(store->write({{Table::documents, "a", "1"}}));
    const std::uint64_t rewritten = store->state();
    CHECK(rewritten > before);
    REQUIRE(store->write({{Table::documents, "a", std::nullopt}}));
    CHECK(store->state() > rewritten);
  }
  SECTION("points") {
    const auto view = store->view();
    CHECK(view->get(Table::documents, "b").value() == "2");
    CHECK(view->get(Table::entries, "b").value() == "other");
    CHECK(view->get(Table::documents, "zz").value() == std::nullopt);
  }
  SECTION("scans keep to table and prefix, from inclusive") {
    const auto view = store->view();
    CHECK(keys_of(*view, Table::documents, "", "").size() == 6);
    CHECK(keys_of(*view, Table::documents, "b", "") == std::vector{"b"s, "b\xff"s, "b\xff\xff"s});
    CHECK(keys_of(*view, Table::documents, "b", "b\xff") == std::vector{"b\xff"s, "b\xff\xff"s});
    CHECK(keys_of(*view, Table::documents, "b", "a") == std::vector{"b"s, "b\xff"s, "b\xff\xff"s});
    CHECK(keys_of(*view, Table::documents, "b", "c").empty());
    CHECK(keys_of(*view, Table::documents, "\xff", "") == std::vector{"\xff\xff"s});
  }
  SECTION("scans backwards, before exclusive") {
    const auto view = store->view();
    CHECK(keys_back(*view, Table::documents, "b", "") == std::vector{"b\xff\xff"s, "b\xff"s, "b"s});
    CHECK(keys_back(*view, Table::documents, "b", "b\xff\xff") == std::vector{"b\xff"s, "b"s});
    CHECK(keys_back(*view, Table::documents, "b", "b").empty());
    CHECK(keys_back(*view, Table::documents, "", "b") == std::vector{"a"s});
    CHECK(keys_back(*view, Table::documents, "\xff", "") == std::vector{"\xff\xff"s});
    CHECK(keys_back(*view, Table::changes, "", "").empty());
  }
  SECTION("a scan stops when told") {
    int seen = 0;
    REQUIRE(store->view()->scan(Table::documents, "", "",
                                [&](std::string_view, std::string_view) { return ++seen < 2; }));
    CHECK(seen == 2);
  }
  SECTION("a view does not see what is written after it") {
    const auto before = store->view();
    REQUIRE(store->write({{Table::documents, "b", std::nullopt}, {Table::documents, "d", "new"}}));
    CHECK(before->get(Table::documents, "b").value() == "2");
    CHECK(before->get(Table::documents, "d").value() == std::nullopt);
    const auto now = store->view();
    CHECK(now->get(Table::documents, "b").value() == std::nullopt);
    CHECK(now->get(Table::documents, "d").value() == "new");
  }
  SECTION("within a batch the later write wins") {
    REQUIRE(store->write({{Table::documents, "x", "1"},
                          {Table::documents, "x", std::nullopt},
                          {Table::documents, "y", std::nullopt},
                          {Table::documents, "y", "2"}}));
    CHECK(store->view()->get(Table::documents, "x").value() == std::nullopt);
    CHECK(store->view()->get(Table::documents, "y").value() == "2");
  }
}

TEST_CASE("a view outlives its store", "[store]") {
  const TempDir dir;
  std::unique_ptr<View> view;
  {
    const auto store = make_store("rocksdb", dir);
    REQUIRE(store->write({{Table::documents, "a", "1"}}));
    view = store->view();
  }
  CHECK(view->get(Table::documents, "a").value() == "1");
}

}  // namespace
}  // namespace entitywatch::storage
