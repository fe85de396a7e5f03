// One item of news, whichever form it came in. Internal to the readers of news.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "parsers/news.hpp"

namespace entitywatch::parsers {

struct NewsItem {
  std::string title;
  std::string link;  // as printed
  std::string date;  // as printed
  std::string summary;
};

// Resolved against the page's address; empty where it leads nowhere (mailto:, javascript:, a fragment).
[[nodiscard]] std::string resolve_link(std::string_view link, std::string_view page_url);
// The form of a link under which its spellings are one.
[[nodiscard]] std::string link_key(std::string_view url);

// RFC 822, RFC 3339, and what people print; the day as printed, whatever the zone.
[[nodiscard]] std::optional<Date> read_news_date(std::string_view printed);
// The first date within a text: "Thursday, April 11, 2024 | Media Contact"; empty: none.
[[nodiscard]] std::string find_printed_date(std::string_view text);

// Text of a title or summary that may hold markup and character references.
[[nodiscard]] std::string without_markup(std::string_view html);

// Puts the items into a reading: each link once, those without link or title as findings.
[[nodiscard]] NewsReading collect_news(const std::vector<NewsItem>& items, std::string_view page_url);

[[nodiscard]] Result<std::vector<NewsItem>> read_news_feed(std::string_view xml);
[[nodiscard]] Result<std::vector<NewsItem>> read_news_page(std::string_view html, std::string_view page_url);

}  // namespace entitywatch::parsers
