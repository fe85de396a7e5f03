#include "tests/support/cursor_race.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/hash.hpp"
#include "daemon/http_server.hpp"
#include "tests/support/api_world.hpp"

namespace entitywatch::test {
namespace {

using Steady = std::chrono::steady_clock;

std::string change_id(std::size_t number) { return stable_id({"race", std::to_string(number)}, 32); }

struct Seen {
  std::vector<std::string> ids;
  std::size_t polls = 0;
  std::size_t empty_polls = 0;
};

Seen follow(int port, std::size_t expected, const std::atomic<bool>& done, std::size_t least_page,
            std::size_t most_page) {
  httplib::Client client("127.0.0.1", port);
  client.set_tcp_nodelay(true);
  std::mt19937 random(static_cast<unsigned>(most_page));
  Seen out;
  std::string cursor;
  // After the last commit the rest is there to be read: one empty page then is the end.
  for (bool last_look = false; out.ids.size() < expected;) {
    const bool was_done = done;
    const auto answer = client.Get(fmt::format("/v1/changes?limit={}{}{}",
                                               least_page + random() % (most_page - least_page + 1),
                                               cursor.empty() ? "" : "&cursor=", cursor));
    if (!answer || answer->status != 200) throw std::runtime_error("a page of changes was refused");
    const Json page = Json::parse(answer->body);
    for (const Json& change : page["changes"]) out.ids.push_back(change["id"].get<std::string>());
    cursor = page["next_cursor"].get<std::string>();
    ++out.polls;
    if (!page["changes"].empty()) continue;
    ++out.empty_polls;
    if (last_look) break;
    last_look = was_done;
  }
  return out;
}

Commit next_commit(std::size_t first, std::size_t count, std::mt19937& random) {
  Commit commit;
  Document document;
  document.number = fmt::format("2026-{:06}", first);
  for (std::size_t i = first; i < first + count; ++i) {
    Change c = added(entry(ListId::entity_list, "Example Works"), document, "2026-03-10T00:00:00Z");
    c.id = change_id(i);
    commit.new_changes.push_back(std::move(c));
  }
  // Now and then one is told anew: it takes a position of its own and must not come twice for it.
  if (first > 0 && random() % 4 == 0) {
    Change again = added(entry(ListId::entity_list, "Example Works"), document, "2026-03-10T00:00:00Z");
    again.id = change_id(random() % first);
    commit.updated_changes.push_back(std::move(again));
  }
  return commit;
}

}  // namespace

CursorRace race_cursors(std::size_t changes, std::size_t most_a_commit) {
  ApiWorld world;
  daemon::HttpOptions options;
  options.listen = "127.0.0.1:0";
  auto server = daemon::HttpServer::start(*world.api, options, {});
  if (!server) throw std::runtime_error(server.error().describe());
  CursorRace out;
  std::atomic<bool> done{false};
  Seen wide;
  Seen narrow;
  {
    const int port = (*server)->port();
    std::jthread first([&] { wide = follow(port, changes, done, 1000, 1000); });
    std::jthread second([&] { narrow = follow(port, changes, done, 7, 100); });
    std::mt19937 random(5);
    const auto start = Steady::now();
    while (out.committed < changes) {
      const std::size_t count = std::min(changes - out.committed, 1 + random() % most_a_commit);
      Commit commit = next_commit(out.committed, count, random);
      for (Change& again : commit.updated_changes) {
        const auto stored = world.archive->reader()->change(again.id);
        if (!stored || !*stored) throw std::runtime_error("a change that was committed is not there");
        again = **stored;
        ++again.revision;
      }
      world.commit(commit);
      out.committed += count;
    }
    out.seconds = std::chrono::duration<double>(Steady::now() - start).count();
    done = true;
  }
  out.seen = std::min(wide.ids.size(), narrow.ids.size());
  for (const Seen* seen : {&wide, &narrow}) {
    for (std::size_t i = 0; i < seen->ids.size(); ++i)
      if (i >= changes || seen->ids[i] != change_id(i)) ++out.misordered;
    std::vector<std::string> sorted = seen->ids;
    std::sort(sorted.begin(), sorted.end());
    out.repeated +=
        sorted.size() - static_cast<std::size_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
    out.polls += seen->polls;
    out.empty_polls += seen->empty_polls;
  }
  return out;
}

}  // namespace entitywatch::test
