#include <fmt/format.h>

#include "daemon/api_params.hpp"
#include "daemon/cursor.hpp"
#include "daemon/scheduler.hpp"

namespace entitywatch::daemon {
namespace {

Json to_json(const SourceState& state, const SourceConfig& config, Time now) {
  Json error = nullptr;
  if (state.last_error)
    error = Json{{"code", state.last_error->code},
                 {"message", state.last_error->message},
                 {"at", format_time(state.last_error->at)}};
  Json held = nullptr;
  if (state.held) held = Json{{"reason", state.held->reason}, {"since", format_time(state.held->since)}};
  return Json{{"name", config.name},
              {"enabled", config.enabled},
              {"status", source_status(state, config, now)},
              {"last_attempt_at", time_or_null(state.last_attempt_at)},
              {"last_success_at", time_or_null(state.last_success_at)},
              {"last_change_at", time_or_null(state.last_change_at)},
              {"next_poll_at", config.enabled ? time_or_null(state.next_poll_at) : Json(nullptr)},
              {"last_error", std::move(error)},
              {"held", std::move(held)},
              {"failures_in_row", state.failures_in_row},
              {"poll_seconds", std::chrono::duration<double>(config.poll).count()}};
}

Result<SourceState> state_of(const storage::Reader& reader, const std::string& name) {
  auto state = reader.source(name);
  if (!state) return tl::unexpected(state.error());
  SourceState out = *state ? std::move(**state) : SourceState{};
  out.name = name;
  return out;
}

ApiResponse no_daemon(std::string_view what) {
  return problem(
      409, "Conflict",
      fmt::format("{} needs the running daemon, and none is there; start it with 'entitywatch run'", what));
}

ApiResponse must_wait(const Ask& ask, const std::string& name) {
  ApiResponse out =
      problem(429, "Too Many Requests",
              fmt::format("the publisher asked {} to wait; it is not polled before then", name));
  const auto state = ask.reader.source(name);
  if (state && *state && (*state)->next_poll_at && *(*state)->next_poll_at > ask.now) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(*(*state)->next_poll_at - ask.now);
    out.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  } else {
    out.headers.emplace_back("Retry-After", "60");
  }
  return out;
}

}  // namespace

namespace answer {

ApiResponse sources(const Ask& ask) {
  const auto limit = limit_parameter(ask.request);
  if (!limit) return problem_of(limit.error());
  const auto begun = name_cursor_parameter(ask.request);
  if (!begun) return problem_of(begun.error());
  std::string last = *begun;
  Json items = Json::array();
  bool skipping = !last.empty();
  for (const SourceConfig& config : ask.config->sources) {
    if (skipping) {
      skipping = config.name != last;
      continue;
    }
    if (items.size() >= *limit) break;
    const auto state = state_of(ask.reader, config.name);
    if (!state) return problem_of(state.error());
    items.push_back(to_json(*state, config, ask.now));
    last = config.name;
  }
  return answer_json(
      Json{{"sources", std::move(items)}, {"next_cursor", encode_cursor(CursorKind::names, last)}});
}

ApiResponse poll_source(const Ask& ask) {
  const std::string& name = ask.path[0];
  if (find_source(*ask.config, name) == nullptr) return not_found("source", name);
  if (!ask.actions.poll_now) return no_daemon("polling at once");
  switch (ask.actions.poll_now(name)) {
    case PollRequest::queued:
      return answer_json(Json{{"source", name}, {"status", "queued"}}, 202);
    case PollRequest::already_running:
      return problem(409, "Conflict", fmt::format("{} is being polled at this moment", name));
    case PollRequest::disabled:
      return problem(409, "Conflict",
                     fmt::format("{} is disabled; set enabled = true under [sources.{}]", name, name));
    case PollRequest::must_wait:
      return must_wait(ask, name);
    case PollRequest::unknown_source:
      return not_found("source", name);
  }
  return problem(500, "Internal Server Error", "unknown answer of the scheduler");
}

ApiResponse release_source(const Ask& ask) {
  const std::string& name = ask.path[0];
  if (find_source(*ask.config, name) == nullptr) return not_found("source", name);
  if (!ask.actions.release_hold) return no_daemon("releasing a held reading");
  const auto released = ask.actions.release_hold(name);
  if (!released && released.error().code == ErrorCode::not_found)
    return problem(409, "Conflict", fmt::format("nothing is held for {}", name));
  if (!released) return problem_of(released.error());
  return answer_json(Json{{"source", name}, {"status", "released"}});
}

}  // namespace answer
}  // namespace entitywatch::daemon
