// What is opened, what is refused, and that a refused database is left as it was.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "child.hpp"
#include "samples.hpp"
#include "storage/archive_on_store.hpp"
#include "storage/codec.hpp"
#include "storage/directory.hpp"
#include "storage/keys.hpp"
#include "storage/rocks_store.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;
namespace fs = std::filesystem;

enum class Only { nothing, reading, existing };
ArchiveOptions only(Only what) {
  ArchiveOptions options;
  options.read_only = what == Only::reading;
  options.must_exist = what == Only::existing;
  return options;
}

Error refusal(const std::string& directory, ArchiveOptions options = {}) {
  options.directory = directory;
  const auto archive = Archive::open(options);
  REQUIRE_FALSE(archive);
  INFO(archive.error().describe());
  CHECK(archive.error().describe().find(directory) != std::string::npos);
  return archive.error();
}

std::map<std::string, std::string> contents(const std::string& directory) {
  std::map<std::string, std::string> out;
  for (const auto& file : fs::directory_iterator{directory}) {
    std::ifstream stream{file.path(), std::ios::binary};
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    out[file.path().filename().string()] = bytes.str();
  }
  return out;
}

// A database of ten commits, closed; with `flushed`, in table files rather than in the log alone.
enum class Kept { in_log, in_tables };
void fill(const std::string& directory, Kept kept) {
  {
    const auto archive = open_archive(directory);
    for (int n = 1; n <= 10; ++n) REQUIRE(archive->commit(commit(n)));
  }
  // Recovery moves what the log holds into table files.
  if (kept == Kept::in_tables) REQUIRE(open_archive(directory));
}

// As a file system leaves pages that were never written.
void zero(const fs::path& file, std::uintmax_t from, std::uintmax_t to) {
  std::fstream stream{file, std::ios::binary | std::ios::in | std::ios::out};
  stream.seekp(static_cast<std::streamoff>(from));
  stream << std::string(to - from, '\0');
}

void damaged_and_untouched(const std::string& directory) {
  const auto before = contents(directory);
  for (const bool read_only : {false, true}) {
    const Error error = refusal(directory, only(read_only ? Only::reading : Only::nothing));
    INFO(error.describe());
    CHECK(error.code == ErrorCode::damaged);
    CHECK(error.message.find("entitywatch restore") != std::string::npos);
  }
  auto after = contents(directory);
  after.erase("LOCK");
  auto expected = before;
  expected.erase("LOCK");
  CHECK(after == expected);
}

TEST_CASE("a directory that is absent or empty becomes a database", "[open]") {
  const TempDir dir;
  CHECK(refusal(dir.path("a"), only(Only::existing)).code == ErrorCode::not_found);
  CHECK(refusal(dir.path("a"), only(Only::reading)).code == ErrorCode::not_found);
  CHECK_FALSE(fs::exists(dir.path("a")));
  CHECK(open_archive(dir.path("a/b/c")));
  fs::create_directories(dir.path("mount/lost+found"));
  CHECK(open_archive(dir.path("mount")));
  CHECK(fs::exists(dir.path("mount/lost+found")));
  CHECK(Archive::open({.directory = dir.path("mount"), .must_exist = true}));
}

TEST_CASE("a creation that was cut short starts over", "[open]") {
  const TempDir dir;
  fs::create_directories(dir.path());
  std::ofstream{dir.path("db/CREATING")};
  std::ofstream{dir.path("db/MANIFEST-000001")} << "half";
  CHECK(refusal(dir.path(), only(Only::reading)).code == ErrorCode::not_found);
  const auto archive = open_archive(dir.path());
  CHECK(archive->commit(commit(1)));
  CHECK_FALSE(fs::exists(dir.path("db/CREATING")));
}

TEST_CASE("a mark of creation in a finished database clears nothing away", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  std::ofstream{dir.path("db/CREATING")};
  CHECK(open_archive(dir.path())->reader()->last_seq() == 10);
}

TEST_CASE("a directory of other things is not turned into a database", "[open]") {
  const TempDir dir;
  fs::create_directories(dir.path());
  std::ofstream{dir.path("db/thesis.txt")} << "words";
  const Error error = refusal(dir.path());
  CHECK(error.code == ErrorCode::refused);
  CHECK(contents(dir.path()).size() == 1);
  std::ofstream{dir.path("file")} << "x";
  CHECK(refusal(dir.path("file")).code == ErrorCode::io);
}

TEST_CASE("a database is opened for writing once in a process", "[open]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  const Error error = refusal(dir.path());
  CHECK(error.code == ErrorCode::in_use);
  CHECK(archive->commit(commit(1)));
}

TEST_CASE("a database held by another process is in use, by whom is said", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  Child child{{"hold", dir.path()}};
  REQUIRE(child.next());
  const Error error = refusal(dir.path());
  CHECK(error.code == ErrorCode::in_use);
  CHECK(error.message.find(fmt::format("process {}", child.pid())) != std::string::npos);
  child.kill();
  CHECK_FALSE(child.wait());
  CHECK(open_archive(dir.path())->reader()->last_seq() == 10);
}

TEST_CASE("reading only leaves no trace and writes nothing", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  const auto before = contents(dir.path());
  {
    const auto archive = Archive::open({.directory = dir.path(), .read_only = true});
    REQUIRE(archive);
    CHECK((*archive)->reader()->last_seq() == 10);
    CHECK((*archive)->verify_chain()->ok);
    CHECK((*archive)->commit(commit(11)).error().code == ErrorCode::refused);
    CHECK((*archive)->put_note("x", "y").error().code == ErrorCode::refused);
    CHECK((*archive)->backup(dir.path("copy")).error().code == ErrorCode::refused);
  }
  CHECK(contents(dir.path()) == before);
}

TEST_CASE("a database of a newer format is refused untouched", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  {
    RocksStoreOptions options;
    options.directory = dir.path();
    auto store = open_rocks_store(options);
    REQUIRE(store);
    REQUIRE((*store)->write(
        {{Table::meta, std::string{keys::format}, encode(StoredText{keys::number(format_version + 1)})}}));
  }
  const auto before = contents(dir.path());
  for (const bool read_only : {false, true}) {
    const Error error = refusal(dir.path(), only(read_only ? Only::reading : Only::nothing));
    CHECK(error.code == ErrorCode::refused);
    CHECK(error.message.find("upgrade entitywatch") != std::string::npos);
  }
  CHECK(contents(dir.path()) == before);
}

TEST_CASE("a database with a table from the future is refused", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  {
    std::vector<std::string> names;
    REQUIRE(rocksdb::DB::ListColumnFamilies({}, dir.path(), &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    REQUIRE(rocksdb::DB::Open({}, dir.path(), families, &handles, &db).ok());
    rocksdb::ColumnFamilyHandle* future = nullptr;
    REQUIRE(db->CreateColumnFamily({}, "holograms", &future).ok());
    handles.push_back(future);
    for (auto* handle : handles) REQUIRE(db->DestroyColumnFamilyHandle(handle).ok());
    delete db;
  }
  const Error error = refusal(dir.path());
  CHECK(error.code == ErrorCode::refused);
  CHECK(error.message.find("holograms") != std::string::npos);
}

TEST_CASE("a database that lacks a table is damaged", "[open]") {
  const TempDir dir;
  {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    REQUIRE(rocksdb::DB::Open(options, dir.path(), &db).ok());
    delete db;
  }
  CHECK(refusal(dir.path()).code == ErrorCode::damaged);
}

TEST_CASE("a database without its CURRENT file is damaged, not created anew", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_tables);
  SECTION("lost") { fs::remove(dir.path("db/CURRENT")); }
  SECTION("empty") { fs::resize_file(dir.path("db/CURRENT"), 0); }
  SECTION("cut short") { fs::resize_file(dir.path("db/CURRENT"), 5); }
  SECTION("pointing nowhere") { std::ofstream{dir.path("db/CURRENT")} << "MANIFEST-999999\n"; }
  damaged_and_untouched(dir.path());
}

TEST_CASE("a database without its manifest is damaged", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_tables);
  for (const auto& file : fs::directory_iterator{dir.path()}) {
    if (!file.path().filename().string().starts_with("MANIFEST-")) continue;
    SECTION("lost") { fs::remove(file.path()); }
    SECTION("empty") { fs::resize_file(file.path(), 0); }
    SECTION("flipped") { flip_bit(file.path(), static_cast<long>(fs::file_size(file.path()) / 2)); }
    SECTION("cut in half") { fs::resize_file(file.path(), fs::file_size(file.path()) / 2); }
    SECTION("cut by its last record") { fs::resize_file(file.path(), fs::file_size(file.path()) - 1); }
    break;
  }
  damaged_and_untouched(dir.path());
}

TEST_CASE("a lost or shortened table file is damage", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_tables);
  const auto tables = files_ending(dir.path(), ".sst");
  REQUIRE(tables.size() > 5);
  SECTION("lost") { fs::remove(tables[2]); }
  SECTION("shortened") { fs::resize_file(tables[2], fs::file_size(tables[2]) - 10); }
  damaged_and_untouched(dir.path());
}

TEST_CASE("a flipped bit in any table file is found, in evidence when it is read", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_tables);
  int refused = 0;
  for (const auto& table : files_ending(dir.path(), ".sst")) {
    flip_bit(table, 20);
    auto archive = Archive::open({.directory = dir.path(), .read_only = true});
    if (!archive) {
      CHECK(archive.error().code == ErrorCode::damaged);
      ++refused;
    } else {
      const auto read = (*archive)->reader()->observations([](const Observation&) { return true; });
      REQUIRE_FALSE(read);
      CHECK(read.error().code == ErrorCode::damaged);
      const auto report = (*archive)->verify_chain();
      REQUIRE(report);
      CHECK_FALSE(report->ok);
      CHECK(report->first_bad_link == 1);
    }
    archive = fail(ErrorCode::internal, "closed");
    flip_bit(table, 20);
  }
  CHECK(refused >= 10);
  CHECK(open_archive(dir.path())->verify_chain()->ok);
}

TEST_CASE("a flipped bit anywhere in the log is damage", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  const auto logs = files_ending(dir.path(), ".log");
  REQUIRE_FALSE(logs.empty());
  const auto size = static_cast<long>(fs::file_size(logs.back()));
  REQUIRE(size > 10000);
  for (const long offset : {20L, size / 3, size / 2, size - 50}) {
    flip_bit(logs.back(), offset);
    INFO(offset);
    damaged_and_untouched(dir.path());
    flip_bit(logs.back(), offset);
  }
  CHECK(open_archive(dir.path())->reader()->last_seq() == 10);
}

TEST_CASE("a log that lost acknowledged commits is damage", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  const auto log = files_ending(dir.path(), ".log").back();
  SECTION("cut within the last commit") { fs::resize_file(log, fs::file_size(log) - 100); }
  SECTION("cut in half") { fs::resize_file(log, fs::file_size(log) / 2); }
  SECTION("lost") { fs::remove(log); }
  damaged_and_untouched(dir.path());
}

TEST_CASE("a torn tail that nobody was told of is dropped", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  const auto log = files_ending(dir.path(), ".log").back();
  // As a power cut leaves it: the commit in flight half in the log, the mark before it.
  const auto eleven = [&] {
    const auto archive = open_archive(dir.path());
    REQUIRE(archive->commit(commit(11)));
    return HighWaterMark::read(dir.path()).value();
  };
  const std::uint64_t mark = HighWaterMark::read(dir.path()).value();
  const std::uint64_t later = eleven();
  CHECK(later > mark);
  const auto newest = files_ending(dir.path(), ".log").back();
  REQUIRE(newest != log);
  const auto size = fs::file_size(newest);
  SECTION("cut") { fs::resize_file(newest, size - 100); }
  SECTION("some of its pages never written") { zero(newest, size / 3, size / 2); }
  damaged_and_untouched(dir.path());  // as long as the mark says that it was acknowledged
  HighWaterMark::open(dir.path())->raise(mark);
  const auto archive = open_archive(dir.path());
  CHECK(archive->reader()->last_seq() == 10);
  CHECK(archive->reader()->document("document-000011").value() == std::nullopt);
  CHECK(archive->commit(commit(11))->changes[0].seq == 11);
  CHECK(archive->verify_chain()->ok);
}

TEST_CASE("a hole in the log before a synced write is damage, mark or none", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  const auto log = files_ending(dir.path(), ".log").back();
  constexpr std::uintmax_t block = 32u << 10;  // RocksDB gives up the rest of one behind a bad record
  REQUIRE(fs::file_size(log) > block + 10000);
  zero(log, 9000, 12000);
  fs::remove(dir.path("db/HIGHWATER"));
  damaged_and_untouched(dir.path());
}

TEST_CASE("an unreadable high-water mark keeps nobody out", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  SECTION("zeros") { std::ofstream{dir.path("db/HIGHWATER")} << std::string(10, '\0'); }
  SECTION("empty") { fs::resize_file(dir.path("db/HIGHWATER"), 0); }
  SECTION("flipped") { flip_bit(dir.path("db/HIGHWATER"), 3); }
  CHECK(open_archive(dir.path())->reader()->last_seq() == 10);
}

TEST_CASE("a database put back to an older state under a newer mark is damage", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  fs::copy(dir.path(), dir.path("old"), fs::copy_options::recursive);
  {
    const auto archive = open_archive(dir.path());
    REQUIRE(archive->commit(commit(11)));
  }
  fs::copy_file(dir.path("db/HIGHWATER"), dir.path("old/HIGHWATER"), fs::copy_options::overwrite_existing);
  CHECK(refusal(dir.path("old")).code == ErrorCode::damaged);
}

TEST_CASE("a database without its counters, or with others, is damaged", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_log);
  {
    RocksStoreOptions options;
    options.directory = dir.path();
    auto store = open_rocks_store(options);
    REQUIRE(store);
    Write write{Table::meta, std::string{keys::head}, std::nullopt};
    SECTION("no head") {}
    SECTION("another head") { write.value = encode(Head{3, 3, 3, 3, {}}); }
    SECTION("no last change") { write = {Table::changes, keys::number(10), std::nullopt}; }
    SECTION("no last link") { write = {Table::chain, keys::number(10), std::nullopt}; }
    SECTION("another link before the last") { write = {Table::chain, keys::number(9), "x"}; }
    SECTION("no format") { write.key = keys::format; }
    REQUIRE((*store)->write({write}));
  }
  damaged_and_untouched(dir.path());
}

TEST_CASE("RocksDB writes no log of its own, which a full disk would make fatal", "[open]") {
  const TempDir dir;
  fill(dir.path(), Kept::in_tables);
  for (const auto& [name, bytes] : contents(dir.path())) CHECK_FALSE(name.starts_with("LOG"));
}

}  // namespace
}  // namespace entitywatch::storage
