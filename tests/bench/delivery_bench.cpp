// The outbox on the way out: deliveries a second with durable completion beside bare multiplexed posting
// with libcurl to the same receiver, enqueued alerts a second beside bare synced puts of the same store, and
// what four channels feel of a fifth that is dead. Run it on the disk that is meant:
//   delivery_bench [DELIVERIES] [DIRECTORY]
#include <curl/curl.h>
#include <fmt/format.h>
#include <httplib.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "core/hash.hpp"
#include "daemon/delivery_transport.hpp"
#include "daemon/outbox_store.hpp"
#include "notify/outbox.hpp"
#include "storage/archive.hpp"

namespace {

using namespace entitywatch;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr std::size_t parallel = 16;
constexpr int enqueued = 600;
const std::string secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

[[noreturn]] void give_up(const std::string& what) {
  fmt::print(stderr, "delivery_bench: {}\n", what);
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) give_up(result.error().describe());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// Takes everything; remembers when each id came first.
class Sink {
 public:
  Sink() {
    server_.set_tcp_nodelay(true);
    server_.set_keep_alive_max_count(10'000'000);
    server_.new_task_queue = [] { return new httplib::ThreadPool(96); };
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      response.status = 204;
      const std::string id = request.get_header_value("webhook-id") + request.path;
      const std::scoped_lock lock(mutex_);
      arrivals_.try_emplace(id, Steady::now());
      ++calls_;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    server_.wait_until_ready();
  }
  ~Sink() {
    server_.stop();
    thread_.join();
  }
  [[nodiscard]] std::string url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
  }
  [[nodiscard]] std::optional<Steady::time_point> arrival(const std::string& id, const std::string& path) {
    const std::scoped_lock lock(mutex_);
    const auto found = arrivals_.find(id + path);
    return found == arrivals_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  httplib::Server server_;
  std::thread thread_;
  int port_ = 0;
  std::mutex mutex_;
  std::map<std::string, Steady::time_point> arrivals_;
  std::size_t calls_ = 0;
};

notify::ChannelConfig webhook(std::string name, std::string url) {
  notify::ChannelConfig out;
  out.name = std::move(name);
  out.type = "webhook";
  out.url = std::move(url);
  out.secrets = {secret};
  out.allow_private_network = true;
  return out;
}

// One alert of one change, to every channel given.
Commit alert_commit(int number, const std::vector<std::string>& channels, Time now) {
  Commit commit;
  Change change;
  change.id = stable_id({"bench change", std::to_string(number)}, 32);
  change.source = "ecfr";
  change.detected_at = now;
  Entry entry;
  entry.id = stable_id({"bench entry", std::to_string(number)}, 20);
  entry.listing.name = fmt::format("Invented Party {}", number);
  entry.listing.country_code = "CN";
  change.entry = entry;
  Alert alert;
  alert.id = stable_id({"bench alert", std::to_string(number)}, 32);
  alert.source = "ecfr";
  alert.created_at = alert.not_before = now;
  alert.change_ids = {change.id};
  for (const std::string& channel : channels) {
    Delivery delivery;
    delivery.id = stable_id({"delivery", alert.id, channel});
    delivery.alert_id = alert.id;
    delivery.channel = channel;
    delivery.order_key = "document " + std::to_string(number);
    delivery.created_at = now;
    delivery.next_attempt_at = now;
    commit.deliveries.push_back(std::move(delivery));
  }
  commit.new_changes.push_back(std::move(change));
  commit.alerts.push_back(std::move(alert));
  return commit;
}

struct Outbox {
  Outbox(const std::string& directory, const std::vector<notify::ChannelConfig>& configs)
      : archive(need(storage::Archive::open({.directory = directory}))),
        store(*archive, clock, "", [](const auto&, const auto&, const auto&) {}) {
    notify::DeliveryOptions options;
    options.parallel = parallel;
    std::map<std::string, std::unique_ptr<notify::Channel>> channels;
    for (const notify::ChannelConfig& config : configs)
      channels.emplace(config.name, need(notify::make_channel(config, {http, mail}, options)));
    worker = std::make_unique<notify::OutboxWorker>(store, clock, options, std::move(channels));
  }
  [[nodiscard]] bool is_empty() const {
    bool empty = true;
    need(archive->reader()->waiting(Time::max(), [&](const storage::Waiting&) { return empty = false; }));
    return empty;
  }

  SystemClock clock;
  daemon::CurlHttpTransport http{"bench"};
  daemon::CurlMailTransport mail;
  std::unique_ptr<storage::Archive> archive;
  daemon::ArchiveOutbox store;
  std::unique_ptr<notify::OutboxWorker> worker;
};

void wait_until_empty(const Outbox& outbox) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (!outbox.is_empty()) never.wait_for(lock, 2ms);
}

double seconds_delivering(const std::string& directory, Sink& sink, int count) {
  Outbox outbox(directory, {webhook("grc", sink.url("/hook"))});
  Commit all;
  for (int n = 0; n < count; ++n) {
    Commit one = alert_commit(n, {"grc"}, outbox.clock.now());
    all.new_changes.push_back(std::move(one.new_changes[0]));
    all.alerts.push_back(std::move(one.alerts[0]));
    all.deliveries.push_back(std::move(one.deliveries[0]));
  }
  need(outbox.archive->commit(all));
  const auto start = Steady::now();
  outbox.worker->start();
  wait_until_empty(outbox);
  const double taken = seconds_since(start);
  outbox.worker->stop();
  return taken;
}

// As many transfers at once over as many kept connections, nothing read, signed or written down.
double seconds_posting(const Sink& sink, int count) {
  const std::string body(1'100, 'x');  // an alert of one change
  const std::string url = sink.url("/bare");
  CURLM* multi = curl_multi_init();
  int begun = 0;
  int ended = 0;
  const auto begin = [&](CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_multi_add_handle(multi, easy);
    ++begun;
  };
  std::vector<CURL*> handles;
  const auto start = Steady::now();
  for (std::size_t i = 0; i < parallel && begun < count; ++i) begin(handles.emplace_back(curl_easy_init()));
  while (ended < count) {
    int running = 0;
    curl_multi_perform(multi, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      CURL* easy = message->easy_handle;
      if (message->data.result != CURLE_OK) give_up("a bare post failed");
      curl_multi_remove_handle(multi, easy);
      if (++ended, begun < count) begin(easy);
    }
    if (ended < count) curl_multi_poll(multi, nullptr, 0, 100, nullptr);
  }
  const double taken = seconds_since(start);
  for (CURL* easy : handles) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
  return taken;
}

struct Rates {
  double commits = 0;  // a second
  double puts = 0;
};

// In turn, slice by slice: what else the disk has to do befalls both alike.
Rates enqueued_per_second(const std::string& directory) {
  const auto archive = need(storage::Archive::open({.directory = directory + "/archive"}));
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::Open(options, directory + "/bare", &opened).ok()) give_up("cannot open " + directory);
  const std::unique_ptr<rocksdb::DB> db{opened};
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const std::string value(400, 'v');  // an alert, a delivery and its index rows
  const SystemClock clock;
  std::vector<Commit> commits;
  for (int n = 0; n < enqueued; ++n) {
    commits.push_back(alert_commit(n, {"grc"}, clock.now()));
    commits.back().new_changes.clear();  // the alert and its delivery alone
  }
  constexpr int slice = 10;
  double committing = 0;
  double putting = 0;
  for (int from = 0; from < enqueued; from += slice) {
    const auto start = Steady::now();
    for (int n = from; n < from + slice; ++n) need(archive->commit(commits[static_cast<std::size_t>(n)]));
    committing += seconds_since(start);
    const auto again = Steady::now();
    for (int n = from; n < from + slice; ++n)
      if (!db->Put(synced, std::to_string(n), value).ok()) give_up("cannot write");
    putting += seconds_since(again);
  }
  return {enqueued / committing, enqueued / putting};
}

struct Latency {
  double median = 0;
  double slowest = 0;  // of a hundred, the second slowest
};

// Twenty alerts a second to five channels; the latency of the first four from commit to arrival.
Latency latency(const std::string& directory, Sink& sink, const std::string& fifth) {
  std::vector<notify::ChannelConfig> configs;
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) {
    names.push_back("c" + std::to_string(i));
    configs.push_back(
        webhook(names.back(),
                i == 4 ? fifth : sink.url("/" + directory.substr(directory.rfind('/') + 1) + names.back())));
  }
  Outbox outbox(directory, configs);
  outbox.worker->start();
  std::vector<std::pair<std::string, Steady::time_point>> sent;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  for (int n = 0; n < 200; ++n) {
    const Commit commit = alert_commit(n, names, outbox.clock.now());
    sent.emplace_back(commit.alerts[0].id, Steady::now());
    need(outbox.archive->commit(commit));
    outbox.worker->committed(commit.deliveries);
    never.wait_for(lock, 50ms);
  }
  never.wait_for(lock, 2s);
  std::vector<double> all;
  for (const auto& [id, at] : sent)
    for (int i = 0; i < 4; ++i) {
      const auto arrived =
          sink.arrival(id, configs[static_cast<std::size_t>(i)].url.substr(sink.url("").size()));
      if (!arrived) give_up("an alert has not come within two seconds");
      all.push_back(std::chrono::duration<double, std::milli>(*arrived - at).count());
    }
  outbox.http.give_up();
  outbox.worker->stop();
  std::sort(all.begin(), all.end());
  return {all[all.size() / 2], all[all.size() * 98 / 100]};
}

// Accepts connections and says nothing.
struct DeadReceiver {
  httplib::Server server;
  int port = server.bind_to_any_port("127.0.0.1");  // bound, never served: the kernel alone answers
};

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 5'000;
  const std::string root =
      argc > 2 ? argv[2] : (std::filesystem::temp_directory_path() / "delivery_bench").string();
  std::filesystem::remove_all(root);
  std::filesystem::create_directories(root);
  Sink sink;
  for (int round = 1; round <= 3; ++round) {
    constexpr int turns = 5;  // in turn, as above
    double posting = 0;
    double delivering = 0;
    for (int turn = 0; turn < turns; ++turn) {
      posting += seconds_posting(sink, count / turns);
      delivering += seconds_delivering(fmt::format("{}/out{}-{}", root, round, turn), sink, count / turns);
    }
    const double bare = count / posting;
    const double ours = count / delivering;
    const auto [commits, puts] = enqueued_per_second(fmt::format("{}/in{}", root, round));
    fmt::print(
        "round {}: {:.0f} deliveries a second, {:.0f} bare posts: {:.2f}; {:.0f} alerts enqueued a second, "
        "{:.0f} bare synced puts: {:.2f}\n",
        round, ours, bare, ours / bare, commits, puts, commits / puts);
  }
  const DeadReceiver dead;
  const Latency well = latency(root + "/well", sink, sink.url("/well4"));
  const Latency beside = latency(root + "/beside", sink, fmt::format("http://127.0.0.1:{}/hook", dead.port));
  fmt::print("five channels, none dead: median {:.1f} ms, 98 of 100 below {:.1f} ms\n", well.median,
             well.slowest);
  fmt::print("the fifth dead, the other four: median {:.1f} ms, 98 of 100 below {:.1f} ms\n", beside.median,
             beside.slowest);
  std::filesystem::remove_all(root);
}
