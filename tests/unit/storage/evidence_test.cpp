#include "storage/evidence.hpp"

#include <catch2/catch_test_macros.hpp>

#include "storage/codec.hpp"

namespace entitywatch::storage {
namespace {

TEST_CASE("evidence comes back byte for byte and smaller on disk", "[evidence]") {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "<TD>Addresses " + std::to_string(i % 100) + "</TD>";
  const auto stored = compress_evidence(text);
  REQUIRE(stored);
  CHECK(stored->size == text.size());
  CHECK(stored->zstd.size() < text.size() / 10);
  CHECK(read_evidence(sha256(text), encode(*stored)).value() == text);
  const auto none = compress_evidence("");
  REQUIRE(none);
  CHECK(read_evidence(sha256(""), encode(*none)).value().empty());
}

TEST_CASE("evidence that is not what its address says is damaged", "[evidence]") {
  const std::string text = "the bytes a publisher sent";
  const std::string record = encode(*compress_evidence(text));
  const auto wrong = read_evidence(sha256("others"), record);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == ErrorCode::damaged);
  for (std::size_t i = 1; i < record.size(); ++i) {
    std::string altered = record;
    altered[i] = static_cast<char>(altered[i] ^ 0x20);
    const auto read = read_evidence(sha256(text), altered);
    // Some bits of a zstd header carry no meaning; what is read is still what was sent.
    if (read)
      CHECK(*read == text);
    else
      CHECK(read.error().code == ErrorCode::damaged);
  }
  // A record that claims a gigabyte more than it holds is not believed.
  CHECK_FALSE(read_evidence(sha256(text), encode(StoredEvidence{std::uint64_t{1} << 40, "x"})));
}

}  // namespace
}  // namespace entitywatch::storage
