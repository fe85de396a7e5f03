// Is it alive, is it ready, how is it doing: for supervisors, balancers and Prometheus.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "daemon/api_params.hpp"
#include "daemon/exposition.hpp"
#include "daemon/scheduler.hpp"
#include "daemon/version.hpp"

namespace entitywatch::daemon {
namespace {

double seconds(Time time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

struct SourceNow {
  const SourceConfig* config;
  SourceState state;
};

Result<std::vector<SourceNow>> sources_now(const Ask& ask) {
  std::vector<SourceNow> out;
  for (const SourceConfig& config : ask.config->sources) {
    auto state = ask.reader.source(config.name);
    if (!state) return tl::unexpected(state.error());
    out.push_back({&config, *state ? std::move(**state) : SourceState{}});
  }
  return out;
}

void times(Exposition& out, const std::vector<SourceNow>& sources, std::string_view name,
           std::string_view help, std::optional<Time> SourceState::*member) {
  out.family(name, "gauge", help);
  for (const SourceNow& s : sources)
    if (const auto time = s.state.*member) out.sample(name, label("source", s.config->name), seconds(*time));
}

void source_metrics(Exposition& out, const std::vector<SourceNow>& sources, Time now) {
  times(out, sources, "source_last_attempt_timestamp_seconds", "When the source was last polled.",
        &SourceState::last_attempt_at);
  times(out, sources, "source_last_success_timestamp_seconds", "When a poll of the source last succeeded.",
        &SourceState::last_success_at);
  times(out, sources, "source_last_change_timestamp_seconds", "When the source last showed something new.",
        &SourceState::last_change_at);
  out.family("source_status", "gauge", "1 for the status the source has.");
  for (const SourceNow& s : sources) {
    const std::string now_is = source_status(s.state, *s.config, now);
    for (const std::string_view status : {"never", "ok", "failing", "stale", "held", "disabled"})
      out.sample("source_status", label("source", s.config->name) + "," + label("status", status),
                 now_is == status ? 1 : 0);
  }
  out.family("source_failures_in_row", "gauge", "Failed polls since the last success.");
  for (const SourceNow& s : sources)
    out.sample("source_failures_in_row", label("source", s.config->name), s.state.failures_in_row);
}

// Counts what was committed since the last scrape; the history itself only grows.
Result<std::map<std::string, std::uint64_t>> changes_by_kind(const Ask& ask) {
  const std::lock_guard lock(ask.memory.mutex);
  ApiMemory& memory = ask.memory;
  if (memory.changes_by_kind.empty())
    for (const ChangeKind kind :
         {ChangeKind::added, ChangeKind::removed, ChangeKind::withdrawn, ChangeKind::revised,
          ChangeKind::corrected, ChangeKind::editorial, ChangeKind::document, ChangeKind::discrepancy,
          ChangeKind::effective})
      memory.changes_by_kind[std::string(to_string(kind))] = 0;
  const auto scanned = ask.reader.changes(memory.counted_to, [&](const Change& change) {
    ++memory.changes_by_kind[std::string(to_string(change.kind))];
    memory.counted_to = change.seq;
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return memory.changes_by_kind;
}

struct Outbox {
  std::uint64_t pending = 0;
  std::optional<Time> oldest;
};

Result<Outbox> outbox(const storage::Reader& reader) {
  Outbox out;
  const auto scanned = reader.waiting(Time::max(), [&](const storage::Waiting& delivery) {
    ++out.pending;
    if (!out.oldest || delivery.created_at < *out.oldest) out.oldest = delivery.created_at;
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return out;
}

std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  statm >> total >> resident;
  return resident * 4096;
}

void archive_metrics(Exposition& out, const Ask& ask) {
  out.family("history_last_seq", "gauge", "Number of the last change.");
  out.sample("history_last_seq", "", static_cast<double>(ask.reader.last_seq()));
  out.family("history_last_position", "gauge", "Last position of the history, completions included.");
  out.sample("history_last_position", "", static_cast<double>(ask.reader.last_position()));
  out.family("store_bytes", "gauge", "Bytes the database takes on disk.");
  out.sample("store_bytes", "", static_cast<double>(ask.archive.disk_bytes()));
  out.family("resident_memory_bytes", "gauge", "Memory the process holds.");
  out.sample("resident_memory_bytes", "", static_cast<double>(resident_bytes()));
}

}  // namespace

namespace answer {

ApiResponse healthz(const Ask& ask) {
  if (ask.actions.healthy && !ask.actions.healthy())
    return problem(503, "Service Unavailable", "a loop of the daemon has made no progress within its bound");
  return answer_json(Json{{"status", "ok"}});
}

// Everything that an answer needs: a snapshot of the database that can be read, and a database that took the
// last round's write.
ApiResponse readyz(const Ask& ask) {
  if (const auto read = ask.reader.note("last round"); !read) return problem_of(read.error());
  if (ask.actions.ready && !ask.actions.ready())
    return problem(503, "Service Unavailable",
                   "the database could not be read and written at the last round");
  return answer_json(Json{{"status", "ready"}, {"version", version}, {"last_seq", ask.reader.last_seq()}});
}

ApiResponse metrics(const Ask& ask) {
  const auto sources = sources_now(ask);
  if (!sources) return problem_of(sources.error());
  const auto counts = changes_by_kind(ask);
  if (!counts) return problem_of(counts.error());
  const auto waiting = outbox(ask.reader);
  if (!waiting) return problem_of(waiting.error());

  Exposition out;
  out.family("build_info", "gauge", "The version that runs.");
  out.sample("build_info", label("version", version), 1);
  source_metrics(out, *sources, ask.now);
  out.family("changes_total", "counter", "Changes recorded, by kind.");
  for (const auto& [kind, count] : *counts)
    out.sample("changes_total", label("kind", kind), static_cast<double>(count));
  out.family("outbox_pending", "gauge", "Deliveries that wait.");
  out.sample("outbox_pending", "", static_cast<double>(waiting->pending));
  out.family("outbox_oldest_age_seconds", "gauge",
             "Age of the oldest delivery that waits; 0 when none does.");
  out.sample("outbox_oldest_age_seconds", "",
             waiting->oldest ? seconds(ask.now) - seconds(*waiting->oldest) : 0);
  archive_metrics(out, ask);
  if (ask.actions.more_metrics) out.add(ask.actions.more_metrics());
  ApiResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = std::move(out).take();
  return response;
}

}  // namespace answer
}  // namespace entitywatch::daemon
