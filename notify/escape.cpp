#include "notify/escape.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.hpp"

namespace entitywatch::notify {
namespace {

using Replacement = std::pair<char, std::string_view>;

template <std::size_t N>
std::string replace(std::string_view text, const std::array<Replacement, N>& table) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto found =
        std::find_if(table.begin(), table.end(), [c](const Replacement& r) { return r.first == c; });
    if (found == table.end())
      out += c;
    else
      out += found->second;
  }
  return out;
}

constexpr std::array<Replacement, 5> html{
    {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};

constexpr std::array<Replacement, 7> mrkdwn{
    {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'*', "∗"}, {'_', "＿"}, {'~', "∼"}, {'`', "ˋ"}}};

constexpr std::array<Replacement, 6> google_chat{
    {{'<', "‹"}, {'>', "›"}, {'*', "∗"}, {'_', "＿"}, {'~', "∼"}, {'`', "ˋ"}}};

constexpr std::string_view markdown_special = "\\*_~`|>#<[]";

// U+E0000-U+E007F, invisible tags, all begin with these bytes.
std::string without_tags(std::string text) {
  constexpr std::string_view first = "\xF3\xA0\x80";
  constexpr std::string_view second = "\xF3\xA0\x81";
  for (const std::string_view lead : {first, second})
    for (std::size_t at = text.find(lead); at != std::string::npos; at = text.find(lead, at))
      text.erase(at, 4);
  return text;
}

}  // namespace

std::string clean(std::string_view text) { return without_tags(text::collapse(text::sanitize(text))); }

std::string escape_html(std::string_view text) { return replace(text, html); }

std::string escape_mrkdwn(std::string_view text) { return replace(text, mrkdwn); }

std::string escape_markdown(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // "1." and "-" or "+" begin a list only at the start; "www." is linked without a scheme.
    const bool begins_list = i == 0 && (c == '-' || c == '+');
    const bool numbers_list = c == '.' && i > 0 && i < 4 && text[i - 1] >= '0' && text[i - 1] <= '9';
    const bool names_host = c == '.' && i >= 3 && text::equals_ignoring_case(text.substr(i - 3, 3), "www");
    // "://" makes a link of what follows, ":word:" a picture.
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    const bool links = c == ':' && (next == '/' || next == '+' || next == '-' ||
                                    (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
    if (links || markdown_special.find(c) != std::string_view::npos || begins_list || numbers_list ||
        names_host)
      out += '\\';
    out += c;
    if (c == '@') out += "\xE2\x80\x8B";
  }
  return out;
}

std::string escape_google_chat(std::string_view text) { return replace(text, google_chat); }

std::string csv_cell(std::string_view text) {
  constexpr std::string_view formula = "=+-@\t\r\n|%";
  const std::size_t first = text.find_first_not_of(" \xA0");
  const bool acts = first != std::string_view::npos && formula.find(text[first]) != std::string_view::npos;
  std::string out = "\"";
  if (acts) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    if (c != '\r') out += c;
  }
  return out + '"';
}

std::string safe_url(std::string_view url) {
  const bool web =
      text::starts_with_ignoring_case(url, "https://") || text::starts_with_ignoring_case(url, "http://");
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) {
    constexpr std::string_view refused = "\"'<>`|\\^{}()*@[]";
    return c > 0x20 && c < 0x7F && refused.find(c) == std::string_view::npos;
  });
  return web && plain && url.size() <= 1000 ? std::string(url) : std::string();
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) count += byte >= 0xF0 ? 2 : 1;
  }
  return count;
}

std::string shorten(std::string_view text, std::size_t limit) {
  if (characters(text) <= limit) return std::string(text);
  if (limit == 0) return {};
  std::size_t count = 0;
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    count += characters(text.substr(at, next - at));
    if (count > limit - 1) break;
    end = at = next;
  }
  return text::trim(text.substr(0, end)) + "…";
}

}  // namespace entitywatch::notify
