// The archive on a file system that fails, a workload on it, and what must be true of it afterwards.
#pragma once

#include <rocksdb/env.h>

#include <filesystem>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "storage/archive.hpp"
#include "tests/faults/faulty_file_system.hpp"

namespace entitywatch::faults {

// On memory where there is a file system for it: the machine's disk has no part in these tests.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  [[nodiscard]] std::string path(const std::string& name = "db") const { return (path_ / name).string(); }
  // Empty again.
  void clear() const;

 private:
  std::filesystem::path path_;
};

struct Disk {
  std::shared_ptr<FaultyFileSystem> files = std::make_shared<FaultyFileSystem>();
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(files);
};

[[nodiscard]] Result<std::unique_ptr<storage::Archive>> open_archive(Disk& disk,
                                                                     const std::string& directory);

// What was told to be done, and what may have been.
struct Told {
  int acknowledged = 0;
  int attempted = 0;  // the last one tried; equals acknowledged, or one more
};

// Commit number `n` of the series; it completes the change of the one before.
[[nodiscard]] Result<void> commit_next(storage::Archive& archive, int n);

enum class Depth { last_few, everything };
struct Verdict {
  int lost = 0;   // acknowledged and not there
  int wrong = 0;  // there, and not what was committed; or there in part
  std::string first;
  int present = 0;  // the last commit that is there
  [[nodiscard]] bool good() const { return lost == 0 && wrong == 0; }
};
[[nodiscard]] Verdict check(const storage::Archive& archive, const Told& told, Depth depth);

}  // namespace entitywatch::faults
