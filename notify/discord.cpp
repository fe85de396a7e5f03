// Discord: 2,000 characters of content, one embed of 256 in the title and 4,096 in the description, 6,000
// in all; nobody is mentioned, whatever the text says.
#include "notify/chat_channel.hpp"
#include "notify/compact.hpp"
#include "notify/escape.hpp"

namespace entitywatch::notify {
namespace {

constexpr CompactLimits limits{4'000, 25, 6};
constexpr int alarm = 0xC0392B;
constexpr int care = 0xD9A400;
constexpr int calm = 0x2C5F8A;

// In angle brackets, so that no preview is shown; a bare address needs no label.
std::string link(std::string_view url, std::string_view label) {
  if (label == url) return "<" + std::string(url) + ">";
  return "[" + std::string(label) + "](<" + std::string(url) + ">)";
}

const Markup markup{escape_markdown, "**", link};

Json discord_message(const Summary& summary) {
  Json embed{{"title", shorten(escape_markdown(shorten(summary.headline, 200)), 250)},
             {"description", compact_text(summary, markup, Headline::elsewhere, limits)},
             {"color", !summary.watchlist.empty()  ? alarm
                       : !summary.warnings.empty() ? care
                                                   : calm}};
  const std::string url = !summary.read_url.empty() ? summary.read_url : summary.local_url;
  if (!url.empty()) embed["url"] = url;
  return {{"content", shorten(escape_markdown(shorten(summary.subject, 500)), 1'000)},
          {"embeds", Json::array({std::move(embed)})},
          {"allowed_mentions", {{"parse", Json::array()}}}};
}

}  // namespace

MadeChannel make_discord(const ChannelConfig& config, const Transports& transports,
                         const DeliveryOptions& options) {
  return make_chat(config, transports, options, discord_message);
}

}  // namespace entitywatch::notify
