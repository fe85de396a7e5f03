#include "storage/observations.hpp"

#include <fmt/format.h>

#include <utility>

#include "storage/evidence.hpp"
#include "storage/keys.hpp"
#include "storage/scan.hpp"

namespace entitywatch::storage {
namespace {

Result<Observation> load(const View& view, const StoredObservation& stored) {
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

EvidenceRecord record_of(const StoredObservation& stored, const StoredPart& part) {
  return {to_hex(part.sha256), stored.source, std::string{to_string(stored.kind)},
          stored.key,          part.role,     part.url,
          part.content_type,   part.headers,  stored.as_of,
          stored.fetched_at,   part.bytes,    stored.chain_number};
}

}  // namespace

Result<std::optional<std::string>> load_evidence(const View& view, const Digest& address) {
  const auto record = view.get(Table::evidence, bytes_of(address));
  if (!record) return tl::unexpected(record.error());
  if (!*record) return std::nullopt;
  auto bytes = read_evidence(address, **record);
  if (!bytes) return tl::unexpected(bytes.error());
  return std::optional<std::string>{std::move(*bytes)};
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
                     const auto observation = load(view, *stored);
                     if (!observation) return tl::unexpected(observation.error());
                     return visit(*observation);
                   });
}

}  // namespace entitywatch::storage
