// The libraries this room runs with, for --version.
#pragma once

#include <string>

namespace entitywatch::storage {

[[nodiscard]] std::string library_versions();  // "RocksDB 7.8.3, zstd 1.5.4"

}  // namespace entitywatch::storage
