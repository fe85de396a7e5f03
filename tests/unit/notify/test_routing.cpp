#include <catch2/catch_test_macros.hpp>
#include <set>

#include "notify/routing.hpp"
#include "notify/watchlist.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

namespace {

const std::vector<std::string> channels{"grc", "mail"};
const Time now = samples::at("2026-03-04T10:11:12Z");

struct Input {
  std::vector<Subscription> subscriptions;
  std::vector<Change> changes;
  std::vector<Change> completed;
  std::vector<Document> documents;
  const WatchlistMatcher* watchlists = nullptr;
  Time at = now;
  [[nodiscard]] Routed routed(const std::vector<Alert>& open = {}) const {
    return route({subscriptions, channels, changes, completed, documents, at, watchlists}, open);
  }
};

Subscription named(const std::string& name) {
  Subscription out;
  out.name = name;
  return out;
}

Change made(ChangeKind kind, std::size_t number = 1) {
  return samples::change(kind, samples::chinese_party(number), samples::rule());
}

bool wanted(const Subscription& s, const Change& change, const Document* document = nullptr) {
  return wants(s, change, document, nullptr);
}

}  // namespace

TEST_CASE("without subscriptions everything of the default kinds goes to every channel") {
  Input input;
  input.changes = {made(ChangeKind::added, 1), made(ChangeKind::removed, 2)};
  const Routed routed = input.routed();
  REQUIRE(routed.alerts.size() == 1);
  CHECK(routed.alerts[0].subscription.empty());
  CHECK(routed.alerts[0].change_ids == std::vector<std::string>{input.changes[0].id, input.changes[1].id});
  CHECK(routed.alerts[0].document == "2019-22210");
  REQUIRE(routed.deliveries.size() == 2);
  CHECK(routed.deliveries[0].channel == "grc");
  CHECK(routed.deliveries[0].order_key == "2019-22210");
  CHECK(routed.deliveries[0].next_attempt_at == now);
  CHECK(routed.deliveries[0].id != routed.deliveries[1].id);
}

TEST_CASE("default kinds, and kinds that are asked for") {
  const Subscription s = named("s");
  for (const ChangeKind kind : {ChangeKind::added, ChangeKind::removed, ChangeKind::revised,
                                ChangeKind::corrected, ChangeKind::withdrawn})
    CHECK(wanted(s, made(kind)));
  for (const ChangeKind kind : {ChangeKind::editorial, ChangeKind::document, ChangeKind::discrepancy})
    CHECK_FALSE(wanted(s, made(kind)));
  Subscription all = s;
  all.kinds = {ChangeKind::document, ChangeKind::editorial};
  CHECK(wanted(all, made(ChangeKind::document)));
  CHECK_FALSE(wanted(all, made(ChangeKind::editorial)));  // never
  CHECK_FALSE(wanted(all, made(ChangeKind::added)));
}

TEST_CASE("lists, countries, topics, documents and words") {
  const Change change = made(ChangeKind::added);
  const Document document = samples::rule();
  Subscription s = named("s");
  const auto accepts = [&] { return wanted(s, change, &document); };
  SECTION("lists") {
    s.lists = {ListId::entity_list};
    CHECK(accepts());
    s.lists = {ListId::meu_list, ListId::unverified_list};
    CHECK_FALSE(accepts());
  }
  SECTION("a document without entries is of the list its topic names") {
    s.kinds = {ChangeKind::document};
    Change only = samples::document_only().changes[0];
    s.lists = {ListId::entity_list};
    CHECK(wants(s, only, &document, nullptr));
    s.lists = {ListId::denied_persons};
    CHECK_FALSE(wants(s, only, &document, nullptr));
  }
  SECTION("countries") {
    s.countries = {"cn"};
    CHECK(accepts());
    s.countries = {"RU", "HK"};
    CHECK_FALSE(accepts());
  }
  SECTION("an entry that leaves a country concerns that country too") {
    Change moved = made(ChangeKind::revised);
    moved.before = moved.entry;
    moved.before->listing.country_code = "HK";
    s.countries = {"HK"};
    CHECK(wanted(s, moved));
  }
  SECTION("a printed country that could not be placed is shown to all, none printed to none") {
    Change odd = change;
    odd.entry->listing.country_code.clear();
    s.countries = {"RU"};
    CHECK(wanted(s, odd));
    odd.entry->listing.country.clear();
    CHECK_FALSE(wanted(s, odd));
  }
  SECTION("topics") {
    s.topics = {"entity-list"};
    CHECK(accepts());
    s.topics = {"denial-order"};
    CHECK_FALSE(accepts());
  }
  SECTION("documents") {
    s.documents = {"2019-*"};
    CHECK(accepts());
    s.documents = {"2020-1"};
    CHECK_FALSE(accepts());
  }
  SECTION("words against names and aliases, before and after") {
    s.match = {"ppsb"};
    CHECK(accepts());
    s.match = {"hikvision", "prefecture *"};
    CHECK(accepts());
    s.match = {"hikvision"};
    CHECK_FALSE(accepts());
    Change renamed = samples::revision(1, document);
    renamed.before->listing.name = "Hikvision Old";
    CHECK(wanted(s, renamed));
  }
  SECTION("all conditions must hold") {
    s.countries = {"CN"};
    s.match = {"nothing"};
    CHECK_FALSE(accepts());
  }
}

TEST_CASE("one document is one alert a subscription; a snapshot is another") {
  Input input;
  input.subscriptions = {named("a"), named("b")};
  input.changes = {made(ChangeKind::added, 1), made(ChangeKind::added, 2)};
  Change other = made(ChangeKind::added, 3);
  other.document->number = "2026-00001";
  Change snapshot = samples::ecfr_only().changes[0];
  input.changes.push_back(other);
  input.changes.push_back(snapshot);
  const Routed routed = input.routed();
  CHECK(routed.alerts.size() == 6);
  CHECK(routed.deliveries.size() == 12);
  CHECK(routed.alerts[0].change_ids.size() == 2);
  CHECK(routed.alerts[2].document.empty());
  CHECK(routed.deliveries[4].order_key == "ecfr");
  std::set<std::string> ids;
  for (const Alert& alert : routed.alerts) ids.insert(alert.id);
  CHECK(ids.size() == 6);
}

TEST_CASE("ids are the same whenever and wherever it is routed, and differ with the changes") {
  Input input;
  input.subscriptions = {named("a")};
  input.changes = {made(ChangeKind::added, 1)};
  const Routed first = input.routed();
  input.at = now + std::chrono::hours{5};
  const Routed later = input.routed();
  CHECK(first.alerts[0].id == later.alerts[0].id);
  CHECK(first.deliveries[0].id == later.deliveries[0].id);
  input.changes.push_back(made(ChangeKind::added, 2));
  CHECK(input.routed().alerts[0].id != first.alerts[0].id);
}

TEST_CASE("a completed change is an update with an id of its own, once a revision") {
  Input input;
  input.subscriptions = {named("a")};
  Change change = made(ChangeKind::added, 1);
  change.revision = 2;
  change.sightings.push_back({"ecfr", "completes", now, "", std::nullopt, "an address", ""});
  input.completed = {change};
  const Routed second = input.routed();
  REQUIRE(second.alerts.size() == 1);
  CHECK(second.alerts[0].is_update);
  CHECK(second.alerts[0].source == "ecfr");
  CHECK(second.alerts[0].document == "2019-22210");
  input.completed[0].revision = 3;
  CHECK(input.routed().alerts[0].id != second.alerts[0].id);
  input.changes = {change};
  input.completed.clear();
  CHECK(input.routed().alerts[0].id != second.alerts[0].id);
}

TEST_CASE("channels a subscription names, in its order, those that are there") {
  Input input;
  input.subscriptions = {named("a")};
  input.subscriptions[0].channels = {"mail", "gone", "grc", "mail"};
  input.changes = {made(ChangeKind::added)};
  const Routed routed = input.routed();
  REQUIRE(routed.deliveries.size() == 2);
  CHECK(routed.deliveries[0].channel == "mail");
  CHECK(routed.deliveries[1].channel == "grc");
  input.subscriptions[0].channels = {"gone"};
  CHECK(input.routed().alerts.empty());
}

TEST_CASE("watchlists: only what matches, with the match") {
  const EqualNames matcher({{"vendors.csv", {{"PPSB 2", "CN", "", "V-1"}}}});
  Input input;
  input.subscriptions = {named("a")};
  input.subscriptions[0].watchlist = "vendors.csv";
  input.changes = {made(ChangeKind::added, 1), made(ChangeKind::added, 2)};
  input.watchlists = &matcher;
  const Routed routed = input.routed();
  REQUIRE(routed.alerts.size() == 1);
  CHECK(routed.alerts[0].change_ids == std::vector<std::string>{input.changes[1].id});
  REQUIRE(routed.alerts[0].matches.size() == 1);
  CHECK(routed.alerts[0].matches[0].counterparty_id == "V-1");
  CHECK(explain(input.subscriptions[0], input.changes[1], nullptr, &matcher) ==
        "sent: “PPSB 2” on the watchlist matches “PPSB 2” with 1.00");
  CHECK(explain(input.subscriptions[0], input.changes[0], nullptr, &matcher) ==
        "not sent: nothing on the watchlist matches");
  input.watchlists = nullptr;  // cannot be judged: rather too many than lost
  CHECK(input.routed().alerts[0].change_ids.size() == 2);
}

TEST_CASE("a digest gathers documents and snapshots until its window ends, one delivery a channel") {
  Input input;
  input.subscriptions = {named("a")};
  input.subscriptions[0].digest = "daily 08:00 America/New_York";
  input.changes = {made(ChangeKind::added, 1)};
  const Routed first = input.routed();
  REQUIRE(first.alerts.size() == 1);
  CHECK(format_time(first.alerts[0].not_before) == "2026-03-04T13:00:00Z");
  CHECK(first.deliveries.size() == 2);
  CHECK(first.deliveries[0].next_attempt_at == first.alerts[0].not_before);
  input.changes = {made(ChangeKind::added, 1), made(ChangeKind::added, 2), samples::ecfr_only().changes[0]};
  input.at = now + std::chrono::hours{1};
  const Routed second = input.routed(first.alerts);
  REQUIRE(second.alerts.size() == 1);
  CHECK(second.alerts[0].id == first.alerts[0].id);
  CHECK(second.alerts[0].change_ids.size() == 3);
  CHECK(second.alerts[0].created_at == first.alerts[0].created_at);
  CHECK(second.deliveries.empty());
  input.at = now + std::chrono::hours{24};
  const Routed next_day = input.routed(second.alerts);
  CHECK(next_day.alerts[0].id != first.alerts[0].id);
  CHECK(next_day.deliveries.size() == 2);
}

TEST_CASE("quiet hours hold an alert back, a watchlist match does not wait") {
  const EqualNames matcher({{"vendors.csv", {{"PPSB 1", "CN", "", ""}}}});
  Input input;
  input.subscriptions = {named("a")};
  input.subscriptions[0].quiet_hours = "02:00-12:00 America/New_York";  // 10:11 UTC is 05:11 there
  input.changes = {made(ChangeKind::added, 1)};
  const Routed held = input.routed();
  CHECK(format_time(held.alerts[0].not_before) == "2026-03-04T17:00:00Z");
  CHECK(held.deliveries[0].next_attempt_at == held.alerts[0].not_before);
  input.subscriptions[0].watchlist = "vendors.csv";
  input.watchlists = &matcher;
  CHECK(input.routed().alerts[0].not_before == now);
  input.subscriptions[0].quiet_override = false;
  CHECK(input.routed().alerts[0].not_before != now);
}

TEST_CASE("why not is said in one sentence") {
  Subscription s = named("a");
  s.countries = {"RU"};
  CHECK(explain(s, made(ChangeKind::added), nullptr, nullptr) ==
        "not sent: its country is not subscribed to");
  CHECK(explain(s, made(ChangeKind::editorial), nullptr, nullptr) ==
        "not sent: editorial changes are never sent");
  CHECK(explain(s, made(ChangeKind::document), nullptr, nullptr) ==
        "not sent: kind 'document' is not subscribed to");
  CHECK(explain(named("b"), made(ChangeKind::added), nullptr, nullptr) == "sent: it meets every condition");
}

TEST_CASE("operators' notices have the same id for the same cause") {
  const Routed first =
      route_operator_notice({"mail"}, "ecfr fails", "text", "ecfr", "failing since 10:00", now);
  const Routed again = route_operator_notice({"mail"}, "ecfr fails", "text", "ecfr", "failing since 10:00",
                                             now + std::chrono::hours{1});
  const Routed other = route_operator_notice({"mail"}, "ecfr fails", "text", "ecfr", "over", now);
  CHECK(first.alerts[0].id == again.alerts[0].id);
  CHECK(first.alerts[0].id != other.alerts[0].id);
  CHECK(first.alerts[0].kind == Alert::Kind::operator_notice);
  CHECK(first.deliveries[0].channel == "mail");
  CHECK(route_operator_notice({}, "s", "t", "ecfr", "k", now).alerts.empty());
}
