#include "daemon/reread.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "core/text.hpp"
#include "daemon/stored_observation.hpp"

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

}  // namespace

Result<RereadReport> reread_documents(const storage::Archive& archive, Pipeline& pipeline,
                                      const RereadOptions& options) {
  RereadReport report;
  const auto reader = archive.reader();
  const auto order = in_order_of_publication(*reader);
  if (!order) return tl::unexpected(order.error());
  for (const Bytes& addresses : *order) {
    if (options.stop.stop_requested()) return report;
    const auto observation = stored_observation(*reader, addresses);
    if (!observation) return tl::unexpected(observation.error());
    if (!*observation)
      return fail(ErrorCode::damaged, "the bytes of a document are not in the archive", text::join(addresses, ", "));
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
