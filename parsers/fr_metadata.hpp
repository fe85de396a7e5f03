// The metadata of one document as the Federal Register API gives it. Every field may be null, absent or
// an empty object.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/document.hpp"
#include "core/result.hpp"

namespace entitywatch::parsers {

struct FrMetadata {
  Document document;             // what the metadata says, relations of `correction_of` included
  std::vector<std::string> cfr;  // "15 CFR 744"
};

// malformed when it is no JSON object with a document number.
[[nodiscard]] Result<FrMetadata> read_fr_metadata(std::string_view json);

}  // namespace entitywatch::parsers
