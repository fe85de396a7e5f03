// The hash chain. A link's hash is the SHA-256 of its record: its number, the hash of the link before and
// the digest of every write of one commit, in order. Whoever notes one head vouches for everything before.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "storage/archive.hpp"
#include "storage/records.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

struct SealedLink {
  std::string value;  // the record, then its hash
  Digest hash{};
};
[[nodiscard]] SealedLink seal(const Link& link);

struct OpenedLink {
  Link link;
  Digest hash{};  // recomputed
};
// damaged: not a link, or not the one that was sealed.
[[nodiscard]] Result<OpenedLink> open_link(std::string_view value);

// Recomputes the whole chain of this view, then holds against it every record it vouches for. An error
// only where the store itself fails; what the chain contradicts is in the report.
[[nodiscard]] Result<ChainReport> verify(const View& view);

}  // namespace entitywatch::storage
