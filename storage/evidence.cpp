#include "storage/evidence.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include "storage/codec.hpp"

namespace entitywatch::storage {
namespace {

constexpr int compression_level = 3;

tl::unexpected<Error> damaged(const Digest& address) {
  return fail(
      ErrorCode::damaged,
      fmt::format("the stored bytes of evidence {} are not the ones that were fetched: restore the database "
                  "from a backup with `entitywatch restore`",
                  to_hex(address)));
}

}  // namespace

Result<StoredEvidence> compress_evidence(std::string_view bytes) {
  if (bytes.size() > max_evidence_bytes)
    return fail(ErrorCode::too_large,
                fmt::format("an answer of {} bytes is too large to keep as evidence: lower the "
                            "source's max_bytes",
                            bytes.size()));
  StoredEvidence out{bytes.size(), std::string(ZSTD_compressBound(bytes.size()), '\0')};
  const std::size_t size =
      ZSTD_compress(out.zstd.data(), out.zstd.size(), bytes.data(), bytes.size(), compression_level);
  if (ZSTD_isError(size) != 0)
    return fail(ErrorCode::internal,
                fmt::format("evidence cannot be compressed: {}", ZSTD_getErrorName(size)));
  out.zstd.resize(size);
  out.zstd.shrink_to_fit();
  return out;
}

Result<std::string> read_evidence(const Digest& address, std::string_view record) {
  const auto stored = decode<StoredEvidence>(record);
  if (!stored) return tl::unexpected(stored.error());
  if (stored->size > max_evidence_bytes ||
      ZSTD_getFrameContentSize(stored->zstd.data(), stored->zstd.size()) != stored->size)
    return damaged(address);
  std::string bytes(stored->size, '\0');
  const std::size_t size =
      ZSTD_decompress(bytes.data(), bytes.size(), stored->zstd.data(), stored->zstd.size());
  if (ZSTD_isError(size) != 0 || size != stored->size || sha256(bytes) != address) return damaged(address);
  return bytes;
}

}  // namespace entitywatch::storage
