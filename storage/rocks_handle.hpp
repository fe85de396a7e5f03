// An open RocksDB and its tables. Private to rocks_*.cpp: the only header that includes RocksDB.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "storage/rocks_store.hpp"

namespace entitywatch::storage::rocks {

// Closes the database with the last view or store that uses it.
struct Handle {
  std::string directory;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> tables;

  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle();
  [[nodiscard]] rocksdb::ColumnFamilyHandle* table(Table t) const {
    return tables[static_cast<std::size_t>(t)];
  }
};

// What a failure of RocksDB means to us, naming the database, the problem and the mend.
[[nodiscard]] Error to_error(const rocksdb::Status& status, const std::string& directory);
[[nodiscard]] Error damaged(const std::string& directory, std::string_view problem);

// open_rocks_store() on another environment, which outlives the store: tests have one that fails.
[[nodiscard]] Result<std::unique_ptr<Store>> open_on(rocksdb::Env& environment,
                                                     const RocksStoreOptions& options);

// One synced batch.
[[nodiscard]] Result<void> write_synced(const Handle& handle, const std::vector<Write>& writes);
[[nodiscard]] std::unique_ptr<View> make_view(std::shared_ptr<const Handle> handle);
[[nodiscard]] Result<std::unique_ptr<Store>> make_store(std::shared_ptr<const Handle> handle, Access access);

}  // namespace entitywatch::storage::rocks
