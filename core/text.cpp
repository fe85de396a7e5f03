#include "core/text.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <memory>

namespace entitywatch::text {
namespace {

// Width-less characters that publishers leave behind: they separate nothing.
bool is_zero_width(UChar32 c) { return c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF || c == 0x00AD; }

// ICU's tables are asked only beyond ASCII, which nearly all of this text is.
bool is_space(UChar32 c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x1F;
  return u_isUWhiteSpace(c);
}

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

// Printable ASCII with single spaces inside: nothing to collapse.
bool is_collapsed_ascii(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() == ' ' || text.back() == ' ') return false;
  char last = 0;
  for (char c : text) {
    if (static_cast<signed char>(c) < 0x20 || c == 0x7F || (c == ' ' && last == ' ')) return false;  // bytes past ASCII are negative
    last = c;
  }
  return true;
}

// Calls visit(code point) for every character; invalid sequences come as U+FFFD.
template <class Visit>
void each(std::string_view text, Visit visit) {
  const auto size = static_cast<std::int32_t>(text.size());
  std::int32_t i = 0;
  while (i < size) {
    UChar32 c = static_cast<unsigned char>(text[static_cast<std::size_t>(i)]);
    if (c < 0x80) {
      ++i;
    } else {
      U8_NEXT_OR_FFFD(reinterpret_cast<const std::uint8_t*>(text.data()), i, size, c);
    }
    visit(c);
  }
}

void append(std::string& out, UChar32 c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  std::uint8_t buffer[U8_MAX_LENGTH];
  std::int32_t n = 0;
  U8_APPEND_UNSAFE(buffer, n, c);
  out.append(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(n));
}

bool is_word_character(UChar32 c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const auto mask = U_GET_GC_MASK(c);
  return (mask & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

bool is_digit(UChar32 c) { return c < 0x80 ? c >= '0' && c <= '9' : u_isdigit(c) != 0; }

std::string case_folded(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    for (char& c : out)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::UnicodeString folded =
      nfkc->normalize(icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), status);
  std::string out;
  folded.toUTF8String(out);
  return out;
}

enum class Words { joined, apart };

// Letters, digits and marks of already folded text. An apostrophe or a combining mark never parts a word.
std::string word_characters(std::string_view folded, Words words) {
  std::string out;
  out.reserve(folded.size());
  bool gap = false;
  UChar32 last = 0;
  each(folded, [&](UChar32 c) {
    if (is_word_character(c)) {
      const bool digits_parted = words == Words::joined && is_digit(c) && is_digit(last);
      if (gap && !out.empty() && (words == Words::apart || digits_parted)) out += ' ';
      gap = false;
      append(out, c);
      last = c;
    } else if (c != '\'' && c != 0x2019 && c != 0x2018 && c != '`' && !is_zero_width(c)) {
      gap = true;
    }
  });
  return out;
}

const icu::Transliterator& latin_ascii() {
  // Built once a thread: ICU transliterators are not safe for use by several threads at once.
  static thread_local const std::unique_ptr<icu::Transliterator> instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<icu::Transliterator>(icu::Transliterator::createInstance(
        // Russian as the lists spell it (BGN: "Zhukovskiy"), everything else as ICU does.
        "Russian-Latin/BGN; Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
  }();
  return *instance;
}

}  // namespace

std::string collapse(std::string_view text) {
  if (is_collapsed_ascii(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  const auto size = static_cast<std::int32_t>(text.size());
  bool gap = false;
  for (std::int32_t i = 0; i < size;) {
    // Words are copied as a whole: character by character this is the costliest line of a list's reading.
    std::int32_t begin = i;
    while (i < size && text[static_cast<std::size_t>(i)] > ' ' && text[static_cast<std::size_t>(i)] < 0x7F) ++i;
    UChar32 c = ' ';
    if (i == begin) {
      U8_NEXT_OR_FFFD(reinterpret_cast<const std::uint8_t*>(text.data()), i, size, c);
      if (is_zero_width(c)) continue;
      if (is_space(c)) {
        gap = !out.empty();
        continue;
      }
    }
    if (gap) out += ' ';
    gap = false;
    if (c == ' ')
      out.append(text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin)));
    else
      append(out, c);
  }
  return out;
}

std::vector<std::string> collapse_lines(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string& line : split(text, '\n'))
    if (std::string clean = collapse(line); !clean.empty()) out.push_back(std::move(clean));
  return out;
}

std::string fold(std::string_view text) { return word_characters(case_folded(text), Words::joined); }

std::string fold_words(std::string_view text) { return word_characters(case_folded(text), Words::apart); }

std::string search_key(std::string_view text) {
  if (is_ascii(text)) return word_characters(case_folded(text), Words::apart);
  icu::UnicodeString u = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  latin_ascii().transliterate(u);
  std::string out;
  u.toUTF8String(out);
  return word_characters(case_folded(out), Words::apart);
}

std::string upper(std::string_view text) {
  icu::UnicodeString u = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  u.toUpper(icu::Locale::getRoot());
  std::string out;
  u.toUTF8String(out);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) { return case_folded(a) == case_folded(b); }

std::string excerpt(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  auto end = static_cast<std::int32_t>(bytes);
  U8_SET_CP_START(reinterpret_cast<const std::uint8_t*>(text.data()), 0, end);
  return std::string(text.substr(0, static_cast<std::size_t>(end))) + "…";
}

std::string trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(space) - first + 1));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  std::size_t start = 0;
  for (std::size_t at = text.find(separator); at != std::string_view::npos; at = text.find(separator, start)) {
    out.emplace_back(text.substr(start, at - start));
    start = at + 1;
  }
  out.emplace_back(text.substr(start));
  return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += separator;
    out += parts[i];
  }
  return out;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

std::string sanitize(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  each(text, [&](UChar32 c) {
    const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
    const bool bidi = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
    if (!control && !bidi) append(out, c);
  });
  return out;
}

std::string xml_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // Control characters are not allowed in XML.
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

}  // namespace entitywatch::text
