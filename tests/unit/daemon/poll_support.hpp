// Polling one source in a test: real HTTP, a sink that records, a state that is kept between polls.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/hash.hpp"
#include "daemon/http_fetcher.hpp"
#include "daemon/source.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/unit/daemon/fixed_clock.hpp"

namespace entitywatch::test {

class RecordingSink final : public daemon::Sink {
 public:
  Result<daemon::Accepted> observe(const Observation& observation, const SourceState& after) override {
    if (refuse)
      if (auto error = refuse(observation)) return tl::unexpected(*error);
    observations.push_back(observation);
    states.push_back(after);
    return daemon::Accepted{1, hold};
  }
  bool has_evidence(std::string_view) override { return false; }

  std::vector<Observation> observations;
  std::vector<SourceState> states;  // as committed with each
  std::function<std::optional<Error>(const Observation&)> refuse;
  bool hold = false;
};

// One source over its lifetime. Its publisher is `server`.
struct Watch {
  explicit Watch(std::string_view kind, const char* now = "2026-03-02T12:00:00Z")
      : clock(now), source(daemon::make_source(kind)) {
    config.name = config.kind = kind;
    config.base_url = server.url();
    config.timeout = std::chrono::seconds(5);
    state.name = kind;
  }

  daemon::PollReport poll() {
    sink.observations.clear();
    sink.states.clear();
    server.forget_requests();
    daemon::PollContext context{config, fetcher, sink, clock, state, stop.get_token()};
    return source->poll(context);
  }
  // The numbers or keys observed by the last poll, in order.
  [[nodiscard]] std::vector<std::string> observed() const {
    std::vector<std::string> keys;
    for (const Observation& o : sink.observations) keys.push_back(o.key);
    return keys;
  }

  LoopbackServer server;
  FixedClock clock;
  daemon::HttpFetcher fetcher{daemon::HttpFetcherOptions{}, clock};
  RecordingSink sink;
  daemon::SourceConfig config;
  SourceState state;
  std::stop_source stop;
  std::unique_ptr<daemon::Source> source;
};

}  // namespace entitywatch::test
