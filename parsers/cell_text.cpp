#include "parsers/cell_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/text.hpp"

namespace entitywatch::parsers {
namespace {

// The length of the UTF-8 sequence at the front, 0 where there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool beyond = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return overlong || beyond ? 0 : length;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// Windows-1252 from 0x80 to 0x9F; the five unassigned ones are U+FFFD.
constexpr std::array<char16_t, 32> windows_1252{
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

void append_utf8(std::string& out, char16_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

std::string from_windows_1252(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(out, byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : static_cast<char16_t>(byte));
  }
  return out;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_letter(c) || is_digit(c); }

// What stands on either side of a mark; ' ' at the ends of the text.
struct Around {
  char before;
  char after;
  char after_next;
};

bool is_possessive(const Around& at) {
  return is_letter(at.before) && at.after == 's' && !is_word(at.after_next);
}

// Two small letters with a vowel between them: "Xi?an", "Jum?ah", "Bul?var". Behind "c" or "a" a letter with
// a tilde or a cedilla is as likely ("Telecomunicac?es").
bool is_apostrophe(const Around& at) {
  return is_possessive(at) || (is_lower(at.before) && is_lower(at.after) && at.before != 'c');
}

}  // namespace

std::string cell_text(std::string_view bytes) {
  // Most cells: printable ASCII without anything to clean.
  const bool tidy = std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c < 0x7F; }) &&
                    bytes.find("  ") == std::string_view::npos;
  if (tidy) return text::trim(bytes);
  if (is_ascii(bytes) || is_utf8(bytes)) return text::collapse(text::sanitize(bytes));
  return text::collapse(text::sanitize(from_windows_1252(bytes)));
}

std::string mend_question_marks(std::string_view text) {
  if (text.find('?') == std::string_view::npos) return std::string(text);
  std::string out;
  bool in_quotes = false;
  const auto char_at = [&](std::size_t i) { return i < text.size() ? text[i] : ' '; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '?') {
      out += text[i];
      continue;
    }
    const Around at{i == 0 ? ' ' : text[i - 1], char_at(i + 1), char_at(i + 2)};
    const bool opens = !is_word(at.before) && is_word(at.after);
    const bool closes = is_word(at.before) && !is_word(at.after);
    if (is_apostrophe(at)) {
      out += '\'';
    } else if ((is_digit(at.before) && is_digit(at.after)) ||
               (i > 0 && at.before == ' ' && at.after == ' ' && i + 1 < text.size())) {
      out += '-';
    } else if (opens && text.find('?', i + 1) != std::string_view::npos) {
      out += '"';
      in_quotes = true;
    } else if (closes && in_quotes) {
      out += '"';
      in_quotes = false;
    } else {
      out += '?';
    }
  }
  return out;
}

}  // namespace entitywatch::parsers
