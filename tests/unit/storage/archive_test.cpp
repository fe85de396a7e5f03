#include "storage/archive.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/hash.hpp"
#include "samples.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;

// Collects what a visitor is shown, up to `limit`.
template <class T>
class Collect {
 public:
  explicit Collect(std::size_t limit = 1000000) : limit_(limit) {}
  Visitor<T> visitor() {
    return [this](const T& item) {
      items.push_back(item);
      return items.size() < limit_;
    };
  }
  std::vector<T> items;

 private:
  std::size_t limit_;
};

std::vector<std::string> ids(const std::vector<Change>& changes) {
  std::vector<std::string> out;
  for (const Change& c : changes) out.push_back(c.id);
  return out;
}
std::vector<std::string> ids(const std::vector<Waiting>& waiting) {
  std::vector<std::string> out;
  for (const Waiting& row : waiting) out.push_back(row.id);
  return out;
}
std::vector<std::string> ids(const std::vector<Delivery>& deliveries) {
  std::vector<std::string> out;
  for (const Delivery& d : deliveries) out.push_back(d.id);
  return out;
}

TEST_CASE("a commit is found again, every record of it, also after reopening", "[archive]") {
  const TempDir dir;
  const Commit made = commit(1);
  CommitReceipt receipt;
  {
    const auto archive = open_archive(dir.path());
    auto done = archive->commit(made);
    REQUIRE(done);
    receipt = *done;
  }
  CHECK(receipt.chain_number == 1);
  CHECK(receipt.chain_head.size() == 64);
  REQUIRE(receipt.changes.size() == 1);
  CHECK(receipt.changes[0].seq == 1);
  CHECK(receipt.changes[0].position == 1);

  const auto archive = open_archive(dir.path());
  const auto reader = archive->reader();
  Change stored = made.new_changes[0];
  stored.seq = stored.position = 1;
  CHECK(reader->change(stored.id).value() == stored);
  CHECK(reader->last_seq() == 1);
  CHECK(reader->last_position() == 1);
  CHECK(reader->document("document-000001").value() == made.documents[0]);
  CHECK(reader->entry("entry-000001").value() == made.entries[0]);
  CHECK(reader->versions("entry-000001").value() == made.versions);
  CHECK(reader->source("ecfr").value() == made.sources[0]);
  CHECK(reader->sources().value() == made.sources);
  CHECK(reader->alert("alert-000001").value() == made.alerts[0]);
  CHECK(reader->delivery("delivery-000001").value() == made.deliveries[0]);
  Collect<SourceRow> rows;
  REQUIRE(reader->source_rows("csl", rows.visitor()));
  CHECK(rows.items == made.source_rows);

  const ObservationPart& part = made.observation->parts[0];
  const std::string address = sha256_hex(part.bytes);
  CHECK(reader->evidence(address).value() == part.bytes);
  const auto records = reader->evidence_records(address).value();
  REQUIRE(records.size() == 1);
  CHECK(records[0].url == part.url);
  CHECK(records[0].headers == part.headers);
  CHECK(records[0].source == "ecfr");
  CHECK(records[0].kind == "ecfr_part");
  CHECK(records[0].key == "part-000001");
  CHECK(records[0].role == "body");
  CHECK(records[0].as_of == made.observation->as_of);
  CHECK(records[0].fetched_at == made.observation->fetched_at);
  CHECK(records[0].bytes == part.bytes.size());
  CHECK(records[0].chain_number == 1);
  Collect<Observation> observations;
  REQUIRE(reader->observations(observations.visitor()));
  REQUIRE(observations.items.size() == 1);
  CHECK(observations.items[0].parts == made.observation->parts);
  CHECK(observations.items[0].key == made.observation->key);
}

TEST_CASE("what was never stored is absent, not an error", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  const auto reader = archive->reader();
  CHECK(reader->change("x").value() == std::nullopt);
  CHECK(reader->entry("x").value() == std::nullopt);
  CHECK(reader->versions("x").value().empty());
  CHECK(reader->document("x").value() == std::nullopt);
  CHECK(reader->source("x").value() == std::nullopt);
  CHECK(reader->evidence("x").value() == std::nullopt);
  CHECK(reader->evidence(std::string(64, '0')).value() == std::nullopt);
  CHECK(reader->evidence_records(std::string(64, '0')).value().empty());
  CHECK(reader->alert("x").value() == std::nullopt);
  CHECK(reader->delivery("x").value() == std::nullopt);
  CHECK(reader->note("x").value() == std::nullopt);
  CHECK(reader->last_seq() == 0);
  CHECK(reader->last_position() == 0);
}

TEST_CASE("the same bytes are kept once and remembered each time", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  Commit first;
  first.observation = observation("one", "same bytes");
  first.observation->parts.push_back({"xml", "https://example.org/other", "text/xml", {}, "same bytes"});
  Commit second;
  second.observation = observation("two", "same bytes");
  REQUIRE(archive->commit(first));
  REQUIRE(archive->commit(second));
  const auto records = archive->reader()->evidence_records(sha256_hex("same bytes")).value();
  REQUIRE(records.size() == 3);
  CHECK(records[0].role == "body");
  CHECK(records[1].role == "xml");
  CHECK(records[2].key == "two");
  CHECK(records[2].chain_number == 2);
  const auto report = archive->verify_chain().value();
  CHECK(report.ok);
  CHECK(report.evidence == 1);
}

TEST_CASE("changes page by seq, updates by position", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  Commit first;
  first.new_changes = {change("a", "e1", "d1"), change("b", "e1", "d1"), change("c", "e2", "d2")};
  REQUIRE(archive->commit(first));
  Commit second;
  Change completed = archive->reader()->change("a").value().value();
  completed.revision = 2;
  completed.seq = 99;  // the archive knows better
  completed.note = "completed";
  second.updated_changes = {completed};
  second.new_changes = {change("d", "e3", "d2")};
  const auto receipt = archive->commit(second).value();
  REQUIRE(receipt.changes.size() == 2);
  CHECK(receipt.changes[0].id == "d");
  CHECK(receipt.changes[0].seq == 4);
  CHECK(receipt.changes[1].id == "a");
  CHECK(receipt.changes[1].seq == 1);
  CHECK(receipt.changes[1].position == 5);

  const auto reader = archive->reader();
  Collect<Change> by_seq;
  Collect<Change> by_position;
  REQUIRE(reader->changes(0, by_seq.visitor()));
  REQUIRE(reader->updates(0, by_position.visitor()));
  CHECK(ids(by_seq.items) == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(ids(by_position.items) == std::vector<std::string>{"b", "c", "d", "a"});
  CHECK(by_position.items.back().note == "completed");
  Collect<Change> rest;
  REQUIRE(reader->changes(2, rest.visitor()));
  CHECK(ids(rest.items) == std::vector<std::string>{"c", "d"});
  Collect<Change> news;
  REQUIRE(reader->updates(3, news.visitor()));
  CHECK(ids(news.items) == std::vector<std::string>{"d", "a"});
  Collect<Change> none;
  REQUIRE(reader->updates(UINT64_MAX, none.visitor()));
  REQUIRE(reader->changes(UINT64_MAX, none.visitor()));
  CHECK(none.items.empty());
  Collect<Change> one{1};
  REQUIRE(reader->changes(1, one.visitor()));
  CHECK(ids(one.items) == std::vector<std::string>{"b"});
  CHECK(reader->last_seq() == 4);
  CHECK(reader->last_position() == 5);

  // A new change takes seq and position from the same counter, so that a fresh one has them equal.
  Commit third;
  third.new_changes = {change("e", "e1", "d1")};
  CHECK(archive->commit(third)->changes[0].seq == 6);
  CHECK(archive->reader()->change("e").value()->position == 6);
}

TEST_CASE("changes are found by document and by entry, and follow an update", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  Commit first;
  first.new_changes = {change("a", "e1", "2024-1"), change("b", "e2", "2024-1"),
                       change("c", "e1", "2024-10")};
  REQUIRE(archive->commit(first));
  const auto of_document = [&](std::string_view number) {
    Collect<Change> found;
    REQUIRE(archive->reader()->changes_of_document(number, found.visitor()));
    return ids(found.items);
  };
  const auto of_entry = [&](std::string_view id) {
    Collect<Change> found;
    REQUIRE(archive->reader()->changes_of_entry(id, found.visitor()));
    return ids(found.items);
  };
  CHECK(of_document("2024-1") == std::vector<std::string>{"a", "b"});
  CHECK(of_entry("e1") == std::vector<std::string>{"a", "c"});

  Commit second;
  Change moved = archive->reader()->change("a").value().value();
  moved.revision = 2;
  moved.document->number = "2024-2";
  moved.before = entry("e3");
  second.updated_changes = {moved};
  REQUIRE(archive->commit(second));
  CHECK(of_document("2024-1") == std::vector<std::string>{"b"});
  CHECK(of_document("2024-2") == std::vector<std::string>{"a"});
  CHECK(of_entry("e1") == std::vector<std::string>{"a", "c"});
  CHECK(of_entry("e3") == std::vector<std::string>{"a"});
  CHECK(archive->verify_chain()->ok);
}

TEST_CASE("a change without document or entry is kept", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  Change bare;
  bare.id = "bare";
  bare.kind = ChangeKind::document;
  Commit made;
  made.new_changes = {bare};
  REQUIRE(archive->commit(made));
  CHECK(archive->reader()->change("bare").value()->kind == ChangeKind::document);
  CHECK(archive->verify_chain()->ok);
}

TEST_CASE("entries come by list, then id, from where one left off", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  Commit made;
  made.entries = {entry("m2", ListId::meu_list), entry("z9"), entry("a1"),
                  entry("u5", ListId::unverified_list)};
  REQUIRE(archive->commit(made));
  const auto reader = archive->reader();
  const auto list = [&](std::optional<ListId> of, std::string_view after) {
    Collect<Entry> found;
    REQUIRE(reader->entries(of, after, found.visitor()));
    std::vector<std::string> out;
    for (const Entry& e : found.items) out.push_back(e.id);
    return out;
  };
  CHECK(list(std::nullopt, "") == std::vector<std::string>{"a1", "z9", "u5", "m2"});
  CHECK(list(std::nullopt, "z9") == std::vector<std::string>{"u5", "m2"});
  CHECK(list(std::nullopt, "m2").empty());
  CHECK(list(ListId::entity_list, "") == std::vector<std::string>{"a1", "z9"});
  CHECK(list(ListId::entity_list, "a1") == std::vector<std::string>{"z9"});
  CHECK(list(ListId::entity_list, "b") == std::vector<std::string>{"z9"});
  CHECK(list(ListId::unverified_list, "z9") == std::vector<std::string>{"u5"});
  CHECK(list(ListId::unverified_list, "m2").empty());
  Collect<Entry> unused;
  const auto unknown = reader->entries(std::nullopt, "nobody", unused.visitor());
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::not_found);
}

TEST_CASE("versions of an entry come in order of number", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  Commit made;
  for (const std::uint64_t number : {2, 1, 300, 4}) {
    made.versions.push_back(full_version());
    made.versions.back().entry_id = "e";
    made.versions.back().number = number;
  }
  made.versions.push_back(full_version());
  made.versions.back().entry_id = "e1";
  REQUIRE(archive->commit(made));
  std::vector<std::uint64_t> numbers;
  const auto versions = archive->reader()->versions("e").value();
  for (const EntryVersion& v : versions) numbers.push_back(v.number);
  CHECK(numbers == std::vector<std::uint64_t>{1, 2, 4, 300});
  Collect<EntryVersion> all;
  REQUIRE(archive->reader()->all_versions(all.visitor()));
  CHECK(all.items.size() == 5);
}

TEST_CASE("a source's rows are its own, and go when it says so", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  SourceRow row = full_source_row();
  SourceRow other = row;
  other.source = "csl2";
  SourceRow second = row;
  second.entry_id = "zz";
  Commit made;
  made.source_rows = {row, other, second};
  REQUIRE(archive->commit(made));
  Commit gone;
  gone.source_rows = {row};
  gone.source_rows[0].gone = true;
  REQUIRE(archive->commit(gone));
  Collect<SourceRow> rows;
  REQUIRE(archive->reader()->source_rows("csl", rows.visitor()));
  CHECK(rows.items == std::vector{second});
  CHECK(archive->verify_chain()->ok);
}

TEST_CASE("documents come by number", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  Commit made;
  made.documents = {document("2024-2"), document("2024-10"), document("C1-2024-2")};
  REQUIRE(archive->commit(made));
  Collect<Document> after;
  REQUIRE(archive->reader()->documents("2024-10", after.visitor()));
  REQUIRE(after.items.size() == 2);
  CHECK(after.items[0].number == "2024-2");
  CHECK(after.items[1].number == "C1-2024-2");
}

TEST_CASE("deliveries come oldest first, and by when they fall due", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  Commit made;
  made.deliveries = {delivery("c", 3, 10), delivery("b", 1, 30), delivery("a", 1, 20)};
  REQUIRE(archive->commit(made));
  const auto listed = [&](std::string_view after) {
    Collect<Delivery> found;
    REQUIRE(archive->reader()->deliveries(after, found.visitor()));
    return ids(found.items);
  };
  const auto due = [&](int minute) {
    Collect<Waiting> found;
    REQUIRE(archive->reader()->waiting(at(minute), found.visitor()));
    return ids(found.items);
  };
  CHECK(listed("") == std::vector<std::string>{"a", "b", "c"});
  CHECK(listed("a") == std::vector<std::string>{"b", "c"});
  CHECK(due(9).empty());
  CHECK(due(10) == std::vector<std::string>{"c"});
  CHECK(due(30) == std::vector<std::string>{"c", "a", "b"});
  Collect<Waiting> waiting;
  REQUIRE(archive->reader()->waiting(at(10), waiting.visitor()));
  CHECK(waiting.items == std::vector{Waiting{"c", made.deliveries[0].channel, at(3), at(10)}});

  Commit later;
  later.deliveries = {delivery("c", 3, 40), delivery("a", 1, 20)};
  later.deliveries[1].status = DeliveryStatus::delivered;
  later.deliveries[1].next_attempt_at.reset();
  const auto receipt = archive->commit(later).value();
  CHECK(receipt.chain_number == 0);
  CHECK(due(40) == std::vector<std::string>{"b", "c"});
  CHECK(listed("") == std::vector<std::string>{"a", "b", "c"});
  Collect<Delivery> unused;
  CHECK(archive->reader()->deliveries("nobody", unused.visitor()).error().code == ErrorCode::not_found);
}

TEST_CASE("a delivery told of twice in one commit leaves no trace of the first telling", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  Commit made;
  made.deliveries = {delivery("a", 1, 20), delivery("a", 2, 50)};
  REQUIRE(archive->commit(made));
  Collect<Delivery> all;
  REQUIRE(archive->reader()->deliveries("", all.visitor()));
  CHECK(all.items == std::vector{made.deliveries[1]});
  Collect<Waiting> waiting;
  REQUIRE(archive->reader()->waiting(at(100), waiting.visitor()));
  CHECK(waiting.items == std::vector{Waiting{"a", made.deliveries[1].channel, at(2), at(50)}});
}

TEST_CASE("subscriptions and notes come and go", "[archive]") {
  const TempDir dir;
  {
    const auto archive = open_archive(dir.path());
    REQUIRE(archive->put_subscription("b", "{}"));
    REQUIRE(archive->put_subscription("a", "{\"x\":1}"));
    REQUIRE(archive->put_subscription("b", "{\"y\":2}"));
    REQUIRE(archive->put_note("channel grc disabled", "410"));
    REQUIRE(archive->put_note("empty", ""));
  }
  const auto archive = open_archive(dir.path());
  using Named = std::vector<std::pair<std::string, std::string>>;
  CHECK(archive->reader()->subscriptions().value() == Named{{"a", "{\"x\":1}"}, {"b", "{\"y\":2}"}});
  CHECK(archive->delete_subscription("a").value());
  CHECK_FALSE(archive->delete_subscription("a").value());
  CHECK(archive->reader()->subscriptions().value().size() == 1);
  CHECK(archive->reader()->note("channel grc disabled").value() == "410");
  CHECK(archive->reader()->note("empty").value() == "");
  REQUIRE(archive->put_note("channel grc disabled", std::nullopt));
  CHECK(archive->reader()->note("channel grc disabled").value() == std::nullopt);
}

TEST_CASE("bookkeeping adds no link, and an empty commit does nothing", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  REQUIRE(archive->commit(commit(1)));
  const std::string head = archive->verify_chain()->head;
  Commit bookkeeping;
  bookkeeping.sources = {full_source_state()};
  const auto receipt = archive->commit(bookkeeping).value();
  CHECK(receipt.chain_number == 0);
  CHECK(receipt.chain_head == head);
  CHECK(archive->commit({})->chain_number == 0);
  CHECK(archive->verify_chain()->links == 1);
}

TEST_CASE("a reader sees one moment", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  REQUIRE(archive->commit(commit(1)));
  const auto before = archive->reader();
  REQUIRE(archive->commit(commit(2)));
  CHECK(before->last_seq() == 1);
  CHECK(before->change("change-000002").value() == std::nullopt);
  CHECK(archive->reader()->last_seq() == 2);
}

TEST_CASE("a large observation is kept whole", "[archive]") {
  const TempDir dir;
  const auto archive = open_archive(dir.path());
  std::string bytes(std::size_t{40} << 20, 'x');
  for (std::size_t i = 0; i < bytes.size(); i += 97) bytes[i] = static_cast<char>('a' + i * 31 % 23);
  Commit made;
  made.observation = observation("large", bytes);
  REQUIRE(archive->commit(made));
  CHECK(archive->reader()->evidence(sha256_hex(bytes)).value() == bytes);
  CHECK(archive->disk_bytes() > 0);
}

}  // namespace
}  // namespace entitywatch::storage
