// News of BIS as RSS 2.0 (or 1.0), Atom, or an HTML page that lists them; told apart by content.
// Untrusted bytes: no DOCTYPE in feeds, no network, bounded size and depth; never throwing.
#pragma once

#include <string_view>
#include <vector>

#include "core/reading.hpp"
#include "core/result.hpp"

namespace entitywatch::parsers {

struct NewsReading {
  // Documents of type "News", in the publisher's order, each link once. number is "news-" and 16 hex digits
  // of the link, the same for every way the link is written (scheme, "www.", trailing slash, fragment,
  // campaign parameters) and for feed and page alike. publication_date is the day the publisher prints.
  std::vector<DocumentReading> items;
  std::vector<Finding> findings;  // items without a link or title
};

// `page_url`: where the bytes came from; relative links are resolved against it. malformed when it is none of
// the forms; implausible for an HTML page without a single item: its layout has changed, or it is another
// page.
[[nodiscard]] Result<NewsReading> read_news(std::string_view bytes, std::string_view page_url);

}  // namespace entitywatch::parsers
