// The Denied Persons List as a file: dpl.txt (tab-separated, quoted) and the newer CSV with a byte-order
// mark, told apart by their header. Both are read into the same form, so that one order is the same entry
// in either layout:
//  - one row a person and address; `addresses` holds it as "street, city, state, postal code, country";
//  - country is inferred where only a state is printed; `citations` are the Federal Register's;
//  - start_date is the effective date, end_date the expiration date;
//  - remarks say "Standard order" or "Non-standard order". Columns in which the publisher keeps book of its
//    own edits (Last_Update, Action) are not part of an entry;
//  - raw.entity is "name, street, city, state, country, postal code", what the newer layout prints.
// A row that says the same as one above it is left out and counted in rows_in_file.
#pragma once

#include <string_view>

#include "core/reading.hpp"
#include "core/result.hpp"

namespace entitywatch::parsers {

// malformed when the header is of neither layout.
[[nodiscard]] Result<ListReading> read_dpl(std::string_view bytes);

}  // namespace entitywatch::parsers
