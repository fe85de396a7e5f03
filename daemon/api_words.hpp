// One line for people about a change: feeds and tables.
#pragma once

#include <string>
#include <string_view>

#include "core/change.hpp"

namespace entitywatch::daemon {

// "Added to the Entity List: Example Co., Ltd. (China)".
[[nodiscard]] std::string headline(const Change& change);

// For XML text and attribute values; characters XML 1.0 cannot hold are left out.
[[nodiscard]] std::string xml_words(std::string_view text);

}  // namespace entitywatch::daemon
