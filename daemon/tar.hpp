// Files in a row in the ustar form (POSIX.1-1988), which every tar reads: no owner, no clock, so that the
// same files give the same bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace entitywatch::daemon {

// The header of one file. invalid_argument: a name of more than 100 bytes, or 8 GB and above.
[[nodiscard]] Result<std::string> tar_header(std::string_view name, std::uint64_t size);
// Zero bytes that follow the content of a file of this size.
[[nodiscard]] std::string tar_padding(std::uint64_t size);
// After the last file.
[[nodiscard]] std::string tar_end();

struct TarEntry {
  std::string name;
  std::uint64_t size = 0;
  bool is_end = false;  // no file: the first block of tar_end()
};
inline constexpr std::size_t tar_block = 512;
// From a header that tar_header() wrote; malformed for any other block.
[[nodiscard]] Result<TarEntry> read_tar_header(std::string_view block);

}  // namespace entitywatch::daemon
