// The evidence of one change as one file that a stranger can check with standard tools.
#pragma once

#include <string>

#include "core/result.hpp"
#include "daemon/evidence_key.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

struct EvidenceBundle {
  std::string file_name;  // "evidence-0123456789ab.tar.gz"
  std::string bytes;      // the same for the same proof and key
};

// daemon/evidence_readme.txt lists what is in it and is part of it.
[[nodiscard]] Result<EvidenceBundle> make_evidence_bundle(const storage::ChangeProof& proof,
                                                          const EvidenceKey& key);

}  // namespace entitywatch::daemon
