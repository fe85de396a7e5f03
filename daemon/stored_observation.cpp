#include "daemon/stored_observation.hpp"

#include <algorithm>

namespace entitywatch::daemon {

Result<std::optional<Observation>> stored_observation(const storage::Reader& reader,
                                                      const std::vector<std::string>& digests) {
  Observation out;
  for (const std::string& digest : digests) {
    auto records = reader.evidence_records(digest);
    if (!records) return tl::unexpected(records.error());
    auto bytes = reader.evidence(digest);
    if (!bytes) return tl::unexpected(bytes.error());
    if (records->empty() || !*bytes) return std::optional<Observation>{};
    const auto together = [&](const storage::EvidenceRecord& r) {
      return r.key == out.key && r.fetched_at == out.fetched_at;
    };
    const auto found =
        out.parts.empty() ? records->end() : std::find_if(records->begin(), records->end(), together);
    storage::EvidenceRecord& record = found == records->end() ? records->back() : *found;
    const auto kind = parse_observation_kind(record.kind);
    if (!kind)
      return fail(ErrorCode::damaged, "stored evidence is of an unknown kind: " + record.kind, digest);
    if (out.parts.empty()) {
      out.source = record.source;
      out.kind = *kind;
      out.key = record.key;
      out.as_of = record.as_of;
      out.fetched_at = record.fetched_at;
    }
    out.parts.push_back({record.role, record.url, record.content_type, record.headers, std::move(**bytes)});
  }
  return out;
}

}  // namespace entitywatch::daemon
