#include <libxml/HTMLparser.h>
#include <libxml/tree.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "core/text.hpp"
#include "parsers/news_item.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::size_t most_bytes = 8u << 20;
constexpr std::size_t most_items = 1000;
constexpr std::size_t shortest_title = 15;
// How far around a link its date and heading are looked for.
constexpr int most_levels = 6;
constexpr std::size_t most_nodes = 400;

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using HtmlDocument = std::unique_ptr<xmlDoc, FreeDocument>;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

bool is_element(const xmlNode* node, std::string_view name) {
  return node->type == XML_ELEMENT_NODE && view(node->name) == name;
}

std::string attribute(const xmlNode* node, std::string_view name) {
  for (const xmlAttr* a = node->properties; a != nullptr; a = a->next)
    if (view(a->name) == name && a->children != nullptr) return std::string(view(a->children->content));
  return {};
}

// The next node in document order within `root`; `skip`: leave the node's children out.
const xmlNode* next_node(const xmlNode* node, const xmlNode* root, bool skip = false) {
  if (!skip && node->type == XML_ELEMENT_NODE && node->children != nullptr) return node->children;
  while (node != nullptr && node != root) {
    if (node->next != nullptr) return node->next;
    node = node->parent;
  }
  return nullptr;
}

bool is_hidden(const xmlNode* node) {
  return is_element(node, "script") || is_element(node, "style") || is_element(node, "template");
}

std::string words_of(const xmlNode* root) {
  std::string out;
  std::size_t nodes = 0;
  for (const xmlNode* n = root; n != nullptr && nodes < most_nodes;
       n = next_node(n, root, is_hidden(n)), ++nodes)
    if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
      out += std::string(view(n->content)) + ' ';
  return text::collapse(text::sanitize(out));
}

// Menus and footers link to news pages, they do not list news.
bool is_frame(const xmlNode* node) {
  return is_element(node, "nav") || is_element(node, "footer") || is_element(node, "aside") ||
         is_hidden(node);
}

bool is_news_path(std::string_view url) {
  static const re2::RE2 path(
      "(?i)^https?://[^/]+/(?:[^?#]*/)?(?:press-releases?|news[a-z-]*|node|speech(?:es)?|testimony|media)/[^/"
      "?#]+|"
      "^https?://[^/]+/\\d{1,3}-fr-\\d+");
  return re2::RE2::PartialMatch(re2_view(url), path);
}

bool is_more(std::string_view words) {
  const std::string fold = text::fold_words(words);
  return fold.starts_with("read more") || fold.starts_with("learn more") || fold.starts_with("view") ||
         fold.starts_with("full") || fold == "more" || fold.empty();
}

struct Link {
  const xmlNode* node = nullptr;
  std::string url;
  std::string words;
};

std::vector<Link> find_links(const xmlNode* root, std::string_view page_url) {
  std::vector<Link> out;
  const std::string own = link_key(page_url);
  for (const xmlNode* n = root; n != nullptr && out.size() < 20 * most_items;
       n = next_node(n, root, is_frame(n))) {
    if (is_frame(n) || !is_element(n, "a")) continue;
    const std::string url = resolve_link(attribute(n, "href"), page_url);
    if (!url.empty() && link_key(url) != own) out.push_back({n, url, words_of(n)});
  }
  return out;
}

// What stands around a link: within the largest element around it that holds no other news.
struct Surroundings {
  std::string date;
  std::string heading;
  std::string summary;
};

bool holds_other_news(const xmlNode* around, const std::map<const xmlNode*, std::string>& links,
                      const std::string& own) {
  std::size_t nodes = 0;
  for (const xmlNode* n = around; n != nullptr && nodes < most_nodes; n = next_node(n, around), ++nodes)
    if (const auto link = links.find(n); link != links.end() && link->second != own) return true;
  return nodes >= most_nodes;
}

bool is_heading(const xmlNode* node) {
  const std::string_view name = view(node->name);
  return node->type == XML_ELEMENT_NODE && name.size() == 2 && name[0] == 'h' && name[1] >= '1' &&
         name[1] <= '6';
}

Surroundings look_around(const Link& link, const std::map<const xmlNode*, std::string>& links) {
  const xmlNode* around = link.node;
  for (int level = 0;
       level < most_levels && around->parent != nullptr && around->parent->type == XML_ELEMENT_NODE;
       ++level) {
    if (holds_other_news(around->parent, links, link_key(link.url))) break;
    around = around->parent;
  }
  Surroundings out;
  std::size_t nodes = 0;
  for (const xmlNode* n = around; n != nullptr && nodes < most_nodes;
       n = next_node(n, around, is_hidden(n)), ++nodes) {
    if (out.date.empty() && is_element(n, "time")) {
      out.date = attribute(n, "datetime");
      if (out.date.empty()) out.date = words_of(n);
    }
    if (out.heading.empty() && is_heading(n)) out.heading = words_of(n);
    if (out.summary.empty() && is_element(n, "p") && words_of(n).size() > 60) out.summary = words_of(n);
  }
  if (out.date.empty()) out.date = find_printed_date(words_of(around));
  return out;
}

NewsItem item_of(const Link& link, const std::map<const xmlNode*, std::string>& links) {
  Surroundings around = look_around(link, links);
  NewsItem item;
  item.link = link.url;
  item.title = is_more(link.words) || link.words.size() < shortest_title ? around.heading : link.words;
  item.date = std::move(around.date);
  item.summary = std::move(around.summary);
  return item;
}

// The same news may be linked by its picture, its title and "Read more".
void merge(NewsItem& into, NewsItem from) {
  if (into.title.size() < from.title.size()) into.title = std::move(from.title);
  if (into.date.empty()) into.date = std::move(from.date);
  if (into.summary.empty()) into.summary = std::move(from.summary);
}

HtmlDocument parse(std::string_view html) {
  const int options =
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT;
  return HtmlDocument(htmlReadMemory(html.data(), static_cast<int>(html.size()), nullptr, "utf-8", options));
}

}  // namespace

Result<std::vector<NewsItem>> read_news_page(std::string_view html, std::string_view page_url) {
  if (html.size() > most_bytes)
    return fail(ErrorCode::too_large, "the page of news has more than 8 MB", "news");
  const HtmlDocument document = parse(html);
  const xmlNode* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  if (root == nullptr) return fail(ErrorCode::malformed, "the bytes are no HTML page", "news");
  const std::vector<Link> links = find_links(root, page_url);
  std::map<const xmlNode*, std::string> news;
  for (const Link& link : links)
    if (is_news_path(link.url)) news.emplace(link.node, link_key(link.url));
  std::vector<NewsItem> items;
  std::map<std::string, std::size_t> by_link;
  for (const Link& link : links) {
    if (!news.contains(link.node) || items.size() >= most_items) continue;
    NewsItem item = item_of(link, news);
    const auto [known, is_new] = by_link.emplace(link_key(link.url), items.size());
    if (is_new)
      items.push_back(std::move(item));
    else
      merge(items[known->second], std::move(item));
  }
  // A link without a title of its own leads to a section, not to an item.
  std::erase_if(items, [](const NewsItem& i) { return i.title.size() < shortest_title; });
  if (items.empty())
    return fail(
        ErrorCode::implausible,
        "the page lists no news: its layout has changed, or it is another page; look at it and report it",
        "news");
  return items;
}

}  // namespace entitywatch::parsers
