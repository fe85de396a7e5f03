// Notices of denial orders and the Denied Persons List file, whichever is first.
#include <catch2/catch_test_macros.hpp>

#include "core/denied.hpp"
#include "track_support.hpp"

using namespace entitywatch;
using namespace entitywatch::test;

namespace {

Listing party(const std::string& name, const char* start, const char* end,
              const std::string& address = "5 Elm Street, Mesa, AZ 85201", const char* country = "US") {
  Listing l;
  l.country_code = country;
  l.country = canonical_country(country_display_name(country));
  l.name = name;
  l.addresses = {address};
  l.start_date = day(start);
  l.end_date = day(end);
  l.raw.entity = name + ", " + address;
  return l;
}

// As the file prints a party: capitals, its own address, its own remarks.
Listing row(const std::string& name, const char* start, const char* end,
            const std::string& address = "5 ELM ST., MESA, AZ, 85201, US", const char* country = "US",
            Citation cited = {96, 71000, Date{}, false}) {
  Listing l = party(name, start, end, address, country);
  l.remarks = "Standard order";
  cited.date = day("2031-10-03");
  l.citations = {cited};
  l.raw.citation = "96 F.R. 71000 10/3/2031";
  return l;
}

std::vector<Listing> others() {
  std::vector<Listing> rows;
  for (int i = 0; i < 12; ++i)
    rows.push_back(row("OTHER PERSON " + std::string(1, static_cast<char>('A' + i)), "2025-01-01",
                       "2035-01-01", std::to_string(i) + " OAK ROAD, RENO, NV, US", "US",
                       {90, 100 + i, {}, false}));
  return rows;
}

Operation order(OperationKind kind, Listing l, const char* effective = "2031-09-29") {
  l.citations = {{96, 71000, day("2031-10-03"), false}};
  Operation op = operation(kind, l);
  op.list = ListId::denied_persons;
  op.effective_on = day(effective);
  return op;
}

DocumentReading notice(std::vector<Operation> operations, const std::string& number = "2031-20202") {
  DocumentReading r;
  r.document.number = number;
  r.document.citation = "96 FR 71000";
  r.document.volume = 96;
  r.document.start_page = 71000;
  r.document.end_page = 71002;
  r.document.title = "Order Denying Export Privileges";
  r.document.topic = "denial-order";
  r.document.publication_date = day("2031-10-03");
  r.document.content_digest = "digest";
  r.operations = std::move(operations);
  return r;
}

struct Watched {
  PlainKnowledge known;
  Watched() { file(others(), "2031-09-01", Mode::baseline); }
  Tracked file(const std::vector<Listing>& rows, const char* seen_day, Mode mode = Mode::live,
               std::string_view source = source::dpl) {
    const std::string seen = std::string(seen_day) + "T12:00:00Z";
    TrackContext c = context(source, seen.c_str(), mode);
    if (source == source::csl) c.authority = Authority::secondary;
    return taken(track_lists(known, {snapshot(rows, ListId::denied_persons)}, c));
  }
  Tracked read(const DocumentReading& reading, const char* seen = "2031-10-03T10:00:00Z",
               std::string_view source = source::federal_register) {
    return taken(track_document(known, reading, context(source, seen)));
  }
  Tracked taken(Tracked t) {
    REQUIRE_FALSE(t.hold);
    known.apply(t.commit);
    return t;
  }
  [[nodiscard]] std::size_t told() const {
    std::size_t n = 0;
    for (const Change& c : known.changes()) n += c.kind != ChangeKind::editorial ? 1 : 0;
    return n;
  }
  [[nodiscard]] const Entry* named(const std::string& name) const {
    for (const Entry* e : known.entries_of(ListId::denied_persons))
      if (e->listing.name == name) return e;
    return nullptr;
  }
};

std::vector<Listing> with(std::vector<Listing> rows, std::initializer_list<Listing> more) {
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

Listing quill() {
  Listing l = party("Lorna Quill", "2031-09-29", "2039-04-14",
                    "Inmate Number: 10101-202, FCI Example, P.O. Box 7, Mesa, AZ 85201");
  l.aliases = {"Lorna Quince"};
  return l;
}

}  // namespace

TEST_CASE("a notice adds; the file confirms it in its own spelling, a row for every name and address") {
  Watched w;
  const Tracked added = w.read(notice({order(OperationKind::add, quill())}));
  REQUIRE(added.commit.new_changes.size() == 1);
  CHECK(added.commit.new_changes[0].kind == ChangeKind::added);
  CHECK(added.commit.new_changes[0].list == ListId::denied_persons);
  // The file has not got it yet: nothing is taken back.
  CHECK(w.file(with(others(), {}), "2031-10-04").commit.new_changes.empty());
  CHECK(w.named("Lorna Quill")->status == EntryStatus::listed);
  const Tracked shown = w.file(
      with(others(),
           {row("LORNA QUILL", "2031-10-01", "2039-04-14", "INMATE NO. 10101-202, FCI EXAMPLE, MESA, AZ, US"),
            row("LORNA QUINCE", "2031-10-01", "2039-04-14"),
            row("LORNA QUILL", "2031-10-01", "2039-04-14", "9 OTHER ROAD, MESA, AZ, US")}),
      "2031-10-06");
  CHECK(shown.commit.new_changes.empty());
  CHECK(shown.completed.empty());
  REQUIRE(w.known.changes().size() == 1);
  CHECK(confirmed_by(w.known.changes()[0]) == std::vector<std::string>{"dpl"});
  CHECK_FALSE(w.known.changes()[0].review);
  const Entry* e = w.named("Lorna Quill");
  REQUIRE(e != nullptr);
  CHECK(e->listing.aliases == std::vector<std::string>{"Lorna Quince"});
  CHECK(e->listing.remarks == "Standard order");
  // Every row of the file stands on the list.
  CHECK(w.named("LORNA QUINCE") != nullptr);
  CHECK(w.known.entries_of(ListId::denied_persons).size() == 15);
  // The same file again, and one that mends its spelling of the address.
  CHECK(w.file(with(others(), {row("LORNA QUILL", "2031-10-01", "2039-04-14",
                                   "INMATE NO. 10101-202, FCI EXAMPLE, MESA, AZ, US"),
                               row("LORNA QUINCE", "2031-10-01", "2039-04-14"),
                               row("LORNA QUILL", "2031-09-29", "2039-04-14", "5 OTHER ROAD, MESA, AZ, US")}),
               "2031-10-07")
            .commit.new_changes.empty());
}

TEST_CASE("the consolidated list confirms a noticed party and its aliases and adds nobody") {
  Watched w;
  w.file(others(), "2031-09-02", Mode::baseline, source::csl);
  w.read(notice({order(OperationKind::add, quill())}));
  const Tracked t = w.file(with(others(), {row("LORNA QUILL", "2031-10-01", "2039-04-14"),
                                           row("LORNA QUINCE", "2031-10-01", "2039-04-14")}),
                           "2031-10-09", Mode::live, source::csl);
  CHECK(t.commit.new_changes.empty());
  CHECK(confirmed_by(w.known.changes()[0]) == std::vector<std::string>{"csl"});
}

TEST_CASE("the file's other end date is told once, for review") {
  Watched w;
  w.read(notice({order(OperationKind::add, quill())}));
  const Tracked t = w.file(with(others(), {row("LORNA QUILL", "2031-09-29", "2041-04-14")}), "2031-10-06");
  CHECK(t.commit.new_changes.empty());
  REQUIRE(t.completed.size() == 1);
  CHECK(t.completed[0].review);
  CHECK(t.completed[0].sightings.back().note == "differs in: end_date");
}

TEST_CASE("an end computed from a period may be a day off in the file; a stated one may not") {
  Watched w;
  Listing air = party("Harrow Air", "2031-09-29", "2032-03-27", "No. 2, Lantern St., Tehran, Iran", "IR");
  air.findings.push_back({Finding::Severity::note, "end_date_computed", "", {}});
  w.read(notice({order(OperationKind::add, air)}));
  const Tracked t = w.file(
      with(others(), {row("HARROW AIR", "2031-09-29", "2032-03-28", "NO. 2, LANTERN STREET, TEHRAN", "IR")}),
      "2031-10-06");
  CHECK(t.commit.new_changes.empty());
  CHECK(t.completed.empty());
  CHECK(w.named("Harrow Air")->listing.end_date == day("2032-03-28"));
}

TEST_CASE("the file first: the notice completes what it raised and adds nobody, also when read again") {
  Watched w;
  const Tracked raised = w.file(with(others(), {row("LORNA QUILL", "2031-09-29", "2039-04-14"),
                                                row("LORNA QUINCE", "2031-09-29", "2039-04-14")}),
                                "2031-10-02");
  CHECK(raised.commit.new_changes.size() == 2);
  const DocumentReading reading = notice({order(OperationKind::add, quill())});
  const Tracked t = w.read(reading);
  CHECK(t.commit.new_changes.empty());
  REQUIRE(t.completed.size() == 1);
  CHECK(t.completed[0].document->number == "2031-20202");
  for (const Change& c : w.known.changes()) CHECK(c.document);
  CHECK(w.named("Lorna Quill")->listing.aliases == std::vector<std::string>{"Lorna Quince"});
  const Tracked again = w.read(reading, "2031-10-04T10:00:00Z");
  CHECK(again.commit.new_changes.empty());
  CHECK(again.completed.empty());
  CHECK(w.file(with(others(), {row("LORNA QUILL", "2031-09-29", "2039-04-14"),
                               row("LORNA QUINCE", "2031-09-29", "2039-04-14")}),
               "2031-10-05")
            .commit.new_changes.empty());
}

TEST_CASE("on public inspection, then published, then in the file: one addition") {
  Watched w;
  DocumentReading early = notice({order(OperationKind::add, quill())});
  early.document.stage = DocumentStage::inspection;
  early.document.publication_date.reset();
  early.document.volume = 0;
  early.operations[0].listing.citations.clear();
  w.read(early, "2031-10-02T13:00:00Z", source::public_inspection);
  w.read(notice({order(OperationKind::add, quill())}));
  w.file(with(others(), {row("LORNA QUILL", "2031-09-29", "2039-04-14")}), "2031-10-06");
  REQUIRE(w.known.changes().size() == 1);
  CHECK(confirmed_by(w.known.changes()[0]) == std::vector<std::string>{"federal_register", "dpl"});
}

TEST_CASE("a namesake under another order is another party") {
  Watched w;
  w.file(with(others(), {row("LORNA QUILL", "2028-02-02", "2033-02-02", "1 FAR WAY, ERIE, PA, US", "US",
                             {93, 55, {}, false})}),
         "2031-09-03");
  const std::size_t before = w.told();
  const Tracked t = w.read(notice({order(OperationKind::add, quill())}));
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::added);
  CHECK_FALSE(t.commit.new_changes[0].review);
  const Tracked shown = w.file(with(others(), {row("LORNA QUILL", "2028-02-02", "2033-02-02",
                                                   "1 FAR WAY, ERIE, PA, US", "US", {93, 55, {}, false}),
                                               row("LORNA QUILL", "2031-09-29", "2039-04-14")}),
                               "2031-10-06");
  CHECK(shown.commit.new_changes.empty());
  CHECK(w.told() == before + 1);
}

TEST_CASE("a renewal is one revision of the end, for all rows of the party; the file confirms it") {
  Watched w;
  Listing air = party("Harrow Air", "2031-10-04", "2032-10-04", "No. 2, Lantern St., Tehran, Iran", "IR");
  air.aliases = {"Harrow Airways"};
  air.findings.push_back({Finding::Severity::note, "end_date_computed", "", {}});
  const auto old_row = [](const char* name, const char* address) {
    return row(name, "2031-04-05", "2031-10-05", address, "IR", {96, 20002, {}, false});
  };
  w.file(with(others(), {old_row("HARROW AIR", "NO. 2, LANTERN ST."), old_row("HARROW AIR", "AIRPORT"),
                         old_row("HARROW AIRWAYS", "NO. 2, LANTERN ST.")}),
         "2031-09-03");
  const std::size_t before = w.told();
  const DocumentReading renewal = notice({order(OperationKind::revise, air, "2031-10-04")});
  const Tracked t = w.read(renewal);
  REQUIRE(t.commit.new_changes.size() == 1);
  const Change& c = t.commit.new_changes[0];
  CHECK(c.kind == ChangeKind::revised);
  CHECK(c.fields == std::vector<std::string>{"end_date"});
  CHECK_FALSE(c.review);
  std::size_t renewed = 0;
  for (const Entry* e : w.known.entries_of(ListId::denied_persons))
    renewed += e->listing.end_date == day("2032-10-04") ? 1 : 0;
  CHECK(renewed == 3);
  // The file with the old days, respelled: not caught up, nothing to tell.
  CHECK(
      w.file(with(others(), {old_row("HARROW AIR", "NO 2 LANTERN STREET 4"), old_row("HARROW AIR", "AIRPORT"),
                             old_row("HARROW AIRWAYS", "NO. 2, LANTERN ST.")}),
             "2031-10-05")
          .completed.empty());
  const auto new_row = [](const char* name, const char* address) {
    return row(name, "2031-10-04", "2032-10-05", address, "IR");
  };
  const Tracked shown =
      w.file(with(others(), {new_row("HARROW AIR", "NO. 2, LANTERN ST."), new_row("HARROW AIR", "AIRPORT"),
                             new_row("HARROW AIRWAYS", "NO. 2, LANTERN ST.")}),
             "2031-10-08");
  CHECK(shown.commit.new_changes.empty());
  CHECK(shown.completed.empty());
  CHECK(w.told() == before + 1);
  CHECK(w.read(renewal, "2031-10-09T10:00:00Z").commit.new_changes.empty());
}

TEST_CASE("orders of the past, read or read again behind their renewals, change nothing") {
  Watched w;
  const auto air = [](const char* start, const char* end) {
    return party("Harrow Air", start, end, "No. 2, Lantern St., Tehran, Iran", "IR");
  };
  const DocumentReading first =
      notice({order(OperationKind::add, air("2031-04-05", "2031-10-02"), "2031-04-05")}, "2031-10001");
  const DocumentReading second =
      notice({order(OperationKind::revise, air("2031-10-01", "2032-03-29"), "2031-10-01")}, "2031-20001");
  const DocumentReading third =
      notice({order(OperationKind::revise, air("2032-03-28", "2033-03-28"), "2032-03-28")}, "2032-30001");
  w.read(first, "2031-04-08T10:00:00Z");
  w.read(second);
  w.read(third, "2032-03-30T10:00:00Z");
  CHECK(w.told() == 3);
  for (const DocumentReading& again : {first, second, third}) {
    const Tracked t = w.read(again, "2032-04-09T10:00:00Z");
    CHECK(t.commit.new_changes.empty());
    CHECK(t.completed.empty());
  }
  CHECK(w.named("Harrow Air")->listing.end_date == day("2033-03-28"));
  CHECK(w.known.entries_of(ListId::denied_persons).size() == 13);

  // The same orders, read for the first time when the file shows the last renewal, or when they are over.
  Watched late;
  late.file(
      with(others(), {row("HARROW AIR", "2032-03-28", "2033-03-28", "NO. 2", "IR", {97, 5, {}, false})}),
      "2032-04-03");
  for (const DocumentReading& old : {first, second})
    CHECK(late.read(old, "2032-04-09T10:00:00Z").commit.new_changes.empty());
  CHECK(late.known.entries_of(ListId::denied_persons).size() == 13);
  Watched over;
  CHECK(over.read(first, "2032-04-09T10:00:00Z").commit.entries.empty());
}

TEST_CASE("the file renews first: the notice completes it") {
  Watched w;
  w.file(
      with(others(), {row("HARROW AIR", "2031-04-05", "2031-10-05", "NO. 2", "IR", {96, 20002, {}, false})}),
      "2031-09-03");
  w.file(with(others(), {row("HARROW AIR", "2031-10-04", "2032-10-04", "NO. 2", "IR")}), "2031-10-02");
  const std::size_t before = w.told();
  const Tracked t = w.read(
      notice({order(OperationKind::revise,
                    party("Harrow Air", "2031-10-04", "2032-10-04", "No. 2, Lantern St., Tehran, Iran", "IR"),
                    "2031-10-04")}));
  CHECK(t.commit.new_changes.empty());
  REQUIRE(t.completed.size() == 1);
  CHECK(t.completed[0].kind == ChangeKind::revised);
  CHECK(w.told() == before);
}

TEST_CASE("an order that ends a denial removes all rows of the party once; the file confirms") {
  Watched w;
  w.file(with(others(), {row("QUICK PARTS, LLC", "2031-04-05", "2031-10-05"),
                         row("QUICK PARTS, LLC", "2031-04-05", "2031-10-05", "6 ELM ST., MESA, AZ, US")}),
         "2031-09-03");
  const std::size_t before = w.told();
  Operation end = order(OperationKind::remove, party("Quick Parts, LLC", "2031-04-05", "2031-10-05"));
  end.listing.start_date.reset();
  end.listing.end_date.reset();
  const Tracked t = w.read(notice({end}));
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(t.commit.new_changes[0].kind == ChangeKind::removed);
  CHECK_FALSE(t.commit.new_changes[0].review);
  const Tracked gone = w.file(others(), "2031-10-08");
  CHECK(gone.commit.new_changes.empty());
  CHECK(w.told() == before + 1);
}

TEST_CASE("a notice of a party that the baseline shows is told once and adds no second entry") {
  Watched w;
  Listing other = party("Other Person C", "2025-01-01", "2035-01-01");
  const DocumentReading reading = notice({order(OperationKind::add, other)});
  const Tracked t = w.read(reading);
  REQUIRE(t.commit.new_changes.size() == 1);
  CHECK(confirmed_by(t.commit.new_changes[0]) == std::vector<std::string>{"dpl"});
  CHECK(w.known.entries_of(ListId::denied_persons).size() == 12);
  CHECK(w.read(reading, "2031-10-04T10:00:00Z").commit.new_changes.empty());
}

TEST_CASE("a party without a country is the file's by its name, and learns the country there") {
  Watched w;
  Listing air = party("Lantern Airlines", "2031-09-29", "2032-03-27", "633104, prospekt 10");
  air.country.clear();
  air.country_code.clear();
  w.read(notice({order(OperationKind::add, air)}));
  const Tracked t =
      w.file(with(others(), {row("LANTERN AIRLINES", "2031-09-29", "2032-03-27", "PROSPEKT 10", "RU")}),
             "2031-10-06");
  CHECK(t.commit.new_changes.empty());
  CHECK(w.known.entries_of(ListId::denied_persons).size() == 13);
  CHECK(w.named("Lantern Airlines")->listing.country_code == "RU");
}

TEST_CASE("a wrong country in the file is no other party") {
  for (const bool file_first : {false, true}) {
    Watched w;
    const auto file = [&] {
      return w.file(with(others(), {row("LORNA QUILL", "2031-09-29", "2039-04-14",
                                        "127 HILL STREET, EL MARJ, LY", "LY")}),
                    "2031-10-06");
    };
    const auto document = [&] {
      return w.read(notice({order(OperationKind::add, party("Lorna Quill", "2031-09-29", "2039-04-14",
                                                            "127 Hill Street, El Marj, Lebanon", "LB"))}));
    };
    const Tracked first = file_first ? file() : document();
    REQUIRE(first.commit.new_changes.size() == 1);
    const Tracked second = file_first ? document() : file();
    CHECK(second.commit.new_changes.empty());
    CHECK(w.known.entries_of(ListId::denied_persons).size() == 13);
  }
}

TEST_CASE("a party of two countries is an entry in each, told once in each, whichever is first") {
  Listing in_russia =
      party("Lantern Tours", "2031-09-29", "2032-09-29", "5 Volokolamsk Highway, Moscow, Russia", "RU");
  in_russia.cross_references = {"TURKEY"};
  Listing in_turkey =
      party("Lantern Tours", "2031-09-29", "2032-09-29", "94/1 Nergiz Sk., Antalya, Turkey", "TR");
  in_turkey.cross_references = {"RUSSIA"};
  const DocumentReading reading =
      notice({order(OperationKind::add, in_turkey), order(OperationKind::add, in_russia)});
  const std::vector<Listing> rows =
      with(others(), {row("LANTERN TOURS", "2031-09-29", "2032-09-29", "5 VOLOKOLAMSK", "RU"),
                      row("LANTERN TOURS", "2031-09-29", "2032-09-29", "94/1 NERGIZ", "TR")});
  for (const bool file_first : {false, true}) {
    Watched w;
    if (file_first) w.file(rows, "2031-10-02");
    w.read(reading);
    if (!file_first) w.file(rows, "2031-10-06");
    CHECK(w.told() == 2);
    CHECK(w.known.entries_of(ListId::denied_persons).size() == 14);
    for (const Change& c : w.known.changes()) CHECK(confirmed_by(c).size() == 1);
  }
}

TEST_CASE("one denial or two") {
  const Listing a = party("Frederick Bergmann, Jr.", "2031-09-29", "2039-04-14");
  CHECK(same_denial(a, row("FREDERICK JOSEPH BERGMANN, JR", "2031-09-29", "2039-04-14")));
  CHECK_FALSE(same_denial(a, row("FREDERICK JOSEPH BERGMANN, JR", "2031-09-29", "2036-04-14")));
  CHECK_FALSE(same_denial(a, row("ANNA BERGMANN", "2031-09-29", "2039-04-14")));
  CHECK_FALSE(same_denied_party(a, party("Frederick Bergmann, Jr.", "2031-09-29", "2039-04-14", "x", "CA")));
}
