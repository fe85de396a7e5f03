// A source watches one publication. One file a source; sources.cpp lists them. A source fetches and hands
// over observations; it parses only what it must to know what to fetch next, and tracks nothing.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/observation.hpp"
#include "core/result.hpp"
#include "core/source_state.hpp"
#include "core/time.hpp"
#include "daemon/config.hpp"

namespace entitywatch::daemon {

// A failed fetch, with when the far side asked us to come back.
struct FetchFailure {
  Error error;
  std::optional<Time> retry_at;
};

template <class T>
using Fetched = tl::expected<T, FetchFailure>;

enum class RequestClass { api, bulk };  // rate limits a host: 5 a second for APIs, 1 for bulk XML

struct FetchRequest {
  std::string url;
  RequestClass rate = RequestClass::api;
  std::chrono::milliseconds timeout{30'000};
  std::uint64_t max_bytes = 64u << 20;
  std::string etag;           // sent as If-None-Match when not empty
  std::string last_modified;  // sent as If-Modified-Since when not empty
  std::string expect;         // "json", "xml", "csv", "text", "html" or "": other content is a failure
};

struct FetchResponse {
  int status = 0;  // 200 or 304
  std::vector<std::pair<std::string, std::string>> headers;  // lower-case names
  std::string body;
  [[nodiscard]] bool not_modified() const { return status == 304; }
  [[nodiscard]] std::string header(std::string_view lower_case_name) const;
};

// Thread safe; implemented with libcurl, and by recording fakes in tests.
class Fetcher {
 public:
  virtual ~Fetcher() = default;
  [[nodiscard]] virtual Fetched<FetchResponse> get(const FetchRequest& request, std::stop_token stop) = 0;
};

// What became of an observation.
struct Accepted {
  std::size_t changes = 0;  // raised
  bool held = false;        // a brake holds the reading; the source goes on, its state is marked
};

// Where observations go: parsed, tracked and committed before observe returns. The source's state as it
// shall be after this observation (validators, cursor) is committed in the same batch.
class Sink {
 public:
  virtual ~Sink() = default;
  [[nodiscard]] virtual Result<Accepted> observe(const Observation& observation, const SourceState& after) = 0;
  // Whether evidence with this address is stored already: the same bytes need no second reading.
  [[nodiscard]] virtual bool has_evidence(std::string_view sha256) = 0;
};

struct PollContext {
  const SourceConfig& config;
  Fetcher& fetcher;
  Sink& sink;
  const Clock& clock;
  SourceState& state;  // memory and has_baseline are the source's to change; committed after the poll
  std::stop_token stop;
};

struct PollReport {
  std::size_t observations = 0;
  std::size_t changes = 0;
  bool held = false;
  std::optional<FetchFailure> failure;  // what went through before it is kept
  std::string summary;                  // one line: "unchanged", "2 documents read, 13 changes"
};

// Not thread safe; the scheduler polls one source from one thread at a time.
class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual PollReport poll(PollContext& context) = 0;
};

// nullptr for a kind that does not exist; kinds() lists those that do.
[[nodiscard]] std::unique_ptr<Source> make_source(std::string_view kind);
[[nodiscard]] std::vector<std::string_view> source_kinds();

}  // namespace entitywatch::daemon
