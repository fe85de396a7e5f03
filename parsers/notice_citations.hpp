// Federal Register citations as lists in files print them: "84 FR 54002; 85 FR 44159",
// "67 F.R. 56530 9/4/02 67 F.R. 10890 3/11/02", "77 FR 58006 (no. 182)", "Vol. 86, No. 71, 04/15/2021".
#pragma once

#include <string_view>
#include <vector>

#include "core/entry.hpp"

namespace entitywatch::parsers {

struct NoticeCitations {
  // In printed order, each once. page 0 where only the issue is named ("Vol. 86, No. 71").
  std::vector<Citation> citations;
  std::vector<Finding> findings;  // notes: what was printed and could not be read, and dates that cannot be
};
[[nodiscard]] NoticeCitations read_notice_citations(std::string_view text);

}  // namespace entitywatch::parsers
