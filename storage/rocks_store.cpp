#include "storage/rocks_store.hpp"

#include <fmt/format.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include "storage/directory.hpp"
#include "storage/rocks_handle.hpp"

namespace entitywatch::storage::rocks {
namespace {

// RocksDB asserts that even an empty slice points somewhere.
rocksdb::Slice slice(std::string_view bytes) {
  return bytes.empty() ? rocksdb::Slice{} : rocksdb::Slice{bytes.data(), bytes.size()};
}
std::string_view bytes(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// The least key above all keys with this prefix; nullopt: there is none.
std::optional<std::string> end_of(std::string_view prefix) {
  std::string end{prefix};
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (end.empty()) return std::nullopt;
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

class RocksView final : public View {
 public:
  explicit RocksView(std::shared_ptr<const Handle> handle)
      : handle_(std::move(handle)), snapshot_(handle_->db->GetSnapshot()) {}
  RocksView(const RocksView&) = delete;
  RocksView& operator=(const RocksView&) = delete;
  ~RocksView() override { handle_->db->ReleaseSnapshot(snapshot_); }

  Result<std::optional<std::string>> get(Table table, std::string_view key) const override {
    std::string value;
    const rocksdb::Status status = handle_->db->Get(options(), handle_->table(table), slice(key), &value);
    if (status.ok()) return value;
    if (status.IsNotFound()) return std::nullopt;
    return tl::unexpected(to_error(status, handle_->directory));
  }

  Result<void> scan(Table table, std::string_view prefix, std::string_view from,
                    const ScanVisitor& visit) const override {
    rocksdb::ReadOptions reading = options();
    const auto end = end_of(prefix);
    const rocksdb::Slice upper = end ? slice(*end) : rocksdb::Slice{};
    if (end) reading.iterate_upper_bound = &upper;
    const auto it = iterator(table, reading);
    for (it->Seek(slice(std::max(prefix, from))); it->Valid(); it->Next())
      if (!visit(bytes(it->key()), bytes(it->value()))) break;
    return outcome(*it);
  }

  Result<void> scan_back(Table table, std::string_view prefix, std::string_view before,
                         const ScanVisitor& visit) const override {
    rocksdb::ReadOptions reading = options();
    auto end = end_of(prefix);
    if (!before.empty() && (!end || before < *end)) end = before;
    const rocksdb::Slice upper = end ? slice(*end) : rocksdb::Slice{};
    const rocksdb::Slice lower = slice(prefix);
    if (end) reading.iterate_upper_bound = &upper;
    reading.iterate_lower_bound = &lower;
    const auto it = iterator(table, reading);
    for (it->SeekToLast(); it->Valid(); it->Prev())
      if (!visit(bytes(it->key()), bytes(it->value()))) break;
    return outcome(*it);
  }

 private:
  rocksdb::ReadOptions options() const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    return options;
  }
  std::unique_ptr<rocksdb::Iterator> iterator(Table table, const rocksdb::ReadOptions& options) const {
    return std::unique_ptr<rocksdb::Iterator>{handle_->db->NewIterator(options, handle_->table(table))};
  }
  Result<void> outcome(const rocksdb::Iterator& it) const {
    if (it.status().ok()) return {};
    return tl::unexpected(to_error(it.status(), handle_->directory));
  }

  std::shared_ptr<const Handle> handle_;
  const rocksdb::Snapshot* snapshot_;
};

class RocksStore final : public Store {
 public:
  RocksStore(std::shared_ptr<const Handle> handle, std::optional<HighWaterMark> mark)
      : handle_(std::move(handle)), mark_(std::move(mark)) {}

  std::unique_ptr<View> view() const override { return make_view(handle_); }

  // What a snapshot taken now would hold: a write raises it in the moment it becomes visible.
  std::uint64_t state() const override { return handle_->db->GetLatestSequenceNumber(); }

  Result<void> write(const std::vector<Write>& writes) override {
    if (!mark_) return read_only("nothing can be written");
    const std::lock_guard lock{writing_};
    // After a full disk RocksDB refuses writes until it is told to go on, or finds room by itself, which
    // it looks for every few seconds. Whether it does go on shows in the write.
    if (failed_) static_cast<void>(handle_->db->Resume());
    auto written = write_synced(*handle_, writes);
    failed_ = !written;
    if (failed_) return written;
    mark_->raise(handle_->db->GetLatestSequenceNumber());
    return {};
  }

  Result<void> checkpoint(const std::string& directory, Blocks blocks) override {
    if (!mark_) return read_only("no backup can be made of it");
    const auto state = inspect_directory(directory);
    if (!state) return tl::unexpected(state.error());
    if (*state != DirectoryState::absent && *state != DirectoryState::empty)
      return fail(
          ErrorCode::invalid_argument,
          fmt::format("backup directory {} is not empty: name one that is empty or absent", directory));
    if (auto ready = make_way(directory); !ready) return ready;
    rocksdb::Checkpoint* made = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(handle_->db.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint{made};
    if (status.ok()) status = checkpoint->CreateCheckpoint(directory);
    if (!status.ok()) return tl::unexpected(to_error(status, handle_->directory));
    return blocks == Blocks::own ? unshare_files(directory) : Result<void>{};
  }

  Result<void> compact() override {
    if (!mark_) return read_only("it cannot be compacted");
    rocksdb::CompactRangeOptions all;
    all.exclusive_manual_compaction = false;
    for (rocksdb::ColumnFamilyHandle* table : handle_->tables)
      if (const auto status = handle_->db->CompactRange(all, table, nullptr, nullptr); !status.ok())
        return tl::unexpected(to_error(status, handle_->directory));
    return {};
  }

  std::uint64_t disk_bytes() const override { return directory_bytes(handle_->directory); }

 private:
  tl::unexpected<Error> read_only(std::string_view so) const {
    return fail(ErrorCode::refused,
                fmt::format("database {} is open for reading only: {}", handle_->directory, so));
  }
  // RocksDB wants to create the directory itself, inside one that exists.
  static Result<void> make_way(const std::string& directory) {
    std::error_code code;
    std::filesystem::path path{directory};
    if (!path.has_filename()) path = path.parent_path();
    std::filesystem::remove(path, code);
    if (!code && path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), code);
    if (code)
      return fail(ErrorCode::io,
                  fmt::format("cannot make way for backup directory {}: {}", directory, code.message()));
    return {};
  }

  std::shared_ptr<const Handle> handle_;
  std::optional<HighWaterMark> mark_;  // absent when reading only
  std::mutex writing_;                 // guards failed_ and keeps the mark rising
  bool failed_ = false;
};

}  // namespace

Handle::~Handle() {
  if (!db) return;
  for (rocksdb::ColumnFamilyHandle* table : tables) db->DestroyColumnFamilyHandle(table);
  db->Close();
}

Error damaged(const std::string& directory, std::string_view problem) {
  return {ErrorCode::damaged,
          fmt::format("database {} is damaged ({}): restore it from a backup with `entitywatch restore`",
                      directory, problem),
          {}};
}

Error to_error(const rocksdb::Status& status, const std::string& directory) {
  const std::string text = status.ToString();
  if (status.IsCorruption() || status.IsPathNotFound()) return damaged(directory, text);
  if (status.IsNotSupported())
    return {
        ErrorCode::refused,
        fmt::format("database {} cannot be read by this version ({}): upgrade entitywatch", directory, text),
        {}};
  if (status.IsNoSpace())
    return {ErrorCode::io,
            fmt::format("the disk that holds database {} is full ({}): make room", directory, text),
            {}};
  if (status.IsIOError())
    return {ErrorCode::io,
            fmt::format(
                "database {}: the disk failed or denied access ({}): check the disk and the rights on the "
                "directory, then start entitywatch again",
                directory, text),
            {}};
  return {ErrorCode::internal, fmt::format("database {}: {}", directory, text), {}};
}

Result<void> write_synced(const Handle& handle, const std::vector<Write>& writes) {
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const Write& write : writes) {
    rocksdb::ColumnFamilyHandle* table = handle.table(write.table);
    if (status.ok())
      status = write.value ? batch.Put(table, write.key, *write.value) : batch.Delete(table, write.key);
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  if (status.ok()) status = handle.db->Write(options, &batch);
  if (!status.ok()) return tl::unexpected(to_error(status, handle.directory));
  return {};
}

std::unique_ptr<View> make_view(std::shared_ptr<const Handle> handle) {
  return std::make_unique<RocksView>(std::move(handle));
}

Result<std::unique_ptr<Store>> make_store(std::shared_ptr<const Handle> handle, Access access) {
  std::optional<HighWaterMark> mark;
  if (access == Access::read_write) {
    auto opened = HighWaterMark::open(handle->directory);
    if (!opened) return tl::unexpected(opened.error());
    mark.emplace(std::move(*opened));
    mark->raise(handle->db->GetLatestSequenceNumber());
  }
  return std::make_unique<RocksStore>(std::move(handle), std::move(mark));
}

}  // namespace entitywatch::storage::rocks
