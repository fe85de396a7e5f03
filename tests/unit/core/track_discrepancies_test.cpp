// Sources that disagree for longer than they should.
#include <catch2/catch_test_macros.hpp>

#include "track_support.hpp"

using namespace entitywatch;
using namespace entitywatch::test;

namespace {

constexpr std::chrono::hours week{7 * 24};

Listing newcomer() {
  Listing l = listing("IRAN", "Newcomer Trading", "5 Azadi Street, Tehran");
  l.citations = {{84, 54002, day("2019-10-09"), false}};
  l.raw = {};
  return l;
}

struct Watched {
  PlainKnowledge known;
  std::vector<std::string> open;

  Watched() {
    list(ten_rows(), "2019-10-01", source::ecfr, Mode::baseline);
    list(ten_rows(), "2019-10-01", source::csl, Mode::baseline);
    taken(track_document(known,
                         rule("2019-22210", {operation(OperationKind::add, newcomer()),
                                             operation(OperationKind::remove, ten_rows()[3])}),
                         context(source::federal_register, "2019-10-09T12:00:00Z")));
  }
  Tracked list(const std::vector<Listing>& rows, const char* as_of, std::string_view from,
               Mode mode = Mode::live) {
    const std::string seen = std::string(as_of) + "T12:00:00Z";
    TrackContext c = context(from, seen.c_str(), mode, as_of);
    if (from == source::csl) c.authority = Authority::secondary;
    return taken(track_lists(known, {snapshot(rows)}, c));
  }
  Tracked review(std::string_view from, const char* date) {
    TrackContext c = context(from, (std::string(date) + "T13:00:00Z").c_str());
    if (from == source::csl) c.authority = Authority::secondary;
    Tracked t = taken(track_discrepancies(known, c, week, open));
    open.clear();
    for (const Change& change : known.changes())
      if (is_open(change)) open.push_back(change.id);
    return t;
  }
  Tracked taken(Tracked t) {
    known.apply(t.commit);
    return t;
  }
};

std::vector<Listing> merged() {
  std::vector<Listing> rows = ten_rows();
  rows.erase(rows.begin() + 3);
  rows.push_back(newcomer());
  return rows;
}

}  // namespace

TEST_CASE(
    "what a rule did and the eCFR does not show is a discrepancy after its grace, told once, closed by "
    "itself") {
  Watched w;
  CHECK(w.review(source::ecfr, "2019-10-15").commit.empty());
  const Tracked t = w.review(source::ecfr, "2019-10-17");
  REQUIRE(t.commit.new_changes.size() == 2);
  for (const Change& c : t.commit.new_changes) {
    CHECK(c.kind == ChangeKind::discrepancy);
    CHECK(c.source == "ecfr");
    CHECK(c.document->number == "2019-22210");
    CHECK(c.review);
  }
  CHECK(w.review(source::ecfr, "2019-10-18").commit.empty());
  w.list(merged(), "2019-10-19", source::ecfr);
  const Tracked closed = w.review(source::ecfr, "2019-10-19");
  CHECK(closed.commit.new_changes.empty());
  REQUIRE(closed.completed.size() == 2);
  CHECK_FALSE(is_open(closed.completed[0]));
  CHECK_FALSE(closed.completed[0].review);
  CHECK(w.review(source::ecfr, "2019-10-20").commit.empty());
}

TEST_CASE(
    "a difference in substance is a discrepancy that names the fields, and ends with the eCFR's mend without "
    "an alert of its own") {
  Watched w;
  std::vector<Listing> rows = merged();
  rows.back().addresses = {"6 Azadi Street, Tehran"};
  w.list(rows, "2019-10-11", source::ecfr);
  const Tracked t = w.review(source::ecfr, "2019-10-17");
  REQUIRE(t.commit.new_changes.size() == 1);
  const Change& c = t.commit.new_changes[0];
  CHECK(c.fields == std::vector<std::string>{"addresses"});
  CHECK(c.before->listing.addresses.front() == "5 Azadi Street, Tehran");
  CHECK(c.entry->listing.addresses.front() == "6 Azadi Street, Tehran");
  const Tracked mended = w.list(merged(), "2019-10-20", source::ecfr);
  CHECK(mended.commit.new_changes.empty());
  CHECK(w.known.named(ListId::entity_list, "IRAN", "Newcomer Trading").front()->listing.addresses.front() ==
        "5 Azadi Street, Tehran");
  CHECK(w.review(source::ecfr, "2019-10-20").completed.size() == 1);
}

TEST_CASE(
    "the CSL's own words are none, its silence is, and a row it showed before the entry was known counts") {
  Watched w;
  w.list(merged(), "2019-10-11", source::ecfr);
  std::vector<Listing> rows = ten_rows();
  rows.erase(rows.begin() + 3);
  rows[0].addresses = {"0 Valiasr St., Teheran"};
  w.list(rows, "2019-10-12", source::csl);
  const Tracked t = w.review(source::csl, "2019-10-17");
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].note.find("Consolidated Screening List it is not shown") !=
        std::string::npos);
  rows.push_back(newcomer());
  rows.back().name = "NEWCOMER TRADING.";
  w.list(rows, "2019-10-18", source::csl);
  CHECK(w.review(source::csl, "2019-10-18").completed.size() == 1);
}
