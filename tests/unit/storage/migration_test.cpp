// Databases of earlier formats: read as they are, brought forward by the first opening for writing, and
// refused from then on by what wrote them.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>

#include "samples.hpp"
#include "storage/archive_on_store.hpp"
#include "storage/codec.hpp"
#include "storage/keys.hpp"
#include "storage/rocks_store.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;

// As the first program with that format left it, closed.
constexpr int commits = 7;
constexpr int last_seq = 12;  // each commit but the first also completes the change before
void unpack_format_1(const TempDir& dir) {
  const std::string file =
      std::string{ENTITYWATCH_SOURCE_DIR} + "/tests/fixtures/storage/format1/database.tar.xz";
  REQUIRE(std::system(("tar -xJf '" + file + "' -C '" + dir.path("") + "'").c_str()) == 0);
}

std::uint64_t format_of(const std::string& directory) {
  RocksStoreOptions options;
  options.directory = directory;
  options.access = Access::read_only;
  const auto store = open_rocks_store(options);
  REQUIRE(store);
  const auto row = (*store)->view()->get(Table::meta, keys::format);
  return keys::last_number(decode<StoredText>(row->value())->text).value();
}

void check_content_of_fixture(const Archive& archive) {
  const auto reader = archive.reader();
  CHECK(reader->last_seq() == last_seq);
  for (int n = 1; n <= commits; ++n) {
    CHECK(reader->document(numbered("document", n)).value()->title == commit(n).documents[0].title);
    CHECK(reader->entry(numbered("entry", n)).value()->listing.name == commit(n).entries[0].listing.name);
    CHECK(reader->change(numbered("change", n)).value()->revision == (n < commits ? 2 : 1));
  }
  int read = 0;
  REQUIRE(reader->observations(
      [&](const Observation& o) { return o.parts == commit(++read).observation->parts; }));
  CHECK(read == commits);
  CHECK(archive.verify_chain()->ok);
}

TEST_CASE("a database of format 1 is read as it is", "[migration]") {
  const TempDir dir;
  unpack_format_1(dir);
  {
    const auto archive = Archive::open({.directory = dir.path(), .read_only = true});
    REQUIRE(archive);
    check_content_of_fixture(**archive);
  }
  CHECK(format_of(dir.path()) == 1);
}

TEST_CASE("a database of format 1 is brought forward and goes on", "[migration]") {
  const TempDir dir;
  unpack_format_1(dir);
  {
    const auto archive = open_archive(dir.path());
    check_content_of_fixture(*archive);
    const auto receipt = archive->commit(commit(commits + 1));
    REQUIRE(receipt);
    CHECK(receipt->chain_number == commits + 1);
    CHECK(archive->verify_chain()->ok);
  }
  CHECK(format_of(dir.path()) == format_version);
  CHECK(open_archive(dir.path())->reader()->last_seq() == last_seq + 2);
}

}  // namespace
}  // namespace entitywatch::storage
