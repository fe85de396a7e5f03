// Mattermost: one post of Markdown, at most 4,000 characters.
#include "notify/chat_channel.hpp"
#include "notify/compact.hpp"
#include "notify/escape.hpp"

namespace entitywatch::notify {
namespace {

constexpr CompactLimits limits{3'900, 25, 6};

std::string link(std::string_view url, std::string_view label) {
  if (label == url) return "<" + std::string(url) + ">";
  return "[" + std::string(label) + "](" + std::string(url) + ")";
}

const Markup markup{escape_markdown, "**", link};

Json mattermost_message(const Summary& summary) {
  return {{"text", compact_text(summary, markup, Headline::in_text, limits)},
          {"username", "entitywatch"},
          {"props", {{"disable_group_highlight", true}}}};
}

}  // namespace

MadeChannel make_mattermost(const ChannelConfig& config, const Transports& transports,
                            const DeliveryOptions& options) {
  return make_chat(config, transports, options, mattermost_message);
}

}  // namespace entitywatch::notify
