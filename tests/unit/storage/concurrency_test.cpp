#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>
#include <thread>

#include "samples.hpp"
#include "storage/archive.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;

constexpr int writers = 2;
constexpr int commits_each = 60;

// Each writer adds changes and completes its earlier ones.
void write_all(Archive& archive, int writer, std::atomic<int>& failures) {
  for (int i = 1; i <= commits_each; ++i) {
    const int n = writer * 1000 + i;
    Commit next;
    next.new_changes = {change(numbered("change", n), numbered("entry", n), "d")};
    if (i % 3 == 0) {
      auto earlier = archive.reader()->change(numbered("change", n - 2));
      if (!earlier || !*earlier) {
        ++failures;
        continue;
      }
      ++(*earlier)->revision;
      next.updated_changes = {**earlier};
    }
    if (!archive.commit(next)) ++failures;
  }
}

TEST_CASE("pages under concurrent commits miss nothing and repeat nothing", "[concurrency]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  std::atomic<int> failures = 0;
  std::atomic<int> running = writers;
  std::vector<std::jthread> threads;
  for (int w = 1; w <= writers; ++w)
    threads.emplace_back([&, w] {
      write_all(*archive, w, failures);
      --running;
    });

  std::map<std::string, std::uint64_t> latest;  // id -> revision last seen by position
  std::set<std::uint64_t> positions;
  std::vector<std::uint64_t> seqs;
  std::uint64_t position_cursor = 0;
  std::uint64_t seq_cursor = 0;
  bool rising = true;
  for (bool last = false; !last;) {
    last = running == 0;  // one more round after the writers are done
    const auto reader = archive->reader();
    int page = 0;
    REQUIRE(reader->updates(position_cursor, [&](const Change& c) {
      rising = rising && c.position > position_cursor && c.revision > latest[c.id];
      position_cursor = c.position;
      latest[c.id] = c.revision;
      positions.insert(c.position);
      return ++page < 7;
    }));
    if (page == 7) last = false;
    page = 0;
    REQUIRE(reader->changes(seq_cursor, [&](const Change& c) {
      rising = rising && c.seq > seq_cursor;
      seq_cursor = c.seq;
      seqs.push_back(c.seq);
      return ++page < 5;
    }));
    if (page == 5) last = false;
    rising = rising && reader->last_position() >= position_cursor && reader->last_seq() >= seq_cursor;
  }
  threads.clear();
  CHECK(failures == 0);
  CHECK(rising);
  CHECK(seqs.size() == writers * commits_each);
  CHECK(latest.size() == writers * commits_each);
  const auto reader = archive->reader();
  for (const auto& [id, revision] : latest) CHECK(reader->change(id).value()->revision == revision);
  CHECK(position_cursor == reader->last_position());
  CHECK(archive->verify_chain()->ok);
}

TEST_CASE("backups made while commits go on open, verify and hold whole commits", "[concurrency]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  std::atomic<int> done = 0;
  {
    const std::jthread writer{[&](const std::stop_token& stop) {
      for (int n = 1; !stop.stop_requested(); ++n) {
        if (!archive->commit(commit(n))) break;
        done = n;
      }
    }};
    for (int i = 0; i < 5; ++i) {
      const int before = done;
      REQUIRE(archive->backup(dir.path(numbered("backup", i))));
      const int after = done;
      const auto copy = open_archive(dir.path(numbered("backup", i)));
      const auto last = static_cast<int>(copy->reader()->last_seq());
      CHECK(last >= before);
      CHECK(last <= after + 1);
      const auto report = copy->verify_chain();
      REQUIRE(report);
      INFO(report->problem);
      CHECK(report->ok);
      CHECK(report->links == static_cast<std::uint64_t>(last));
    }
  }
  CHECK(done > 0);
  CHECK(archive->verify_chain()->ok);
}

}  // namespace
}  // namespace entitywatch::storage
