// A file system that fails when it is told to, and one that loses what was not synced when the power goes.
#pragma once

#include <rocksdb/file_system.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::faults {

enum class Operation { open, read, write, sync, rename, remove };
inline constexpr std::array<std::string_view, 6> operation_names{"open", "read",   "write",
                                                                 "sync", "rename", "remove"};

enum class Times { once, from_then_on };
enum class How {
  io_error,
  no_space,
  lie,  // says it was done and does nothing; a read that lies has one bit flipped
};

struct Fault {
  Operation operation = Operation::read;
  std::uint64_t nth = 0;  // from 1
  Times times = Times::once;
  How how = How::io_error;
};

// How the unsynced end of a file may look after a power loss.
enum class Loss {
  cut,    // anywhere between what was synced and what was written
  pages,  // any of its pages of 4 kB are zeros, the file keeps its length
};

// Thread safe. Files outside RocksDB's calls are not seen.
class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem();
  [[nodiscard]] const char* Name() const override { return "FaultyFileSystem"; }

  // Counts from now on; nullopt heals.
  void set(std::optional<Fault> fault);
  [[nodiscard]] std::array<std::uint64_t, operation_names.size()> counts() const;
  // Whether the fault struck since set().
  [[nodiscard]] bool struck() const;

  // The power goes at the nth operation that changes anything: it and all after it fail.
  void lose_power_at(std::uint64_t nth);
  // Syncs say they are done and keep nothing: the disk that a power-loss test must catch.
  void ignore_syncs() { ignore_syncs_ = true; }
  // What is left on the disk; call it when nothing has a file open, and the power is on again.
  void restore_power(std::mt19937_64& random, Loss loss);

  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* out,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                                        rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* out,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

  // For its files: what happens to the next operation of this kind.
  enum class Verdict { go_on, fail, lie };
  struct Strike {
    Verdict verdict = Verdict::go_on;
    rocksdb::IOStatus status;
  };
  [[nodiscard]] Strike next(Operation operation);
  void wrote(const std::string& name, std::uint64_t bytes);
  void truncated(const std::string& name, std::uint64_t size);
  void synced(const std::string& name);
  void synced_directory();

 private:
  struct Written {
    std::uint64_t size = 0;
    std::uint64_t durable = 0;
  };
  // A change of the directory. A journal keeps their order: what a power loss takes is an end of them.
  struct NameChange {
    enum class Kind { created, renamed, removed } kind = Kind::created;
    std::string name;
    std::string from;                     // renamed
    std::optional<std::string> replaced;  // renamed: content of what was there
    std::string kept;                     // removed: a second name outside the database
  };
  void lose_ends(std::mt19937_64& random, Loss loss);
  void lose_names(std::mt19937_64& random);
  void settle_names();

  mutable std::mutex mutex_;
  std::optional<Fault> fault_;
  std::array<std::uint64_t, operation_names.size()> counts_{};
  bool struck_ = false;
  std::uint64_t changes_ = 0;
  std::uint64_t power_ends_ = 0;
  bool ignore_syncs_ = false;
  std::map<std::string, Written> written_;
  std::vector<NameChange> names_;  // since the directory was synced
  std::uint64_t kept_ = 0;
};

}  // namespace entitywatch::faults
