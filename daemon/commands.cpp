#include "daemon/commands.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "core/hash.hpp"
#include "daemon/cli_ask.hpp"
#include "daemon/database_path.hpp"
#include "daemon/logging.hpp"
#include "daemon/no_transport.hpp"
#include "daemon/rederive.hpp"
#include "daemon/replay.hpp"
#include "daemon/reread.hpp"
#include "daemon/sample_alert.hpp"
#include "daemon/service.hpp"
#include "daemon/version.hpp"

namespace entitywatch::daemon {
namespace {

constexpr const char* default_file = "/etc/entitywatch/entitywatch.toml";

void out(const std::string& line) { fmt::print("{}\n", line); }
void err(const std::string& line) { fmt::print(stderr, "{}\n", line); }

// One pass works quietly: what it has to say goes to standard output, what went wrong to standard error.
Result<std::unique_ptr<Service>> open_service(const CommandOptions& options, const Clock& clock) {
  auto config = configuration(options);
  if (!config) return tl::unexpected(config.error());
  DaemonConfig quiet = config->daemon;
  quiet.log_level = "warn";
  if (auto set = set_up_logging(quiet, secrets_of(*config)); !set) return tl::unexpected(set.error());
  return Service::create(std::move(*config), clock);
}

int deliver_due(Service& service) {
  const auto report_ = service.outbox().drain_once();
  if (!report_) return report(report_.error());
  if (report_->delivered + report_->retried + report_->dead == 0) return 0;
  out(fmt::format("alerts: {} delivered, {} to be tried again, {} given up", report_->delivered, report_->retried, report_->dead));
  return report_->retried + report_->dead == 0 ? 0 : 1;
}

std::string poll_line(const Scheduler::PassLine& line) {
  if (line.report.failure) return fmt::format("{}: failed: {}", line.source, line.report.failure->error.describe());
  return fmt::format("{}: {}", line.source, line.report.summary);
}

std::string replay_line(const ReplayLine& line) {
  const std::string date = line.date ? format_date(*line.date) : "no date";
  if (line.error) return fmt::format("{} ({}): failed: {}", line.path, date, line.error->describe());
  if (line.held) return fmt::format("{} ({}): held as implausible, see `entitywatch sources`", line.path, date);
  return fmt::format("{} ({}): {} change{}", line.path, date, line.changes, line.changes == 1 ? "" : "s");
}

// Asks the running daemon to do it; `done` says that it will.
int ask_daemon(const Config& config, const std::string& path, const std::string& done) {
  ApiRequest request;
  request.method = "POST";
  request.path = path;
  return with_door(config, Door::Access::write, [&](Door& door) {
    return ask(door, request, [&](const ApiResponse&) {
      out(done);
      return 0;
    });
  });
}

int poll_through_daemon(const Config& config, const std::vector<std::string>& sources) {
  std::vector<std::string> names = sources;
  if (names.empty())
    for (const SourceConfig& s : config.sources)
      if (s.enabled) names.push_back(s.name);
  int status = 0;
  for (const std::string& name : names) status = std::max(status, ask_daemon(config, "/v1/sources/" + name + "/poll", name + ": queued by the running daemon"));
  return status;
}

int release_through_daemon(const Config& config, const std::string& source) {
  return ask_daemon(config, "/v1/sources/" + source + "/release", source + ": the held reading was let through");
}

}  // namespace

Result<Config> configuration(const CommandOptions& options) {
  if (!options.config_path.empty()) return load_config(options.config_path);
  std::error_code error;
  if (std::filesystem::exists(default_file, error)) return load_config(default_file);
  return default_config();
}

int report(const Error& error) {
  err("entitywatch: " + error.describe());
  const bool callers = error.code == ErrorCode::invalid_argument || error.code == ErrorCode::invalid_config || error.code == ErrorCode::not_found;
  return callers ? 2 : 1;
}

int run_daemon(const CommandOptions& options) {
  auto config = configuration(options);
  if (!config) return report(config.error());
  if (auto set = set_up_logging(config->daemon, secrets_of(*config)); !set) return report(set.error());
  const SystemClock clock;
  Service::hold_signals();
  auto service = Service::create(std::move(*config), clock);
  if (!service) return report(service.error());
  if (auto ran = (*service)->run(); !ran) return report(ran.error());
  return 0;
}

int check_config(const CommandOptions& options) {
  const auto config = configuration(options);
  if (!config) return report(config.error());
  NoHttp http;
  NoMail mail;
  if (const auto channels = make_channels(*config, {http, mail}); !channels) return report(channels.error());
  const auto enabled = std::count_if(config->sources.begin(), config->sources.end(), [](const SourceConfig& s) { return s.enabled; });
  out(fmt::format("{}: in order: {} sources enabled, {} channels, {} subscriptions", config->file.empty() ? "built-in defaults" : config->file, enabled,
                  config->channels.size(), config->subscriptions.size()));
  return 0;
}

int poll(const CommandOptions& options, const std::vector<std::string>& sources) {
  const auto config = configuration(options);
  if (!config) return report(config.error());
  for (const std::string& name : sources)
    if (find_source(*config, name) == nullptr) return report({ErrorCode::invalid_argument, "there is no source named " + name + "; `entitywatch sources` lists them", {}});
  const SystemClock clock;
  auto service = open_service(options, clock);
  if (!service && service.error().code == ErrorCode::in_use) return poll_through_daemon(*config, sources);
  if (!service) return report(service.error());
  int status = 0;
  if (auto passed = (*service)->pipeline().pass_days(); !passed) status = report(passed.error());
  const auto lines = (*service)->scheduler().pass(sources, [](const Scheduler::PassLine& line) { out(poll_line(line)); });
  for (const Scheduler::PassLine& line : lines)
    if (line.report.failure || line.report.held) status = 1;
  (*service)->make_round();
  status = std::max(status, deliver_due(**service));
  if (status == 0) (*service)->send_heartbeat();
  return status;
}

int replay_files(const CommandOptions& options, const std::vector<std::string>& paths) {
  const SystemClock clock;
  const auto files = load_replay(paths, clock, [](const std::string& path) { err("entitywatch: skipped, not a format that is replayed: " + path); });
  if (!files) return report(files.error());
  auto service = open_service(options, clock);
  if (!service) return report(service.error());
  int status = 0;
  std::size_t changes = 0;
  const auto lines = replay((*service)->pipeline(), *files, [](const ReplayLine& line) {
    if (line.error) {
      err("entitywatch: " + replay_line(line));
    } else {
      out(replay_line(line));
    }
  });
  for (const ReplayLine& line : lines) {
    changes += line.changes;
    if (line.error || line.held) status = 1;
  }
  out(fmt::format("{} file{}, {} changes", lines.size(), lines.size() == 1 ? "" : "s", changes));
  return std::max(status, deliver_due(**service));
}

int reread(const CommandOptions& options, Telling telling) {
  const SystemClock clock;
  auto service = open_service(options, clock);
  if (!service) return report(service.error());
  RereadOptions how;
  how.telling = telling;
  const auto done = reread_documents((*service)->archive(), (*service)->pipeline(), how);
  if (!done) return report(done.error());
  if (auto noted = note_documents_read_by((*service)->archive(), reader_version); !noted) return report(noted.error());
  out(fmt::format("{} documents and pages read again: {} changes read otherwise, {} cannot be read any more", done->observations, done->changes, done->unreadable));
  return std::max(done->unreadable > 0 ? 1 : 0, deliver_due(**service));
}

int release_source(const CommandOptions& options, const std::string& source) {
  const auto config = configuration(options);
  if (!config) return report(config.error());
  const SystemClock clock;
  auto service = open_service(options, clock);
  if (!service && service.error().code == ErrorCode::in_use) return release_through_daemon(*config, source);
  if (!service) return report(service.error());
  const auto released = (*service)->pipeline().release(source);
  if (!released) return report(released.error());
  out(fmt::format("{}: the held reading was let through: {} changes", source, released->changes));
  return deliver_due(**service);
}

int test_channel(const CommandOptions& options, const std::string& channel) {
  const auto config = configuration(options);
  if (!config) return report(config.error());
  CurlHttpTransport http(make_user_agent(version, config->daemon.contact));
  CurlMailTransport mail;
  auto channels = make_channels(*config, {http, mail});
  if (!channels) return report(channels.error());
  const auto found = channels->find(channel);
  if (found == channels->end()) {
    std::string known;
    for (const auto& [name, made] : *channels) known += (known.empty() ? "" : ", ") + name;
    return report({ErrorCode::invalid_argument, fmt::format("there is no channel named {}; the configuration has: {}", channel, known.empty() ? "none" : known), {}});
  }
  const SystemClock clock;
  const notify::AlertView view = sample_alert(clock.now(), local_url(*config));
  Delivery delivery;
  delivery.id = stable_id({"sample", view.alert.id, channel}, 32);
  delivery.alert_id = view.alert.id;
  delivery.channel = channel;
  const notify::Outcome outcome = found->second->deliver(view, delivery, clock.now());
  const bool delivered = outcome.kind == notify::Outcome::Kind::delivered;
  out(fmt::format("{}: {}: the far side answered {} {}", channel, delivered ? "delivered" : "not delivered", outcome.response.status, outcome.response.excerpt));
  return delivered ? 0 : 1;
}

int preview_alert(const CommandOptions& options, const std::string& change_id, const std::string& type) {
  ApiRequest request;
  request.path = "/v1/changes/" + change_id + "/preview";
  request.query.emplace("channel", type);
  return ask(options, Door::Access::read, request, [](const ApiResponse& response) {
    out(response.body);
    return 0;
  });
}

int verify(const CommandOptions& options) {
  const auto config = configuration(options);
  if (!config) return report(config.error());
  auto archive = storage::Archive::open({.directory = database_directory(*config), .read_only = true, .must_exist = true});
  if (!archive) return report(archive.error());
  const auto chain = (*archive)->verify_chain();
  if (!chain) return report(chain.error());
  if (!chain->ok) {
    err(fmt::format("entitywatch: the chain is broken at link {}: {}", chain->first_bad_link, chain->problem));
    return 1;
  }
  out(fmt::format("{} links and {} pieces of evidence: the chain holds", chain->links, chain->evidence));
  const auto derived = rederive(**archive);
  if (!derived) return report(derived.error());
  if (derived->unmatched > 0) {
    err(fmt::format("entitywatch: {} changes do not follow from the stored bytes; the first: {}", derived->unmatched, derived->first_unmatched));
    return 1;
  }
  out(fmt::format("{} changes follow from {} stored readings", derived->changes, derived->observations));
  return 0;
}

}  // namespace entitywatch::daemon
