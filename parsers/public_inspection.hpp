// Documents on public inspection: filed with the Office of the Federal Register and readable before they are
// published: one document from its item in the listing and its text rendition.
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
