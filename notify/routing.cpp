#include "notify/routing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "notify/digest.hpp"
#include "notify/name_match.hpp"

namespace entitywatch::notify {
namespace {

template <class T>
bool contains(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

std::vector<const Listing*> listings_of(const Change& change) {
  std::vector<const Listing*> out;
  if (change.entry) out.push_back(&change.entry->listing);
  if (change.before) out.push_back(&change.before->listing);
  return out;
}

bool wants_list(const Subscription& s, const Change& change, const Document* document) {
  if (s.lists.empty()) return true;
  if (change.list) return contains(s.lists, *change.list);
  const auto topic = document == nullptr ? std::nullopt : parse_list(document->topic);
  return topic && contains(s.lists, *topic);
}

// A country that is printed and could not be placed is somebody's country: it is rather shown to all.
bool wants_country(const Subscription& s, const Change& change) {
  if (s.countries.empty()) return true;
  for (const Listing* listing : listings_of(change)) {
    if (listing->country_code.empty() && !listing->country.empty()) return true;
    for (const std::string& country : s.countries)
      if (!listing->country_code.empty() && text::equals_ignoring_case(country, listing->country_code))
        return true;
  }
  return false;
}

bool wants_topic(const Subscription& s, const Change& change, const Document* document) {
  if (s.topics.empty()) return true;
  if (document != nullptr && contains(s.topics, document->topic)) return true;
  return change.list && contains(s.topics, std::string(to_string(*change.list)));
}

bool wants_document(const Subscription& s, const Change& change) {
  if (s.documents.empty()) return true;
  if (!change.document) return false;
  return std::any_of(s.documents.begin(), s.documents.end(),
                     [&](const std::string& pattern) { return glob(pattern, change.document->number); });
}

bool wants_name(const Subscription& s, const Change& change) {
  if (s.match.empty()) return true;
  const NamePatterns patterns(s.match);
  for (const Listing* listing : listings_of(change)) {
    if (patterns.matches(listing->name)) return true;
    for (const auto* names : {&listing->aliases, &listing->former_names})
      for (const std::string& name : *names)
        if (patterns.matches(name)) return true;
  }
  return listings_of(change).empty() && change.document && patterns.matches(change.document->title);
}

// The first reason not to send; nullopt: it is wanted, but for the watchlist.
std::optional<std::string> refusal(const Subscription& s, const Change& change, const Document* document) {
  if (change.kind == ChangeKind::editorial) return "editorial changes are never sent";
  if (!contains(s.kinds, change.kind))
    return fmt::format("kind '{}' is not subscribed to", to_string(change.kind));
  if (!wants_list(s, change, document))
    return fmt::format("list '{}' is not subscribed to", change.list ? to_string(*change.list) : "none");
  if (!wants_country(s, change)) return "its country is not subscribed to";
  if (!wants_topic(s, change, document)) return "the topic of its document is not subscribed to";
  if (!wants_document(s, change)) return "its document is not subscribed to";
  if (!wants_name(s, change)) return "no name or alias matches the words subscribed to";
  return std::nullopt;
}

bool watches(const Subscription& s, const WatchlistMatcher* watchlists) {
  return !s.watchlist.empty() && watchlists != nullptr;
}

const Document* document_of(const std::vector<Document>& documents, const Change& change) {
  if (!change.document) return nullptr;
  for (const Document& document : documents)
    if (document.number == change.document->number) return &document;
  return nullptr;
}

struct Picked {
  const Change* change = nullptr;
  std::vector<WatchlistMatch> matches;
};

// What belongs into one alert: one document, or one snapshot where there is none.
struct Bundle {
  std::string key;
  std::string document;
  std::string source;
  bool is_update = false;
  std::vector<Picked> picked;
};

std::string bundle_key(const Change& change) {
  if (change.document && !change.document->number.empty()) return "document " + change.document->number;
  return "snapshot " + change.source + " " + change.evidence.sha256;
}

void bundle(std::vector<Bundle>& bundles, const RoutingInput& input, const Subscription& s,
            const std::vector<Change>& changes, bool is_update) {
  for (const Change& change : changes) {
    const Document* document = document_of(input.documents, change);
    if (refusal(s, change, document)) continue;
    Picked picked{&change, {}};
    if (watches(s, input.watchlists)) {
      picked.matches = input.watchlists->match(s, change);
      if (picked.matches.empty()) continue;
    }
    const std::string key = bundle_key(change);
    const auto same = std::find_if(bundles.begin(), bundles.end(),
                                   [&](const Bundle& b) { return b.key == key && b.is_update == is_update; });
    Bundle& into = same != bundles.end() ? *same : bundles.emplace_back();
    if (into.picked.empty()) {
      into.key = key;
      into.document = change.document ? change.document->number : std::string();
      into.source = is_update && !change.sightings.empty() ? change.sightings.back().source : change.source;
      into.is_update = is_update;
    }
    into.picked.push_back(std::move(picked));
  }
}

// The same changes in the same state always name the same alert; a later state of them is another one.
std::string discriminator(const Bundle& bundle) {
  std::string out;
  for (const Picked& picked : bundle.picked) {
    out += picked.change->id;
    if (bundle.is_update) out += "@" + std::to_string(picked.change->revision);
    out += ';';
  }
  return out;
}

void add_to(Alert& alert, const Bundle& bundle) {
  for (const Picked& picked : bundle.picked) {
    if (contains(alert.change_ids, picked.change->id)) continue;
    alert.change_ids.push_back(picked.change->id);
    alert.matches.insert(alert.matches.end(), picked.matches.begin(), picked.matches.end());
  }
}

void add_deliveries(Routed& out, const Alert& alert, const std::vector<std::string>& channels,
                    const std::string& order_key) {
  for (const std::string& channel : channels) {
    Delivery delivery;
    delivery.id = delivery_id(alert.id, channel);
    delivery.alert_id = alert.id;
    delivery.channel = channel;
    delivery.subscription = alert.subscription;
    delivery.order_key = order_key;
    delivery.created_at = alert.created_at;
    delivery.next_attempt_at = alert.not_before;
    out.deliveries.push_back(std::move(delivery));
  }
}

std::vector<std::string> channels_of(const Subscription& s, const std::vector<std::string>& enabled) {
  if (s.channels.empty()) return enabled;
  std::vector<std::string> out;
  for (const std::string& channel : s.channels)
    if (contains(enabled, channel) && !contains(out, channel)) out.push_back(channel);
  return out;
}

void route_at_once(Routed& out, const RoutingInput& input, const Subscription& s, const Bundle& bundle) {
  Alert alert;
  alert.id = stable_id({bundle.is_update ? "update" : "alert", s.name, bundle.key, discriminator(bundle)});
  alert.subscription = s.name;
  alert.document = bundle.document;
  alert.source = bundle.source;
  alert.created_at = alert.not_before = input.now;
  alert.is_update = bundle.is_update;
  add_to(alert, bundle);
  std::string order_key = bundle.document.empty() ? bundle.source : bundle.document;
  const auto quiet =
      s.quiet_hours.empty() ? Result<QuietHours>(tl::unexpected(Error{})) : parse_quiet_hours(s.quiet_hours);
  const bool overrides = s.quiet_override && !alert.matches.empty();
  if (const auto until = quiet && !overrides ? quiet_until(*quiet, input.now) : std::nullopt) {
    alert.not_before = *until;
    // What overrides the quiet hours later does not wait behind this.
    order_key = "quiet " + s.name + " " + order_key;
  }
  add_deliveries(out, alert, channels_of(s, input.channels), order_key);
  out.alerts.push_back(std::move(alert));
}

std::string digest_id(const Subscription& s, Time end) {
  return stable_id({"digest", s.name, s.digest, format_time(end)});
}

void route_digest(Routed& out, const RoutingInput& input, const Subscription& s, const Digest& digest,
                  const std::vector<Bundle>& bundles, const std::vector<Alert>& open) {
  const Time end = window_end(digest, input.now);
  Alert alert;
  alert.id = digest_id(s, end);
  const auto known = std::find_if(open.begin(), open.end(), [&](const Alert& a) { return a.id == alert.id; });
  const bool fresh = known == open.end();
  if (fresh) {
    alert.subscription = s.name;
    alert.source = bundles.front().source;
    alert.created_at = input.now;
    alert.not_before = end;
    alert.is_update = true;
  } else {
    alert = *known;
  }
  for (const Bundle& bundle : bundles) {
    add_to(alert, bundle);
    alert.is_update = alert.is_update && bundle.is_update;
    if (alert.source != bundle.source) alert.source.clear();
  }
  if (fresh) add_deliveries(out, alert, channels_of(s, input.channels), "digest " + s.name);
  out.alerts.push_back(std::move(alert));
}

void route_subscription(Routed& out, const RoutingInput& input, const Subscription& s,
                        const std::vector<Alert>& open) {
  std::vector<Bundle> bundles;
  bundle(bundles, input, s, input.new_changes, false);
  bundle(bundles, input, s, input.completed_changes, true);
  if (bundles.empty() || channels_of(s, input.channels).empty()) return;
  // The configuration reader has checked it; what came another way is sent at once rather than lost.
  const Digest digest = parse_digest(s.digest).value_or(Digest{});
  if (digest.kind != Digest::Kind::immediate) return route_digest(out, input, s, digest, bundles, open);
  for (const Bundle& each : bundles) route_at_once(out, input, s, each);
}

}  // namespace

std::optional<std::string> digest_alert_id(const Subscription& subscription, Time now) {
  const Digest digest = parse_digest(subscription.digest).value_or(Digest{});
  if (digest.kind == Digest::Kind::immediate) return std::nullopt;
  return digest_id(subscription, window_end(digest, now));
}

std::string delivery_id(const std::string& alert_id, const std::string& channel) {
  return stable_id({"delivery", alert_id, channel});
}

Subscription implicit_subscription() { return {}; }

bool wants(const Subscription& subscription, const Change& change, const Document* document,
           const WatchlistMatcher* watchlists) {
  if (refusal(subscription, change, document)) return false;
  return !watches(subscription, watchlists) || !watchlists->match(subscription, change).empty();
}

std::string explain(const Subscription& subscription, const Change& change, const Document* document,
                    const WatchlistMatcher* watchlists) {
  if (const auto reason = refusal(subscription, change, document)) return "not sent: " + *reason;
  if (!watches(subscription, watchlists)) return "sent: it meets every condition";
  const std::vector<WatchlistMatch> matches = watchlists->match(subscription, change);
  if (matches.empty()) return "not sent: nothing on the watchlist matches";
  return fmt::format("sent: “{}” on the watchlist matches “{}” with {:.2f}", matches[0].counterparty,
                     matches[0].matched_name, matches[0].score);
}

Routed route(const RoutingInput& input, const std::vector<Alert>& open_digests) {
  Routed out;
  if (input.subscriptions.empty()) {
    route_subscription(out, input, implicit_subscription(), open_digests);
    return out;
  }
  for (const Subscription& s : input.subscriptions) route_subscription(out, input, s, open_digests);
  return out;
}

Routed route_operator_notice(const std::vector<std::string>& channels, const std::string& subject,
                             const std::string& text, const std::string& source, const std::string& dedup_key,
                             Time now) {
  Routed out;
  if (channels.empty()) return out;
  Alert alert;
  alert.id = stable_id({"operator", source, dedup_key});
  alert.kind = Alert::Kind::operator_notice;
  alert.source = source;
  alert.created_at = alert.not_before = now;
  alert.subject = subject;
  alert.text = text;
  add_deliveries(out, alert, channels, "operators " + source);
  out.alerts.push_back(std::move(alert));
  return out;
}

}  // namespace entitywatch::notify
