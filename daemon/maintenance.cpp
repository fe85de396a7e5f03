#include "daemon/maintenance.hpp"

#include <spdlog/spdlog.h>

#include "daemon/reread.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::chrono::hours between_passes{1};
constexpr const char* compacted_note = "compacted at";

}  // namespace

Maintenance::Maintenance(storage::Archive& archive, Pipeline& pipeline, const Clock& clock,
                         DatabaseConfig config)
    : archive_(archive), pipeline_(pipeline), clock_(clock), config_(config) {}

Maintenance::~Maintenance() { stop(); }

void Maintenance::start() {
  thread_ = std::jthread([this](std::stop_token stop) {
    while (!stop.stop_requested()) {
      if (auto done = pass(stop); !done) spdlog::error("database: {}", done.error().describe());
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, between_passes, [] { return false; });
    }
  });
}

void Maintenance::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Maintenance::reconfigure(DatabaseConfig config) {
  const std::scoped_lock lock(mutex_);
  config_ = config;
}

Result<void> Maintenance::pass(std::stop_token stop) {
  DatabaseConfig config;
  {
    const std::scoped_lock lock(mutex_);
    config = config_;
  }
  if (auto done = reread(stop); !done) return done;
  if (auto done = forget(config); !done) return done;
  return compact(config);
}

Result<void> Maintenance::reread(std::stop_token stop) {
  const auto current = documents_are_read_by(archive_, reader_version);
  if (!current) return tl::unexpected(current.error());
  if (*current) return {};
  RereadOptions options;
  options.stop = std::move(stop);
  const auto report = reread_documents(archive_, pipeline_, options);
  if (!report) return tl::unexpected(report.error());
  if (!report->complete) return {};
  if (report->observations > 0)
    spdlog::info("documents: {} read again by a newer reader, {} changes read otherwise",
                 report->observations, report->changes);
  return note_documents_read_by(archive_, reader_version);
}

Result<void> Maintenance::forget(const DatabaseConfig& config) {
  if (config.keep_deliveries.count() == 0) return {};
  for (std::size_t gone = 1; gone > 0;) {
    const auto forgotten = archive_.forget_deliveries(clock_.now() - config.keep_deliveries);
    if (!forgotten) return tl::unexpected(forgotten.error());
    gone = *forgotten;
    if (gone > 0) spdlog::info("database: {} deliveries of long ago forgotten", gone);
  }
  return {};
}

Result<void> Maintenance::compact(const DatabaseConfig& config) {
  if (config.compact.count() == 0) return {};
  const auto note = archive_.reader()->note(compacted_note);
  if (!note) return tl::unexpected(note.error());
  const Time now = clock_.now();
  const auto last = *note ? parse_time(**note) : std::nullopt;
  if (last && now < *last + config.compact) return {};
  // A database that was just made has nothing to rewrite.
  if (*note)
    if (auto done = archive_.compact(); !done) return done;
  return archive_.put_note(compacted_note, format_time(now));
}

}  // namespace entitywatch::daemon
