// The listing of documents on public inspection: which are on file now, with the publisher's bytes on each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace entitywatch::daemon {

struct FiledDocument {
  std::string number;
  std::vector<std::string> agencies;     // slugs
  std::optional<Date> publication_date;  // absent: revoked
  std::string raw_text_url;              // empty: no text yet
  std::string digest;
  std::string json;  // as the listing has it, byte for byte
};

// malformed when it is no such listing; implausible when its stated count is not met.
[[nodiscard]] Result<std::vector<FiledDocument>> read_inspection_listing(std::string_view json);

}  // namespace entitywatch::daemon
