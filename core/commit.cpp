#include "core/commit.hpp"

namespace entitywatch {

bool Commit::empty() const {
  return !observation && documents.empty() && entries.empty() && versions.empty() && source_rows.empty() &&
         new_changes.empty() && updated_changes.empty() && alerts.empty() && deliveries.empty() && sources.empty();
}

}  // namespace entitywatch
