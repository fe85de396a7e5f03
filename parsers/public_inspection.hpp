// Documents on public inspection: filed with the Office of the Federal Register and readable before they are
// published. The listing (current.json, or one day's), and one document from its item in the listing and
// its text rendition.
// Pure functions over untrusted bytes; never throwing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/reading.hpp"
#include "core/result.hpp"

namespace entitywatch::parsers {

struct InspectionItem {
  std::string number;
  std::string title;
  std::string type;                   // "Rule", "Notice", …
  std::vector<std::string> agencies;  // slugs
  std::string filing_type;            // "regular", "special"
  std::optional<Time> filed_at;
  std::optional<Date> publication_date;  // nullopt: revoked, the document will not be published
  std::string raw_text_url;              // empty: no text yet
  std::string digest;                    // over the item; differs when the publisher changed anything in it
};

struct InspectionListing {
  std::vector<InspectionItem> items;  // in the order of the listing
  std::vector<Check> checks;          // stated_count
  std::vector<Finding> findings;      // items that name no document
};
// malformed when it is no listing; one without results holds no items.
[[nodiscard]] Result<InspectionListing> read_inspection_listing(std::string_view json);

struct InspectionInput {
  std::optional<std::string_view> metadata_json;  // the item of the listing
  std::optional<std::string_view> text;           // its text rendition
};
// The document with stage inspection (withdrawn where the publication date is null), and what its
// instructions and tables do. Read from type set for people, so the document and every operation carry a
// note "early_text"; tables that cannot be told apart leave the operations of the instructions with review
// findings. With metadata alone: the document without operations.
[[nodiscard]] Result<DocumentReading> read_public_inspection_document(const InspectionInput& input);

}  // namespace entitywatch::parsers
