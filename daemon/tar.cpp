#include "daemon/tar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace entitywatch::daemon {
namespace {

constexpr std::size_t longest_name = 100;
constexpr std::uint64_t largest = std::uint64_t{1} << 33;
constexpr std::size_t checksum_at = 148;
constexpr std::size_t checksum_size = 8;

// The sum of the header's bytes, its own field taken as blanks.
std::string checksum(std::string block) {
  std::fill_n(block.begin() + checksum_at, checksum_size, ' ');
  const unsigned sum = std::accumulate(block.begin(), block.end(), 0u,
                                       [](unsigned a, char c) { return a + static_cast<unsigned char>(c); });
  return fmt::format("{:06o}", sum) + std::string("\0 ", 2);
}

}  // namespace

Result<std::string> tar_header(std::string_view name, std::uint64_t size) {
  if (name.empty() || name.size() > longest_name || size >= largest)
    return fail(ErrorCode::invalid_argument,
                fmt::format("a file of {} bytes named {} does not go into a tar", size, name));
  std::string out(tar_block, '\0');
  const auto put = [&](std::size_t at, std::string_view text) { out.replace(at, text.size(), text); };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", size));
  put(136, "00000000000");
  put(156, "0");
  put(257, std::string_view("ustar\00000", 8));
  put(checksum_at, checksum(out));
  return out;
}

std::string tar_padding(std::uint64_t size) {
  return std::string((tar_block - size % tar_block) % tar_block, '\0');
}

std::string tar_end() { return std::string(2 * tar_block, '\0'); }

Result<TarEntry> read_tar_header(std::string_view block) {
  const auto malformed = [] {
    return fail(ErrorCode::malformed, "what came is not the archive that was asked for");
  };
  if (block.size() != tar_block) return malformed();
  TarEntry out;
  out.is_end = block.find_first_not_of('\0') == std::string_view::npos;
  if (out.is_end) return out;
  out.name = block.substr(0, std::min(block.find('\0'), longest_name));
  const std::string_view octal = block.substr(124, 11);
  const auto read = std::from_chars(octal.data(), octal.data() + octal.size(), out.size, 8);
  if (read.ec != std::errc{} || read.ptr != octal.data() + octal.size()) return malformed();
  const auto again = tar_header(out.name, out.size);
  if (!again || *again != block) return malformed();
  return out;
}

}  // namespace entitywatch::daemon
