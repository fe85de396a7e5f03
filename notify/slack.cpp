// Slack, Block Kit: at most 50 blocks, 3,000 characters a section, 150 in the header.
#include "core/text.hpp"
#include "notify/chat_channel.hpp"
#include "notify/compact.hpp"
#include "notify/escape.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::size_t section_limit = 2'900;  // of 3,000
constexpr std::size_t most_item_sections = 12;
constexpr CompactLimits limits{section_limit * most_item_sections, 25, 8};

// Only & matters inside an address that safe_url let through; look-alikes would break it.
std::string link(std::string_view url, std::string_view label) {
  std::string escaped;
  for (const char c : url) escaped += c == '&' ? std::string("&amp;") : std::string(1, c);
  return "<" + escaped + "|" + (label == url ? escaped : std::string(label)) + ">";
}

const Markup markup{escape_mrkdwn, "*", link};

// Verbatim: nothing in the text is turned into links, channels or mentions.
Json section(const std::string& text) {
  return {{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", text}, {"verbatim", true}}}};
}

// Lines gathered into as few sections as hold them; a line is never parted.
void add_sections(Json& blocks, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty() && characters(text) + characters(line) + 1 > section_limit) {
      blocks.push_back(section(text));
      text.clear();
    }
    text += (text.empty() ? "" : "\n") + line;
  }
  if (!text.empty()) blocks.push_back(section(text));
}

Json slack_message(const Summary& summary) {
  Json blocks = Json::array();
  blocks.push_back(
      {{"type", "header"},
       {"text", {{"type", "plain_text"}, {"text", shorten(summary.headline, 150)}, {"emoji", false}}}});
  if (!summary.lead.empty()) blocks.push_back(section(escape_mrkdwn(shorten(summary.lead, 600))));
  add_sections(blocks, watchlist_lines(summary, markup, 10));
  add_sections(blocks, warning_lines(summary, markup));
  std::vector<std::string> body;
  for (const std::string& line : text::collapse_lines(summary.body))
    body.push_back(escape_mrkdwn(shorten(line, 1'400)));
  add_sections(blocks, body);
  add_sections(blocks, fact_lines(summary, markup));
  const PackedItems items = pack_items(summary, markup, limits.total, limits);
  if (!items.shown.empty()) blocks.push_back({{"type", "divider"}});
  add_sections(blocks, items.shown);
  if (const std::string closing = closing_line(summary, markup, items.left); !closing.empty())
    blocks.push_back(section(closing));
  blocks.push_back({{"type", "context"},
                    {"elements", Json::array({{{"type", "mrkdwn"},
                                               {"text", escape_mrkdwn(shorten(summary.footer, 1'000))},
                                               {"verbatim", true}}})}});
  return {{"text", escape_mrkdwn(shorten(summary.subject, 600))},
          {"blocks", std::move(blocks)},
          {"unfurl_links", false},
          {"unfurl_media", false}};
}

}  // namespace

MadeChannel make_slack(const ChannelConfig& config, const Transports& transports,
                       const DeliveryOptions& options) {
  return make_chat(config, transports, options, slack_message);
}

}  // namespace entitywatch::notify
