#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "storage/directory.hpp"
#include "storage/keys.hpp"
#include "storage/last_words.hpp"
#include "storage/rocks_handle.hpp"
#include "storage/rocks_store.hpp"

namespace entitywatch::storage {
namespace {

using namespace rocks;

// RocksDB writes no log of its own: a reader leaves no trace in the directory, and on a full disk the
// writer of that log would end the process by an assertion. What fails comes back as a status.
class NoLog final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::CompressionType compression() {
  const auto supported = rocksdb::GetSupportedCompressions();
  for (const auto wanted : {rocksdb::kZSTD, rocksdb::kLZ4Compression, rocksdb::kSnappyCompression})
    if (std::find(supported.begin(), supported.end(), wanted) != supported.end()) return wanted;
  return rocksdb::kNoCompression;
}

// Memory: the block cache (indices and filters in it), one shared write budget, one batch.
rocksdb::DBOptions database_options(rocksdb::Env& environment) {
  rocksdb::DBOptions o;
  o.env = &environment;
  o.paranoid_checks = true;
  // An acknowledged commit was synced, so a log that ends within a record ends in an unacknowledged one:
  // dropped. A record that fails its checksum is refused, unless torn_end() can tell that it was never
  // synced.
  o.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  o.max_open_files = 256;
  o.db_write_buffer_size = 16u << 20;
  o.max_total_wal_size = 16u << 20;
  o.max_background_jobs = 2;
  o.max_manifest_file_size = 8u << 20;
  o.info_log = std::make_shared<NoLog>();
  o.stats_dump_period_sec = 0;
  o.stats_persist_period_sec = 0;
  return o;
}

rocksdb::ColumnFamilyOptions table_options(Table table, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = cache;
  blocks.block_size = 16u << 10;
  blocks.checksum = rocksdb::kXXH3;
  blocks.format_version = 5;
  blocks.cache_index_and_filter_blocks = true;
  blocks.pin_l0_filter_and_index_blocks_in_cache = true;
  blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions o;
  o.write_buffer_size = 4u << 20;
  o.max_write_buffer_number = 2;
  o.compression = table == Table::evidence ? rocksdb::kNoCompression : compression();
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return o;
}

std::string family_name(std::size_t table) {
  return table == static_cast<std::size_t>(Table::meta) ? rocksdb::kDefaultColumnFamilyName
                                                        : std::string{table_names[table]};
}

std::vector<rocksdb::ColumnFamilyDescriptor> descriptors(std::uint64_t cache_bytes) {
  const auto cache = rocksdb::NewLRUCache(cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> out;
  for (std::size_t i = 0; i < table_count; ++i)
    out.emplace_back(family_name(i), table_options(static_cast<Table>(i), cache));
  return out;
}

// A failure to open: files that are gone and options that do not fit mean damage here.
Error opening_error(const rocksdb::Status& status, const std::string& directory) {
  const std::string text = status.ToString();
  const auto says = [&](const char* words) { return text.find(words) != std::string::npos; };
  // RocksDB tries out what the file system can do; one that fails just then does not fit its options.
  if (status.IsInvalidArgument() && (says("incompatible with filesystem") || says("Direct I/O")))
    return to_error(rocksdb::Status::IOError(text), directory);
  const bool gone = status.IsIOError() && says("No such file");
  if (gone || status.IsNotFound() || status.IsInvalidArgument()) return damaged(directory, text);
  return to_error(status, directory);
}

Error in_use(const std::string& directory) {
  const auto holder = lock_holder(directory + "/LOCK");
  const std::string who = !holder                 ? "another process"
                          : *holder == ::getpid() ? "this process"
                                                  : fmt::format("process {}", *holder);
  return {
      ErrorCode::in_use,
      fmt::format("database {} is in use by {}: stop it, or ask the running daemon over its HTTP endpoint",
                  directory, who),
      {}};
}

// Keeps other processes out while an existing database is looked at.
class Lock {
 public:
  static Result<std::unique_ptr<Lock>> take(rocksdb::Env& environment, const std::string& directory) {
    const std::string path = directory + "/LOCK";
    if (::access(directory.c_str(), W_OK) != 0 ||
        (::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), W_OK) != 0))
      return fail(ErrorCode::io,
                  fmt::format("database {} may not be written by this user: run entitywatch as its "
                              "owner",
                              directory));
    rocksdb::FileLock* held = nullptr;
    if (!environment.LockFile(path, &held).ok()) return tl::unexpected(in_use(directory));
    return std::unique_ptr<Lock>{new Lock{environment, held}};
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() { environment_.UnlockFile(held_); }

 private:
  Lock(rocksdb::Env& environment, rocksdb::FileLock* held) : environment_(environment), held_(held) {}
  rocksdb::Env& environment_;
  rocksdb::FileLock* held_;
};

Result<void> check_tables(rocksdb::Env& environment, const std::string& directory) {
  std::vector<std::string> present;
  const auto status = rocksdb::DB::ListColumnFamilies(database_options(environment), directory, &present);
  if (!status.ok()) return tl::unexpected(opening_error(status, directory));
  for (std::size_t i = 0; i < table_count; ++i) {
    const auto at = std::find(present.begin(), present.end(), family_name(i));
    if (at == present.end())
      return tl::unexpected(damaged(directory, fmt::format("table {} is missing", table_names[i])));
    present.erase(at);
  }
  if (!present.empty())
    return fail(ErrorCode::refused,
                fmt::format("database {} has a table this version does not know ({}), so a newer "
                            "one wrote it: upgrade entitywatch",
                            directory, present.front()));
  return {};
}

// Every block of every file but the evidence's, which carries its own address.
Result<void> check_blocks(const Handle& handle) {
  std::vector<rocksdb::LiveFileMetaData> files;
  handle.db->GetLiveFilesMetaData(&files);
  rocksdb::ReadOptions reading;
  reading.fill_cache = false;
  reading.readahead_size = 1u << 20;
  const rocksdb::Options options = handle.db->GetOptions();
  const std::string_view evidence = name_of(Table::evidence);
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (file.column_family_name == evidence) continue;
    const auto status =
        rocksdb::VerifySstFileChecksum(options, rocksdb::EnvOptions{}, reading, file.db_path + file.name);
    if (!status.ok()) return tl::unexpected(opening_error(status, handle.directory));
  }
  return {};
}

Result<std::shared_ptr<Handle>> open_handle(const rocksdb::DBOptions& wanted,
                                            const RocksStoreOptions& options, Access access) {
  auto handle = std::make_shared<Handle>();
  handle->directory = options.directory;
  rocksdb::DB* db = nullptr;
  const auto tables = descriptors(options.cache_bytes);
  auto database = wanted;
  // Opened before the writer beside us may remove them: what is open stays readable.
  if (access == Access::read_only) database.max_open_files = -1;
  const rocksdb::Status status =
      access == Access::read_only
          ? rocksdb::DB::OpenForReadOnly(database, options.directory, tables, &handle->tables, &db)
          : rocksdb::DB::Open(database, options.directory, tables, &handle->tables, &db);
  handle->db.reset(db);
  if (status.ok()) return handle;
  if (status.IsIOError() && status.ToString().find("LOCK") != std::string::npos)
    return tl::unexpected(in_use(options.directory));
  return tl::unexpected(opening_error(status, options.directory));
}

// How to recover a database whose log is damaged at its end only, nothing where that is not so. A power loss may leave some pages of an
// unsynced write and not others. Every write is synced before the next begins, so a bad record that no good
// one follows is of a write that was not acknowledged: it is dropped. A bad one before a good one had been
// synced: damage, and nothing is opened. RocksDB gives up the rest of a block of 32 kB behind a bad record,
// so within the last block it is the caller's look at the high-water mark that tells a torn end from a rotten
// one.
std::optional<rocksdb::WALRecoveryMode> torn_end(const rocksdb::DBOptions& strict,
                                                 const RocksStoreOptions& options) {
  const auto reached = [&](rocksdb::WALRecoveryMode mode) -> std::optional<std::uint64_t> {
    auto lenient = strict;
    lenient.wal_recovery_mode = mode;
    const auto handle = open_handle(lenient, options, Access::read_only);
    if (!handle) return std::nullopt;
    return (*handle)->db->GetLatestSequenceNumber();
  };
  constexpr auto up_to_it = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  const auto before_it = reached(up_to_it);
  if (!before_it || before_it != reached(rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords))
    return std::nullopt;
  return up_to_it;
}

// A database that was read through and found whole, and how it is to be opened.
struct Checked {
  std::shared_ptr<Handle> handle;  // read only
  rocksdb::DBOptions options;
};

Result<Checked> open_checked(rocksdb::Env& environment, const RocksStoreOptions& options) {
  const auto mark = HighWaterMark::read(options.directory);
  if (auto tables = check_tables(environment, options.directory); !tables)
    return tl::unexpected(tables.error());
  auto database = database_options(environment);
  auto handle = open_handle(database, options, Access::read_only);
  if (!handle && handle.error().code == ErrorCode::damaged) {
    if (const auto recovery = torn_end(database, options)) {
      database.wal_recovery_mode = *recovery;
      handle = open_handle(database, options, Access::read_only);
    }
  }
  if (!handle) return tl::unexpected(handle.error());
  const std::uint64_t reached = (*handle)->db->GetLatestSequenceNumber();
  if (mark && reached < *mark)
    return tl::unexpected(
        damaged(options.directory, fmt::format("it ends at write {} where write {} was already "
                                               "acknowledged",
                                               reached, *mark)));
  if (auto blocks = check_blocks(**handle); !blocks) return tl::unexpected(blocks.error());
  if (options.inspect) {
    if (auto content = options.inspect(*make_view(*handle)); !content) return tl::unexpected(content.error());
  }
  return Checked{std::move(*handle), std::move(database)};
}

bool is_held_elsewhere(const std::string& directory) {
  const auto holder = lock_holder(directory + "/LOCK");
  return holder && *holder != ::getpid();
}

// A writer beside us removes files that we are about to open, and brings others: then the database is looked
// at again, as it stands now.
Result<std::shared_ptr<Handle>> open_beside(rocksdb::Env& environment, const RocksStoreOptions& options) {
  constexpr int turns = 20;
  for (int turn = 1;; ++turn) {
    auto checked = open_checked(environment, options);
    if (checked) return std::move(checked->handle);
    if (!is_held_elsewhere(options.directory)) return tl::unexpected(checked.error());
    if (turn == turns) {
      Error busy = in_use(options.directory);
      busy.context = checked.error().message;
      return tl::unexpected(std::move(busy));
    }
  }
}

Result<void> create(rocksdb::Env& environment, const RocksStoreOptions& options) {
  auto mark = CreationMark::open(options.directory);
  if (!mark) return tl::unexpected(mark.error());
  if (auto cleared = mark->clear_leftovers(); !cleared) return cleared;
  auto handle = std::make_shared<Handle>();
  handle->directory = options.directory;
  auto database = database_options(environment);
  database.create_if_missing = true;
  database.create_missing_column_families = true;
  rocksdb::DB* db = nullptr;
  const auto status =
      rocksdb::DB::Open(database, options.directory, descriptors(options.cache_bytes), &handle->tables, &db);
  handle->db.reset(db);
  if (!status.ok()) return tl::unexpected(to_error(status, options.directory));
  if (auto written = write_synced(*handle, options.first_batch); !written) return written;
  auto reached = HighWaterMark::open(options.directory);
  if (!reached) return tl::unexpected(reached.error());
  reached->raise(handle->db->GetLatestSequenceNumber());
  return mark->finish();
}

Result<void> make_ready(rocksdb::Env& environment, const RocksStoreOptions& options, DirectoryState state) {
  switch (state) {
    case DirectoryState::database:
      return {};
    case DirectoryState::damaged:
      return tl::unexpected(damaged(options.directory, "its CURRENT file is missing"));
    case DirectoryState::foreign:
      return fail(ErrorCode::refused,
                  fmt::format("directory {} is not empty and holds no database: name an empty directory",
                              options.directory));
    case DirectoryState::absent:
    case DirectoryState::empty:
    case DirectoryState::unfinished:
      break;
  }
  if (options.must_exist || options.access == Access::read_only)
    return fail(ErrorCode::not_found,
                fmt::format("there is no database in {}: check the directory, or start the daemon once",
                            options.directory));
  return create(environment, options);
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks_store(const RocksStoreOptions& options) {
  return open_on(*rocksdb::Env::Default(), options);
}

Result<std::unique_ptr<Store>> rocks::open_on(rocksdb::Env& environment, const RocksStoreOptions& options) {
  const auto state = inspect_directory(options.directory);
  if (!state) return tl::unexpected(state.error());
  if (auto ready = make_ready(environment, options, *state); !ready) return tl::unexpected(ready.error());
  const LastWords words(
      damaged(options.directory, "RocksDB ended the process over it, as said above").message);
  if (options.access == Access::read_only) {
    auto handle = open_beside(environment, options);
    if (!handle) return tl::unexpected(handle.error());
    return make_store(std::move(*handle), Access::read_only);
  }
  rocksdb::DBOptions database;
  {
    const auto lock = Lock::take(environment, options.directory);
    if (!lock) return tl::unexpected(lock.error());
    auto checked = open_checked(environment, options);
    if (!checked) return tl::unexpected(checked.error());
    database = std::move(checked->options);
  }
  auto handle = open_handle(database, options, Access::read_write);
  if (!handle) return tl::unexpected(handle.error());
  return make_store(std::move(*handle), Access::read_write);
}

}  // namespace entitywatch::storage
