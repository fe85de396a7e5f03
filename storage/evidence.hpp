// Evidence: the bytes a publisher sent, compressed, stored once under their SHA-256.
//
// A list is fetched again and again and little of it changes, so that an earlier reading of the same thing is
// the dictionary of a later one (docs/decisions/0005). A frame rests on one whole frame and never on another
// that rests on something itself.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "storage/digest.hpp"
#include "storage/records.hpp"

namespace entitywatch::storage {

// No observation has parts larger than this; a record that claims to is damaged.
inline constexpr std::uint64_t max_evidence_bytes = std::uint64_t{1} << 30;
// Below this an earlier reading is not worth looking up.
inline constexpr std::uint64_t min_delta_bytes = 16u << 10;
// An earlier reading and the new one together; above, memory for reading it back would have no small bound.
inline constexpr std::uint64_t max_delta_window = std::uint64_t{1} << 27;

// too_large above max_evidence_bytes.
[[nodiscard]] Result<StoredEvidence> compress_evidence(std::string_view bytes);
// With `base_bytes`, whose address is `base`, as the dictionary; together at most max_delta_window.
[[nodiscard]] Result<StoredEvidence> compress_evidence(std::string_view bytes, const Digest& base,
                                                       std::string_view base_bytes);
// `base_bytes` are those of stored.base, empty when it has none. damaged when what comes out is not what
// `address` says.
[[nodiscard]] Result<std::string> read_evidence(const Digest& address, const StoredEvidence& stored,
                                                std::string_view base_bytes = {});
[[nodiscard]] Error damaged_evidence(const Digest& address);

}  // namespace entitywatch::storage
