// The outbox in the calling thread, on a clock that is set.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "fakes.hpp"
#include "notify/backlog.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;
using namespace std::chrono_literals;

namespace {

const Time start = samples::at("2026-03-04T10:00:00Z");

struct Outbox {
  fakes::MemoryStore store;
  fakes::ManualClock clock{start};
  DeliveryOptions options;
  std::map<std::string, std::function<Outcome(const Delivery&)>> scripts;
  std::vector<std::string> sent;  // ids in the order they were tried
  std::vector<std::string> told;

  void add(const std::string& id, const std::string& channel, const std::string& key) {
    store.add(fakes::delivery(id, channel, key, clock.now()));
    clock.advance(1ms);
  }
  std::unique_ptr<OutboxWorker> worker() {
    std::map<std::string, std::unique_ptr<Channel>> channels;
    for (const auto& [name, script] : scripts)
      channels.emplace(name, std::make_unique<fakes::ScriptedChannel>(
                                 [this, act = script](const Delivery& d) {
                                   sent.push_back(d.id);
                                   return act(d);
                                 },
                                 Pace{}));
    auto out = std::make_unique<OutboxWorker>(store, clock, options, std::move(channels));
    out->on_channel_trouble([this](const std::string& channel, bool failing, const std::string&) {
      told.push_back(channel + (failing ? " failing" : " over"));
    });
    return out;
  }
};

OutboxReport drained(OutboxWorker& worker) {
  const auto report = worker.drain_once();
  REQUIRE(report);
  return *report;
}

}  // namespace

TEST_CASE("what is due is delivered, recorded, and not delivered again") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) { return fakes::delivered(); };
  for (int i = 0; i < 5; ++i) box.add("d" + std::to_string(i), "grc", "doc");
  const auto worker = box.worker();
  CHECK(drained(*worker).delivered == 5);
  CHECK(box.sent == std::vector<std::string>{"d0", "d1", "d2", "d3", "d4"});
  const Delivery first = box.store.get("d0");
  CHECK(first.status == DeliveryStatus::delivered);
  CHECK(first.attempts == 1);
  CHECK(first.delivered_at.has_value());
  CHECK_FALSE(first.next_attempt_at);
  CHECK(first.last_response->status == 200);
  CHECK(drained(*worker).delivered == 0);
}

TEST_CASE("a failed one is tried by the schedule; those of its document wait, others do not") {
  Outbox box;
  int failures = 2;
  box.scripts["grc"] = [&](const Delivery& d) {
    return d.id == "a1" && failures-- > 0 ? fakes::failed() : fakes::delivered();
  };
  box.add("a1", "grc", "doc-a");
  box.add("a2", "grc", "doc-a");
  box.add("b1", "grc", "doc-b");
  const auto worker = box.worker();
  const OutboxReport first = drained(*worker);
  CHECK(first.delivered == 1);
  CHECK(first.retried == 1);
  CHECK(box.sent == std::vector<std::string>{"a1", "b1"});
  const Time next = *box.store.get("a1").next_attempt_at;
  CHECK(next >= box.clock.now() + 5s);
  CHECK(next <= box.clock.now() + 6s);
  box.clock.advance(4s);
  CHECK(drained(*worker).delivered == 0);
  box.clock.advance(2s);
  CHECK(drained(*worker).retried == 1);
  box.clock.advance(6min);
  CHECK(drained(*worker).delivered == 2);
  CHECK(box.sent == std::vector<std::string>{"a1", "b1", "a1", "a1", "a2"});
}

TEST_CASE("order within a document survives a restart") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery& d) { return d.id == "a1" ? fakes::failed() : fakes::delivered(); };
  box.add("a1", "grc", "doc-a");
  drained(*box.worker());
  box.add("a2", "grc", "doc-a");
  CHECK(drained(*box.worker()).delivered == 0);  // a new worker over the same store
  CHECK(std::count(box.sent.begin(), box.sent.end(), "a2") == 0);
  box.scripts["grc"] = [](const Delivery&) { return fakes::delivered(); };
  box.clock.advance(10s);
  CHECK(drained(*box.worker()).delivered == 2);
  CHECK(box.sent == std::vector<std::string>{"a1", "a1", "a2"});
}

TEST_CASE("a rejected one is dead and lets the next one of its document go") {
  Outbox box;
  box.scripts["chat"] = [](const Delivery& d) {
    return d.id == "a1" ? fakes::answer(Outcome::Kind::rejected, 404) : fakes::delivered();
  };
  box.add("a1", "chat", "doc-a");
  box.add("a2", "chat", "doc-a");
  const auto worker = box.worker();
  const OutboxReport report = drained(*worker);
  CHECK(report.dead == 1);
  CHECK(report.delivered == 1);
  CHECK(box.store.get("a1").status == DeliveryStatus::dead);
  CHECK(box.told == std::vector<std::string>{"chat failing", "chat over"});
}

TEST_CASE("410 disables the channel: nothing more is sent until it is reopened") {
  Outbox box;
  bool gone = true;
  box.scripts["grc"] = [&](const Delivery&) {
    return gone ? fakes::answer(Outcome::Kind::channel_disabled, 410) : fakes::delivered();
  };
  box.add("a1", "grc", "doc-a");
  box.add("b1", "grc", "doc-b");
  const auto worker = box.worker();
  CHECK(drained(*worker).dead == 1);
  CHECK(box.store.disabled.contains("grc"));
  CHECK(box.store.disable_calls == 1);
  CHECK(box.store.get("a1").status == DeliveryStatus::dead);
  CHECK(box.store.get("b1").status == DeliveryStatus::pending);
  CHECK(drained(*worker).delivered == 0);
  CHECK(box.sent.size() == 1);
  gone = false;
  box.store.disabled.clear();
  Delivery again = box.store.get("a1");
  again.status = DeliveryStatus::pending;
  again.attempts = 0;
  again.first_attempt_at.reset();
  again.next_attempt_at = box.clock.now();
  box.store.add(again);
  CHECK(drained(*worker).delivered == 2);
}

TEST_CASE("what waits in a disabled channel is given up in its time") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) { return fakes::delivered(); };
  box.add("a1", "grc", "doc-a");
  box.store.disabled["grc"] = "410";
  const auto worker = box.worker();
  drained(*worker);
  CHECK(box.store.get("a1").status == DeliveryStatus::pending);
  box.clock.advance(std::chrono::hours{24 * 5 + 1});
  drained(*worker);
  CHECK(box.store.get("a1").status == DeliveryStatus::dead);
  CHECK(box.sent.empty());
}

TEST_CASE("giving up after five days, told to operators once, over told once") {
  Outbox box;
  bool down = true;
  box.scripts["grc"] = [&](const Delivery&) { return down ? fakes::failed() : fakes::delivered(); };
  box.add("a1", "grc", "doc-a");
  const auto worker = box.worker();
  for (int hour = 0; hour < 24 * 6; ++hour) {
    drained(*worker);
    box.clock.advance(1h);
  }
  const Delivery dead = box.store.get("a1");
  CHECK(dead.status == DeliveryStatus::dead);
  CHECK(dead.attempts >= 8);
  CHECK(dead.attempts <= 13);
  CHECK(dead.last_response->status == 503);
  CHECK(box.told == std::vector<std::string>{"grc failing"});
  down = false;
  box.add("b1", "grc", "doc-b");
  CHECK(drained(*worker).delivered == 1);
  CHECK(box.told == std::vector<std::string>{"grc failing", "grc over"});
}

TEST_CASE("operators who heard of a channel's trouble before a restart hear when it is over") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) { return fakes::delivered(); };
  box.add("a1", "grc", "doc-a");
  const auto worker = box.worker();
  worker->trouble_is_known("grc");
  worker->trouble_is_known("gone");  // no longer configured
  CHECK(drained(*worker).delivered == 1);
  CHECK(box.told == std::vector<std::string>{"grc over"});
}

TEST_CASE("a dead channel is not hammered: after a few failures it gets single tries") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) { return fakes::failed(); };
  for (int i = 0; i < 500; ++i) box.add("d" + std::to_string(i), "grc", "doc" + std::to_string(i));
  const auto worker = box.worker();
  drained(*worker);
  CHECK(box.sent.size() == box.options.rest_after);
  for (int minute = 0; minute < 60; ++minute) {
    box.clock.advance(1min);
    drained(*worker);
  }
  CHECK(box.sent.size() < 40);
  CHECK(box.store.count(DeliveryStatus::pending) == 500);
}

TEST_CASE("what waits behind a dead channel is given up in its own time, not one a try") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) { return fakes::failed(); };
  for (int i = 0; i < 300; ++i) box.add("d" + std::to_string(i), "grc", "doc" + std::to_string(i));
  const auto worker = box.worker();
  for (int hour = 0; hour < 24 * 5 + 2; ++hour) {
    drained(*worker);
    box.clock.advance(1h);
  }
  CHECK(box.store.count(DeliveryStatus::dead) > 150);  // all that were never tried
  for (int hour = 0; hour < 24 * 5 + 2; ++hour) {
    drained(*worker);
    box.clock.advance(1h);
  }
  CHECK(box.store.count(DeliveryStatus::dead) == 300);
}

TEST_CASE("a long backlog is read in pages and delivered whole, in order") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) { return fakes::delivered(); };
  for (int i = 0; i < 3000; ++i)
    box.add("d" + std::to_string(10000 + i), "grc", "doc" + std::to_string(i % 7));
  CHECK(drained(*box.worker()).delivered == 3000);
  CHECK(std::is_sorted(box.sent.begin(), box.sent.end()));
  CHECK(std::set<std::string>(box.sent.begin(), box.sent.end()).size() == 3000);
}

TEST_CASE("an alert that is no longer stored is dead, not tried for ever") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) { return fakes::delivered(); };
  box.add("a1", "grc", "doc-a");
  box.store.missing_views["alert a1"] = true;
  CHECK(drained(*box.worker()).dead == 1);
  CHECK(box.sent.empty());
  CHECK(box.store.get("a1").last_response->excerpt.find("not in the store") != std::string::npos);
}

TEST_CASE("a channel that throws is a failed try") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) -> Outcome { throw std::runtime_error("unexpected"); };
  box.add("a1", "grc", "doc-a");
  CHECK(drained(*box.worker()).retried == 1);
  CHECK(box.store.get("a1").last_response->excerpt == "internal error: unexpected");
}

TEST_CASE("a store that fails is said so and nothing is lost") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) { return fakes::delivered(); };
  box.add("a1", "grc", "doc-a");
  const auto worker = box.worker();
  box.store.broken = true;
  CHECK_FALSE(worker->drain_once());
  box.store.broken = false;
  box.store.failing_writes = 1;
  CHECK_FALSE(worker->drain_once());
  CHECK(box.store.get("a1").status == DeliveryStatus::pending);
  box.clock.advance(2s);
  CHECK(drained(*worker).delivered == 1);
}

TEST_CASE("deliveries of a channel that is no longer configured wait, and are given up in their time") {
  Outbox box;
  box.scripts["grc"] = [](const Delivery&) { return fakes::delivered(); };
  box.add("a1", "removed", "doc-a");
  box.add("b1", "grc", "doc-a");
  const auto worker = box.worker();
  CHECK(drained(*worker).delivered == 1);
  CHECK(box.store.get("a1").status == DeliveryStatus::pending);
  box.clock.advance(std::chrono::hours{24 * 5 + 1});
  drained(*worker);
  CHECK(box.store.get("a1").status == DeliveryStatus::dead);
}

TEST_CASE("recipients already settled are kept between tries") {
  Outbox box;
  std::vector<std::vector<std::string>> seen;
  box.scripts["mail"] = [&](const Delivery& d) {
    seen.push_back(d.done_recipients);
    Outcome out = seen.size() == 1 ? fakes::failed() : fakes::delivered();
    out.done_recipients = {"a@example.com"};
    return out;
  };
  box.add("a1", "mail", "doc-a");
  const auto worker = box.worker();
  drained(*worker);
  box.clock.advance(10s);
  drained(*worker);
  CHECK(seen == std::vector<std::vector<std::string>>{{}, {"a@example.com"}});
}

TEST_CASE("the backlog: lines, heads, and what is in flight") {
  Backlog backlog;
  backlog.insert(fakes::delivery("1", "c", "k", start));
  backlog.insert(fakes::delivery("2", "c", "k", start + 1ms));
  backlog.insert(fakes::delivery("1", "c", "k", start));
  CHECK(backlog.size() == 2);
  auto first = backlog.take(start + 1s);
  REQUIRE(first);
  CHECK(first->id == "1");
  CHECK_FALSE(backlog.take(start + 1s));                  // its line stands still
  backlog.insert(fakes::delivery("1", "c", "k", start));  // in flight: stays as it is
  CHECK_FALSE(backlog.has_due(start + 1s));
  first->next_attempt_at = start + 10s;
  backlog.settle(*first);
  CHECK_FALSE(backlog.take(start + 9s));
  CHECK(backlog.next_due() == start + 10s);
  first = backlog.take(start + 10s);
  first->status = DeliveryStatus::delivered;
  backlog.settle(*first);
  CHECK(backlog.take(start + 10s)->id == "2");
  CHECK_FALSE(backlog.knows("1"));
}
