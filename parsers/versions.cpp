#include "parsers/versions.hpp"

#include <fmt/format.h>
#include <libxml/xmlversion.h>
#include <simdjson.h>

namespace entitywatch::parsers {

std::string library_versions() {
  return fmt::format("libxml2 {}, simdjson {}.{}.{}", LIBXML_DOTTED_VERSION,
                     static_cast<int>(simdjson::SIMDJSON_VERSION_MAJOR),
                     static_cast<int>(simdjson::SIMDJSON_VERSION_MINOR),
                     static_cast<int>(simdjson::SIMDJSON_VERSION_REVISION));
}

}  // namespace entitywatch::parsers
