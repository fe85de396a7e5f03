// Polls at full speed with changing data, from fetch to marked delivery: does memory grow, do descriptors
// leak, is the store in proportion to what lives in it?
//   soak [--polls N] [--rows N] [--directory DIR] [--steady] [--cache MB]
// --rows: how many rows change from poll to poll; default 1.
// --steady: the same parties all along, only what is said of them changes. What is known of parties is held
// in memory, of those that left the list too.
// --cache: of the database's blocks, default 32: it fills with history until it is full.
#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include "daemon/delivery_transport.hpp"
#include "daemon/http_fetcher.hpp"
#include "daemon/no_transport.hpp"
#include "daemon/outbox_store.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/scheduler.hpp"
#include "daemon/source_book.hpp"
#include "tests/faults/arguments.hpp"
#include "tests/faults/world.hpp"
#include "tests/support/edition.hpp"
#include "tests/support/quiet_desk.hpp"

namespace {

using namespace entitywatch;
using namespace entitywatch::daemon;
using Steady = std::chrono::steady_clock;

constexpr std::size_t rows = 300;
constexpr std::uint64_t most_days = 30'000;  // editions are of days

double resident_megabytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  in >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

// What the program holds, without what the allocator keeps for later.
double held_megabytes() {
  const struct mallinfo2 heap = ::mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd) / 1e6;
}

// The database keeps its files open, as many as there are; all else must not add up.
int descriptors() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;  // the one that looks
    const auto target = std::filesystem::read_symlink(entry.path(), gone);
    count += !gone && target.extension() != ".sst" ? 1 : 0;
  }
  return count;
}

// A list that lives: each time one row is new, changed, gone or spelled otherwise.
class List {
 public:
  List() {
    for (std::size_t i = 0; i < rows; ++i) add();
  }
  void change(bool steady) {
    const std::size_t at = random_() % rows_.size();
    switch (steady ? 2 + random_() % 2 : random_() % 4) {
      case 0:
        add();
        break;
      case 1:
        if (rows_.size() > rows / 2) rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 2:
        rows_[at].note = fmt::format("No. {}, ", ++next_);
        break;
      default:
        rows_[at].spelling = !rows_[at].spelling;
        break;
    }
    while (rows_.size() > rows + 20) rows_.erase(rows_.begin());
  }
  [[nodiscard]] std::string part() const {
    std::vector<std::string> out;
    for (const Row& r : rows_) {
      std::string row = test::entity_row(test::party_name(r.number), r.note);
      if (r.spelling) row.replace(row.find("12 Rue"), 6, "12, Rue");
      out.push_back(std::move(row));
    }
    return test::part_744(out);
  }

 private:
  struct Row {
    int number;
    std::string note;
    bool spelling = false;
  };
  void add() { rows_.push_back({next_++, {}}); }
  std::mt19937_64 random_{7};
  std::vector<Row> rows_;
  int next_ = 0;
};

// Least squares: what one poll adds.
double slope(const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(i);
    sx += x;
    sy += values[i];
    sxx += x * x;
    sxy += x * values[i];
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().describe());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct Live {
  std::uint64_t evidence = 0;  // bytes as they came
  std::size_t changes = 0;
};

Live live_data(const storage::Archive& archive) {
  Live out;
  const auto reader = archive.reader();
  need(reader->observations([&](const Observation& o) {
    for (const ObservationPart& p : o.parts) out.evidence += p.bytes.size();
    return true;
  }));
  need(reader->changes(0, [&](const Change&) { return ++out.changes > 0; }));
  return out;
}

int soak(std::uint64_t polls, std::uint64_t rows_a_poll, const storage::ArchiveOptions& database, bool steady) {
  spdlog::set_level(spdlog::level::off);
  const SystemClock clock;
  test::LoopbackServer server;
  std::uint64_t calls = 0;
  server.set("/hook", [&](const test::LoopbackRequest&) {
    ++calls;
    test::LoopbackAnswer answer;
    answer.status = 204;
    return answer;
  });
  const auto archive = need(storage::Archive::open(database));
  RoutingTable table;
  table.channels = {"grc"};
  const auto pipeline = need(Pipeline::create(*archive, clock, std::move(table)));
  const auto desk = need(test::quiet_desk(*archive, clock));
  ArchiveSourceBook book(*archive, *pipeline, *desk);
  HttpFetcher fetcher(HttpFetcherOptions{}, clock);
  Config config = default_config();
  std::erase_if(config.sources, [](const SourceConfig& s) { return s.name != "ecfr"; });
  config.sources.front().base_url = server.url();
  Scheduler scheduler(config, fetcher, *pipeline, book, clock);
  ArchiveOutbox outbox(*archive, clock, "",
                       [](const std::string&, const std::string&, const std::string&) {});
  CurlHttpTransport transport("entitywatch-test");
  NoMail mail;
  notify::ChannelConfig channel;
  channel.name = "grc";
  channel.type = "webhook";
  channel.url = server.url("/hook");
  channel.secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  channel.allow_private_network = true;
  std::map<std::string, std::unique_ptr<notify::Channel>> channels;
  channels.emplace("grc", need(notify::make_channel(channel, {transport, mail}, {})));
  notify::OutboxWorker worker(outbox, clock, {}, std::move(channels));

  List list;
  std::vector<double> memory;
  std::vector<double> held;
  std::vector<int> open;
  std::uint64_t failed = 0;
  const auto start = Steady::now();
  for (std::uint64_t poll = 0; poll < polls; ++poll) {
    for (std::uint64_t i = 0; i < rows_a_poll; ++i) list.change(steady);
    test::publish_edition(server, static_cast<int>(poll), list.part());
    if (poll > 2)
      server.remove(fmt::format("/api/versioner/v1/full/{}/title-15.xml",
                                format_date(*parse_iso_date("2019-01-01") + std::chrono::days{poll - 2})));
    server.forget_requests();
    for (const auto& line : scheduler.pass({}, [](const auto&) {}))
      failed += line.report.failure || line.report.held ? 1 : 0;
    need(worker.drain_once());
    memory.push_back(resident_megabytes());
    held.push_back(held_megabytes());
    open.push_back(descriptors());
  }
  const double seconds = std::chrono::duration<double>(Steady::now() - start).count();
  // The first tenth fills caches and buffers.
  const auto settled = [&](const std::vector<double>& values) {
    return std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(polls / 10), values.end());
  };
  const Live live = live_data(*archive);
  const double store = static_cast<double>(archive->disk_bytes()) / 1e6;
  need(archive->compact());
  const double compacted = static_cast<double>(archive->disk_bytes()) / 1e6;
  fmt::print(
      "{} polls in {:.0f} s ({:.1f} ms each), failed or held {}, {} changes, {} calls of the receiver\n",
      polls, seconds, 1000 * seconds / static_cast<double>(polls), failed, live.changes, calls);
  fmt::print(
      "memory: resident {:.1f} MB after the first tenth, {:.1f} MB at the end, slope {:.3f} MB a thousand polls; held by "
      "the program {:.1f} MB, {:.1f} MB, slope {:.3f}\n",
      settled(memory).front(), memory.back(), slope(settled(memory)) * 1000, settled(held).front(), held.back(),
      slope(settled(held)) * 1000);
  fmt::print("descriptors beside the files of the database {} after the first tenth, {} at the end\n", open[polls / 10], open.back());
  fmt::print(
      "store {:.1f} MB, compacted {:.1f} MB, for {:.1f} MB of evidence as it came: {:.4f} of it, {:.0f} "
      "bytes a change\n",
      store, compacted, static_cast<double>(live.evidence) / 1e6,
      compacted * 1e6 / static_cast<double>(live.evidence),
      compacted * 1e6 / static_cast<double>(live.changes));
  const auto report = need(archive->verify_chain());
  fmt::print("chain of {} links {}\n", report.links, report.ok ? "holds" : "BROKEN: " + report.problem);
  const bool leaks = open.back() > open[polls / 10] + 8;
  return failed == 0 && report.ok && !leaks ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const faults::Arguments arguments(argc, argv);
  const faults::Folder folder;
  storage::ArchiveOptions database;
  database.directory = arguments.text("directory", folder.path());
  database.cache_bytes = arguments.number("cache", 32) << 20;
  return soak(std::min(most_days, arguments.number("polls", 10'000)), arguments.number("rows", 1), database,
              arguments.flag("steady"));
}
