#include "parsers/news.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "parsers/news_item.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

enum class Form { feed, page, neither };

Form form_of(std::string_view bytes) {
  static const re2::RE2 feed(
      "(?i)^[\\s\\x{FEFF}]*(?:<\\?xml[^>]*>\\s*)?(?:<\\?[^>]*>\\s*|<!--[^>]*-->\\s*)*<(?:rss|feed|(?:rdf:)?"
      "RDF)[\\s>]");
  static const re2::RE2 page("(?i)<(?:!doctype\\s+html|html|head|body|main|article|div|a\\s)[\\s>]?");
  const std::string_view head = bytes.substr(0, std::min<std::size_t>(bytes.size(), 4096));
  const re2::StringPiece piece = re2_view(head);
  if (re2::RE2::PartialMatch(piece, feed)) return Form::feed;
  return re2::RE2::PartialMatch(piece, page) ? Form::page : Form::neither;
}

}  // namespace

Result<NewsReading> read_news(std::string_view bytes, std::string_view page_url) {
  Result<std::vector<NewsItem>> items =
      fail(ErrorCode::malformed, "the bytes are neither RSS nor Atom nor an HTML page", "news");
  switch (form_of(bytes)) {
    case Form::feed:
      items = read_news_feed(bytes);
      break;
    case Form::page:
      items = read_news_page(bytes, page_url);
      break;
    case Form::neither:
      break;
  }
  if (!items) return tl::unexpected(items.error());
  return collect_news(*items, page_url);
}

}  // namespace entitywatch::parsers
