// Records to bytes and back. Equal records have equal bytes; decode(encode(x)) == x.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/commit.hpp"
#include "core/result.hpp"
#include "storage/records.hpp"

namespace entitywatch::storage {

// The version written, in the first byte of every record. Every version up to it can be read.
inline constexpr std::uint8_t record_version = 3;

[[nodiscard]] std::string encode(const Document& record);
[[nodiscard]] std::string encode(const Entry& record);
[[nodiscard]] std::string encode(const EntryVersion& record);
[[nodiscard]] std::string encode(const SourceRow& record);  // `gone` is not stored
[[nodiscard]] std::string encode(const Change& record);
[[nodiscard]] std::string encode(const Alert& record);
[[nodiscard]] std::string encode(const Delivery& record);
[[nodiscard]] std::string encode(const SourceState& record);
[[nodiscard]] std::string encode(const StoredObservation& record);
[[nodiscard]] std::string encode(const StoredEvidence& record);
[[nodiscard]] std::string encode(const EvidenceBase& record);
[[nodiscard]] std::string encode(const StoredText& record);
[[nodiscard]] std::string encode(const Link& record);
[[nodiscard]] std::string encode(const Head& record);

// For the types above. `damaged`: the bytes are not a whole record of that type, or more than one;
// `refused`: they were written by a newer version. Any bytes are safe to pass.
template <class T>
[[nodiscard]] Result<T> decode(std::string_view bytes);

extern template Result<Document> decode<Document>(std::string_view);
extern template Result<Entry> decode<Entry>(std::string_view);
extern template Result<EntryVersion> decode<EntryVersion>(std::string_view);
extern template Result<SourceRow> decode<SourceRow>(std::string_view);
extern template Result<Change> decode<Change>(std::string_view);
extern template Result<Alert> decode<Alert>(std::string_view);
extern template Result<Delivery> decode<Delivery>(std::string_view);
extern template Result<SourceState> decode<SourceState>(std::string_view);
extern template Result<StoredObservation> decode<StoredObservation>(std::string_view);
extern template Result<StoredEvidence> decode<StoredEvidence>(std::string_view);
extern template Result<EvidenceBase> decode<EvidenceBase>(std::string_view);
extern template Result<StoredText> decode<StoredText>(std::string_view);
extern template Result<Link> decode<Link>(std::string_view);
extern template Result<Head> decode<Head>(std::string_view);

}  // namespace entitywatch::storage
