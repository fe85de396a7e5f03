// What the archive costs: commits against bare synced writes of the same store, and the baseline of a
// list. Run it on the disk that is meant: storage_bench [DIRECTORY]
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/commit.hpp"
#include "core/hash.hpp"
#include "storage/archive.hpp"
#include "storage/codec.hpp"

namespace {

using namespace entitywatch;
using Clock = std::chrono::steady_clock;

constexpr int rounds = 300;
constexpr int list_rows = 3400;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

[[noreturn]] void give_up(const std::string& what) {
  fmt::print(stderr, "storage_bench: {}\n", what);
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) give_up(result.error().describe());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

Listing listing(int n) {
  Listing l;
  l.country = "CHINA, PEOPLE'S REPUBLIC OF";
  l.country_code = "CN";
  l.name = fmt::format("Example Technology Company Number {}", n);
  l.aliases = {fmt::format("ETC {}", n), fmt::format("Example Tech {}", n), "Yige Lizi Keji"};
  l.addresses = {fmt::format("No. {} Example Road, Example District, Urumqi, China", n),
                 "2 Second Road, Shanghai"};
  l.license_requirement = "For all items subject to the EAR. (See § 744.11 of the EAR).";
  l.license_review_policy = "Presumption of denial.";
  l.citations = {{84, 54004, std::nullopt, false}};
  l.raw = {l.name + ", a.k.a., the following three aliases", l.license_requirement, l.license_review_policy,
           "84 FR 54004, 10/9/19."};
  return l;
}

std::string id(int n) { return stable_id({"bench", std::to_string(n)}, 20); }

Commit single(int n) {
  Commit c;
  Observation o{
      "federal_register", ObservationKind::federal_register_document, std::to_string(n), {}, Time{}, {}};
  o.parts.push_back(
      {"xml", "https://example.org", "text/xml", {}, std::string(8000, 'x') + std::to_string(n)});
  c.observation = std::move(o);
  c.documents.emplace_back().number = std::to_string(n);
  Entry entry;
  entry.id = id(n);
  entry.listing = listing(n);
  Change change;
  change.id = stable_id({"change", std::to_string(n)});
  change.entry = entry;
  c.entries = {entry};
  c.versions.push_back({entry.id, 1, EntryStatus::listed, {}, Time{}, change.id, entry.listing, "federal_register", "", {}, false});
  c.new_changes = {change};
  c.sources.emplace_back().name = "federal_register";
  return c;
}

Commit baseline() {
  Commit c;
  std::string bytes;
  for (int n = 0; n < list_rows; ++n) {
    Entry entry;
    entry.id = id(n);
    entry.listing = listing(n);
    c.versions.push_back({entry.id, 1, EntryStatus::listed, {}, Time{}, "", entry.listing, "ecfr", "", {}, false});
    c.source_rows.push_back({"ecfr", ListId::entity_list, entry.id, entry.listing, false});
    bytes +=
        "<TR><TD>" + entry.listing.raw.entity + "</TD><TD>" + entry.listing.addresses[0] + "</TD></TR>\n";
    c.entries.push_back(std::move(entry));
  }
  Observation o{"ecfr", ObservationKind::ecfr_part, "part-744", {}, Time{}, {}};
  o.parts.push_back({"body", "https://example.org", "text/xml", {}, std::move(bytes)});
  c.observation = std::move(o);
  c.sources.emplace_back().name = "ecfr";
  return c;
}

double bare_puts_per_second(const std::string& directory, std::size_t bytes) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::Open(options, directory, &opened).ok()) give_up("cannot open " + directory);
  const std::unique_ptr<rocksdb::DB> db{opened};
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const std::string value(bytes, 'v');
  const auto start = Clock::now();
  for (int n = 0; n < rounds; ++n)
    if (!db->Put(synced, std::to_string(n), value).ok()) give_up("cannot write");
  return rounds * 1000.0 / milliseconds_since(start);
}

double commits_per_second(storage::Archive& archive) {
  std::vector<Commit> commits;
  for (int n = 0; n < rounds; ++n) commits.push_back(single(n));
  const auto start = Clock::now();
  for (const Commit& c : commits) need(archive.commit(c));
  return rounds * 1000.0 / milliseconds_since(start);
}

void report_baseline(const std::string& directory) {
  const Commit commit = baseline();
  double took = 0;
  {
    const auto archive = need(storage::Archive::open({.directory = directory}));
    const auto start = Clock::now();
    need(archive->commit(commit));
    took = milliseconds_since(start);
  }
  fmt::print("baseline of {} entries, versions and rows, one commit: {:.0f} ms\n", list_rows, took);
  auto start = Clock::now();
  const auto archive = need(storage::Archive::open({.directory = directory}));
  fmt::print("open: {:.0f} ms\n", milliseconds_since(start));
  start = Clock::now();
  int loaded = 0;
  const auto reader = archive->reader();
  need(reader->entries(std::nullopt, "", [&](const Entry&) { return ++loaded > 0; }));
  need(reader->source_rows("ecfr", [&](const SourceRow&) { return ++loaded > 0; }));
  fmt::print("load {} entries and rows: {:.0f} ms\n", loaded, milliseconds_since(start));
  start = Clock::now();
  const auto verified = need(archive->verify_chain());
  fmt::print("verify {} link of {} records ({}): {:.0f} ms\n", verified.links, 3 * list_rows,
             verified.ok ? "ok" : "BROKEN", milliseconds_since(start));
}

void report_codec() {
  Entry entry;
  entry.id = id(1);
  entry.listing = listing(1);
  const std::string bytes = storage::encode(entry);
  constexpr int times = 50000;
  std::size_t sum = 0;
  auto start = Clock::now();
  for (int i = 0; i < times; ++i) sum += storage::encode(entry).size();
  const double encoding = milliseconds_since(start);
  start = Clock::now();
  for (int i = 0; i < times; ++i) sum += need(storage::decode<Entry>(bytes)).id.size();
  const double decoding = milliseconds_since(start);
  const double megabytes = static_cast<double>(bytes.size()) * times / 1e6;
  fmt::print("codec, entry of {} bytes: encode {:.0f} MB/s, decode {:.0f} MB/s ({} checked)\n", bytes.size(),
             megabytes / encoding * 1000, megabytes / decoding * 1000, sum);
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  const fs::path base = argc > 1 ? fs::path{argv[1]} : fs::temp_directory_path();
  std::string name = (base / "storage-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) give_up("cannot create a directory in " + base.string());
  {
    const auto archive = need(storage::Archive::open({.directory = name + "/archive"}));
    const double commits = commits_per_second(*archive);
    const double puts = bare_puts_per_second(name + "/bare", 4000);
    fmt::print("commits: {:.0f} a second; bare synced puts of 4 kB: {:.0f} a second; ratio {:.2f}\n", commits,
               puts, commits / puts);
  }
  report_baseline(name + "/baseline");
  report_codec();
  fs::remove_all(name);
  return 0;
}
