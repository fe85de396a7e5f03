// The directory a database lies in, looked at without opening it: what it holds, whether a creation was
// cut short, who holds it, and how far its writer got.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/result.hpp"

namespace entitywatch::storage {

enum class DirectoryState {
  absent,
  empty,
  unfinished,  // a creation that never completed: nothing was ever acknowledged from it
  database,
  damaged,  // parts of a database, but not the file that says which of them are current
  foreign,  // files, none of them a database's
};
// io: the directory cannot be read, or is no directory.
[[nodiscard]] Result<DirectoryState> inspect_directory(const std::string& directory);

// Bytes of the files in it.
[[nodiscard]] std::uint64_t directory_bytes(const std::string& directory);

// The process that holds `file` locked, as /proc tells; never opens the file, which would drop our own
// lock on it.
[[nodiscard]] std::optional<int> lock_holder(const std::string& file);

[[nodiscard]] Result<void> sync_directory(const std::string& directory);

// Copies one file, synced to disk before it takes its name.
[[nodiscard]] Result<void> copy_file_synced(const std::string& from, const std::string& to);
// Gives every file that shares its disk blocks with another name a copy of its own, so that damage to the
// one is not damage to the other.
[[nodiscard]] Result<void> unshare_files(const std::string& directory);

// Copies a database that nobody writes into a directory that is absent or empty. The file that makes it a
// database comes last: a copy cut short is `damaged`.
[[nodiscard]] Result<void> copy_database(const std::string& from, const std::string& to);

// Marks a directory as being created, from open() to finish(); locked, so that of two creators one loses.
// A process that dies between the two leaves the mark, and the next creation starts over.
class CreationMark {
 public:
  // Creates the directory where absent. in_use: another process is creating it right now.
  [[nodiscard]] static Result<CreationMark> open(const std::string& directory);
  CreationMark(CreationMark&& other) noexcept;
  CreationMark& operator=(CreationMark&&) = delete;
  ~CreationMark();
  // Removes what an earlier, unfinished creation left.
  [[nodiscard]] Result<void> clear_leftovers() const;
  // Durably unmarked: from here on the directory is a database. It must have its high-water mark by now,
  // which tells a finished creation from one cut short.
  [[nodiscard]] Result<void> finish();

 private:
  CreationMark(std::string directory, int fd) : directory_(std::move(directory)), fd_(fd) {}
  std::string directory_;
  int fd_;
};

// How far the writer of a database got, kept beside it in a file of its own: a database found behind its
// mark has lost acknowledged writes (a truncated log, an older file put back) and is damaged, although
// each file in it may read well. Not synced: after a power cut it may stand too low, never too high.
class HighWaterMark {
 public:
  [[nodiscard]] static Result<HighWaterMark> open(const std::string& directory);
  // nullopt: no mark, or one that cannot be believed (a power cut, a flipped bit).
  [[nodiscard]] static std::optional<std::uint64_t> read(const std::string& directory);
  HighWaterMark(HighWaterMark&& other) noexcept;
  HighWaterMark& operator=(HighWaterMark&&) = delete;
  ~HighWaterMark();
  // A mark that cannot be written is left as it stands: the write it would have marked is durable.
  void raise(std::uint64_t value) const;

 private:
  explicit HighWaterMark(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace entitywatch::storage
