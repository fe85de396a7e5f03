// Which changes go to which subscription, grouped: one document (or one snapshot) is one alert a
// subscription. Pure: the same input gives the same alerts with the same ids.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/alert.hpp"
#include "core/change.hpp"
#include "core/document.hpp"
#include "notify/config.hpp"

namespace entitywatch::notify {

// Implemented over the screening index (daemon) or by equal names (notify/watchlist.hpp).
class WatchlistMatcher {
 public:
  virtual ~WatchlistMatcher() = default;
  [[nodiscard]] virtual std::vector<WatchlistMatch> match(const Subscription& subscription,
                                                          const Change& change) const = 0;
};

struct RoutingInput {
  const std::vector<Subscription>&
      subscriptions;                         // empty: one implicit subscription, everything to every channel
  const std::vector<std::string>& channels;  // names of the enabled channels, in configured order
  const std::vector<Change>& new_changes;
  // Changes that a later source completed with something a reader must know (see Sighting "completes").
  const std::vector<Change>& completed_changes;
  const std::vector<Document>& documents;  // those the changes refer to, for topics
  Time now{};
  // Null: no watchlist can be judged, and a subscription with one gets whatever else it asks for: rather
  // one alert too many than one lost.
  const WatchlistMatcher* watchlists = nullptr;
};

struct Routed {
  std::vector<Alert> alerts;
  std::vector<Delivery> deliveries;
};

// Editorial changes and baselines are never routed. Digest alerts carry the id of their window, so that
// later changes of the same window extend the alert; `open_digests` are the stored alerts of windows not
// yet due, which are returned extended.
[[nodiscard]] Routed route(const RoutingInput& input, const std::vector<Alert>& open_digests = {});

// The alert that gathers a subscription's changes at `now`; nullopt where they are sent at once.
[[nodiscard]] std::optional<std::string> digest_alert_id(const Subscription& subscription, Time now);
[[nodiscard]] std::string delivery_id(const std::string& alert_id, const std::string& channel);

// What a configuration without subscriptions means: everything of the default kinds, to every channel.
[[nodiscard]] Subscription implicit_subscription();

// Why an alert was or was not raised, for `subscriptions try` and the dry run: one sentence.
[[nodiscard]] std::string explain(const Subscription& subscription, const Change& change,
                                  const Document* document, const WatchlistMatcher* watchlists);

// An operators' notice: to the channels named in [operators].
[[nodiscard]] Routed route_operator_notice(const std::vector<std::string>& channels,
                                           const std::string& subject, const std::string& text,
                                           const std::string& source, const std::string& dedup_key, Time now);

// Whether the subscription wants this change (routing and dry runs).
[[nodiscard]] bool wants(const Subscription& subscription, const Change& change, const Document* document,
                         const WatchlistMatcher* watchlists);

}  // namespace entitywatch::notify
