// Files that are part of the binary. Their definitions are written by cmake/embed.cmake.
#pragma once

#include <string_view>

namespace entitywatch::daemon::embedded {

[[nodiscard]] std::string_view page_html();
[[nodiscard]] std::string_view page_css();
[[nodiscard]] std::string_view page_js();
[[nodiscard]] std::string_view openapi_schemas();
[[nodiscard]] std::string_view evidence_readme();

}  // namespace entitywatch::daemon::embedded
