#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "samples.hpp"
#include "storage/archive.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;
namespace fs = std::filesystem;

TEST_CASE("a backup opens, verifies, and goes its own way", "[backup]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  for (int n = 1; n <= 5; ++n) REQUIRE(archive->commit(commit(n)));
  REQUIRE(archive->backup(dir.path("backups/monday")));
  REQUIRE(archive->commit(commit(6)));
  const auto copy = open_archive(dir.path("backups/monday"));
  CHECK(copy->reader()->last_seq() == 5);
  CHECK(copy->verify_chain()->ok);
  CHECK(copy->commit(commit(7))->changes[0].seq == 6);
  CHECK(archive->reader()->change("change-000007").value() == std::nullopt);
}

TEST_CASE("a backup shares no file with the original", "[backup]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  for (int n = 1; n <= 3; ++n) REQUIRE(archive->commit(commit(n)));
  fs::create_directories(dir.path("copy"));
  REQUIRE(archive->backup(dir.path("copy") + "/"));
  const auto tables = files_ending(dir.path("copy"), ".sst");
  REQUIRE_FALSE(tables.empty());
  for (const auto& table : tables) CHECK(fs::hard_link_count(table) == 1);
}

TEST_CASE("a backup does not write over anything", "[backup]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  fs::create_directories(dir.path("full"));
  std::ofstream{dir.path("full/x")} << "x";
  const auto refused = archive->backup(dir.path("full"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK_FALSE(archive->backup(dir.path("full/x")));
  CHECK(fs::file_size(dir.path("full/x")) == 1);
}

TEST_CASE("a backup is put back after damage", "[backup]") {
  const TempDir dir;
  {
    const auto archive = open_archive(dir.path());
    for (int n = 1; n <= 5; ++n) REQUIRE(archive->commit(commit(n)));
    REQUIRE(archive->backup(dir.path("backup")));
  }
  CHECK(restore_backup(dir.path("backup"), dir.path()).error().code == ErrorCode::invalid_argument);
  fs::rename(dir.path(), dir.path("broken"));
  REQUIRE(restore_backup(dir.path("backup"), dir.path()));
  const auto archive = open_archive(dir.path());
  CHECK(archive->reader()->last_seq() == 5);
  CHECK(archive->commit(commit(6))->chain_number == 6);
  CHECK(archive->verify_chain()->ok);
}

TEST_CASE("what does not verify is not put back", "[backup]") {
  const TempDir dir;
  {
    const auto archive = open_archive(dir.path());
    for (int n = 1; n <= 5; ++n) REQUIRE(archive->commit(commit(n)));
    REQUIRE(archive->backup(dir.path("backup")));
  }
  CHECK(restore_backup(dir.path("nowhere"), dir.path("new")).error().code == ErrorCode::not_found);
  for (const auto& table : files_ending(dir.path("backup"), ".sst")) {
    flip_bit(table, 20);
    const auto restored = restore_backup(dir.path("backup"), dir.path("new"));
    REQUIRE_FALSE(restored);
    CHECK(restored.error().code == ErrorCode::damaged);
    CHECK_FALSE(fs::exists(dir.path("new")));
    flip_bit(table, 20);
  }
  REQUIRE(restore_backup(dir.path("backup"), dir.path("new")));
  // A copy cut short lacks CURRENT, which comes last.
  fs::remove(dir.path("new/CURRENT"));
  const auto cut = Archive::open({.directory = dir.path("new")});
  REQUIRE_FALSE(cut);
  CHECK(cut.error().code == ErrorCode::damaged);
}

}  // namespace
}  // namespace entitywatch::storage
