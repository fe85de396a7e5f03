// How deep JSON nests, told before it is parsed: the parser itself would follow any depth.
#pragma once

#include <string_view>

namespace entitywatch {

// By brackets outside strings; right for malformed JSON too, as far as the brackets go.
[[nodiscard]] bool nests_deeper_than(std::string_view json, int deepest);

}  // namespace entitywatch
