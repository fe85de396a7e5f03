#include "storage/codec.hpp"

#include <fmt/format.h>

#include "storage/fields.hpp"

namespace entitywatch::storage {
namespace {

// Their numbers are on disk: these fail where a value was put before the last one.
static_assert(static_cast<int>(ListId::itar_debarred) == 13);
static_assert(static_cast<int>(EntryStatus::removed) == 2);
static_assert(static_cast<int>(ChangeKind::effective) == 8);
static_assert(static_cast<int>(DocumentStage::withdrawn) == 2);
static_assert(static_cast<int>(ObservationKind::document_withdrawn) == 7);
static_assert(static_cast<int>(Finding::Severity::review) == 1);
static_assert(static_cast<int>(Alert::Kind::sample) == 2);
static_assert(static_cast<int>(DeliveryStatus::dead) == 2);
static_assert(static_cast<std::size_t>(Table::chain) == table_count - 1);

template <class T>
std::string encode_record(const T& record) {
  Encoder encoder{record_version};
  encoder(record);
  return encoder.take();
}

}  // namespace

std::string encode(const Document& record) { return encode_record(record); }
std::string encode(const Entry& record) { return encode_record(record); }
std::string encode(const EntryVersion& record) { return encode_record(record); }
std::string encode(const SourceRow& record) { return encode_record(record); }
std::string encode(const Change& record) { return encode_record(record); }
std::string encode(const Alert& record) { return encode_record(record); }
std::string encode(const Delivery& record) { return encode_record(record); }
std::string encode(const SourceState& record) { return encode_record(record); }
std::string encode(const StoredObservation& record) { return encode_record(record); }
std::string encode(const StoredEvidence& record) { return encode_record(record); }
std::string encode(const EvidenceBase& record) { return encode_record(record); }
std::string encode(const StoredText& record) { return encode_record(record); }
std::string encode(const Link& record) { return encode_record(record); }
std::string encode(const Head& record) { return encode_record(record); }

template <class T>
Result<T> decode(std::string_view bytes) {
  const auto version = bytes.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes.front());
  if (version > record_version)
    return fail(
        ErrorCode::refused,
        fmt::format("a stored record has version {}, this entitywatch reads up to {}: upgrade entitywatch",
                    version, record_version));
  if (version != 0) {
    Decoder decoder{version, bytes.substr(1)};
    T record{};
    decoder(record);
    if (decoder.complete()) return record;
  }
  return fail(
      ErrorCode::damaged,
      "a stored record cannot be read: restore the database from a backup with `entitywatch restore`");
}

template Result<Document> decode<Document>(std::string_view);
template Result<Entry> decode<Entry>(std::string_view);
template Result<EntryVersion> decode<EntryVersion>(std::string_view);
template Result<SourceRow> decode<SourceRow>(std::string_view);
template Result<Change> decode<Change>(std::string_view);
template Result<Alert> decode<Alert>(std::string_view);
template Result<Delivery> decode<Delivery>(std::string_view);
template Result<SourceState> decode<SourceState>(std::string_view);
template Result<StoredObservation> decode<StoredObservation>(std::string_view);
template Result<StoredEvidence> decode<StoredEvidence>(std::string_view);
template Result<EvidenceBase> decode<EvidenceBase>(std::string_view);
template Result<StoredText> decode<StoredText>(std::string_view);
template Result<Link> decode<Link>(std::string_view);
template Result<Head> decode<Head>(std::string_view);

}  // namespace entitywatch::storage
