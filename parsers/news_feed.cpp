#include "core/text.hpp"
#include "parsers/news_item.hpp"
#include "parsers/xml_sax.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::size_t most_bytes = 32u << 20;
constexpr std::size_t most_items = 10'000;
constexpr std::size_t longest_field = 64u << 10;

// RSS: rss > channel > item, RDF > item; Atom: feed > entry.
class FeedHandler final : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override {
    ++depth_;
    if (depth_ == 1) is_feed_ = name == "rss" || name == "feed" || name == "RDF";
    if (item_depth_ == 0 && (name == "item" || name == "entry") && depth_ <= 3) {
      item_depth_ = depth_;
      item_ = {};
    } else if (item_depth_ != 0 && depth_ == item_depth_ + 1) {
      field_ = std::string(name);
      value_.clear();
      if (name == "link") take_atom_link(attributes);
    }
  }

  void end(std::string_view name) override {
    if (item_depth_ != 0 && depth_ == item_depth_ + 1 && field_ == name) {
      take_field();
      field_.clear();
    } else if (item_depth_ != 0 && depth_ == item_depth_) {
      if (items_.size() < most_items) items_.push_back(std::move(item_));
      item_depth_ = 0;
    }
    --depth_;
  }

  void text(std::string_view characters) override {
    if (!field_.empty() && value_.size() < longest_field) value_ += characters;
  }

  [[nodiscard]] bool is_feed() const { return is_feed_; }
  [[nodiscard]] std::vector<NewsItem> take() { return std::move(items_); }

 private:
  void take_atom_link(const XmlAttributes& attributes) {
    const std::string_view relation = attributes.get("rel");
    const std::string_view address = attributes.get("href");
    if (!address.empty() && (relation.empty() || relation == "alternate")) item_.link = std::string(address);
  }

  void take_field() {
    const std::string words = text::trim(value_);
    if (words.empty()) return;
    if (field_ == "title" && item_.title.empty()) item_.title = words;
    if (field_ == "link" && item_.link.empty()) item_.link = words;
    // An identifier that is an address stands in for a missing link.
    if ((field_ == "guid" || field_ == "id") && words.starts_with("http") && item_.link.empty())
      item_.link = words;
    if (field_ == "pubDate" || field_ == "published" || (field_ == "date" && item_.date.empty()))
      item_.date = words;
    if (field_ == "updated" && item_.date.empty()) item_.date = words;
    if ((field_ == "description" || field_ == "summary") && item_.summary.empty()) item_.summary = words;
  }

  std::vector<NewsItem> items_;
  NewsItem item_;
  std::string field_;
  std::string value_;
  std::size_t depth_ = 0;
  std::size_t item_depth_ = 0;
  bool is_feed_ = false;
};

}  // namespace

Result<std::vector<NewsItem>> read_news_feed(std::string_view xml) {
  FeedHandler handler;
  const auto parsed = parse_xml(xml, handler, {.max_bytes = most_bytes, .max_depth = 64});
  if (!parsed) return tl::unexpected(parsed.error());
  if (!handler.is_feed()) return fail(ErrorCode::malformed, "the XML is no RSS or Atom feed", "news");
  return handler.take();
}

}  // namespace entitywatch::parsers
