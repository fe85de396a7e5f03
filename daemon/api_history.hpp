// What was in force when, and as far as this system knew: answered from the versions of an entry.
#pragma once

#include <optional>
#include <vector>

#include "core/entry.hpp"
#include "core/json.hpp"
#include "core/timeline.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

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
