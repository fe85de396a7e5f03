// The Store on RocksDB. RocksDB itself shows in rocks_*.cpp only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

enum class Access {
  read_write,  // one process at a time
  read_only,   // takes no lock and writes nothing, not even a log: for use beside no running writer
};

struct RocksStoreOptions {
  std::string directory;
  Access access = Access::read_write;
  bool must_exist = false;
  std::uint64_t cache_bytes = 32u << 20;
  // Looks at an existing database before anything in it is written; an error refuses it untouched.
  std::function<Result<void>(const View&)> inspect;
  // What a database holds from its creation on.
  std::vector<Write> first_batch;
};

// An existing database is first opened for reading alone and checked: all tables there, none unknown, not
// behind its high-water mark, every block of every table but the evidence intact (evidence is checked
// against its address whenever it is read), `inspect` content. Only then is it opened for writing.
//  - not_found: no database there and `must_exist` or read only
//  - in_use: another process, or another store in this one, has it open for writing
//  - damaged: it fails a check; never repaired, never created anew
//  - refused: written by a newer version, or the directory holds something else
//  - io: the disk or its permissions
[[nodiscard]] Result<std::unique_ptr<Store>> open_rocks_store(const RocksStoreOptions& options);

}  // namespace entitywatch::storage
