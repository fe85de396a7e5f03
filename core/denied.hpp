// The Denied Persons List as its two witnesses show it: the notice of an order names a party once, with
// its aliases and addresses; the file prints a row for every name and address, in capitals, with other
// abbreviations and at times another day. What of that is one and the same. Pure functions.
#pragma once

#include "core/compare.hpp"
#include "core/entry.hpp"

namespace entitywatch {

// They share a name (aliases and former names are names), and no country speaks against it.
[[nodiscard]] bool same_denied_party(const Listing& a, const Listing& b);

// One party under one order: it shares its end, its first day or a notice. Names that are nearly one are,
// where order and end or address agree. Two orders against namesakes are not.
[[nodiscard]] bool same_denial(const Listing& a, const Listing& b);

// One party under one order, although the two name another country: the file's codes are wrong at times.
[[nodiscard]] bool same_denial_elsewhere(const Listing& a, const Listing& b);

// compare_across_sources for any list; of denied persons the substance is the party's name and the last day
// of the denial (a day or two where a notice states a period only). All else is each witness's way of
// writing and editorial.
[[nodiscard]] Comparison compare_sightings(ListId list, const Listing& before, const Listing& after);

// What an entry says once the row of a file was seen: the row, except where a notice made the entry; then
// its names and addresses stand, and citations, days and remarks are the file's.
[[nodiscard]] Listing shown_by_row(const Entry& entry, const Listing& row);

// The same for an entry that a file was first to show and `notice` now names.
[[nodiscard]] Listing joined_listing(const Entry& entry, const Listing& notice);

}  // namespace entitywatch
