// Evidence: the bytes a publisher sent, compressed, stored once under their SHA-256.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "storage/digest.hpp"
#include "storage/records.hpp"

namespace entitywatch::storage {

// No observation has parts larger than this; a record that claims to is damaged.
inline constexpr std::uint64_t max_evidence_bytes = std::uint64_t{1} << 30;

// too_large above max_evidence_bytes.
[[nodiscard]] Result<StoredEvidence> compress_evidence(std::string_view bytes);
// From the stored record; damaged when what comes out is not what `address` says.
[[nodiscard]] Result<std::string> read_evidence(const Digest& address, std::string_view record);

}  // namespace entitywatch::storage
