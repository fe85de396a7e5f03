// Reading observations and evidence back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/observation.hpp"
#include "core/result.hpp"
#include "storage/archive.hpp"
#include "storage/digest.hpp"
#include "storage/records.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

// The bytes, checked against their address.
[[nodiscard]] Result<std::optional<std::string>> load_evidence(const View& view, const Digest& address);
// The observation with its bytes.
[[nodiscard]] Result<Observation> load_observation(const View& view, const StoredObservation& stored);
// Every part that came with these bytes, oldest first.
[[nodiscard]] Result<std::vector<EvidenceRecord>> records_of(const View& view, const Digest& address);
// In commit order, bytes loaded.
[[nodiscard]] Result<void> scan_observations(const View& view, const Visitor<Observation>& visit);

}  // namespace entitywatch::storage
