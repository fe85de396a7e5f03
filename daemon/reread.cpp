#include "daemon/reread.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace entitywatch::daemon {
namespace {

constexpr const char* reader_note = "documents read by";

// What one document was read from: addresses of evidence, metadata first.
using Bytes = std::vector<std::string>;

Result<std::vector<Bytes>> in_order_of_publication(const storage::Reader& reader) {
  std::map<std::tuple<Date, std::string>, Bytes> order;
  const auto listed = reader.documents("", [&](const Document& d) {
    const Date day =
        d.publication_date.value_or(std::chrono::floor<std::chrono::days>(d.filed_at.value_or(d.first_seen)));
    if (!d.evidence.empty()) order.emplace(std::tuple{day, d.number}, d.evidence);
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  std::vector<Bytes> out;
  std::set<Bytes> seen;  // a page of news holds many documents
  for (auto& [key, bytes] : order)
    if (seen.insert(bytes).second) out.push_back(std::move(bytes));
  return out;
}

// As it was fetched: the parts came together, so that each has a record of the same time and key.
Result<std::optional<Observation>> observation_of(const storage::Reader& reader, const Bytes& addresses) {
  Observation out;
  for (const std::string& address : addresses) {
    auto records = reader.evidence_records(address);
    if (!records) return tl::unexpected(records.error());
    auto bytes = reader.evidence(address);
    if (!bytes) return tl::unexpected(bytes.error());
    if (records->empty() || !*bytes)
      return fail(ErrorCode::damaged, "the bytes of a document are not in the archive", address);
    const auto together = [&](const storage::EvidenceRecord& r) {
      return r.key == out.key && r.fetched_at == out.fetched_at;
    };
    const auto found =
        out.parts.empty() ? records->end() : std::find_if(records->begin(), records->end(), together);
    storage::EvidenceRecord& record = found == records->end() ? records->back() : *found;
    const auto kind = parse_observation_kind(record.kind);
    if (!kind)
      return fail(ErrorCode::damaged, "stored evidence is of an unknown kind: " + record.kind, address);
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

}  // namespace

Result<RereadReport> reread_documents(const storage::Archive& archive, Pipeline& pipeline,
                                      const RereadOptions& options) {
  RereadReport report;
  const auto reader = archive.reader();
  const auto order = in_order_of_publication(*reader);
  if (!order) return tl::unexpected(order.error());
  for (const Bytes& addresses : *order) {
    if (options.stop.stop_requested()) return report;
    const auto observation = observation_of(*reader, addresses);
    if (!observation) return tl::unexpected(observation.error());
    ++report.observations;
    const auto reading = options.read(**observation);
    if (!reading) {
      ++report.unreadable;
      spdlog::warn("stored bytes can no longer be read: {}", reading.error().describe());
      continue;
    }
    const auto recorded = pipeline.reread(**observation, *reading, options.telling);
    if (!recorded) return tl::unexpected(recorded.error());
    report.changes += *recorded;
  }
  report.complete = true;
  return report;
}

Result<bool> documents_are_read_by(const storage::Archive& archive, const std::string& version) {
  const auto note = archive.reader()->note(reader_note);
  if (!note) return tl::unexpected(note.error());
  return *note && **note == version;
}

Result<void> note_documents_read_by(storage::Archive& archive, const std::string& version) {
  return archive.put_note(reader_note, version);
}

}  // namespace entitywatch::daemon
