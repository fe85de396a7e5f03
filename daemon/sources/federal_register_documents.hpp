// The Federal Register's API: the listing of an agency's documents, and one document with its full text. Used
// by the source and by backfilling.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/sources/publisher.hpp"

namespace entitywatch::daemon {

// A span of publication dates, both days included.
struct DateSpan {
  Date from{};
  Date to{};
  bool operator==(const DateSpan&) const = default;
};
// In pieces of at most 180 days, oldest first: a listing's count stops at 10,000.
[[nodiscard]] std::vector<DateSpan> slices(DateSpan span);

struct ListedDocument {
  std::string number;
  std::optional<Date> published;
  std::string digest;    // of its metadata in the listing
  std::string xml_url;   // on our base_url; empty: no full text yet
  ObservationPart item;  // what the listing says of it, as metadata
};

struct ListingSlice {
  std::string url;
  bool unchanged = false;  // then `documents` is empty: nothing was parsed
  Validators validators;   // empty when it had several pages: each is read again then
  std::vector<ListedDocument> documents;
};

[[nodiscard]] std::string listing_url(const SourceConfig& config, DateSpan span);

// Every page of one slice; a slice of more than the API can count is read in halves, and has no validators.
// What does not add up (a count that no page sum meets, a page seen twice, a short page) is a failure:
// nothing of it is used.
[[nodiscard]] Fetched<ListingSlice> read_listing(const Publisher& publisher, DateSpan span,
                                                 const Validators& known);

// What was last read of a document.
struct DocumentMemory {
  std::string listing_digest;
  std::optional<Date> published;
  Time read_at{};
  std::string metadata_digest;  // without what counts its readers
  std::string xml_sha256;       // empty: it had no full text
  std::string xml_url;
  bool operator==(const DocumentMemory&) const = default;
};
[[nodiscard]] std::string encode(const DocumentMemory& document);
[[nodiscard]] std::optional<DocumentMemory> decode_document_memory(std::string_view text);

struct DocumentAnswer {
  bool changed = false;
  DocumentMemory memory;
  std::vector<std::pair<std::string, Validators>> validators;  // by URL
  Observation observation;                                     // when changed
};

// Reads metadata and full text. `listed` is absent when only `known` tells of the document; `known` and the
// validators in `memory` make the requests conditional. A document without full text gives its metadata
// alone.
[[nodiscard]] Fetched<DocumentAnswer> read_document(const Publisher& publisher, const std::string& number,
                                                    const ListedDocument* listed,
                                                    const std::optional<DocumentMemory>& known,
                                                    const Memory& memory);

}  // namespace entitywatch::daemon
