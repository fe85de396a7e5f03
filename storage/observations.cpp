#include "storage/observations.hpp"

#include <fmt/format.h>

#include <utility>

#include "storage/evidence.hpp"
#include "storage/keys.hpp"
#include "storage/scan.hpp"

namespace entitywatch::storage {
namespace {

Result<std::string> load_with_base(const View& view, const Digest& address, const StoredEvidence& stored) {
  const auto base = find<StoredEvidence>(view, Table::evidence, bytes_of(*stored.base));
  if (!base) return tl::unexpected(base.error());
  if (!*base || (*base)->base) return tl::unexpected(damaged_evidence(address));
  const auto base_bytes = read_evidence(*stored.base, **base);
  if (!base_bytes) return tl::unexpected(base_bytes.error());
  return read_evidence(address, stored, *base_bytes);
}

EvidenceRecord record_of(const StoredObservation& stored, const StoredPart& part) {
  return {to_hex(part.sha256), stored.source, std::string{to_string(stored.kind)},
          stored.key,          part.role,     part.url,
          part.content_type,   part.headers,  stored.as_of,
          stored.fetched_at,   part.bytes,    stored.chain_number};
}

}  // namespace

Result<std::optional<std::string>> load_evidence(const View& view, const Digest& address) {
  const auto stored = find<StoredEvidence>(view, Table::evidence, bytes_of(address));
  if (!stored) return tl::unexpected(stored.error());
  if (!*stored) return std::nullopt;
  auto bytes = (*stored)->base ? load_with_base(view, address, **stored) : read_evidence(address, **stored);
  if (!bytes) return tl::unexpected(bytes.error());
  return std::optional<std::string>{std::move(*bytes)};
}

Result<Observation> load_observation(const View& view, const StoredObservation& stored) {
  Observation out{stored.source, stored.kind, stored.key, stored.as_of, stored.fetched_at, {}};
  for (const StoredPart& part : stored.parts) {
    auto bytes = load_evidence(view, part.sha256);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes)
      return fail(
          ErrorCode::damaged,
          fmt::format("evidence {} is missing: restore the database from a backup with `entitywatch restore`",
                      to_hex(part.sha256)),
          stored.key);
    out.parts.push_back({part.role, part.url, part.content_type, part.headers, std::move(**bytes)});
  }
  return out;
}

Result<std::vector<EvidenceRecord>> records_of(const View& view, const Digest& address) {
  std::vector<EvidenceRecord> out;
  const auto add = [&](std::string_view key, std::string_view) -> Result<bool> {
    const auto number = keys::last_number(key);
    const auto stored =
        find_indexed<StoredObservation>(view, Table::observations, keys::observation(number.value_or(0)));
    if (!stored) return tl::unexpected(stored.error());
    for (const StoredPart& part : stored->parts)
      if (part.sha256 == address) out.push_back(record_of(*stored, part));
    return true;
  };
  if (auto scanned = scan_rows(view, Table::observations, keys::observations_with(address), {}, add);
      !scanned)
    return tl::unexpected(scanned.error());
  return out;
}

Result<void> scan_observations(const View& view, const Visitor<Observation>& visit) {
  return scan_rows(view, Table::observations, keys::observations, {},
                   [&](std::string_view key, std::string_view value) -> Result<bool> {
                     const auto stored = decode_at<StoredObservation>(Table::observations, key, value);
                     if (!stored) return tl::unexpected(stored.error());
                     const auto observation = load_observation(view, *stored);
                     if (!observation) return tl::unexpected(observation.error());
                     return visit(*observation);
                   });
}

}  // namespace entitywatch::storage
