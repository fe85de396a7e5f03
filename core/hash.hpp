// SHA-256 (OpenSSL) for evidence addresses, the chain, and stable ids.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace entitywatch {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

// A stable id over the parts, each length-prefixed so that ("ab","c") and ("a","bc") differ; the first
// `digits` hex digits of their SHA-256.
[[nodiscard]] std::string stable_id(std::initializer_list<std::string_view> parts, std::size_t digits = 32);

}  // namespace entitywatch
