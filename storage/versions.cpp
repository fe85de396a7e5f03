#include "storage/versions.hpp"

#include <rocksdb/version.h>
#include <zstd.h>

namespace entitywatch::storage {

std::string library_versions() {
  return "RocksDB " + rocksdb::GetRocksVersionAsString() + ", zstd " + ZSTD_versionString();
}

}  // namespace entitywatch::storage
