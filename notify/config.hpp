// What the configuration says about channels, subscriptions and delivery: plain values, checked by the
// configuration reader before they come here.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/change.hpp"
#include "core/lists.hpp"

namespace entitywatch::notify {

struct ChannelConfig {
  std::string name;
  std::string type;  // one of channel_types()
  std::string url;   // webhook and chat: where to post. A secret for chat channels: never logged or shown
  std::vector<std::string> secrets;  // webhook: whsec_…, several while one rotates; newest first
  bool allow_private_network = false;
  std::string ca_file;  // empty: the system's
  // email
  std::string smtp;  // smtp://host:port, smtps://host:port
  std::string from;
  std::vector<std::string> to;
  std::string username;
  std::string password;
  std::string tls;  // "" (as the scheme says) or "none"
  // command, file
  std::vector<std::string> command;
  std::string path;
  bool operator==(const ChannelConfig&) const = default;
};

struct Subscription {
  std::string name;
  std::vector<std::string> channels;  // empty: every channel
  std::vector<ListId> lists;          // empty: all
  // Default: added, removed, revised, corrected, withdrawn.
  std::vector<ChangeKind> kinds = {ChangeKind::added, ChangeKind::removed, ChangeKind::revised,
                                   ChangeKind::corrected, ChangeKind::withdrawn};
  std::vector<std::string> countries;  // ISO codes; empty: all
  std::vector<std::string> topics;     // document topics; empty: all
  std::vector<std::string> match;      // words or globs against names and aliases; empty: all
  std::string watchlist;               // path of a CSV; empty: none
  std::string digest = "immediate";    // immediate, hourly, "daily 08:00 ZONE", "weekly mon 08:00 ZONE"
  bool from_file = true;               // false: made at run time
  std::vector<std::string> documents;  // document numbers, or globs over them; empty: all
  // "22:00-07:00 ZONE": an immediate alert that falls inside waits for its end; empty: never. Digests
  // keep their own hours.
  std::string quiet_hours;
  bool quiet_override = true;  // what matches the watchlist is sent all the same
  bool operator==(const Subscription&) const = default;
};

struct DeliveryOptions {
  std::chrono::milliseconds first_retry{5'000};
  std::chrono::milliseconds max_retry{std::chrono::hours{24}};
  std::chrono::milliseconds give_up{std::chrono::hours{24 * 5}};
  std::chrono::milliseconds timeout{20'000};
  // Deliveries of one channel in flight at once, at most one an order key. Each channel has its own, so
  // that a slow one takes nothing from the others; chat channels and files use fewer.
  std::size_t parallel = 16;
  // Failed tries in a row, each begun after the one before had failed: after so many operators are told;
  // after so many more the channel rests between single tries.
  std::size_t trouble_after = 3;
  std::size_t rest_after = 8;
  bool operator==(const DeliveryOptions&) const = default;
};

}  // namespace entitywatch::notify
