#include "notify/encoding.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/text.hpp"

namespace entitywatch::notify {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

constexpr std::string_view hex = "0123456789ABCDEF";

// Bytes of the UTF-8 character that starts at `at`.
std::size_t character_length(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

bool plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

void quoted_line(std::string& out, std::string_view line) {
  constexpr std::size_t widest = 75;  // a soft break's "=" is the 76th
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto c = static_cast<unsigned char>(line[i]);
    const bool last = i + 1 == line.size();
    // A full stop at the start of a line is left to no relay's dot-stuffing.
    const bool literal =
        (c > 0x20 && c < 0x7F && c != '=' && !(c == '.' && width == 0)) || ((c == ' ' || c == '\t') && !last);
    const std::size_t needed = literal ? 1 : 3;
    if (width + needed > widest) {
      out += "=\r\n";
      width = 0;
    }
    if (literal) {
      out += line[i];
    } else {
      out += '=';
      out += hex[c >> 4];
      out += hex[c & 15];
    }
    width += needed;
  }
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  if (!std::all_of(text.begin(), text.end() - static_cast<std::ptrdiff_t>(padding), allowed))
    return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

std::string base64_lines(std::string_view bytes) {
  const std::string all = base64_encode(bytes);
  std::string out;
  out.reserve(all.size() + all.size() / 38 + 2);
  for (std::size_t at = 0; at < all.size(); at += 76) out.append(all, at, 76).append("\r\n");
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(message), message.size(),
       digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  const std::vector<std::string> lines = text::split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool closing = i + 1 == lines.size();
    if (closing && lines[i].empty()) break;
    quoted_line(out, lines[i]);
    out += "\r\n";
  }
  return out;
}

std::string header_text(std::string_view value, std::size_t name_length) {
  std::string clean = text::collapse(text::sanitize(value));
  if (plain_ascii(clean) && clean.size() + name_length <= 76 && clean.find("=?") == std::string::npos)
    return clean;
  constexpr std::size_t wrapping = 12;  // "=?UTF-8?B?" and "?="
  std::string out;
  std::size_t room = 76 - std::min<std::size_t>(name_length, 40);
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t bytes = std::min<std::size_t>((room - wrapping) / 4 * 3, 45);
    std::size_t end = at;
    while (end < clean.size() && end + character_length(clean, end) - at <= bytes)
      end += character_length(clean, end);
    if (end == at) end += character_length(clean, at);
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64_encode(std::string_view(clean).substr(at, end - at)) + "?=";
    at = end;
    room = 75;
  }
  return out;
}

}  // namespace entitywatch::notify
