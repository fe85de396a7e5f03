// Whether a body can be what was asked for. Publishers answer blocked clients with an HTML page, sometimes
// under status 200; a cut transfer can look complete. What fails here is never handed to a reader.
#pragma once

#include <optional>
#include <string_view>

#include "core/result.hpp"

namespace entitywatch::daemon {

// `expect` as in FetchRequest; "" asks only for something that is neither empty nor a challenge page. The
// error has no context: the caller knows the URL.
[[nodiscard]] std::optional<Error> fault_of_body(std::string_view body, std::string_view expect);

}  // namespace entitywatch::daemon
