// Texts for RE2, whose own view of one is not std::string_view everywhere: on Debian 13 neither turns into the other
// by itself.
#pragma once

#include <re2/re2.h>

#include <string_view>

namespace entitywatch::parsers {

[[nodiscard]] inline re2::StringPiece re2_view(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace entitywatch::parsers
