// Answers a second and their slowest hundredth, beside a bare hello-world of the HTTP library, at 1, 8 and
// 64 connections, at rest and while stalled clients hang on: http_bench [SECONDS] [STALLED]
#include <arpa/inet.h>
#include <fmt/format.h>
#include <httplib.h>
#include <netinet/tcp.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/commit.hpp"
#include "core/hash.hpp"
#include "core/screening.hpp"
#include "daemon/http_server.hpp"

namespace {

using namespace entitywatch;
using Steady = std::chrono::steady_clock;

constexpr int list_rows = 3400;

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    return -1;
  }
  return fd;
}

// One request, and its answer read by Content-Length; false when the connection broke.
bool once(int fd, const std::string& request, std::string& buffer) {
  if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    return false;
  buffer.clear();
  std::size_t wanted = 0;
  char piece[16384];
  while (wanted == 0 || buffer.size() < wanted) {
    const ssize_t n = ::recv(fd, piece, sizeof piece, 0);
    if (n <= 0) return false;
    buffer.append(piece, static_cast<std::size_t>(n));
    const std::size_t end = buffer.find("\r\n\r\n");
    if (wanted != 0 || end == std::string::npos) continue;
    const std::size_t at = buffer.find("Content-Length: ");
    if (at == std::string::npos || at > end) return false;
    wanted = end + 4 + std::stoul(buffer.substr(at + 16, 20));
  }
  return buffer.compare(9, 3, "200") == 0;
}

struct Load {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  std::size_t failed = 0;
};

// Each connection asks for the paths in turn, each from a place of its own.
Load load(int port, const std::vector<std::string>& paths, int connections, double seconds) {
  std::vector<std::string> requests;
  for (const std::string& path : paths)
    requests.push_back("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::vector<std::vector<double>> waits(static_cast<std::size_t>(connections));
  std::atomic<std::size_t> failed{0};
  const auto until = Steady::now() + std::chrono::duration<double>(seconds);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : waits)
      threads.emplace_back([&] {
        const int fd = connect_to(port);
        std::string buffer;
        std::size_t next = static_cast<std::size_t>(&mine - waits.data()) * requests.size() / waits.size();
        while (Steady::now() < until) {
          const std::string& request = requests[next++ % requests.size()];
          const auto start = Steady::now();
          if (!once(fd, request, buffer)) {
            ++failed;
            break;
          }
          mine.push_back(std::chrono::duration<double, std::micro>(Steady::now() - start).count());
        }
        ::close(fd);
      });
  }
  std::vector<double> all;
  for (const auto& mine : waits) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  if (all.empty()) return {0, 0, 0, failed};
  return {static_cast<double>(all.size()) / seconds, all[all.size() / 2], all[all.size() * 99 / 100], failed};
}

Load load(int port, const std::string& path, int connections, double seconds) {
  return load(port, std::vector{path}, connections, seconds);
}

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * 4096 / 1e6;
}

void fill(storage::Archive& archive) {
  Commit commit;
  for (int i = 0; i < list_rows; ++i) {
    Entry e;
    e.id = stable_id({"bench", std::to_string(i)}, 20);
    e.listing.name = fmt::format("Example Research Institute No. {}", i);
    e.listing.country = "CHINA, PEOPLE'S REPUBLIC OF";
    e.listing.country_code = "CN";
    e.listing.aliases = {"ERI", fmt::format("Institute {}", i), "Example Academy of Sciences"};
    e.listing.addresses = {"No. 1 First Road, Haidian District, Beijing", "2 Second Road, Urumqi"};
    e.listing.license_requirement = "For all items subject to the EAR (See § 744.11 of the EAR)";
    e.listing.license_review_policy = "Presumption of denial";
    e.first_seen = e.last_confirmed = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    e.source = "ecfr";
    e.versions = 1;
    EntryVersion v;
    v.entry_id = e.id;
    v.number = 1;
    v.known_at = e.first_seen;
    v.listing = e.listing;
    commit.versions.push_back(std::move(v));
    commit.entries.push_back(std::move(e));
  }
  if (auto receipt = archive.commit(commit); !receipt) {
    fmt::print(stderr, "http_bench: {}\n", receipt.error().describe());
    std::exit(1);
  }
}

std::vector<Entry> all_entries(const storage::Archive& archive) {
  std::vector<Entry> out;
  const auto read =
      archive.reader()->entries(std::nullopt, "", [&](const Entry& e) { return out.push_back(e), true; });
  if (!read) std::exit(1);
  return out;
}

void row(std::string_view what, int connections, const Load& l, double bare) {
  fmt::print("{:<34} {:>4} {:>10.0f} {:>9.0f} {:>9.0f} {:>7.2f} {:>6}\n", what, connections, l.per_second,
             l.p50_us, l.p99_us, bare > 0 ? l.per_second / bare : 1.0, l.failed);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::stod(argv[1]) : 2;
  const int stalled_clients = argc > 2 ? std::stoi(argv[2]) : 1000;
  std::string directory = (std::filesystem::temp_directory_path() / "http-bench-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) return 1;
  auto archive = storage::Archive::open(
      {.directory = directory + "/db", .read_only = false, .must_exist = false, .cache_bytes = 32u << 20});
  if (!archive) return 1;
  fill(**archive);
  const SystemClock clock;
  Screener screener;
  screener.load(all_entries(**archive));
  daemon::ApiActions actions;
  actions.screen = [&](const ScreenQuery& query) { return screener.search(query); };
  const daemon::Api api(**archive, daemon::default_config(), clock, std::move(actions));
  daemon::HttpOptions options;
  options.max_requests = 100'000'000;
  options.listen = "127.0.0.1:0";
  options.max_connections = 4096;
  auto server = daemon::HttpServer::start(api, options, {});
  if (!server) return 1;

  httplib::Server bare;
  bare.set_tcp_nodelay(true);
  bare.set_keep_alive_max_count(10'000'000);
  bare.new_task_queue = [] { return new httplib::ThreadPool(64); };
  bare.set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
    response.set_content("hello world\n", "text/plain");
    return httplib::Server::HandlerResponse::Handled;
  });
  const int bare_port = bare.bind_to_any_port("127.0.0.1");
  std::jthread bare_thread([&] { bare.listen_after_bind(); });
  bare.wait_until_ready();

  const std::string entry = "/v1/entries/" + stable_id({"bench", "17"}, 20);
  std::vector<std::string> every_entry;
  for (int i = 0; i < list_rows; ++i)
    every_entry.push_back("/v1/entries/" + stable_id({"bench", std::to_string(i)}, 20));
  fmt::print("{:<34} {:>4} {:>10} {:>9} {:>9} {:>7} {:>6}\n", "what", "conn", "per s", "p50 us", "p99 us",
             "ratio", "failed");
  for (const int connections : {1, 8, 64}) {
    const Load hello = load(bare_port, "/", connections, seconds);
    row("library, hello world", connections, hello, 0);
    row("/healthz", connections, load((*server)->port(), "/healthz", connections, seconds), hello.per_second);
    row("one entry", connections, load((*server)->port(), entry, connections, seconds), hello.per_second);
    row(fmt::format("{} entries in turn", list_rows), connections,
        load((*server)->port(), every_entry, connections, seconds), hello.per_second);
    row("one screening", connections,
        load((*server)->port(), "/v1/screen?name=Exampel+Reserch+Institute+117", connections, seconds),
        hello.per_second);
    row("page of 100 entries", connections, load((*server)->port(), "/v1/entries", connections, seconds),
        hello.per_second);
  }
  row("search over the list", 1, load((*server)->port(), "/v1/entries?q=no.+3399", 1, seconds), 0);
  row("list as of a day, 1000 rows", 1,
      load((*server)->port(), "/v1/entries?as_of=2026-03-02&limit=1000", 1, seconds), 0);
  row("list now, 1000 rows", 1, load((*server)->port(), "/v1/entries?limit=1000", 1, seconds), 0);

  const Load rest = load((*server)->port(), entry, 1, seconds);
  const double before = resident_mb();
  std::vector<int> stalled;
  for (int i = 0; i < stalled_clients; ++i) {
    stalled.push_back(connect_to((*server)->port()));
    const std::string part =
        i % 2 == 0 ? "GET /v1/changes HTTP/1.1\r\nHost: local"
                   : "POST /v1/subscriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{";
    ::send(stalled.back(), part.data(), part.size(), MSG_NOSIGNAL);
  }
  const Load beset = load((*server)->port(), entry, 1, seconds);
  row("one entry, at rest", 1, rest, 0);
  row(fmt::format("one entry, {} clients stalled", stalled_clients), 1, beset, rest.per_second);
  fmt::print("memory for the stalled: {:.1f} MB\n", resident_mb() - before);
  for (const int fd : stalled) ::close(fd);
  const auto stopping = Steady::now();
  (*server)->stop();
  fmt::print("stopped in {:.0f} ms\n",
             std::chrono::duration<double, std::milli>(Steady::now() - stopping).count());
  bare.stop();
  bare_thread.join();
  archive->reset();
  std::filesystem::remove_all(directory);
}
