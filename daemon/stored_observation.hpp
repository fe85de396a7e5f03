// What a source sent, out of the archive again: read anew by a newer reader, or let through by an operator.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/observation.hpp"
#include "core/result.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// The observation whose parts have these SHA-256 digests, the main part first. Parts came together, so each has a
// record of the same key and time as the first; that of the first is its latest. nullopt where the archive lacks
// the bytes of one.
[[nodiscard]] Result<std::optional<Observation>> stored_observation(const storage::Reader& reader,
                                                                    const std::vector<std::string>& digests);

}  // namespace entitywatch::daemon
