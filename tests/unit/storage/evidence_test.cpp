#include "storage/evidence.hpp"

#include <catch2/catch_test_macros.hpp>

#include "memory_store.hpp"
#include "samples.hpp"
#include "storage/archive_on_store.hpp"
#include "storage/chain.hpp"
#include "storage/codec.hpp"
#include "storage/observations.hpp"
#include "storage/rocks_store.hpp"

namespace entitywatch::storage {
namespace {

TEST_CASE("evidence comes back byte for byte and smaller on disk", "[evidence]") {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "<TD>Addresses " + std::to_string(i % 100) + "</TD>";
  const auto stored = compress_evidence(text);
  REQUIRE(stored);
  CHECK(stored->size == text.size());
  CHECK(stored->zstd.size() < text.size() / 10);
  CHECK(read_evidence(sha256(text), *stored).value() == text);
  const auto none = compress_evidence("");
  REQUIRE(none);
  CHECK(read_evidence(sha256(""), *none).value().empty());
}

TEST_CASE("evidence that is not what its address says is damaged", "[evidence]") {
  const std::string text = "the bytes a publisher sent";
  const std::string record = encode(*compress_evidence(text));
  const auto wrong = read_evidence(sha256("others"), *compress_evidence(text));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == ErrorCode::damaged);
  for (std::size_t i = 1; i < record.size(); ++i) {
    std::string altered = record;
    altered[i] = static_cast<char>(altered[i] ^ 0x20);
    const auto altered_record = decode<StoredEvidence>(altered);
    if (!altered_record) continue;
    const auto read = read_evidence(sha256(text), *altered_record);
    // Some bits of a zstd header carry no meaning; what is read is still what was sent.
    if (read)
      CHECK(*read == text);
    else
      CHECK(read.error().code == ErrorCode::damaged);
  }
  // A record that claims a gigabyte more than it holds is not believed.
  CHECK_FALSE(read_evidence(sha256(text), StoredEvidence{std::uint64_t{1} << 40, "x", {}}));
}

// A list of many rows, one of which says `word`.
std::string list_with(const std::string& word, int at) {
  std::string out;
  for (int i = 0; i < 3000; ++i)
    out += "<TR><TD>Party " + std::to_string(i * 7919 % 100003) + (i == at ? word : "") + "</TD></TR>";
  return out;
}

TEST_CASE("evidence that rests on an earlier reading comes back, and only with it", "[evidence]") {
  const std::string before = list_with("", 0);
  const std::string after = list_with(" Holdings", 1234);
  const auto delta = compress_evidence(after, sha256(before), before);
  REQUIRE(delta);
  CHECK(delta->zstd.size() < compress_evidence(after)->zstd.size() / 20);
  CHECK(decode<StoredEvidence>(encode(*delta)).value() == *delta);
  CHECK(read_evidence(sha256(after), *delta, before).value() == after);
  CHECK(read_evidence(sha256(after), *delta, after).error().code == ErrorCode::damaged);
  CHECK(read_evidence(sha256(after), *delta, "").error().code == ErrorCode::damaged);
}

Observation list_at(int n) {
  return test::observation("part-744", list_with(" No. " + std::to_string(n), n));
}

TEST_CASE("readings of one list are kept as what changed, and whole again in time", "[evidence]") {
  const test::TempDir dir;
  {
    const auto archive = test::open_archive(dir.path());
    for (int n = 0; n < 400; ++n) {
      Commit commit;
      commit.observation = list_at(n);
      REQUIRE(archive->commit(commit));
    }
  }
  RocksStoreOptions options;
  options.directory = dir.path();
  options.access = Access::read_only;
  const auto store = open_rocks_store(options);
  REQUIRE(store);
  std::size_t whole = 0;
  std::size_t bytes = 0;
  const auto view = (*store)->view();
  REQUIRE(view->scan(Table::evidence, {}, {}, [&](std::string_view, std::string_view value) {
    whole += decode<StoredEvidence>(value)->base ? 0 : 1;
    bytes += value.size();
    return true;
  }));
  const std::size_t frame = compress_evidence(list_with("", 0))->zstd.size();
  CHECK(whole > 1);
  CHECK(whole < 20);
  CHECK(bytes < 40 * frame);
  int n = 0;
  REQUIRE(scan_observations(*view, [&](const Observation& o) { return o.parts == list_at(n++).parts; }));
  CHECK(n == 400);
  CHECK(verify(*view)->ok);
}

TEST_CASE("a reading whose base is gone or altered is damaged, and verify names the first", "[evidence]") {
  auto owned = std::make_unique<test::MemoryStore>();
  test::MemoryStore& store = *owned;
  REQUIRE(store.write(initial_content()));
  const auto archive = make_archive(std::move(owned));
  for (int n = 0; n < 2; ++n) {
    Commit commit;
    commit.observation = list_at(n);
    REQUIRE(archive->commit(commit));
  }
  const Digest base = sha256(list_at(0).parts[0].bytes);
  const std::string key{bytes_of(base)};
  const std::string resting = to_hex(sha256(list_at(1).parts[0].bytes));
  REQUIRE(archive->reader()->evidence(resting).value() == list_at(1).parts[0].bytes);
  std::optional<std::string> altered;
  SECTION("gone") {}
  SECTION("altered") { altered = encode(*compress_evidence("something else")); }
  SECTION("resting on something itself") {
    altered = encode(*compress_evidence(list_at(0).parts[0].bytes, base, list_at(0).parts[0].bytes));
  }
  store.tamper(Table::evidence, key, altered);
  CHECK(archive->reader()->evidence(resting).error().code == ErrorCode::damaged);
  const auto report = archive->verify_chain();
  REQUIRE(report);
  CHECK_FALSE(report->ok);
  CHECK(report->first_bad_link == 1);
}

}  // namespace
}  // namespace entitywatch::storage
