// The composition root: the one place that names concrete classes and ties them together.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/result.hpp"
#include "core/screening.hpp"
#include "core/time.hpp"
#include "core/progress.hpp"
#include "daemon/api.hpp"
#include "daemon/config.hpp"
#include "daemon/delivery_transport.hpp"
#include "daemon/http_fetcher.hpp"
#include "daemon/http_server.hpp"
#include "daemon/maintenance.hpp"
#include "daemon/meters.hpp"
#include "daemon/operator_desk.hpp"
#include "daemon/outbox_store.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/rounds.hpp"
#include "daemon/scheduler.hpp"
#include "daemon/source_book.hpp"
#include "notify/outbox.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// The parts, built in the order they need each other. Opens the database for writing: one Service a
// database at a time.
class Service {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Service>> create(Config config, const Clock& clock);
  ~Service();

  // Keeps the signals that run() waits for from every thread that is started from here on; the database has
  // its own, so call it before create().
  static void hold_signals();

  // Polls, tracks, alerts and serves until SIGTERM or SIGINT; SIGHUP reads the configuration again.
  [[nodiscard]] Result<void> run();

  // For one pass without serving.
  void make_round();      // before what is due is delivered: it may add notices
  void send_heartbeat();  // after a pass in which everything went well
  [[nodiscard]] Pipeline& pipeline() { return *pipeline_; }
  [[nodiscard]] Scheduler& scheduler() { return *scheduler_; }
  [[nodiscard]] notify::OutboxWorker& outbox() { return *worker_; }
  [[nodiscard]] storage::Archive& archive() { return *archive_; }
  [[nodiscard]] Fetcher& fetcher() { return *fetcher_; }

 private:
  Service(Config config, const Clock& clock);
  [[nodiscard]] Result<void> build();
  [[nodiscard]] Result<std::unique_ptr<notify::OutboxWorker>> make_worker(const Config& config);
  [[nodiscard]] RoutingTable routing(const Config& config) const;
  [[nodiscard]] Result<void> serve();
  [[nodiscard]] Result<void> load_screener();
  void pass_days();
  void committed(const Commit& commit, const storage::CommitReceipt& receipt);
  void reload();
  void wait_for_signals();
  [[nodiscard]] bool alive();  // every loop has made progress within its bound
  void stop_deliveries();
  // service_operators.cpp
  [[nodiscard]] Result<void> set_up_operators();
  void channel_trouble(const std::string& channel, bool failing, const std::string& reason);
  void channel_disabled(const std::string& channel, const std::string& subject, const std::string& text);
  void channel_reopened(std::string_view delivery_id);
  [[nodiscard]] Result<void> send_directly(const Notice& notice);
  [[nodiscard]] bool is_watched(const Config& config, std::string_view trouble) const;
  [[nodiscard]] RoundsWorld rounds_world();
  void make_rounds(const std::stop_token& stop);
  // service_watchlists.cpp
  void revise_watchlists();
  [[nodiscard]] bool lists_are_read(const Config& config) const;
  [[nodiscard]] Result<void> report_revised(const std::string& path, const std::string& bytes,
                                            const std::string& digest, const std::vector<std::string>& channels);

  std::mutex parts_;  // worker_ and config_ against answers that use them while a reload replaces them
  Config config_;
  const Clock& clock_;
  std::unique_ptr<storage::Archive> archive_;
  CertificateBook certificates_;
  Meters meters_;
  Progress rounds_moved_;
  std::atomic<bool> database_works_{true};  // at the last round
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<OperatorDesk> desk_;
  std::unique_ptr<ArchiveSourceBook> book_;
  std::unique_ptr<HttpFetcher> fetcher_;
  std::unique_ptr<CurlHttpTransport> http_transport_;
  std::unique_ptr<CurlMailTransport> mail_transport_;
  std::unique_ptr<ArchiveOutbox> outbox_store_;
  std::unique_ptr<MeteredOutbox> metered_outbox_;
  std::unique_ptr<notify::OutboxWorker> worker_;
  std::unique_ptr<Scheduler> scheduler_;
  std::unique_ptr<Maintenance> maintenance_;
  Screener screener_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<HttpServer> server_;
  std::jthread rounds_;
};

// "http://127.0.0.1:8744": where people find the local page; empty when it listens on a unix socket.
[[nodiscard]] std::string local_url(const Config& config);

// The channels of a configuration, ready to carry alerts.
[[nodiscard]] Result<std::map<std::string, std::unique_ptr<notify::Channel>>> make_channels(const Config& config,
                                                                                            const notify::Transports& transports);

}  // namespace entitywatch::daemon
