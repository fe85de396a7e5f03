// How entries hang together: one split in two, two merged into one, one party under several countries.
#pragma once

#include <vector>

#include "core/change.hpp"
#include "core/entry.hpp"

namespace entitywatch {

// Adds to the notes of changes made together that an entry was merged into another or split from it: a name
// that stood for itself is now an alias, or the other way about, under one country of one list.
void tell_kinship(std::vector<Change>& changes);

// Entries of the same list under other countries that are the same party: they share its name, or refer to
// each other's country and share an alias. Removed ones are left out.
[[nodiscard]] std::vector<const Entry*> same_party_elsewhere(const Entry& entry, const std::vector<const Entry*>& of_list);

}  // namespace entitywatch
