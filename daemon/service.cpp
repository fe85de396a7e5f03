#include "daemon/service.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "daemon/api_actions.hpp"
#include "daemon/api_subscriptions.hpp"
#include "daemon/backup.hpp"
#include "daemon/database_path.hpp"
#include "daemon/http_access.hpp"
#include "daemon/logging.hpp"
#include "daemon/version.hpp"
#include "daemon/watchlists.hpp"

namespace entitywatch::daemon {
namespace {

// Looking at disk and database, screening a revised watchlist, the heartbeat.
constexpr std::chrono::minutes longest_round{15};

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int s : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, s);
  return set;
}

}  // namespace

std::string local_url(const Config& config) {
  if (!config.daemon.public_url.empty()) return config.daemon.public_url;
  if (config.daemon.listen.starts_with("unix:")) return {};
  return "http://" + config.daemon.listen;
}

Result<std::map<std::string, std::unique_ptr<notify::Channel>>> make_channels(const Config& config, const notify::Transports& transports) {
  std::map<std::string, std::unique_ptr<notify::Channel>> out;
  for (const notify::ChannelConfig& channel : config.channels) {
    auto made = notify::make_channel(channel, transports, config.delivery);
    if (!made) return tl::unexpected(made.error());
    out.emplace(channel.name, std::move(*made));
  }
  return out;
}

Service::Service(Config config, const Clock& clock) : config_(std::move(config)), clock_(clock) {}

Service::~Service() {
  rounds_ = {};
  if (server_) server_->stop();
  if (maintenance_) maintenance_->stop();
  if (scheduler_) scheduler_->stop();
  if (worker_) worker_->stop();
}

Result<std::unique_ptr<Service>> Service::create(Config config, const Clock& clock) {
  std::unique_ptr<Service> service(new Service(std::move(config), clock));
  if (auto built = service->build(); !built) return tl::unexpected(built.error());
  return service;
}

RoutingTable Service::routing(const Config& config) const {
  RoutingTable table;
  table.subscriptions = config.subscriptions;
  for (const notify::ChannelConfig& channel : config.channels) table.channels.push_back(channel.name);
  table.operator_channels = config.operators.channels;
  table.tell_operators_of_discrepancies = config.operators.discrepancies;
  for (const SourceConfig& source : config.sources)
    if (source.grace) table.grace.emplace(source.name, *source.grace);
  const auto stored = stored_subscriptions(*archive_->reader(), config);
  if (!stored) {
    spdlog::error("subscriptions: {}", stored.error().describe());
    return table;
  }
  for (const std::string& problem : stored->problems) spdlog::warn("subscriptions: {}", problem);
  table.subscriptions.insert(table.subscriptions.end(), stored->subscriptions.begin(), stored->subscriptions.end());
  auto watchlists = std::make_shared<const Watchlists>(table.subscriptions);
  for (const std::string& problem : watchlists->problems()) spdlog::error("watchlist: {}", problem);
  // A watchlist that cannot be judged must not silence its subscription.
  if (watchlists->complete()) table.watchlists = std::move(watchlists);
  return table;
}

Result<void> Service::build() {
  storage::ArchiveOptions options;
  options.directory = database_directory(config_);
  options.cache_bytes = config_.database.cache_bytes;
  auto archive = storage::Archive::open(options);
  if (!archive) return tl::unexpected(archive.error());
  archive_ = std::move(*archive);
  auto pipeline = Pipeline::create(*archive_, clock_, routing(config_));
  if (!pipeline) return tl::unexpected(pipeline.error());
  pipeline_ = std::move(*pipeline);
  pipeline_->measure_with(meters_);
  if (auto made = set_up_operators(); !made) return made;
  book_ = std::make_unique<ArchiveSourceBook>(*archive_, *pipeline_, *desk_);
  const std::string agent = make_user_agent(version, config_.daemon.contact);
  RateLimits rates;
  rates.loopback = RateLimits::Loopback::limited;
  fetcher_ = std::make_unique<HttpFetcher>(HttpFetcherOptions{agent, rates, {}, &certificates_}, clock_);
  http_transport_ = std::make_unique<CurlHttpTransport>(agent, &certificates_);
  mail_transport_ = std::make_unique<CurlMailTransport>(&certificates_);
  const auto tell = [this](const std::string& channel, const std::string& subject, const std::string& text) {
    channel_disabled(channel, subject, text);
  };
  outbox_store_ = std::make_unique<ArchiveOutbox>(*archive_, clock_, local_url(config_), tell);
  metered_outbox_ = std::make_unique<MeteredOutbox>(*outbox_store_, meters_);
  auto worker = make_worker(config_);
  if (!worker) return tl::unexpected(worker.error());
  worker_ = std::move(*worker);
  maintenance_ = std::make_unique<Maintenance>(*archive_, *pipeline_, clock_, config_.database);
  scheduler_ = std::make_unique<Scheduler>(config_, *fetcher_, *pipeline_, *book_, clock_);
  scheduler_->on_poll([this](const std::string& source, const PollReport& report, std::chrono::nanoseconds took) {
    meters_.polled(source, report, took);
  });
  return {};
}

Result<std::unique_ptr<notify::OutboxWorker>> Service::make_worker(const Config& config) {
  auto channels = make_channels(config, {*http_transport_, *mail_transport_});
  if (!channels) return tl::unexpected(channels.error());
  auto worker = std::make_unique<notify::OutboxWorker>(*metered_outbox_, clock_, config.delivery, std::move(*channels));
  worker->on_channel_trouble([this](const std::string& channel, bool failing, const std::string& reason) {
    channel_trouble(channel, failing, reason);
  });
  for (const Trouble& trouble : desk_->lasting())
    if (trouble.name.starts_with("channel ")) worker->trouble_is_known(trouble.name.substr(8));
  return worker;
}

Result<void> Service::serve() {
  if (auto loaded = load_screener(); !loaded) return loaded;
  ApiActions actions = archive_actions(*archive_, clock_);
  actions.poll_now = [this](std::string_view source) { return scheduler_->poll_now(source); };
  actions.healthy = [this] { return alive(); };
  actions.ready = [this] { return database_works_.load(); };
  actions.release_hold = [this](std::string_view source) -> Result<void> {
    auto released = pipeline_->release(std::string(source));
    if (!released) return tl::unexpected(released.error());
    return {};
  };
  clear_unsent_backup(config_.daemon.data_dir);
  actions.backup = [this] { return send_backup(*archive_, config_.daemon.data_dir); };
  actions.screen = [this](const ScreenQuery& query) { return screener_.search(query); };
  actions.more_metrics = [this] { return meters_.text() + (server_ ? server_->metrics() : std::string()); };
  const auto redeliver = actions.redeliver;
  actions.redeliver = [this, redeliver](std::string_view id) {
    auto reopened = redeliver(id);
    if (reopened) channel_reopened(id);
    const std::scoped_lock lock(parts_);
    worker_->wake();
    return reopened;
  };
  const auto put = actions.put_subscription;
  actions.put_subscription = [this, put](std::string_view name, std::string_view json) {
    auto stored = put(name, json);
    const std::scoped_lock lock(parts_);
    pipeline_->set_routing(routing(config_));
    return stored;
  };
  const auto remove = actions.delete_subscription;
  actions.delete_subscription = [this, remove](std::string_view name) {
    auto removed = remove(name);
    const std::scoped_lock lock(parts_);
    pipeline_->set_routing(routing(config_));
    return removed;
  };
  api_ = std::make_unique<Api>(*archive_, config_, clock_, std::move(actions));
  auto server = HttpServer::start(*api_, http_options(config_), http_access(config_));
  if (!server) return tl::unexpected(server.error());
  server_ = std::move(*server);
  return {};
}

void Service::hold_signals() {
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

Result<void> Service::run() {
  signal(SIGPIPE, SIG_IGN);  // libcurl and the endpoint write to sockets that may be gone
  if (auto served = serve(); !served) return served;
  pipeline_->on_commit([this](const Commit& commit, const storage::CommitReceipt& receipt) { committed(commit, receipt); });
  worker_->start();
  revise_watchlists();
  scheduler_->start();
  maintenance_->start();
  rounds_ = std::jthread([this](const std::stop_token& stop) { make_rounds(stop); });
  spdlog::info("entitywatch {} serves {} with its data in {}", version, config_.daemon.listen, config_.daemon.data_dir);
  sd_notify(0, "READY=1");
  pass_days();
  wait_for_signals();
  sd_notify(0, "STOPPING=1");
  spdlog::info("stopping");
  maintenance_->stop();
  rounds_.request_stop();
  scheduler_->stop();
  stop_deliveries();
  // A heartbeat under way is not waited for.
  http_transport_->give_up();
  mail_transport_->give_up();
  rounds_ = {};
  server_->stop();
  spdlog::info("stopped");
  return {};
}

// Deliveries under way may end by themselves for a while; those of a receiver that lets us wait are
// broken off and tried again at the next start.
void Service::stop_deliveries() {
  std::mutex mutex;
  std::condition_variable_any done;
  std::jthread patience([&](std::stop_token stopped) {
    std::unique_lock lock(mutex);
    done.wait_for(lock, stopped, std::chrono::seconds{2}, [] { return false; });
    if (stopped.stop_requested()) return;
    http_transport_->give_up();
    mail_transport_->give_up();
  });
  worker_->stop();
}

void Service::committed(const Commit& commit, const storage::CommitReceipt& receipt) {
  screener_.update(commit.entries);
  if (!commit.deliveries.empty()) worker_->committed(commit.deliveries);
  if (!receipt.changes.empty()) server_->wake();
}

void Service::pass_days() {
  if (auto passed = pipeline_->pass_days(); !passed) spdlog::error("what takes effect today was not told: {}", passed.error().describe());
}

Result<void> Service::load_screener() {
  std::vector<Entry> entries;
  auto read = archive_->reader()->entries(std::nullopt, "", [&](const Entry& e) { return entries.push_back(e), true; });
  if (!read) return read;
  screener_.load(entries);
  return {};
}

bool Service::alive() {
  std::chrono::milliseconds between_rounds{};
  {
    const std::scoped_lock lock(parts_);
    if (!worker_->alive()) return false;
    between_rounds = config_.operators.check;
  }
  const bool served = !server_ || server_->alive();
  return served && scheduler_->alive() && rounds_moved_.idle() < between_rounds + longest_round;
}

// The watchdog is fed only while the loops make progress: a process that merely lives is not healthy.
void Service::wait_for_signals() {
  const sigset_t signals = handled_signals();
  std::uint64_t watchdog_us = 0;
  const bool watched = sd_watchdog_enabled(0, &watchdog_us) > 0;
  const long nap_ms = watched ? static_cast<long>(std::max<std::uint64_t>(watchdog_us / 3000, 100)) : 60'000;
  const timespec nap{nap_ms / 1000, (nap_ms % 1000) * 1'000'000};
  for (;;) {
    const int signal = sigtimedwait(&signals, nullptr, &nap);
    if (watched && alive()) sd_notify(0, "WATCHDOG=1");
    pass_days();
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal == SIGHUP) reload();
  }
}

void Service::reload() {
  if (config_.file.empty()) {
    spdlog::warn("asked to read the configuration again, but it came from no file");
    return;
  }
  auto fresh = load_config(config_.file);
  if (!fresh) {
    spdlog::error("the configuration was not reloaded; the one before stays in force: {}", fresh.error().describe());
    return;
  }
  if (fresh->daemon.data_dir != config_.daemon.data_dir || fresh->daemon.listen != config_.daemon.listen)
    spdlog::warn("data_dir and listen take effect at the next start");
  fresh->daemon.data_dir = config_.daemon.data_dir;
  fresh->daemon.listen = config_.daemon.listen;
  auto worker = make_worker(*fresh);
  if (!worker) {
    spdlog::error("the configuration was not reloaded; the one before stays in force: {}", worker.error().describe());
    return;
  }
  sd_notify(0, "RELOADING=1");
  renew_logging(fresh->daemon, secrets_of(*fresh));
  // Commits wake whichever worker there is: none may come while one takes the other's place.
  pipeline_->on_commit({});
  worker_->stop();
  {
    const std::scoped_lock lock(parts_);
    worker_ = std::move(*worker);
    config_ = std::move(*fresh);
    pipeline_->set_routing(routing(config_));
  }
  worker_->start();
  desk_->keep_only([this](std::string_view trouble) { return is_watched(config_, trouble); });
  pipeline_->on_commit([this](const Commit& commit, const storage::CommitReceipt& receipt) { committed(commit, receipt); });
  scheduler_->reconfigure(config_);
  maintenance_->reconfigure(config_.database);
  api_->reconfigure(config_);
  server_->reconfigure(http_access(config_));
  revise_watchlists();
  sd_notify(0, "READY=1");
  spdlog::info("configuration reloaded from {}", config_.file);
}

}  // namespace entitywatch::daemon
