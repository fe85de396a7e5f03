// SHA-256 digests as the storage room keeps them: 32 raw bytes; 64 hex digits outside.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace entitywatch::storage {

using Digest = std::array<unsigned char, 32>;

[[nodiscard]] Digest sha256(std::string_view bytes);
[[nodiscard]] std::string to_hex(const Digest& digest);
// nullopt for anything but 64 hex digits.
[[nodiscard]] std::optional<Digest> parse_digest(std::string_view hex);
[[nodiscard]] inline std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace entitywatch::storage
