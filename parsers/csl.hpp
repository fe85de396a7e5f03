// The Consolidated Screening List of trade.gov, as CSV and as JSON (the downloadable file and the answers of
// the search API), told apart by content. It merges lists of Commerce, State and Treasury in its own words
// and late; its ids are hashes of what a row says and are not used.
// How a row is read:
//  - rows of the Entity List, the Unverified List and the MEU List print all addresses of a party; they
//    become one listing for each destination the supplements would print it under. `rows` may so be longer
//    than rows_in_file. Country is the supplement's spelling: Hong Kong stands under China, addresses in
//    Crimea under CRIMEA REGION OF UKRAINE.
//  - rows of the Denied Persons List become one listing an address, as parsers/dpl.hpp reads that list.
//  - of the other lists country is that of the first address, else of the first nationality or citizenship.
//  - citations from federal_register_notice; remarks hold title, remarks, and dates and places of birth.
#pragma once

#include <string_view>
#include <vector>

#include "core/reading.hpp"
#include "core/result.hpp"

namespace entitywatch::parsers {

struct CslReading {
  std::vector<ListReading> lists;  // those that have rows, in the order of ListId
  std::vector<Finding> findings;   // rows of sources not known here, rows that name none, a cut file
};

// malformed when it is neither form. One page of a search answer is read as such, with a failed check
// "stated_total" on every list when it says that it holds only a part.
[[nodiscard]] Result<CslReading> read_csl(std::string_view bytes);

}  // namespace entitywatch::parsers
