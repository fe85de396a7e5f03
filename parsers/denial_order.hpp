// Orders that deny export privileges: whom, from when, until when; and the orders that renew, modify or end
// them. Read from title, "In the Matter of" block and ordering paragraphs of a notice, each against the
// others. Internal to the reader of Federal Register documents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/reading.hpp"
#include "parsers/denial_parties.hpp"
#include "parsers/fr_front.hpp"

namespace entitywatch::parsers {

// The parties a title names; empty where it names the kind of order alone.
[[nodiscard]] std::vector<OrderedParty> parties_in_title(std::string_view title);

// True for documents with the topic denial-order, and for decisions titled otherwise (settlements, "Order
// Relating to …") whose ordering paragraphs deny export privileges.
[[nodiscard]] bool denies_privileges(const Document& document, const std::vector<FrParagraph>& body);

// One operation on the Denied Persons List for each party and country: add by a first order, revise by one
// that renews or modifies, remove by one that ends a denial. Listings carry start_date and end_date, and a
// note "end_date_computed" where the order states a period instead of a day. Sets document's relations
// (renews, ends) and adds its checks (title_in_text, party_in_order, denial_until, denial_period); a
// notice whose parties cannot be read gets a review finding "parties_unread" and no operation.
// `document.topic` is set before.
void read_denial_order(const FrNode& root, const std::vector<FrParagraph>& body, DocumentReading& out);

}  // namespace entitywatch::parsers
