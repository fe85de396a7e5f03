// What was in force when, and as far as this system knew: answered from the versions of an entry.
#pragma once

#include <optional>
#include <vector>

#include "core/entry.hpp"
#include "core/json.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// A question about the list: as it stood on `as_of`, as far as was known at `known_at`.
struct Viewpoint {
  Date as_of{};
  std::optional<Time> known_at;  // nullopt: as far as is known now
};

// The version in force on that day; nullopt when none is, be it not yet or not known yet. A version with
// status removed is returned as such. Versions apply in the order they became known, each from its
// effective date on (a missing one: since ever). One learned later replaces what had already taken effect
// by then; it does not undo what was announced for a day still to come. A version of the same change replaces
// the earlier one altogether. So a withdrawal has to be recorded from the day of what it withdraws.
[[nodiscard]] std::optional<EntryVersion> version_in_force(const std::vector<EntryVersion>& versions,
                                                           const Viewpoint& viewpoint);

// The next version that takes effect after the viewpoint's day.
[[nodiscard]] std::optional<EntryVersion> version_to_come(const std::vector<EntryVersion>& versions,
                                                          const Viewpoint& viewpoint);

// An entry as the viewpoint shows it: listing, status, effective date and change are those of the version
// in force, or of the one to come when the entry is only announced (status pending).
struct EntryView {
  Entry entry;
  std::optional<EntryVersion> upcoming;  // of an entry in force: what is announced for it
};
// nullopt: the viewpoint does not know this entry.
[[nodiscard]] Result<std::optional<EntryView>> view_entry(const storage::Reader& reader, const Entry& entry,
                                                          const Viewpoint& viewpoint);

[[nodiscard]] Json to_json(const EntryView& view);

}  // namespace entitywatch::daemon
