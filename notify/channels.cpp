#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "notify/kinds.hpp"

namespace entitywatch::notify {
namespace {

struct ChannelKind {
  std::string_view type;
  MadeChannel (*make)(const ChannelConfig& config, const Transports& transports,
                      const DeliveryOptions& options);
};

constexpr std::array kinds{
    ChannelKind{"webhook", make_webhook},
    ChannelKind{"slack", make_slack},
    ChannelKind{"teams", make_teams},
    ChannelKind{"discord", make_discord},
    ChannelKind{"mattermost", make_mattermost},
    ChannelKind{"googlechat", make_google_chat},
    ChannelKind{"email", make_email},
    ChannelKind{"command", make_command},
    ChannelKind{"file", make_file},
};

constexpr auto types = [] {
  std::array<std::string_view, kinds.size()> out{};
  for (std::size_t i = 0; i < kinds.size(); ++i) out[i] = kinds[i].type;
  return out;
}();

}  // namespace

std::span<const std::string_view> channel_types() { return types; }

tl::unexpected<Error> bad_key(const ChannelConfig& config, std::string_view key, std::string_view problem) {
  return fail(ErrorCode::invalid_config, fmt::format("channel '{}': {}: {}", config.name, key, problem));
}

Result<void> check_url(const ChannelConfig& config) {
  if (config.url.empty()) return bad_key(config, "url", "give the address to post to, as url or url_file");
  const bool web = text::starts_with_ignoring_case(config.url, "https://") ||
                   text::starts_with_ignoring_case(config.url, "http://");
  const bool printable =
      std::all_of(config.url.begin(), config.url.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!web || !printable)
    return bad_key(config, "url",
                   "an address beginning with https:// (or http://), without spaces, is needed");
  return {};
}

Result<std::unique_ptr<Channel>> make_channel(const ChannelConfig& config, const Transports& transports,
                                              const DeliveryOptions& options) {
  for (const ChannelKind& kind : kinds)
    if (kind.type == config.type) return kind.make(config, transports, options);
  return bad_key(config, "type", fmt::format("'{}' is none of {}", config.type, fmt::join(types, ", ")));
}

}  // namespace entitywatch::notify
