#include <catch2/catch_test_macros.hpp>

#include "track_support.hpp"

using namespace entitywatch;
using namespace entitywatch::test;

namespace {

struct Watched {
  PlainKnowledge known;
  Watched() { list(ten_rows(), "2019-10-01", Mode::baseline); }
  Tracked list(const std::vector<Listing>& rows, const char* as_of, Mode mode = Mode::live) {
    const std::string seen = std::string(as_of) + "T12:00:00Z";
    return taken(track_lists(known, {snapshot(rows)}, context(source::ecfr, seen.c_str(), mode, as_of)));
  }
  Tracked document(const DocumentReading& reading, Mode mode = Mode::live, std::string_view from = source::federal_register) {
    return taken(track_document(known, reading, context(from, "2019-10-09T08:45:00Z", mode)));
  }
  Tracked taken(Tracked t) {
    known.apply(t.commit);
    return t;
  }
};

Listing newcomer() {
  Listing l = listing("CHINA, PEOPLE'S REPUBLIC OF", "Newcomer Co., Ltd.", "5 Binan Road, Hangzhou");
  l.citations = {{84, 54002, day("2019-10-09"), false}};
  return l;
}

}  // namespace

TEST_CASE("a rule's additions are raised with document, entry and effective date") {
  Watched w;
  const Tracked t = w.document(rule("2019-22210", {operation(OperationKind::add, newcomer())}));
  REQUIRE(t.commit.new_changes.size() == 1);
  const Change& c = t.commit.new_changes[0];
  CHECK(c.kind == ChangeKind::added);
  CHECK(c.document->number == "2019-22210");
  CHECK(c.effective_on == day("2019-10-09"));
  CHECK_FALSE(c.review);
  CHECK(c.entry->status == EntryStatus::listed);
}

TEST_CASE("the same document twice raises nothing the second time and keeps ids") {
  Watched w;
  const DocumentReading r = rule("2019-22210", {operation(OperationKind::add, newcomer())});
  const Tracked first = w.document(r);
  const Tracked second = w.document(r);
  CHECK(second.commit.new_changes.empty());
  CHECK(second.completed.empty());
  PlainKnowledge other;
  const Tracked elsewhere = track_document(other, r, context(source::federal_register, "2020-01-01T00:00:00Z"));
  CHECK(elsewhere.commit.new_changes[0].id == first.commit.new_changes[0].id);
}

TEST_CASE("rule first, eCFR after: one change, confirmed, with the page filled in") {
  Watched w;
  w.document(rule("2019-22210", {operation(OperationKind::add, newcomer())}));
  auto rows = ten_rows();
  Listing merged = newcomer();
  merged.citations[0].page = 54004;
  rows.push_back(merged);
  const Tracked t = w.list(rows, "2019-10-11");
  CHECK(t.commit.new_changes.empty());
  CHECK(t.completed.empty());
  REQUIRE(w.known.changes().size() == 1);
  const Change& c = w.known.changes()[0];
  CHECK(confirmed_by(c) == std::vector<std::string>{"ecfr"});
  CHECK(c.revision == 2);
  CHECK(c.entry->listing.citations[0].page == 54004);
}

TEST_CASE("a snapshot that has not merged the rule yet takes nothing back") {
  Watched w;
  w.document(rule("2019-22210", {operation(OperationKind::add, newcomer()), operation(OperationKind::remove, ten_rows()[0])}));
  REQUIRE(w.known.changes().size() == 2);
  auto rows = ten_rows();
  rows[5].license_review_policy = "Case-by-case review";
  rows[5].raw.license_review_policy = "Case-by-case review";
  const Tracked t = w.list(rows, "2019-10-10");
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::revised);
}

TEST_CASE("a removal by rule is confirmed when the eCFR drops the row") {
  Watched w;
  w.document(rule("2019-22210", {operation(OperationKind::remove, ten_rows()[0])}));
  auto rows = ten_rows();
  rows.erase(rows.begin());
  const Tracked t = w.list(rows, "2019-10-11");
  CHECK(t.commit.new_changes.empty());
  CHECK(confirmed_by(w.known.changes()[0]) == std::vector<std::string>{"ecfr"});
}

TEST_CASE("eCFR first, rule after: the change is completed, not doubled") {
  Watched w;
  auto rows = ten_rows();
  rows.push_back(newcomer());
  w.list(rows, "2019-10-08");
  REQUIRE(w.known.changes().size() == 1);
  const Tracked t = w.document(rule("2019-22210", {operation(OperationKind::add, newcomer())}));
  CHECK(t.commit.new_changes.empty());
  REQUIRE(t.completed.size() == 1);
  CHECK(t.completed[0].document->number == "2019-22210");
  CHECK(t.completed[0].note.empty());
}

TEST_CASE("the eCFR printing an announced entry otherwise is told once, for review") {
  Watched w;
  w.document(rule("2019-22210", {operation(OperationKind::add, newcomer())}));
  auto rows = ten_rows();
  Listing other = newcomer();
  other.addresses = {"6 Binan Road, Hangzhou"};
  other.raw.entity = "Newcomer Co., Ltd., 6 Binan Road, Hangzhou.";
  rows.push_back(other);
  const Tracked t = w.list(rows, "2019-10-11");
  CHECK(t.commit.new_changes.empty());
  REQUIRE(t.completed.size() == 1);
  CHECK(t.completed[0].review);
  CHECK(t.completed[0].sightings.back().role == "contradicts");
  CHECK(w.list(rows, "2019-10-12").commit.empty());
}

TEST_CASE("an unknown removal and an unknown revision are raised for review") {
  Watched w;
  Listing stranger = listing("IRAN", "Nobody Knows Co");
  const Tracked t = w.document(rule("2019-22210", {operation(OperationKind::remove, stranger), operation(OperationKind::revise, newcomer())}));
  REQUIRE(t.commit.new_changes.size() == 2);
  CHECK(t.commit.new_changes[0].review);
  CHECK(t.commit.new_changes[1].review);
}

TEST_CASE("a revision tells which fields and keeps the entry's identity through a rename") {
  Watched w;
  Listing after = ten_rows()[0];
  after.name = "Company A International";
  after.citations.push_back({84, 54002, day("2019-10-09"), false});
  after.raw = {};
  Operation op = operation(OperationKind::revise, after);
  op.name = ten_rows()[0].name;
  const Tracked t = w.document(rule("2019-22210", {op}));
  REQUIRE(t.commit.new_changes.size() == 1);
  const Change& c = t.commit.new_changes[0];
  CHECK(c.fields == std::vector<std::string>{"name", "citations"});
  CHECK(c.entry->id == c.before->id);
}

TEST_CASE("removing a country's listing removes every entry under it") {
  Watched w;
  Operation op;
  op.kind = OperationKind::remove_country;
  op.listing.country = "IRAN";
  const Tracked t = w.document(rule("2024-23638", {op}));
  CHECK(t.commit.new_changes.size() == 10);
}

TEST_CASE("inspection first, publication after: confirmed quietly when the text is the same") {
  Watched w;
  DocumentReading inspected = rule("2019-22210", {operation(OperationKind::add, newcomer())});
  inspected.document.stage = DocumentStage::inspection;
  inspected.document.publication_date.reset();
  inspected.document.citation.clear();
  REQUIRE(w.document(inspected, Mode::live, source::public_inspection).commit.new_changes.size() == 1);
  const Tracked t = w.document(rule("2019-22210", {operation(OperationKind::add, newcomer())}));
  CHECK(t.commit.new_changes.empty());
  CHECK(t.completed.empty());
  REQUIRE(t.commit.updated_changes.size() == 1);
  CHECK(t.commit.updated_changes[0].document->citation == "84 FR 54002");
  CHECK(confirmed_by(t.commit.updated_changes[0]) == std::vector<std::string>{"federal_register"});
}

TEST_CASE("a withdrawn inspection document takes back what it announced") {
  Watched w;
  DocumentReading inspected = rule("2019-22210", {operation(OperationKind::add, newcomer())});
  inspected.document.stage = DocumentStage::inspection;
  w.document(inspected, Mode::live, source::public_inspection);
  const Tracked t = w.taken(track_withdrawal(w.known, "2019-22210", context(source::public_inspection, "2019-10-10T00:00:00Z")));
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::withdrawn);
  CHECK(t.commit.new_changes[0].entry->status == EntryStatus::removed);
}

TEST_CASE("a rule that changes no entry is a document change, once") {
  Watched w;
  const DocumentReading r = rule("2024-15810", {});
  const Tracked t = w.document(r);
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::document);
  CHECK(w.document(r).commit.new_changes.empty());
}

TEST_CASE("an effective date to come makes the entry pending") {
  Watched w;
  DocumentReading r = rule("2019-22210", {operation(OperationKind::add, newcomer())});
  r.document.effective_on = day("2019-11-01");
  const Tracked t = w.document(r);
  CHECK(t.commit.new_changes[0].entry->status == EntryStatus::pending);
}

TEST_CASE("a baseline of documents records entries silently and its re-reading stays silent") {
  PlainKnowledge known;
  const DocumentReading r = rule("2019-22210", {operation(OperationKind::add, newcomer())});
  Tracked t = track_document(known, r, context(source::federal_register, "2019-10-20T00:00:00Z", Mode::baseline));
  CHECK(t.commit.new_changes.empty());
  CHECK(t.commit.entries.size() == 1);
  known.apply(t.commit);
  t = track_document(known, r, context(source::federal_register, "2019-10-21T00:00:00Z"));
  CHECK(t.commit.new_changes.empty());
}

TEST_CASE("removing the listing of a country without known entries is told for review") {
  Watched w;
  Operation op;
  op.kind = OperationKind::remove_country;
  op.listing.country = "SAUDI ARABIA";
  const Tracked t = w.document(rule("2024-23638", {op, operation(OperationKind::add, newcomer())}));
  REQUIRE(t.commit.new_changes.size() == 2);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::removed);
  CHECK(t.commit.new_changes[0].review);
  CHECK_FALSE(t.commit.new_changes[1].review);
}

TEST_CASE("an announced entry that the eCFR shows amended by a further act is confirmed, and the amendment raised") {
  Watched w;
  w.document(rule("2019-22210", {operation(OperationKind::add, newcomer())}));
  auto rows = ten_rows();
  Listing amended = newcomer();
  amended.citations.push_back({85, 44159, day("2020-07-22"), false});
  amended.license_review_policy = "Case-by-case review";
  amended.raw = {};
  rows.push_back(amended);
  const Tracked t = w.list(rows, "2020-08-01");
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::revised);
  CHECK(t.commit.new_changes[0].fields == std::vector<std::string>{"license_review_policy", "citations"});
  REQUIRE(t.commit.updated_changes.size() == 1);
  CHECK(confirmed_by(t.commit.updated_changes[0]) == std::vector<std::string>{"ecfr"});
  CHECK_FALSE(t.commit.updated_changes[0].review);
}
