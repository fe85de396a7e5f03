// The routes of the query API as one table: what the dispatcher serves, what /openapi.json says and what
// the tests hold against each other.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/api.hpp"

namespace entitywatch::daemon {

// Remembered between calls so that repeated questions stay cheap. Guarded by `mutex`.
struct ApiMemory {
  std::mutex mutex;
  std::map<std::string, std::uint64_t> changes_by_kind;  // counted up to and including counted_to
  std::uint64_t counted_to = 0;                          // a seq
  std::map<ListId, Date> first_sights;                   // of the lists that have entries
  std::optional<std::uint64_t> first_sights_at;          // the position they were looked up at
  Time first_sights_taken{};
  std::unique_ptr<Screener> screener;  // built on first use where no daemon keeps one
};

// One question with everything a handler may use.
struct Ask {
  const ApiRequest& request;
  const storage::Archive& archive;
  const storage::Reader& reader;  // one snapshot for the whole answer
  std::shared_ptr<const Config> config;
  const ApiActions& actions;
  const Clock& clock;
  ApiMemory& memory;
  Time now{};
  std::vector<std::string> path;  // the values of {…} in the pattern, in order
  std::uint64_t state = 0;        // of the archive, not later than the snapshot

  [[nodiscard]] Date today() const { return std::chrono::floor<std::chrono::days>(now); }
};

enum class Need { optional, required };

struct Param {
  std::string_view name;
  std::string_view schema;  // JSON Schema of one value, as text
  std::string_view description;
  Need need = Need::optional;
};

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/v1/changes/{id}"
  ApiResponse (*handle)(const Ask& ask);
  std::string_view operation;  // operationId
  std::string_view summary;
  std::span<const Param> query;
  std::string_view media;             // of a success
  std::string_view schema;            // name under components/schemas; empty: no JSON body
  std::string_view body_schema;       // of the request; empty: none
  std::vector<int> statuses = {200};  // of success and of failures particular to it, beside the common ones
  std::string_view other_media = {};  // in which the body may be sent, and is then answered
};

[[nodiscard]] const std::vector<Route>& routes();

// Handlers, one file a subject.
namespace answer {
[[nodiscard]] ApiResponse changes(const Ask& ask);
[[nodiscard]] ApiResponse change(const Ask& ask);
[[nodiscard]] ApiResponse change_stream(const Ask& ask);
[[nodiscard]] ApiResponse entries(const Ask& ask);
[[nodiscard]] ApiResponse entry(const Ask& ask);
[[nodiscard]] ApiResponse documents(const Ask& ask);
[[nodiscard]] ApiResponse document(const Ask& ask);
[[nodiscard]] ApiResponse document_evidence(const Ask& ask);
[[nodiscard]] ApiResponse evidence(const Ask& ask);
[[nodiscard]] ApiResponse change_evidence(const Ask& ask);
[[nodiscard]] ApiResponse evidence_key(const Ask& ask);
[[nodiscard]] ApiResponse change_preview(const Ask& ask);
[[nodiscard]] ApiResponse backup(const Ask& ask);
[[nodiscard]] ApiResponse sources(const Ask& ask);
[[nodiscard]] ApiResponse poll_source(const Ask& ask);
[[nodiscard]] ApiResponse release_source(const Ask& ask);
[[nodiscard]] ApiResponse deliveries(const Ask& ask);
[[nodiscard]] ApiResponse redeliver(const Ask& ask);
[[nodiscard]] ApiResponse subscriptions(const Ask& ask);
[[nodiscard]] ApiResponse add_subscription(const Ask& ask);
[[nodiscard]] ApiResponse try_subscription(const Ask& ask);
[[nodiscard]] ApiResponse try_named_subscription(const Ask& ask);
[[nodiscard]] ApiResponse remove_subscription(const Ask& ask);
[[nodiscard]] ApiResponse screen(const Ask& ask);
[[nodiscard]] ApiResponse screen_many(const Ask& ask);
[[nodiscard]] ApiResponse feed_atom(const Ask& ask);
[[nodiscard]] ApiResponse feed_json(const Ask& ask);
[[nodiscard]] ApiResponse calendar(const Ask& ask);
[[nodiscard]] ApiResponse export_csv(const Ask& ask);
[[nodiscard]] ApiResponse export_jsonl(const Ask& ask);
[[nodiscard]] ApiResponse export_ftm(const Ask& ask);
[[nodiscard]] ApiResponse healthz(const Ask& ask);
[[nodiscard]] ApiResponse readyz(const Ask& ask);
[[nodiscard]] ApiResponse metrics(const Ask& ask);
[[nodiscard]] ApiResponse openapi(const Ask& ask);
[[nodiscard]] ApiResponse page(const Ask& ask);
[[nodiscard]] ApiResponse page_script(const Ask& ask);
[[nodiscard]] ApiResponse page_style(const Ask& ask);
}  // namespace answer

}  // namespace entitywatch::daemon
