// Google Chat: one text message, at most 4,096 characters.
#include "notify/chat_channel.hpp"
#include "notify/compact.hpp"
#include "notify/escape.hpp"

namespace entitywatch::notify {
namespace {

constexpr CompactLimits limits{3'900, 25, 6};

std::string link(std::string_view url, std::string_view label) {
  if (label == url) return std::string(url);
  return "<" + std::string(url) + "|" + std::string(label) + ">";
}

const Markup markup{escape_google_chat, "*", link};

Json google_chat_message(const Summary& summary) {
  return {{"text", compact_text(summary, markup, Headline::in_text, limits)}};
}

}  // namespace

MadeChannel make_google_chat(const ChannelConfig& config, const Transports& transports,
                             const DeliveryOptions& options) {
  return make_chat(config, transports, options, google_chat_message);
}

}  // namespace entitywatch::notify
