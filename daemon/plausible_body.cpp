#include "daemon/plausible_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::string_view spaces = " \t\r\n\f\v";
constexpr std::size_t head_bytes = 64u << 10;

std::string_view trimmed(std::string_view body) {
  if (body.substr(0, 3) == "\xef\xbb\xbf") body.remove_prefix(3);
  const std::size_t first = body.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return body.substr(first, body.find_last_not_of(spaces) - first + 1);
}

// The beginning in lower case: where a page says what it is.
std::string lower_head(std::string_view body) {
  std::string head(body.substr(0, head_bytes));
  for (char& c : head)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return head;
}

// Past the XML declaration, comments and white space.
std::string_view first_markup(std::string_view head) {
  while (true) {
    head = trimmed(head);
    const bool comment = head.substr(0, 4) == "<!--";
    if (!comment && head.substr(0, 2) != "<?") return head;
    const std::size_t end = head.find(comment ? "-->" : "?>");
    if (end == std::string_view::npos) return head;
    head.remove_prefix(end + (comment ? 3 : 2));
  }
}

bool is_html(std::string_view head) {
  const std::string_view markup = first_markup(head);
  for (const std::string_view opening : {"<!doctype html", "<html", "<head", "<body", "<title", "<meta"})
    if (markup.substr(0, opening.size()) == opening) return true;
  return false;
}

std::string_view title_of(std::string_view head) {
  const std::size_t open = head.find("<title");
  if (open == std::string_view::npos) return {};
  const std::size_t start = head.find('>', open);
  if (start == std::string_view::npos) return {};
  const std::size_t end = head.find("</title", start);
  return head.substr(start + 1, end == std::string_view::npos ? 0 : end - start - 1);
}

bool contains_any(std::string_view text, std::span<const std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view p) { return text.find(p) != std::string_view::npos; });
}

// Titles of pages that stand in for the one asked for.
constexpr std::array<std::string_view, 14> challenge_titles{
    "request access",   "access denied", "just a moment",        "attention required", "captcha",
    "are you a robot",  "robot check",   "verify you are human", "unusual traffic",    "too many requests",
    "request rejected", "forbidden",     "service unavailable",  "security check"};
// Words no publication of ours has and those pages do.
constexpr std::array<std::string_view, 5> challenge_phrases{
    "due to aggressive automated scraping", "programmatic access to these sites is limited",
    "complete the captcha", "cf-browser-verification", "enable javascript and cookies to continue"};

std::optional<Error> fault(ErrorCode code, std::string message) {
  return Error{code, std::move(message), {}};
}

std::optional<Error> wrong_content(std::string_view wanted, std::string_view head) {
  if (!is_html(head))
    return fault(
        ErrorCode::malformed,
        fmt::format("the answer is not {}, it begins \"{}\"; see whether the publisher changed the address",
                    wanted, text::excerpt(text::sanitize(text::collapse(head.substr(0, 200))), 60)));
  const std::string title = text::excerpt(text::sanitize(text::collapse(title_of(head))), 100);
  return fault(
      ErrorCode::implausible,
      fmt::format("the answer is a web page{} instead of {}; the publisher may be blocking this machine",
                  title.empty() ? "" : fmt::format(" titled \"{}\"", title), wanted));
}

std::optional<Error> cut_off(std::string_view wanted) {
  return fault(ErrorCode::implausible,
               fmt::format("the answer ends in the middle of its {}; it was cut off", wanted));
}

std::optional<Error> fault_of_json(std::string_view body, std::string_view head) {
  if (body.front() != '{' && body.front() != '[') return wrong_content("JSON", head);
  if (body.back() != (body.front() == '{' ? '}' : ']')) return cut_off("JSON");
  return std::nullopt;
}

std::optional<Error> fault_of_xml(std::string_view body, std::string_view head) {
  if (body.front() != '<' || is_html(head)) return wrong_content("XML", head);
  if (body.back() != '>') return cut_off("XML");
  return std::nullopt;
}

std::optional<Error> fault_of_csv(std::string_view body, std::string_view head) {
  const std::string_view line = body.substr(0, body.find('\n'));
  if (body.front() == '<' || line.find_first_of(",\t") == std::string_view::npos)
    return wrong_content("a table of comma- or tab-separated values", head);
  return std::nullopt;
}

}  // namespace

std::optional<Error> fault_of_body(std::string_view whole, std::string_view expect) {
  const std::string_view body = trimmed(whole);
  if (body.empty()) return fault(ErrorCode::implausible, "the answer is empty");
  if (body.substr(0, head_bytes).find('\0') != std::string_view::npos)
    return fault(ErrorCode::malformed, "the answer is binary data, not text");
  const std::string head = lower_head(body);
  if (is_html(head) &&
      (contains_any(title_of(head), challenge_titles) || contains_any(head, challenge_phrases)))
    return wrong_content("the publication", head);
  if (expect == "json") return fault_of_json(body, head);
  if (expect == "xml") return fault_of_xml(body, head);
  if (expect == "csv") return fault_of_csv(body, head);
  if (expect == "html" && body.front() != '<') return wrong_content("a web page", head);
  // The Federal Register wraps its text renditions in a page with one <pre>.
  if (expect == "text" && is_html(head) && head.find("<pre") == std::string::npos)
    return wrong_content("text", head);
  return std::nullopt;
}

}  // namespace entitywatch::daemon
