// A writer killed at any moment: every commit it was told is done is there, no commit is there in part.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <random>

#include "child.hpp"
#include "core/hash.hpp"
#include "samples.hpp"
#include "storage/archive.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;

constexpr int cycles = 20;

// Lets a writer go on from `next` for a while and kills it; the last number it acknowledged.
int run_and_kill(const std::string& directory, int next, int acknowledged_before_kill,
                 int extra_microseconds) {
  Child child{{"commit", directory, std::to_string(next)}};
  int last = next - 1;
  for (int i = 0; i < acknowledged_before_kill; ++i) last = child.next().value_or(last);
  ::usleep(static_cast<useconds_t>(extra_microseconds));
  child.kill();
  CHECK_FALSE(child.wait());
  while (const auto number = child.next()) last = *number;
  return last;
}

void check_whole(const Archive& archive, int last) {
  const auto reader = archive.reader();
  for (int n = 1; n <= last; ++n) {
    const Commit made = commit(n);
    CHECK(reader->document(numbered("document", n)).value() == made.documents[0]);
    CHECK(reader->entry(numbered("entry", n)).value() == made.entries[0]);
    CHECK(reader->versions(numbered("entry", n)).value() == made.versions);
    CHECK(reader->alert(numbered("alert", n)).value() == made.alerts[0]);
    CHECK(reader->delivery(numbered("delivery", n)).value() == made.deliveries[0]);
    CHECK(reader->change(numbered("change", n)).value()->revision == (n < last ? 2 : 1));
    CHECK(reader->evidence(sha256_hex(made.observation->parts[0].bytes)).value() ==
          made.observation->parts[0].bytes);
  }
  CHECK(reader->source("ecfr").value()->memory.at("through") == std::to_string(last));
  CHECK(reader->document(numbered("document", last + 1)).value() == std::nullopt);
  CHECK(reader->delivery(numbered("delivery", last + 1)).value() == std::nullopt);
  CHECK(reader->entry(numbered("entry", last + 1)).value() == std::nullopt);
  const auto report = archive.verify_chain();
  REQUIRE(report);
  INFO(report->problem);
  CHECK(report->ok);
  CHECK(report->links == static_cast<std::uint64_t>(last));
}

TEST_CASE("a killed writer loses nothing acknowledged and leaves nothing half done", "[crash]") {
  const TempDir dir;
  std::mt19937 random{20191009};
  int last = 0;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    const int acknowledged =
        run_and_kill(dir.path(), last + 1, static_cast<int>(random() % 8), static_cast<int>(random() % 4000));
    const auto archive = open_archive(dir.path());
    const auto reader = archive->reader();
    int found = acknowledged;
    // At most the one commit in flight may have landed without its acknowledgement.
    if (reader->document(numbered("document", acknowledged + 1)).value()) ++found;
    if (found > 0) check_whole(*archive, found);
    last = found;
  }
  CHECK(last > cycles);
}

TEST_CASE("a creation killed at any moment starts over or is finished", "[crash]") {
  for (int delay = 0; delay < 60; delay += 4) {
    const TempDir dir;
    Child child{{"hold", dir.path()}};
    ::usleep(static_cast<useconds_t>(delay * 1500));
    child.kill();
    CHECK_FALSE(child.wait());
    const auto archive = open_archive(dir.path());
    CHECK(archive->commit(commit(1))->chain_number == 1);
  }
}

}  // namespace
}  // namespace entitywatch::storage
