// Effects that move in time: put off, suspended, brought back, called off; what takes effect; what lies in
// the past.
#include <catch2/catch_test_macros.hpp>

#include "core/timeline.hpp"
#include "track_support.hpp"

using namespace entitywatch;
using namespace entitywatch::test;

namespace {

struct Watched {
  PlainKnowledge known;
  Watched() {
    taken(track_lists(known, {snapshot(ten_rows())},
                      context(source::ecfr, "2019-10-01T12:00:00Z", Mode::baseline, "2019-10-01")));
  }

  Tracked document(const DocumentReading& reading, const char* seen, Mode mode = Mode::live) {
    TrackContext c = context(source::federal_register, seen, mode);
    if (mode == Mode::history) c.snapshot_day = day("2019-10-01");
    return taken(track_document(known, reading, c));
  }
  Tracked taken(Tracked t) {
    known.apply(t.commit);
    return t;
  }
  // What is in force of an entry on a day: its address, "-" where it is not listed.
  std::string on(const std::string& name, const char* date, const char* known_at = nullptr) const {
    const auto found = known.named(ListId::entity_list, "IRAN", name);
    if (found.empty()) return "unknown";
    const std::optional<Time> at = known_at == nullptr ? std::nullopt : parse_time(known_at);
    const auto v = version_in_force(known.versions(found.front()->id), {day(date), at});
    return v && v->status != EntryStatus::removed ? v->listing.addresses.front() : "-";
  }
};

Listing newcomer(const char* address = "5 Azadi Street, Tehran") {
  Listing l = listing("IRAN", "Newcomer Trading", address);
  l.citations = {{84, 54002, day("2019-10-09"), false}};
  return l;
}

DocumentReading addition(const char* effective) {
  DocumentReading r = rule("2019-22210", {operation(OperationKind::add, newcomer())});
  r.document.effective_on = day(effective);
  return r;
}

DocumentReading notice(const char* number, const char* date, Relation relation) {
  DocumentReading r = rule(number, {}, date);
  r.document.citation = "84 FR 60000";
  r.document.start_page = r.document.end_page = 60000;
  r.document.relations = {std::move(relation)};
  return r;
}

}  // namespace

TEST_CASE("a delay moves the day, tells subscribers once and leaves what was known before") {
  Watched w;
  w.document(addition("2019-11-01"), "2019-10-09T12:00:00Z");
  const DocumentReading delay =
      notice("2019-23000", "2019-10-20", {"delays", "84 FR 54002", {}, day("2019-12-01")});
  const Tracked t = w.document(delay, "2019-10-20T12:00:00Z");
  CHECK(t.commit.new_changes.empty());
  REQUIRE(t.completed.size() == 1);
  CHECK(t.completed[0].effective_on == day("2019-12-01"));
  CHECK(w.on("Newcomer Trading", "2019-11-15") == "-");
  CHECK(w.on("Newcomer Trading", "2019-12-01") == "5 Azadi Street, Tehran");
  CHECK(w.on("Newcomer Trading", "2019-11-15", "2019-10-15T00:00:00Z") == "5 Azadi Street, Tehran");
  const Tracked again = w.document(delay, "2019-10-21T12:00:00Z");
  CHECK(again.completed.empty());
  CHECK(again.commit.new_changes.empty());
}

TEST_CASE("a suspension takes an entry off for its time and names the day of its return") {
  Watched w;
  w.document(addition("2019-10-09"), "2019-10-09T12:00:00Z");
  const DocumentReading stay =
      notice("2019-23001", "2019-10-20", {"suspends", "84 FR 54005", day("2019-10-21"), day("2020-01-15")});
  const Tracked t = w.document(stay, "2019-10-20T12:00:00Z");
  REQUIRE(t.commit.new_changes.size() == 2);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::removed);
  CHECK(t.commit.new_changes[0].effective_on == day("2019-10-21"));
  CHECK(t.commit.new_changes[0].note ==
        "The effect of 84 FR 54005 is suspended until January 15, 2020 by 84 FR 60000.");
  CHECK(t.commit.new_changes[1].kind == ChangeKind::added);
  CHECK(t.commit.new_changes[1].effective_on == day("2020-01-15"));
  for (const Change& c : t.commit.new_changes) CHECK(c.document->number == "2019-23001");
  CHECK(w.on("Newcomer Trading", "2019-10-15") == "5 Azadi Street, Tehran");
  CHECK(w.on("Newcomer Trading", "2019-11-15") == "-");
  CHECK(w.on("Newcomer Trading", "2020-01-15") == "5 Azadi Street, Tehran");
  CHECK(w.on("Newcomer Trading", "2019-11-15", "2019-10-15T00:00:00Z") == "5 Azadi Street, Tehran");
  CHECK(w.document(stay, "2019-10-21T12:00:00Z").commit.new_changes.empty());

  SECTION("that ends early is told as the same return on another day") {
    const Tracked over =
        w.document(notice("2019-25000", "2019-12-01", {"ends", "2019-23001", day("2019-12-02")}),
                   "2019-12-01T12:00:00Z");
    CHECK(over.commit.new_changes.empty());
    REQUIRE(over.completed.size() == 1);
    CHECK(over.completed[0].effective_on == day("2019-12-02"));
    CHECK(w.on("Newcomer Trading", "2019-12-01") == "-");
    CHECK(w.on("Newcomer Trading", "2019-12-02") == "5 Azadi Street, Tehran");
  }
}

TEST_CASE("a stay without an end lasts until it is lifted, whichever rule the lifting names") {
  for (const char* named : {"2019-23001", "84 FR 54002"}) {
    Watched w;
    w.document(addition("2019-10-09"), "2019-10-09T12:00:00Z");
    w.document(notice("2019-23001", "2019-10-20", {"stays", "2019-22210", {}, {}}), "2019-10-20T12:00:00Z");
    CHECK(w.on("Newcomer Trading", "2019-11-15") == "-");
    const Tracked over =
        w.document(notice("2019-25000", "2019-12-01", {"ends", named, {}, {}}), "2019-12-01T12:00:00Z");
    REQUIRE(over.commit.new_changes.size() == 1);
    CHECK(over.commit.new_changes[0].kind == ChangeKind::added);
    CHECK(w.on("Newcomer Trading", "2019-11-30") == "-");
    CHECK(w.on("Newcomer Trading", "2019-12-01") == "5 Azadi Street, Tehran");
  }
}

TEST_CASE("the suspension of a revision brings the former text back, of a removal the entry") {
  Watched w;
  Listing moved = ten_rows()[1];
  moved.addresses = {"99 New Street, Tehran"};
  moved.raw = {};
  w.document(rule("2019-22210",
                  {operation(OperationKind::revise, moved), operation(OperationKind::remove, ten_rows()[2])}),
             "2019-10-09T12:00:00Z");
  const Tracked t = w.document(notice("2019-23001", "2019-10-20", {"suspends", "2019-22210", {}, {}}),
                               "2019-10-20T12:00:00Z");
  REQUIRE(t.commit.new_changes.size() == 2);
  for (const Change& c : t.commit.new_changes) {
    const bool revision = c.entry->listing.name == "Company B Trading";
    CHECK(c.kind == (revision ? ChangeKind::revised : ChangeKind::added));
    CHECK(c.fields == (revision ? std::vector<std::string>{"addresses"} : std::vector<std::string>{}));
  }
  CHECK(w.on("Company B Trading", "2019-10-15") == "99 New Street, Tehran");
  CHECK(w.on("Company B Trading", "2019-10-25") == "1 Valiasr Street, Tehran");
  CHECK(w.on("Company C Trading", "2019-10-15") == "-");
  CHECK(w.on("Company C Trading", "2019-10-25") == "2 Valiasr Street, Tehran");
}

TEST_CASE("what was announced takes effect once, on its day, unless it was called off") {
  Watched w;
  w.document(addition("2019-11-01"), "2019-10-09T12:00:00Z");
  const std::vector<Change> announced = w.known.changes();
  REQUIRE(announced.size() == 1);
  CHECK(awaits_effect(announced[0]));
  CHECK(track_effects(w.known, announced, *parse_time("2019-10-31T23:00:00Z")).commit.new_changes.empty());
  SECTION("it stands") {
    const Tracked t = w.taken(track_effects(w.known, announced, *parse_time("2019-11-01T00:05:00Z")));
    REQUIRE(t.commit.new_changes.size() == 1);
    CHECK(t.commit.new_changes[0].kind == ChangeKind::effective);
    CHECK(t.commit.new_changes[0].entry->listing.name == "Newcomer Trading");
    CHECK(t.commit.new_changes[0].entry->status == EntryStatus::listed);
    CHECK(w.known.entry(announced[0].entry->id)->status == EntryStatus::listed);
    CHECK(track_effects(w.known, announced, *parse_time("2019-11-02T00:05:00Z")).commit.new_changes.empty());
  }
  SECTION("it was put off") {
    w.document(notice("2019-23000", "2019-10-20", {"delays", "84 FR 54002", {}, day("2019-12-01")}),
               "2019-10-20T12:00:00Z");
    CHECK(track_effects(w.known, w.known.changes(), *parse_time("2019-11-01T00:05:00Z"))
              .commit.new_changes.empty());
    CHECK(track_effects(w.known, w.known.changes(), *parse_time("2019-12-01T00:05:00Z"))
              .commit.new_changes.size() == 1);
  }
}

TEST_CASE("a document of the past fills the timeline in and leaves the present as it is") {
  Watched w;
  Listing then = ten_rows()[0];
  then.addresses = {"7 Old Street, Tehran"};
  DocumentReading old =
      rule("2009-1000", {operation(OperationKind::add, then), operation(OperationKind::add, newcomer())},
           "2009-05-05");
  const Tracked t = w.document(old, "2019-10-02T12:00:00Z", Mode::history);
  CHECK(t.commit.new_changes.size() == 2);
  CHECK(w.known.named(ListId::entity_list, "IRAN", "Company A Trading").front()->listing.addresses.front() ==
        "0 Valiasr Street, Tehran");
  CHECK(w.on("Company A Trading", "2009-05-04") == "-");
  CHECK(w.on("Company A Trading", "2012-01-01") == "7 Old Street, Tehran");
  CHECK(w.on("Company A Trading", "2019-10-01") == "0 Valiasr Street, Tehran");
  // Not on the list when it was read: it left before.
  CHECK(w.on("Newcomer Trading", "2012-01-01") == "5 Azadi Street, Tehran");
  CHECK(w.on("Newcomer Trading", "2019-10-02") == "-");
  CHECK(w.known.named(ListId::entity_list, "IRAN", "Newcomer Trading").front()->status ==
        EntryStatus::removed);
  w.document(rule("2014-1000", {operation(OperationKind::remove, newcomer())}, "2014-06-06"),
             "2019-10-02T12:01:00Z", Mode::history);
  CHECK(w.on("Newcomer Trading", "2014-06-05") == "5 Azadi Street, Tehran");
  CHECK(w.on("Newcomer Trading", "2014-06-06") == "-");

  SECTION("read again it says nothing new, and changed in place it says what differs") {
    CHECK(w.document(old, "2019-10-03T12:00:00Z", Mode::history).commit.new_changes.empty());
    old.operations[0].listing.addresses = {"8 Old Street, Tehran"};
    old.operations[0].listing.raw = {};
    const Tracked again = w.document(old, "2019-10-03T12:00:00Z", Mode::history);
    CHECK(again.commit.new_changes.empty());
    CHECK(again.completed.empty());
    CHECK(again.commit.updated_changes.size() == 1);
    CHECK(w.on("Company A Trading", "2012-01-01") == "8 Old Street, Tehran");
    CHECK(w.on("Company A Trading", "2012-01-01", "2019-10-02T13:00:00Z") == "7 Old Street, Tehran");
  }
}
