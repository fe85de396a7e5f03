#include "storage/codec.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>

#include "samples.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;

template <class T>
struct Sample;
// Each type: the record every field of which is filled, and the fixture that pins its bytes.
#define EW_SAMPLE(Type, make, file)                   \
  template <>                                         \
  struct Sample<Type> {                               \
    static Type record() { return make; }             \
    static constexpr std::string_view fixture = file; \
  };
EW_SAMPLE(Document, full_document(), "document")
EW_SAMPLE(Entry, full_entry(), "entry")
EW_SAMPLE(EntryVersion, full_version(), "entry_version")
EW_SAMPLE(SourceRow, full_source_row(), "source_row")
EW_SAMPLE(Change, full_change(), "change")
EW_SAMPLE(Alert, full_alert(), "alert")
EW_SAMPLE(Delivery, full_delivery(), "delivery")
EW_SAMPLE(SourceState, full_source_state(), "source_state")
EW_SAMPLE(StoredObservation, full_stored_observation(), "observation")
EW_SAMPLE(StoredEvidence, (StoredEvidence{70000, "compressed", sha256("base")}), "evidence")
EW_SAMPLE(EvidenceBase, (EvidenceBase{sha256("base"), 320000, 4400}), "evidence_base")
EW_SAMPLE(StoredText, (StoredText{"{\"name\": \"x\"}"}), "text")
EW_SAMPLE(Link, full_link(), "link")
EW_SAMPLE(Head, full_head(), "head")
#undef EW_SAMPLE

std::string to_hex(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out += digits[static_cast<unsigned char>(bytes[i]) >> 4];
    out += digits[static_cast<unsigned char>(bytes[i]) & 15];
    if (i % 48 == 47 || i + 1 == bytes.size()) out += '\n';
  }
  return out;
}

std::string fixture_path(std::string_view name, int version = record_version) {
  return std::string{ENTITYWATCH_SOURCE_DIR} + "/tests/fixtures/storage/v" + std::to_string(version) + "/" +
         std::string{name} + ".hex";
}

// Bytes of a hex fixture, line breaks left out.
std::string read_fixture(const std::string& path) {
  std::ifstream file{path};
  REQUIRE(file);
  std::string out;
  int high = -1;
  for (char c; file.get(c);) {
    if (c == '\n') continue;
    const int nibble = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) out += static_cast<char>(high * 16 + nibble);
    high = high >= 0 ? -1 : nibble;
  }
  return out;
}

#define EW_RECORDS_1                                                                                 \
  Document, Entry, EntryVersion, SourceRow, Change, Alert, Delivery, SourceState, StoredObservation, \
      StoredEvidence, StoredText, Link, Head
#define EW_RECORDS EW_RECORDS_1, EvidenceBase

TEMPLATE_TEST_CASE("a record comes back as it was stored", "[codec]", EW_RECORDS) {
  const TestType full = Sample<TestType>::record();
  const auto read = decode<TestType>(encode(full));
  REQUIRE(read);
  CHECK(*read == full);
  const auto empty = decode<TestType>(encode(TestType{}));
  REQUIRE(empty);
  CHECK(*empty == TestType{});
}

TEMPLATE_TEST_CASE("the bytes of a record are pinned", "[codec]", EW_RECORDS) {
  const std::string path = fixture_path(Sample<TestType>::fixture);
  const std::string bytes = encode(Sample<TestType>::record());
  if (std::getenv("ENTITYWATCH_APPROVE") != nullptr) std::ofstream{path} << to_hex(bytes);
  const std::string pinned = read_fixture(path);
  CHECK(to_hex(bytes) == to_hex(pinned));
  const auto read = decode<TestType>(pinned);
  REQUIRE(read);
  CHECK(*read == Sample<TestType>::record());
}

TEMPLATE_TEST_CASE("a record cut short anywhere, or too long, is damaged", "[codec]", EW_RECORDS) {
  const std::string bytes = encode(Sample<TestType>::record());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto read = decode<TestType>(std::string_view{bytes}.substr(0, size));
    REQUIRE_FALSE(read);
    REQUIRE(read.error().code == ErrorCode::damaged);
  }
  const auto longer = decode<TestType>(bytes + '\0');
  REQUIRE_FALSE(longer);
  CHECK(longer.error().code == ErrorCode::damaged);
}

TEMPLATE_TEST_CASE("a record with any byte altered is read as something else or refused, never crashes",
                   "[codec]", EW_RECORDS) {
  const std::string bytes = encode(Sample<TestType>::record());
  int read_otherwise = 0;
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    for (const int mask : {0x01, 0x80, 0xff}) {
      std::string altered = bytes;
      altered[i] = static_cast<char>(altered[i] ^ mask);
      const auto read = decode<TestType>(altered);
      if (!read)
        REQUIRE(read.error().code == ErrorCode::damaged);
      else
        ++read_otherwise;
    }
  }
  CHECK(read_otherwise > 0);
}

TEMPLATE_TEST_CASE("a record of a newer version is refused", "[codec]", EW_RECORDS) {
  std::string bytes = encode(Sample<TestType>::record());
  for (const int version : {record_version + 1, 255}) {
    bytes[0] = static_cast<char>(version);
    const auto read = decode<TestType>(bytes);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::refused);
    CHECK(read.error().message.find("upgrade entitywatch") != std::string::npos);
  }
  bytes[0] = '\0';
  const auto none = decode<TestType>(bytes);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::damaged);
}

// What a record of version 1 says, without the fields that came with version 2.
template <class T>
T without_version_2(T record) {
  if constexpr (std::is_same_v<T, StoredEvidence>) record.base.reset();
  return record;
}

// What a record of version 2 says, without the fields that came with version 3.
template <class T>
T without_version_3(T record) {
  if constexpr (std::is_same_v<T, Document>) record.relations = {{"corrects", "2019-00001"}};
  if constexpr (std::is_same_v<T, EntryVersion>) {
    record.source = record.document = {};
    record.as_of.reset();
    record.past = false;
  }
  if constexpr (std::is_same_v<T, Change>) record.decisions.clear();
  return record;
}

TEMPLATE_TEST_CASE("records of version 2 are still read", "[codec]", EW_RECORDS) {
  const auto read = decode<TestType>(read_fixture(fixture_path(Sample<TestType>::fixture, 2)));
  REQUIRE(read);
  CHECK(*read == without_version_3(Sample<TestType>::record()));
}

TEMPLATE_TEST_CASE("records of version 1 are still read", "[codec]", EW_RECORDS_1) {
  const auto read = decode<TestType>(read_fixture(fixture_path(Sample<TestType>::fixture, 1)));
  REQUIRE(read);
  CHECK(*read == without_version_2(without_version_3(Sample<TestType>::record())));
}

TEST_CASE("an order to delete a source row is not part of the row", "[codec]") {
  SourceRow row = full_source_row();
  row.gone = true;
  const auto read = decode<SourceRow>(encode(row));
  REQUIRE(read);
  CHECK_FALSE(read->gone);
}

TEST_CASE("numbers at their limits come back", "[codec]") {
  Head head;
  head.seq = UINT64_MAX;
  head.position = std::uint64_t{1} << 63;
  CHECK(decode<Head>(encode(head)) == head);
  Document document;
  document.volume = std::numeric_limits<int>::min();
  document.end_page = std::numeric_limits<int>::max();
  document.first_seen = Time::min();
  document.filed_at = Time::max();
  CHECK(decode<Document>(encode(document)) == document);
}

TEST_CASE("a number too large for its field is damaged", "[codec]") {
  // A varint of eleven bytes, one above 64 bits, and a stored enum beyond its last value.
  const std::string eleven = std::string(1, char{record_version}) + std::string(10, '\xff') + '\1';
  CHECK(decode<Head>(eleven).error().code == ErrorCode::damaged);
  const std::string above = std::string(1, char{record_version}) + std::string(9, '\xff') + '\2';
  CHECK(decode<Head>(above).error().code == ErrorCode::damaged);
  Entry entry;
  std::string bytes = encode(entry);
  bytes[2] = 14;  // after version and the empty id: the list
  CHECK(decode<Entry>(bytes).error().code == ErrorCode::damaged);
}

}  // namespace
}  // namespace entitywatch::storage
