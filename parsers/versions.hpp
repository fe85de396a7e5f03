// The libraries this room runs with, for --version.
#pragma once

#include <string>

namespace entitywatch::parsers {

[[nodiscard]] std::string library_versions();  // "libxml2 2.9.14, simdjson 3.1.0"

}  // namespace entitywatch::parsers
