#include "parsers/news_item.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "parsers/fr_topic.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::string_view bis_slug = "industry-and-security-bureau";

struct Url {
  std::string scheme;
  std::string host;
  std::string path;  // with query and fragment
};

std::optional<Url> parse_url(std::string_view url) {
  static const re2::RE2 absolute("(?i)^(https?)://([^/?#\\s]+)(\\S*)$");
  Url out;
  if (!re2::RE2::FullMatch(re2_view(url), absolute, &out.scheme, &out.host, &out.path)) return std::nullopt;
  std::ranges::transform(out.host, out.host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  std::ranges::transform(out.scheme, out.scheme.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (out.path.empty() || out.path.front() != '/') out.path = '/' + out.path;
  return out;
}

// "/a/b/../c/./d" as "/a/c/d".
std::string without_dots(std::string_view path) {
  std::vector<std::string> kept;
  for (const std::string& part : text::split(path, '/')) {
    if (part == "..") {
      if (kept.size() > 1) kept.pop_back();
    } else if (part != ".") {
      kept.push_back(part);
    }
  }
  return text::join(kept, "/");
}

struct Reference {
  std::string_view name;
  std::string_view printed;
};
constexpr std::array<Reference, 13> references{{{"amp", "&"},
                                                {"lt", "<"},
                                                {"gt", ">"},
                                                {"quot", "\""},
                                                {"apos", "'"},
                                                {"nbsp", " "},
                                                {"rsquo", "’"},
                                                {"lsquo", "‘"},
                                                {"ldquo", "“"},
                                                {"rdquo", "”"},
                                                {"ndash", "–"},
                                                {"mdash", "—"},
                                                {"hellip", "…"}}};

void append_code(std::string& out, unsigned long code) {
  if (code < 0x20 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
    out += ' ';
  } else if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

std::string with_references(std::string_view text) {
  static const re2::RE2 numeric("^#(?:(\\d{1,7})|[xX]([0-9a-fA-F]{1,6}))$");
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    if (end == std::string_view::npos || end - i > 10) {
      out += text[i++];
      continue;
    }
    const std::string_view name = text.substr(i + 1, end - i - 1);
    const auto* known = std::ranges::find(references, name, &Reference::name);
    std::string decimal;
    std::string hex;
    if (known != references.end()) {
      out += known->printed;
    } else if (re2::RE2::FullMatch(re2_view(name), numeric, &decimal, &hex)) {
      append_code(out, decimal.empty() ? std::stoul(hex, nullptr, 16) : std::stoul(decimal));
    } else {
      out += text.substr(i, end + 1 - i);
    }
    i = end + 1;
  }
  return out;
}

DocumentReading document_of(const NewsItem& item, const std::string& url) {
  DocumentReading out;
  Document& d = out.document;
  d.number = "news-" + stable_id({"news", link_key(url)}, 16);
  d.type = "News";
  d.title = without_markup(item.title);
  d.abstract = text::excerpt(without_markup(item.summary), 2000);
  d.url = url;
  d.agencies = {std::string(bis_slug)};
  d.publication_date = read_news_date(item.date);
  d.topic = fr_topic(d);
  if (!d.publication_date)
    d.findings.push_back({Finding::Severity::note, "date_missing",
                          "The item prints no date that could be read.", text::excerpt(item.date, 100)});
  return out;
}

}  // namespace

std::string resolve_link(std::string_view printed, std::string_view page_url) {
  const std::string link = text::trim(printed);
  if (link.empty() || link.front() == '#') return {};
  static const re2::RE2 scheme("^[A-Za-z][A-Za-z0-9+.-]*:");
  std::optional<Url> url;
  const auto page = parse_url(page_url);
  if (re2::RE2::PartialMatch(link, scheme)) {
    url = parse_url(link);
  } else if (page) {
    const std::string own = page->path.substr(0, page->path.find_first_of("?#"));
    const std::string base = page->scheme + "://" + page->host;
    url = link.starts_with("//") ? parse_url(page->scheme + ':' + link)
          : link.front() == '/'  ? parse_url(base + link)
          : link.front() == '?'  ? parse_url(base + own + link)
                                 : parse_url(base + own.substr(0, own.rfind('/') + 1) + link);
  }
  if (!url) return {};
  const std::size_t end = url->path.find_first_of("?#");
  const std::string rest = end == std::string::npos ? std::string{} : url->path.substr(end);
  return url->scheme + "://" + url->host + without_dots(std::string_view(url->path).substr(0, end)) + rest;
}

std::string link_key(std::string_view address) {
  const auto url = parse_url(address);
  if (!url) return std::string(address);
  std::string host = url->host;
  if (host.starts_with("www.")) host.erase(0, 4);
  const std::string all = url->path.substr(0, url->path.find('#'));
  const std::size_t mark = all.find('?');
  std::string path = all.substr(0, mark);
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  std::vector<std::string> kept;
  if (mark != std::string::npos)
    for (const std::string& parameter : text::split(std::string_view(all).substr(mark + 1), '&'))
      if (!parameter.empty() && !parameter.starts_with("utm_") && !parameter.starts_with("fbclid"))
        kept.push_back(parameter);
  return host + path + (kept.empty() ? "" : '?' + text::join(kept, "&"));
}

std::string find_printed_date(std::string_view words) {
  static const re2::RE2 date(
      "(?i)((?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\\.? \\d{1,2},? \\d{4}|\\d{1,2} "
      "(?:january|february|march|april|may|june|july|august|september|october|november|december) \\d{4}|"
      "\\b\\d{4}-\\d{2}-\\d{2}\\b|\\b\\d{1,2}/\\d{1,2}/\\d{2,4}\\b)");
  std::string found;
  re2::RE2::PartialMatch(re2_view(words), date, &found);
  return found;
}

std::optional<Date> read_news_date(std::string_view printed) {
  static const re2::RE2 rfc_822(
      "(\\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (\\d{4})");
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string t = text::trim(printed);
  if (t.size() >= 10)
    if (const auto iso = parse_iso_date(std::string_view(t).substr(0, 10))) return iso;
  int day = 0;
  int year = 0;
  std::string month;
  if (re2::RE2::PartialMatch(t, rfc_822, &day, &month, &year)) {
    const auto number = static_cast<unsigned>(std::ranges::find(months, month) - months.begin()) + 1;
    const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{number},
                                          std::chrono::day{static_cast<unsigned>(day)}};
    if (ymd.ok()) return Date(ymd);
  }
  std::string words = find_printed_date(t);
  // "April 11 2024" is met without its comma.
  static const re2::RE2 no_comma("^([A-Za-z]+\\.? \\d{1,2}) (\\d{4})$");
  re2::RE2::Replace(&words, no_comma, "\\1, \\2");
  return words.empty() ? std::nullopt : parse_printed_date(words);
}

std::string without_markup(std::string_view html) {
  std::string out;
  bool in_tag = false;
  for (std::size_t i = 0; i < html.size(); ++i) {
    const char c = html[i];
    const char next = i + 1 < html.size() ? html[i + 1] : ' ';
    const bool opens = c == '<' && (next == '/' || next == '!' || (next >= 'a' && next <= 'z') ||
                                    (next >= 'A' && next <= 'Z'));
    if (opens && html.find('>', i) != std::string_view::npos) {
      in_tag = true;
      out += ' ';
    }
    if (!in_tag) out += c;
    if (c == '>') in_tag = false;
  }
  return text::collapse(text::sanitize(with_references(out)));
}

NewsReading collect_news(const std::vector<NewsItem>& items, std::string_view page_url) {
  NewsReading out;
  std::set<std::string> seen;
  for (const NewsItem& item : items) {
    const std::string url = resolve_link(item.link, page_url);
    DocumentReading reading = document_of(item, url);
    if (url.empty() || reading.document.title.empty()) {
      out.findings.push_back({Finding::Severity::note, "item_unread",
                              "An item has no link or no title and was not read.",
                              text::excerpt(without_markup(item.title + ' ' + item.link), 200)});
    } else if (seen.insert(reading.document.number).second) {
      out.items.push_back(std::move(reading));
    }
  }
  return out;
}

}  // namespace entitywatch::parsers
