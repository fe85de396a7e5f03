// As much of JSON Schema 2020-12 as our OpenAPI uses. Any other keyword is a complaint, not a pass.
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"

namespace entitywatch::test {

// What does not fit, with the place in the value; empty when it all does. `document` holds what $ref names.
[[nodiscard]] std::vector<std::string> complaints(const Json& document, const Json& schema, const Json& value,
                                                  const std::string& at = "$");

}  // namespace entitywatch::test
