// What users may change through the API that needs the archive alone. The daemon adds what needs its
// threads; the command line uses these as they are when no daemon runs.
#pragma once

#include <string>
#include <string_view>

#include "core/time.hpp"
#include "daemon/api.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// The note that keeps a channel disabled after its receiver answered 410; its value is the reason.
[[nodiscard]] std::string channel_disabled_note(std::string_view channel);

// Reopens a dead delivery, due now with its attempts counted anew, and its channel where that was
// disabled. not_found, or invalid_argument when the delivery is not dead.
[[nodiscard]] Result<void> reopen_delivery(storage::Archive& archive, const Clock& clock,
                                           std::string_view id);

// redeliver, put_subscription and delete_subscription; the archive and the clock outlive them.
[[nodiscard]] ApiActions archive_actions(storage::Archive& archive, const Clock& clock);

}  // namespace entitywatch::daemon
