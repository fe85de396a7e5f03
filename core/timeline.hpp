// What was in force when, as far as was known: answered from the versions of an entry.
#pragma once

#include <optional>
#include <vector>

#include "core/entry.hpp"

namespace entitywatch {

// A question about the list: as it stood on `as_of`, as far as was known at `known_at`.
struct Viewpoint {
  Date as_of{};
  std::optional<Time> known_at;  // nullopt: as far as is known now
};

// The version in force on that day; nullopt when none is, be it not yet or not known yet. A version with
// status removed is returned as such. Versions apply in the order they became known, each from its
// effective date on (a missing one: since ever, or, once history before it was learned, since the snapshot that
// showed it). One learned later replaces what had already taken effect
// by then; it does not undo what was announced for a day still to come. A version of the same change replaces
// the earlier one altogether. What was learned as history takes its place by its date alone. So a withdrawal has to be recorded from the day of what it withdraws.
[[nodiscard]] std::optional<EntryVersion> version_in_force(const std::vector<EntryVersion>& versions,
                                                           const Viewpoint& viewpoint);

// The next version that takes effect after the viewpoint's day.
[[nodiscard]] std::optional<EntryVersion> version_to_come(const std::vector<EntryVersion>& versions,
                                                          const Viewpoint& viewpoint);

// The entry with the listing, status and effective date that its versions give it on that day: in force,
// announced (pending) or removed.
[[nodiscard]] Entry as_it_stands(Entry entry, const std::vector<EntryVersion>& versions, Date day);

}  // namespace entitywatch
