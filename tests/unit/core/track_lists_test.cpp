#include <catch2/catch_test_macros.hpp>

#include "track_support.hpp"

using namespace entitywatch;
using namespace entitywatch::test;

namespace {

struct Watched {
  PlainKnowledge known;
  Tracked see(const std::vector<Listing>& rows, const TrackContext& c) {
    Tracked t = track_lists(known, {snapshot(rows)}, c);
    known.apply(t.commit);
    return t;
  }
  Watched() { see(ten_rows(), context(source::ecfr, "2026-03-25T12:00:00Z", Mode::baseline, "2026-03-25")); }
};

}  // namespace

TEST_CASE("a baseline records entries and raises nothing") {
  Watched w;
  CHECK(w.known.entries_of(ListId::entity_list).size() == 10);
  CHECK(w.known.changes().empty());
}

TEST_CASE("the same snapshot again leads to nothing at all") {
  Watched w;
  const Tracked t = w.see(ten_rows(), context(source::ecfr, "2026-03-26T12:00:00Z", Mode::live, "2026-03-26"));
  CHECK(t.commit.empty());
}

TEST_CASE("punctuation alone is editorial and recorded with the raw form") {
  Watched w;
  auto rows = ten_rows();
  rows[3].license_requirement = "For all items subject to the EAR (See §744.11 of the EAR).";
  rows[3].raw.license_requirement = rows[3].license_requirement;
  const Tracked t = w.see(rows, context(source::ecfr, "2026-03-26T12:00:00Z", Mode::live, "2026-03-26"));
  REQUIRE(t.commit.new_changes.size() == 1);
  const Change& c = t.commit.new_changes[0];
  CHECK(c.kind == ChangeKind::editorial);
  CHECK(c.fields == std::vector<std::string>{"license_requirement"});
  CHECK(c.entry->listing.license_requirement == rows[3].license_requirement);
  CHECK(c.before->listing.license_requirement != rows[3].license_requirement);
}

TEST_CASE("one digit in an address is substance") {
  Watched w;
  auto rows = ten_rows();
  rows[3].addresses = {"33 Valiasr Street, Tehran"};
  rows[3].raw.entity = "Company D Trading, 33 Valiasr Street, Tehran.";
  const Tracked t = w.see(rows, context(source::ecfr, "2026-03-26T12:00:00Z", Mode::live, "2026-03-26"));
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::revised);
  CHECK(t.commit.new_changes[0].fields == std::vector<std::string>{"addresses"});
}

TEST_CASE("an entry seen only in the eCFR is raised from there and says so") {
  Watched w;
  auto rows = ten_rows();
  rows.push_back(listing("CANADA", "Newcomer Inc."));
  const Tracked t = w.see(rows, context(source::ecfr, "2026-03-26T12:00:00Z", Mode::live, "2026-03-26"));
  REQUIRE(t.commit.new_changes.size() == 1);
  const Change& c = t.commit.new_changes[0];
  CHECK(c.kind == ChangeKind::added);
  CHECK(c.entry->listing.name == "Newcomer Inc.");
  CHECK(c.note.find("only in the eCFR") != std::string::npos);
}

TEST_CASE("a row that left the eCFR without a rule is a removal on the day of the snapshot") {
  Watched w;
  auto rows = ten_rows();
  rows.erase(rows.begin() + 2);
  const Tracked t = w.see(rows, context(source::ecfr, "2026-03-26T12:00:00Z", Mode::live, "2026-03-26"));
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::removed);
  CHECK(t.commit.new_changes[0].effective_on == day("2026-03-26"));
}

TEST_CASE("a rename is a revision of the same entry") {
  Watched w;
  auto rows = ten_rows();
  const std::string old_name = rows[4].name;
  rows[4].name = "Phoenix Holding";
  rows[4].aliases = {old_name};
  rows[4].raw.entity = "Phoenix Holding, a.k.a., the following one alias: —" + old_name + ".";
  const Tracked t = w.see(rows, context(source::ecfr, "2026-03-26T12:00:00Z", Mode::live, "2026-03-26"));
  REQUIRE(t.commit.new_changes.size() == 1);
  const Change& c = t.commit.new_changes[0];
  CHECK(c.kind == ChangeKind::revised);
  CHECK(c.fields.front() == "name");
  CHECK(c.before->listing.name == old_name);
  CHECK(c.entry->id == c.before->id);
}

TEST_CASE("implausible readings are held and apply nothing") {
  Watched w;
  const TrackContext c = context(source::ecfr, "2026-03-26T12:00:00Z", Mode::live, "2026-03-26");
  SECTION("an empty list") { CHECK(w.see({}, c).hold.has_value()); }
  SECTION("a list cut short") {
    auto rows = ten_rows();
    rows.resize(7);
    CHECK(w.see(rows, c).hold.has_value());
  }
  SECTION("most rows changed at once") {
    auto rows = ten_rows();
    for (std::size_t i = 0; i < 6; ++i) rows[i].license_review_policy = rows[i].raw.license_review_policy = "Case-by-case review";
    CHECK(w.see(rows, c).hold.has_value());
  }
  SECTION("most names garbled") {
    auto rows = ten_rows();
    for (int i = 0; i < 8; ++i) rows[static_cast<std::size_t>(i)] = listing("IRAN", "Garbled " + std::to_string(i), "x");
    CHECK(w.see(rows, c).hold.has_value());
  }
  SECTION("a list that is missing altogether") {
    const Tracked t = track_lists(w.known, {snapshot({listing("IRAN", "Other")}, ListId::meu_list)}, c);
    CHECK(t.hold.has_value());
  }
  CHECK(w.known.changes().empty());
  CHECK(w.known.entries_of(ListId::entity_list).size() == 10);
}

TEST_CASE("an operator can let a held reading through") {
  Watched w;
  auto rows = ten_rows();
  rows.resize(7);
  const TrackContext c = context(source::ecfr, "2026-03-26T12:00:00Z", Mode::live, "2026-03-26");
  const Tracked t = track_lists(w.known, {snapshot(rows)}, c, true);
  CHECK_FALSE(t.hold.has_value());
  CHECK(t.commit.new_changes.size() == 3);
}

TEST_CASE("the same change twice at different times has two ids") {
  Watched w;
  auto rows = ten_rows();
  std::vector<std::string> ids;
  const char* days[] = {"2026-03-26", "2026-03-27", "2026-03-28", "2026-03-29"};
  for (int turn = 0; turn < 4; ++turn) {
    rows[0].license_review_policy = turn % 2 == 0 ? "Case-by-case review" : "Presumption of denial";
    rows[0].raw.license_review_policy = rows[0].license_review_policy;
    const Tracked t = w.see(rows, context(source::ecfr, "2026-03-26T12:00:00Z", Mode::live, days[turn]));
    REQUIRE(t.commit.new_changes.size() == 1);
    ids.push_back(t.commit.new_changes[0].id);
  }
  std::sort(ids.begin(), ids.end());
  CHECK(std::unique(ids.begin(), ids.end()) == ids.end());
}

TEST_CASE("a secondary source confirms and adds, but neither rewrites nor removes") {
  Watched w;
  TrackContext c = context(source::csl, "2026-04-01T00:00:00Z", Mode::baseline, "2026-04-01");
  c.authority = Authority::secondary;
  auto rows = ten_rows();
  rows[1].addresses = {"another wording of the address"};
  w.see(rows, c);
  CHECK(w.known.changes().empty());
  rows.pop_back();
  c.mode = Mode::live;
  c.as_of = day("2026-04-02");
  CHECK(w.see(rows, c).commit.new_changes.empty());
  rows.push_back(listing("IRAN", "Only There Co"));
  c.as_of = day("2026-04-03");
  const Tracked t = w.see(rows, c);
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].review);
}

TEST_CASE("namesakes of a secondary source that are tied to no entry stay apart") {
  Watched w;
  TrackContext c = context(source::csl, "2026-04-01T00:00:00Z", Mode::baseline, "2026-04-01");
  c.authority = Authority::secondary;
  const std::vector<Listing> rows{listing("IRAQ", "Ali Hassan", "1 A St"), listing("IRAQ", "Ali Hassan", "2 B St")};
  w.see(rows, c);
  CHECK(w.known.rows(source::csl, ListId::entity_list).size() == 2);
  c.mode = Mode::live;
  CHECK(w.see(rows, c).commit.empty());
}
