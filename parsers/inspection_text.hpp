// The text rendition of a document on public inspection (and the GPO's, which is set alike), given the
// structure of the publisher's XML, so that one reader reads both. Internal to the public inspection reader.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/entry.hpp"
#include "core/time.hpp"

namespace entitywatch::parsers {

struct InspectionText {
  std::string number;                    // as the text names it; may be empty
  std::optional<Date> publication_date;  // "scheduled to be published in the Federal Register on …"
  std::string xml;                       // RULE, PRORULE or NOTICE
  std::size_t tables = 0;                // of lists
  std::vector<Finding> findings;         // tables whose columns could not be told apart
};

// `type` is the listing's ("Rule", "Proposed Rule", "Notice"); empty: told by the ACTION line. `number` is
// the listing's; empty: the text's own.
[[nodiscard]] InspectionText structure_inspection_text(std::string_view text, std::string_view type,
                                                       std::string_view number);

// The GPO's ways of writing in plain text, as printed on paper: quotes, dashes, section signs, "[eacute]",
// "9 th" for a raised ordinal. Footnote designations keep their backslashes.
[[nodiscard]] std::string as_printed(std::string text);

// Lines without page marks, page numbers, bullets of amendments and form feeds. Those that may be of a table
// keep their alignment, the others are as printed.
[[nodiscard]] std::vector<std::string> inspection_lines(std::string_view text);

}  // namespace entitywatch::parsers
