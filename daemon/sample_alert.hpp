// An alert to try a channel with, and alerts looked at before they count.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "daemon/config.hpp"
#include "notify/channel.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// Marked as a sample everywhere it shows.
[[nodiscard]] notify::AlertView sample_alert(Time now, const std::string& local_url);

// The stored change as the alert it would be.
[[nodiscard]] Result<notify::AlertView> load_preview(const storage::Reader& reader, const Config& config, const std::string& change_id);

// What a channel of this type would show; sends nothing.
[[nodiscard]] Result<std::string> preview_text(const notify::AlertView& view, std::string_view channel_type);

}  // namespace entitywatch::daemon
