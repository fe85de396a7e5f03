#include "storage/evidence.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <memory>

namespace entitywatch::storage {
namespace {

constexpr int compression_level = 3;
constexpr int max_window_log = std::bit_width(max_delta_window) - 1;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Result<StoredEvidence> compress(std::string_view bytes, std::string_view dictionary) {
  if (bytes.size() > max_evidence_bytes)
    return fail(ErrorCode::too_large,
                fmt::format("an answer of {} bytes is too large to keep as evidence: lower the "
                            "source's max_bytes",
                            bytes.size()));
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context{ZSTD_createCCtx()};
  if (!context) return fail(ErrorCode::internal, "evidence cannot be compressed: out of memory");
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, compression_level);
  if (!dictionary.empty()) {
    // The whole dictionary must be in reach of the last byte.
    const auto reach = static_cast<int>(std::bit_width(bytes.size() + dictionary.size()));
    const int window = std::clamp(reach, 10, max_window_log);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_enableLongDistanceMatching, 1);
    ZSTD_CCtx_refPrefix(context.get(), dictionary.data(), dictionary.size());
  }
  StoredEvidence out{bytes.size(), std::string(ZSTD_compressBound(bytes.size()), '\0'), std::nullopt};
  const std::size_t size =
      ZSTD_compress2(context.get(), out.zstd.data(), out.zstd.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0)
    return fail(ErrorCode::internal,
                fmt::format("evidence cannot be compressed: {}", ZSTD_getErrorName(size)));
  out.zstd.resize(size);
  out.zstd.shrink_to_fit();
  return out;
}

}  // namespace

Error damaged_evidence(const Digest& address) {
  return {
      ErrorCode::damaged,
      fmt::format("the stored bytes of evidence {} are not the ones that were fetched: restore the database "
                  "from a backup with `entitywatch restore`",
                  to_hex(address)),
      {}};
}

Result<StoredEvidence> compress_evidence(std::string_view bytes) { return compress(bytes, {}); }

Result<StoredEvidence> compress_evidence(std::string_view bytes, const Digest& base,
                                         std::string_view base_bytes) {
  if (bytes.size() + base_bytes.size() > max_delta_window)
    return fail(ErrorCode::internal, "evidence and its base are too large together");
  auto out = compress(bytes, base_bytes);
  if (out) out->base = base;
  return out;
}

Result<std::string> read_evidence(const Digest& address, const StoredEvidence& stored,
                                  std::string_view base_bytes) {
  if (stored.size > max_evidence_bytes ||
      ZSTD_getFrameContentSize(stored.zstd.data(), stored.zstd.size()) != stored.size)
    return tl::unexpected(damaged_evidence(address));
  const std::unique_ptr<ZSTD_DCtx, FreeContext> context{ZSTD_createDCtx()};
  if (!context) return fail(ErrorCode::internal, "evidence cannot be read: out of memory");
  if (stored.base) {
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, max_window_log);
    ZSTD_DCtx_refPrefix(context.get(), base_bytes.data(), base_bytes.size());
  }
  std::string bytes(stored.size, '\0');
  const std::size_t size =
      ZSTD_decompressDCtx(context.get(), bytes.data(), bytes.size(), stored.zstd.data(), stored.zstd.size());
  if (ZSTD_isError(size) != 0 || size != stored.size || sha256(bytes) != address)
    return tl::unexpected(damaged_evidence(address));
  return bytes;
}

}  // namespace entitywatch::storage
