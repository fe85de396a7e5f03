#include "samples.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>

namespace entitywatch::storage::test {

namespace fs = std::filesystem;

TempDir::TempDir() {
  std::string name = (fs::temp_directory_path() / "ew-storage-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}
TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}
std::string TempDir::path(std::string_view name) const { return (path_ / name).string(); }

Time at(int minute) { return Time{day(2026, 3, 25)} + std::chrono::minutes{minute}; }
Date day(int year, unsigned month, unsigned day_of_month) {
  return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day_of_month};
}

Listing full_listing() {
  Listing l;
  l.country = "CHINA, PEOPLE'S REPUBLIC OF";
  l.country_code = "CN";
  l.name = "Example Süd Institute";
  l.aliases = {"ESI", "", "Süd"};
  l.former_names = {"Old Institute"};
  l.addresses = {"1 First Road, Urumqi", "2 Second Road"};
  l.cross_references = {"Pakistan"};
  l.license_requirement = "For all items subject to the EAR";
  l.license_review_policy = "Presumption of denial";
  l.requirement_form = "all-items";
  l.policy_form = "presumption-of-denial";
  l.citations = {{84, 54004, day(2019, 10, 9), false}, {77, 23116, std::nullopt, true}};
  l.footnotes = {1, 5};
  l.parent = "Example Academy";
  l.programs = {"SDN", "NPWMD"};
  l.remarks = "standard order";
  l.start_date = day(1968, 2, 29);
  l.end_date = day(3017, 8, 22);
  l.raw = {"Example, a.k.a.,\n-ESI", "raw requirement", "raw policy", "84 FR 54004"};
  l.checks = {{"stated_alias_count", "3", "2", false, "three aliases"}};
  l.findings = {{Finding::Severity::note, "odd_dash", "A dash is odd.", "—ESI"}};
  return l;
}

Entry full_entry() {
  return {"0123456789abcdef0123",
          ListId::meu_list,
          full_listing(),
          EntryStatus::pending,
          "ecfr",
          at(1),
          at(2),
          day(2026, 4, 1),
          "2026-01234",
          7};
}

EntryVersion full_version() {
  return {"0123456789abcdef0123", 300, EntryStatus::removed, day(2026, 4, 2), at(3), "change-id",
          full_listing(), "ecfr", "2026-01234", day(2026, 4, 3), true};
}

SourceRow full_source_row() {
  return {"csl", ListId::itar_debarred, "0123456789abcdef0123", full_listing(), false};
}

Document full_document() {
  Document d;
  d.number = "2019-22210";
  d.citation = "84 FR 54002";
  d.volume = 84;
  d.start_page = 54002;
  d.end_page = 54009;
  d.title = "Addition of Certain Entities";
  d.type = "Rule";
  d.action = "Final rule.";
  d.abstract = "In this rule…";
  d.topic = "entity-list";
  d.agencies = {"industry-and-security-bureau"};
  d.url = "https://example.org/html";
  d.xml_url = "https://example.org/xml";
  d.pdf_url = "https://example.org/pdf";
  d.text_url = "https://example.org/txt";
  d.stage = DocumentStage::inspection;
  d.filed_at = at(-100);
  d.publication_date = day(2019, 10, 9);
  d.effective_on = day(2019, 10, 10);
  d.effective_dates = {day(2019, 10, 10), day(2019, 11, 1)};
  d.dates_text = "This rule is effective…";
  d.savings_until = day(2019, 11, 8);
  d.dockets = {"190925-0044"};
  d.rins = {"0694-AH68"};
  d.authority = "50 U.S.C. 4801";
  d.relations = {{"delays", "2019-00001", day(2019, 11, 2), day(2019, 11, 3)}};
  d.touched = {{15, "744", "744.11", "introductory text", "revise"}};
  d.checks = {{"stated_entries", "28", "28", true, ""}};
  d.findings = {{Finding::Severity::review, "unplaced_instruction", "Could not be placed.", "c. Adding"}};
  d.source = "federal_register";
  d.first_seen = at(4);
  d.evidence = {std::string(64, 'a'), std::string(64, 'b')};
  d.content_digest = "digest";
  return d;
}

Change full_change() {
  Change c;
  c.id = "fedcba9876543210fedcba9876543210";
  c.seq = 4711;
  c.revision = 2;
  c.position = 4800;
  c.kind = ChangeKind::corrected;
  c.list = ListId::unverified_list;
  c.entry = full_entry();
  c.before = full_entry();
  c.before->listing.name = "Before";
  c.fields = {"name", "aliases"};
  c.document = DocumentRef{"2026-01234", "91 FR 1",        "Title",         "https://example.org/d",
                           at(5),        day(2026, 3, 26), day(2026, 3, 27)};
  c.effective_on = day(2026, 3, 28);
  c.detected_at = at(6);
  c.source = "public_inspection";
  c.sightings = {
      {"ecfr", "confirms", at(7), "2026-01235", day(2026, 3, 29), "added page", std::string(64, 'c')}};
  c.review = true;
  c.checks = {{"instruction_in_table", "x", "y", false, "where"}};
  c.findings = {{Finding::Severity::review, "row_unknown", "No row.", "excerpt"}};
  c.evidence = {std::string(64, 'd'), "https://example.org/e", at(8)};
  c.note = "seen only in the eCFR";
  c.decisions = {{"name", "editorial", "punctuation_and_case"}};
  return c;
}

Alert full_alert() {
  Alert a;
  a.id = "alert-1";
  a.kind = Alert::Kind::operator_notice;
  a.subscription = "china";
  a.document = "2026-01234";
  a.source = "federal_register";
  a.created_at = at(9);
  a.not_before = at(10);
  a.is_update = true;
  a.change_ids = {"c1", "c2"};
  a.matches = {{"c1", "Vendor GmbH", "v-1", 0.97, "Vendor"}};
  a.subject = "Subject";
  a.text = "Text";
  return a;
}

Delivery full_delivery() {
  Delivery d;
  d.id = "delivery-1";
  d.alert_id = "alert-1";
  d.channel = "grc";
  d.subscription = "china";
  d.order_key = "2026-01234";
  d.status = DeliveryStatus::pending;
  d.attempts = 3;
  d.created_at = at(11);
  d.next_attempt_at = at(12);
  d.delivered_at = at(13);
  d.last_response = DeliveryResponse{503, "busy", -12};
  d.done_recipients = {"a@example.org"};
  d.first_attempt_at = at(14);
  return d;
}

SourceState full_source_state() {
  SourceState s;
  s.name = "ecfr";
  s.last_attempt_at = at(15);
  s.last_success_at = at(16);
  s.last_change_at = at(17);
  s.next_poll_at = at(18);
  s.last_error = SourceError{"timeout", "no answer", at(19)};
  s.held = SourceHold{"shrunken", at(20), "digest"};
  s.failures_in_row = 4;
  s.operators_told = true;
  s.has_baseline = true;
  s.released_digest = "released";
  s.reader_version = "ecfr-1";
  s.memory = {{"etag https://example.org", "\"abc\""}, {"through", "2026-03-25"}};
  return s;
}

StoredObservation full_stored_observation() {
  return {"csl",
          ObservationKind::csl,
          "list",
          day(2026, 3, 25),
          at(21),
          12,
          {{"body", "https://example.org/csl", "text/csv", {{"etag", "\"x\""}}, sha256("csl"), 1234567}}};
}

Link full_link() {
  return {300,
          sha256("before"),
          {{Table::documents, "2019-22210", sha256("doc")}, {Table::source_rows, "row", {}}}};
}

Head full_head() { return {1, 300, 70000, 5, sha256("head")}; }

Entry entry(std::string id, ListId list) {
  Entry e = full_entry();
  e.id = std::move(id);
  e.list = list;
  return e;
}

Change change(std::string id, std::string entry_id, std::string document_number) {
  Change c = full_change();
  c.id = std::move(id);
  c.seq = 0;
  c.position = 0;
  c.revision = 1;
  c.entry = entry(entry_id);
  c.before = entry(std::move(entry_id));
  c.document->number = std::move(document_number);
  return c;
}

Document document(std::string number) {
  Document d = full_document();
  d.number = std::move(number);
  return d;
}

Delivery delivery(std::string id, int created_minute, int due_minute) {
  Delivery d = full_delivery();
  d.id = std::move(id);
  d.created_at = at(created_minute);
  d.next_attempt_at = at(due_minute);
  return d;
}

Observation observation(std::string key, std::string bytes) {
  ObservationPart part{"body", "https://example.org/" + key, "text/xml", {{"etag", key}}, std::move(bytes)};
  return {"ecfr", ObservationKind::ecfr_part, std::move(key), day(2026, 3, 25), at(22), {std::move(part)}};
}

std::string numbered(std::string_view what, int n) { return fmt::format("{}-{:06}", what, n); }

Commit commit(int n) {
  Commit c;
  std::string bytes;
  for (int line = 0; line < 40; ++line) bytes += fmt::format("<row n=\"{}\">{}</row>\n", n, line * n);
  c.observation = observation(numbered("part", n), std::move(bytes));
  c.documents = {document(numbered("document", n))};
  c.entries = {entry(numbered("entry", n))};
  c.versions = {full_version()};
  c.versions[0].entry_id = numbered("entry", n);
  c.versions[0].number = 1;
  c.source_rows = {full_source_row()};
  c.source_rows[0].entry_id = numbered("entry", n);
  c.new_changes = {change(numbered("change", n), numbered("entry", n), numbered("document", n))};
  c.alerts = {full_alert()};
  c.alerts[0].id = numbered("alert", n);
  c.deliveries = {delivery(numbered("delivery", n), n, n)};
  c.sources = {full_source_state()};
  c.sources[0].memory["through"] = std::to_string(n);
  return c;
}

std::unique_ptr<Archive> open_archive(const std::string& directory) {
  auto archive = Archive::open({.directory = directory});
  INFO((archive ? "" : archive.error().describe()));
  REQUIRE(archive);
  return std::move(*archive);
}

void flip_bit(const fs::path& file, long offset) {
  std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
  REQUIRE(stream);
  const auto whence = offset < 0 ? std::ios::end : std::ios::beg;
  stream.seekg(offset, whence);
  const int byte = stream.get();
  REQUIRE(byte >= 0);
  stream.seekp(offset, whence);
  stream.put(static_cast<char>(byte ^ 0x10));
  stream.close();
  REQUIRE(stream);
}

std::vector<fs::path> files_ending(const std::string& directory, std::string_view end) {
  std::vector<fs::path> out;
  for (const auto& file : fs::directory_iterator{directory})
    if (file.path().string().ends_with(end)) out.push_back(file.path());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace entitywatch::storage::test

#ifdef __SANITIZE_THREAD__
// Debian's RocksDB is not instrumented, so what synchronises inside it is not seen.
extern "C" const char* __tsan_default_suppressions() {
  return "race:rocksdb::\nrace:libzstd.so\nmutex:rocksdb::\ndeadlock:rocksdb::\n";
}
#endif
