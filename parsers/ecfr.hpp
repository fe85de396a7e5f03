// The eCFR versioner: titles.json and part 744 as XML.
// Pure functions over untrusted bytes: no DOCTYPE, no network, bounded depth and memory; never throws.
#pragma once

#include <string_view>
#include <vector>

#include "core/reading.hpp"
#include "core/result.hpp"

namespace entitywatch::parsers {

struct EcfrTitle {
  int number = 0;
  Date up_to_date_as_of{};
  std::optional<Date> latest_amended_on;
  std::optional<Date> latest_issue_date;
};
[[nodiscard]] Result<EcfrTitle> read_ecfr_titles(std::string_view json, int title);

struct EcfrReading {
  std::vector<ListReading> lists;  // Supplements 4, 6, 7 where present, in that order
  std::vector<Finding> findings;   // about the whole part
};
// malformed when it is not a part in the versioner's XML; a part without Supplement No. 4 is a reading
// with a finding, so that the caller holds it.
[[nodiscard]] Result<EcfrReading> read_ecfr_part(std::string_view xml);

}  // namespace entitywatch::parsers
