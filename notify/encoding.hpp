// The encodings of the wires: base64, HMAC, and those of mail (RFC 2045, RFC 2047).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace entitywatch::notify {

[[nodiscard]] std::string base64_encode(std::string_view bytes);
// Standard alphabet with padding; nullopt for anything else.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);
// Base64 in CRLF-ended lines of 76 characters.
[[nodiscard]] std::string base64_lines(std::string_view bytes);

[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view message);

// Quoted-printable with CRLF line ends; '\n' in the text is a line break. Lines of at most 76 characters.
[[nodiscard]] std::string quoted_printable(std::string_view text);

// The value of an unstructured header (Subject, a display name): RFC 2047 B encoded words where it is not
// plain ASCII or too long for one line, cut at character boundaries. Line breaks become spaces: no header
// can be smuggled in. `name_length`: of "Subject: ", so that the first line keeps to 76 characters.
[[nodiscard]] std::string header_text(std::string_view value, std::size_t name_length);

}  // namespace entitywatch::notify
