// An operators' desk for runs in which operators are not what is tried: it keeps its books and tells nobody.
#pragma once

#include "daemon/operator_desk.hpp"

namespace entitywatch::test {

[[nodiscard]] inline Result<std::unique_ptr<daemon::OperatorDesk>> quiet_desk(storage::Archive& archive,
                                                                             const Clock& clock) {
  const auto unheard = [](const daemon::Notice&) -> Result<void> { return {}; };
  return daemon::OperatorDesk::create(archive, clock, unheard, unheard);
}

}  // namespace entitywatch::test
