#include "daemon/cursor.hpp"

#include <charconv>

#include "core/hash.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t checksum_digits = 4;

std::string to_base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) out += alphabet[(bits >> (held - 6)) & 63];
  }
  if (held > 0) out += alphabet[(bits << (6 - held)) & 63];
  return out;
}

Result<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return fail(ErrorCode::invalid_argument, "not a cursor");
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> held) & 255);
    }
  }
  return out;
}

std::string sealed(CursorKind kind, std::string_view place) {
  const std::string body = "1" + std::string(1, static_cast<char>(kind)) + std::string(place);
  return stable_id({"cursor", body}, checksum_digits) + body;
}

}  // namespace

std::string encode_cursor(CursorKind kind, std::string_view place) {
  return to_base64url(sealed(kind, place));
}

std::string encode_cursor(CursorKind kind, std::uint64_t place) {
  return encode_cursor(kind, std::to_string(place));
}

Result<std::string> decode_cursor(CursorKind kind, std::string_view cursor) {
  constexpr std::size_t head = checksum_digits + 2;
  const auto plain = from_base64url(cursor);
  if (!plain || cursor.size() > 512 || plain->size() < head ||
      stable_id({"cursor", std::string_view(*plain).substr(checksum_digits)}, checksum_digits) !=
          plain->substr(0, checksum_digits))
    return fail(ErrorCode::invalid_argument,
                "cursor: this is no cursor of ours, or only a part of one; pass next_cursor back unchanged");
  if ((*plain)[checksum_digits] != '1' || (*plain)[checksum_digits + 1] != static_cast<char>(kind))
    return fail(ErrorCode::invalid_argument,
                "cursor: this cursor belongs to another listing (or to another order of this one); start "
                "without a cursor");
  return plain->substr(head);
}

Result<std::uint64_t> decode_number_cursor(CursorKind kind, std::string_view cursor) {
  const auto place = decode_cursor(kind, cursor);
  if (!place) return tl::unexpected(place.error());
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(place->data(), place->data() + place->size(), value);
  if (error != std::errc{} || end != place->data() + place->size())
    return fail(ErrorCode::invalid_argument, "cursor: damaged; start without a cursor");
  return value;
}

}  // namespace entitywatch::daemon
