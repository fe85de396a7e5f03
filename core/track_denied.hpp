// Orders and the rows of the Denied Persons List that they concern. Private to tracking.
#pragma once

#include <string>
#include <vector>

#include "core/draft.hpp"

namespace entitywatch {

// The entry an order's operation is about; nullptr: none known. An order that adds meets the rows of the
// same order only, one that renews the rows whose denial was about to end.
[[nodiscard]] const Entry* find_denied(const Draft& draft, const Operation& op, const std::string& document);

// The file gives a party a row for every name and address. The other rows of the party under the order that
// `op` is about, as they stand before it is applied; ascending by id.
[[nodiscard]] std::vector<std::string> companion_rows(const Draft& draft, const Operation& op,
                                                      const std::string& document);

// A later order has shaped `main` since, or the denial is over by the day of the reading: the operation is of
// the past and changes nothing.
[[nodiscard]] bool is_overtaken(const Operation& op, const Entry* main, Time seen_at);

// The document's own change `told` of this party, which another order has shaped since.
[[nodiscard]] bool was_told_before(const Draft& draft, const Operation& op, const Change& told,
                                   const std::string& document);

// Lets the companions follow what the order did to the entry it was told of: nothing is raised for them, and
// what the file had raised is completed.
void carry_companions(Draft& draft, const Operation& op, const Document& document, const std::string& main_id,
                      const std::vector<std::string>& companions);

// The entry made or completed by a notice that a new row of a file belongs to; nullptr: none.
[[nodiscard]] const Entry* noticed_entry(const Draft& draft, const Listing& row);

// The last change of the entry that a document made; empty: none was raised.
[[nodiscard]] std::string change_by_notice(const Draft& draft, const Entry& entry);

}  // namespace entitywatch
