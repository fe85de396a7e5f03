// The daemon's line from fetch to mark in one process that kills itself where it is told to.
//   watch_child DIR PUBLISHER RECEIVER ROUNDS [--die STEP] [--control validators-first|mark-first]
// ROUNDS 0: for ever. STEP: fetched, parsed, committed, sending, answered, marked; the first time it comes
// there.
// --control leaves out one safeguard: the source's validators are committed before what they validate; a
// delivery is marked before it is sent.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/delivery_transport.hpp"
#include "daemon/http_fetcher.hpp"
#include "daemon/no_transport.hpp"
#include "daemon/outbox_store.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/scheduler.hpp"
#include "daemon/source_book.hpp"
#include "tests/faults/arguments.hpp"
#include "tests/support/quiet_desk.hpp"

namespace {

using namespace entitywatch;
using namespace entitywatch::daemon;

struct Orders {
  std::string die;
  std::string control;
  void pass(std::string_view step) const {
    if (step == die) ::raise(SIGKILL);
  }
};

class Archive final : public storage::Archive {
 public:
  Archive(std::unique_ptr<storage::Archive> real, const Orders& orders)
      : real_(std::move(real)), orders_(orders) {}
  std::unique_ptr<storage::Reader> reader() const override { return real_->reader(); }
  std::uint64_t state() const override { return real_->state(); }
  Result<storage::CommitReceipt> commit(const Commit& commit) override {
    const bool reading = commit.observation.has_value();
    if (reading && orders_.control == "validators-first") {
      Commit validators;
      validators.sources = commit.sources;
      if (auto done = real_->commit(validators); !done) return done;
    }
    if (reading) orders_.pass("parsed");
    auto receipt = real_->commit(commit);
    if (reading) orders_.pass("committed");
    const auto delivered = [](const Delivery& d) { return d.status == DeliveryStatus::delivered; };
    if (std::any_of(commit.deliveries.begin(), commit.deliveries.end(), delivered)) orders_.pass("marked");
    return receipt;
  }
  Result<void> put_subscription(std::string_view name, std::string_view json) override {
    return real_->put_subscription(name, json);
  }
  Result<bool> delete_subscription(std::string_view name) override {
    return real_->delete_subscription(name);
  }
  Result<void> put_note(std::string_view name, std::optional<std::string> value) override {
    return real_->put_note(name, std::move(value));
  }
  Result<std::size_t> forget_deliveries(Time before) override { return real_->forget_deliveries(before); }
  Result<void> compact() override { return real_->compact(); }
  Result<storage::ChainReport> verify_chain() const override { return real_->verify_chain(); }
  Result<void> backup(const std::string& directory) const override { return real_->backup(directory); }
  Result<void> checkpoint(const std::string& directory) const override {
    return real_->checkpoint(directory);
  }
  std::uint64_t disk_bytes() const override { return real_->disk_bytes(); }

 private:
  std::unique_ptr<storage::Archive> real_;
  const Orders& orders_;
};

class Entrance final : public Sink {
 public:
  Entrance(Pipeline& pipeline, const Orders& orders) : pipeline_(pipeline), orders_(orders) {}
  Result<Accepted> observe(const Observation& observation, const SourceState& after) override {
    orders_.pass("fetched");
    return pipeline_.observe(observation, after);
  }
  bool has_evidence(std::string_view sha256) override { return pipeline_.has_evidence(sha256); }

 private:
  Pipeline& pipeline_;
  const Orders& orders_;
};

class Transport final : public notify::HttpTransport {
 public:
  explicit Transport(const Orders& orders) : real_("entitywatch-test"), orders_(orders) {}
  Result<notify::HttpResponse> post(const notify::HttpRequest& request) override {
    orders_.pass("sending");
    auto response = real_.post(request);
    orders_.pass("answered");
    return response;
  }

 private:
  CurlHttpTransport real_;
  const Orders& orders_;
};

class Outbox final : public notify::OutboxStore {
 public:
  Outbox(ArchiveOutbox& real, const Orders& orders) : real_(real), orders_(orders) {}
  Result<void> pending(const notify::ChannelFilter& wanted, Time until,
                       const std::function<bool(const Delivery&)>& visit) override {
    return real_.pending(wanted, until, visit);
  }
  Result<notify::AlertView> view(const Delivery& delivery) override {
    if (orders_.control == "mark-first") {
      Delivery marked = delivery;
      marked.status = DeliveryStatus::delivered;
      if (auto done = real_.record(marked); !done) return tl::unexpected(done.error());
    }
    return real_.view(delivery);
  }
  Result<void> record(const Delivery& delivery) override { return real_.record(delivery); }
  Result<void> record_many(const std::vector<Delivery>& deliveries) override {
    return real_.record_many(deliveries);
  }
  Result<void> disable_channel(const std::string& channel, const std::string& reason) override {
    return real_.disable_channel(channel, reason);
  }
  bool is_disabled(const std::string& channel) override { return real_.is_disabled(channel); }

 private:
  ArchiveOutbox& real_;
  const Orders& orders_;
};

int fault(const Error& error) {
  fmt::print(stderr, "watch_child: {}\n", error.describe());
  return 1;
}

int watch(const std::string& directory, const std::string& publisher, const std::string& receiver, int rounds,
          const Orders& orders) {
  const SystemClock clock;
  auto opened = storage::Archive::open({.directory = directory});
  if (!opened) return fault(opened.error());
  Archive archive(std::move(*opened), orders);
  RoutingTable table;
  table.channels = {"grc"};
  auto pipeline = Pipeline::create(archive, clock, std::move(table));
  if (!pipeline) return fault(pipeline.error());
  auto desk = test::quiet_desk(archive, clock);
  if (!desk) return fault(desk.error());
  ArchiveSourceBook book(archive, **pipeline, **desk);
  HttpFetcher fetcher(HttpFetcherOptions{}, clock);
  Entrance entrance(**pipeline, orders);
  Config config = default_config();
  std::erase_if(config.sources, [](const SourceConfig& s) { return s.name != "ecfr"; });
  config.sources.front().base_url = publisher;
  Scheduler scheduler(config, fetcher, entrance, book, clock);
  ArchiveOutbox stored(archive, clock, "", [](const std::string&, const std::string&, const std::string&) {});
  Outbox outbox(stored, orders);
  Transport transport(orders);
  NoMail mail;
  notify::ChannelConfig channel;
  channel.name = "grc";
  channel.type = "webhook";
  channel.url = receiver;
  channel.secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  channel.allow_private_network = true;
  auto made = notify::make_channel(channel, {transport, mail}, {});
  if (!made) return fault(made.error());
  std::map<std::string, std::unique_ptr<notify::Channel>> channels;
  channels.emplace("grc", std::move(*made));
  notify::OutboxWorker worker(outbox, clock, {}, std::move(channels));
  for (int round = 0; rounds == 0 || round < rounds; ++round) {
    for (const auto& line : scheduler.pass({}, [](const auto&) {}))
      if (line.report.failure) return fault(line.report.failure->error);
    if (const auto drained = worker.drain_once(); !drained) return fault(drained.error());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const faults::Arguments arguments(argc, argv);
  const Orders orders{arguments.text("die"), arguments.text("control")};
  return watch(argv[1], argv[2], argv[3], std::atoi(argv[4]), orders);
}
