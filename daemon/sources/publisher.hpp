// Asking one publisher: requests as the source's configuration wants them, what is remembered of its answers,
// and URLs that stay on its host.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

#include "core/json.hpp"
#include "core/observation.hpp"
#include "daemon/source.hpp"

namespace entitywatch::daemon {

using Memory = std::map<std::string, std::string>;

struct Publisher {
  const SourceConfig& config;
  Fetcher& fetcher;
  const Clock& clock;
  std::stop_token stop;
};
[[nodiscard]] Publisher publisher_of(const PollContext& context);

// What tells that a URL has nothing new. Kept in SourceState.memory under "etag <url>",
// "last-modified <url>" and "sha256 <url>".
struct Validators {
  std::string etag;
  std::string last_modified;
  std::string sha256;
  bool operator==(const Validators&) const = default;
};
[[nodiscard]] Validators recall(const Memory& memory, const std::string& url);
void remember(Memory& memory, const std::string& url, const Validators& validators);
void forget(Memory& memory, const std::string& url);

struct Unchanged {
  Validators validators;  // those of the bytes known, renewed where the publisher sent them again
};
struct Changed {
  ObservationPart part;  // role empty: the caller's to give
  Validators validators;
};
// Unchanged when the publisher says so or sends the bytes `known` is of.
using Answer = std::variant<Unchanged, Changed>;

[[nodiscard]] Fetched<Answer> ask(const Publisher& publisher, const std::string& url, std::string_view expect,
                                  RequestClass rate, const Validators& known);

// The URL on the publisher we were told to ask, whatever host the answer names: a mirror, or a publisher that
// a test runs, hands on the original's links and must serve everything itself; and no answer may send us
// elsewhere. Other hosts of the same site (public-inspection.federalregister.gov beside
// www.federalregister.gov) stay as they are. Empty where `url` is neither absolute http(s) nor an absolute
// path.
[[nodiscard]] std::string on_base_url(const std::string& base_url, std::string_view url);
[[nodiscard]] std::string percent_encoded(std::string_view text);
// Letters, digits, '-', '.', '_' only, so that it can stand in a path: true for every real document number.
[[nodiscard]] bool is_document_number(std::string_view text);

// A digest over JSON that leaves out what counts its readers (page_views), so that only the publisher's
// changes change it.
[[nodiscard]] Result<std::string> metadata_digest(std::string_view json);
// JSON from a publisher; malformed also when it is nested deeper than any real answer.
[[nodiscard]] Result<Json> read_json(std::string_view bytes);

// A failed poll; `report` is what went through before.
[[nodiscard]] PollReport with_failure(PollReport report, FetchFailure failure);
// Hands over an observation and counts it in; the sink's refusal becomes the report's failure and false.
[[nodiscard]] bool hand_over(PollContext& context, const Observation& observation, const SourceState& after,
                             PollReport& report);
// "unchanged", or "1 document read, 3 changes".
[[nodiscard]] std::string summary_of(const PollReport& report, std::string_view noun);

}  // namespace entitywatch::daemon
