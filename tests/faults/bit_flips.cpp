// One bit of a database's files at a time is flipped: it must be found, or be harmless.
//   bit_flips [--every N] [--seed S] [--control]                  every Nth byte of a small database made
//   here bit_flips --database DIR --tries N [--seed S] [--control]     N random places of a database that
//   nobody uses
// --control: read without checksums and without the chain, so that wrong data must be read; status 0 when it
// was.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <random>

#include "core/hash.hpp"
#include "storage/archive.hpp"
#include "storage/chain.hpp"
#include "storage/keys.hpp"
#include "storage/observations.hpp"
#include "storage/rocks_store.hpp"
#include "tests/faults/arguments.hpp"
#include "tests/faults/world.hpp"

namespace {

using namespace entitywatch;
using namespace entitywatch::faults;
namespace fs = std::filesystem;

enum class Noticed { found_opening, found_verifying, harmless, wrong };

// Everything there is to read.
class Content {
 public:
  void add(std::string_view key, std::string_view value) {
    block_ += sha256_hex(std::string(key) + '\0' + std::string(value));
    if (block_.size() > (1u << 16)) fold();
  }
  [[nodiscard]] std::string digest() {
    fold();
    return block_;
  }

 private:
  void fold() { block_ = sha256_hex(block_); }
  std::string block_;
};

Result<std::string> content_of(const storage::View& view) {
  Content content;
  for (std::size_t t = 0; t < storage::table_count; ++t) {
    const auto table = static_cast<storage::Table>(t);
    auto scanned = view.scan(table, {}, {}, [&](std::string_view key, std::string_view value) {
      content.add(key, value);
      return true;
    });
    if (!scanned) return tl::unexpected(scanned.error());
  }
  return content.digest();
}

class Subject {
 public:
  virtual ~Subject() = default;
  // The content, or where the fault was noticed.
  [[nodiscard]] virtual std::pair<std::string, std::optional<Noticed>> look(
      const std::string& directory) const = 0;
};

// As the daemon and `verify` read.
class Guarded final : public Subject {
 public:
  std::pair<std::string, std::optional<Noticed>> look(const std::string& directory) const override {
    const auto archive =
        storage::Archive::open({.directory = directory, .read_only = true, .must_exist = true});
    if (!archive) return {archive.error().describe(), Noticed::found_opening};
    const auto report = (*archive)->verify_chain();
    if (!report || !report->ok) return {"", Noticed::found_verifying};
    storage::RocksStoreOptions options;
    options.directory = directory;
    options.access = storage::Access::read_only;
    const auto store = storage::open_rocks_store(options);
    if (!store) return {"", Noticed::found_opening};
    const auto content = content_of(*(*store)->view());
    if (!content) return {"", Noticed::found_verifying};
    return {*content, std::nullopt};
  }
};

// RocksDB told to believe what it finds; the content, or nothing where it could not go on.
std::optional<std::string> believe(const std::string& directory) {
  std::vector<std::string> names;
  rocksdb::DBOptions options;
  options.paranoid_checks = false;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  if (!rocksdb::DB::ListColumnFamilies(options, directory, &names).ok()) return std::nullopt;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::OpenForReadOnly(options, directory, families, &handles, &opened).ok())
    return std::nullopt;
  const std::unique_ptr<rocksdb::DB> db(opened);
  Content content;
  rocksdb::ReadOptions reading;
  reading.verify_checksums = false;
  bool whole = true;
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    const std::unique_ptr<rocksdb::Iterator> it(db->NewIterator(reading, handle));
    for (it->SeekToFirst(); it->Valid(); it->Next())
      content.add(it->key().ToStringView(), it->value().ToStringView());
    whole = whole && it->status().ok();
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
  if (!whole) return std::nullopt;
  return content.digest();
}

// The same in a process of its own, which RocksDB may end by an assertion.
class Unguarded final : public Subject {
 public:
  explicit Unguarded(std::string program) : program_(std::move(program)) {}
  std::pair<std::string, std::optional<Noticed>> look(const std::string& directory) const override {
    const std::string call = fmt::format("'{}' --believe '{}' 2>/dev/null", program_, directory);
    std::FILE* out = ::popen(call.c_str(), "r");
    std::array<char, 65> text{};
    const std::size_t size = out == nullptr ? 0 : std::fread(text.data(), 1, 64, out);
    const bool done = out != nullptr && ::pclose(out) == 0 && size == 64;
    if (!done) return {"", Noticed::found_opening};
    return {text.data(), std::nullopt};
  }

 private:
  std::string program_;
};

struct Place {
  std::string file;
  std::uint64_t offset = 0;
};

void flip(const Place& place, int bit) {
  std::fstream file(place.file, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(place.offset));
  char byte = 0;
  file.get(byte);
  file.seekp(static_cast<std::streamoff>(place.offset));
  file.put(static_cast<char>(byte ^ (1 << bit)));
}

std::string kind_of(const std::string& file) {
  const std::string name = fs::path(file).filename().string();
  for (const std::string_view end : {".sst", ".log"})
    if (name.ends_with(end)) return std::string(end);
  return name.substr(0, name.find('-'));
}

std::vector<Place> files_of(const std::string& directory) {
  std::vector<Place> out;
  for (const auto& file : fs::directory_iterator(directory))
    out.push_back({file.path().string(), file.file_size()});
  std::sort(out.begin(), out.end(), [](const Place& a, const Place& b) { return a.file < b.file; });
  return out;
}

std::vector<Place> every(const std::string& directory, std::uint64_t step) {
  std::vector<Place> out;
  std::uint64_t at = 0;
  for (const Place& file : files_of(directory))
    for (std::uint64_t offset = 0; offset < file.offset; ++offset)
      if (at++ % step == 0) out.push_back({file.file, offset});
  return out;
}

std::vector<Place> at_random(const std::string& directory, std::uint64_t tries, std::mt19937_64& random) {
  const auto files = files_of(directory);
  std::uint64_t all = 0;
  for (const Place& f : files) all += f.offset;
  std::vector<Place> out;
  for (std::uint64_t i = 0; i < tries; ++i) {
    std::uint64_t at = random() % all;
    for (const Place& f : files) {
      if (at < f.offset) {
        out.push_back({f.file, at});
        break;
      }
      at -= f.offset;
    }
  }
  return out;
}

// In the log and in table files, some of it replaced, so that each kind of file holds something.
void make_small(const std::string& directory) {
  Disk disk;
  for (const int last : {4, 6}) {
    auto archive = open_archive(disk, directory);
    if (!archive) throw std::runtime_error(archive.error().describe());
    for (int n = last == 4 ? 1 : 5; n <= last; ++n)
      if (auto done = commit_next(**archive, n); !done) throw std::runtime_error(done.error().describe());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  if (const std::string believed = arguments.text("believe"); !believed.empty()) {
    const auto content = believe(believed);
    if (content) fmt::print("{}", *content);
    return content ? 0 : 1;
  }
  const bool control = arguments.flag("control");
  std::mt19937_64 random(arguments.number("seed", 1));
  Folder folder;
  std::string directory = arguments.text("database");
  std::vector<Place> places;
  if (directory.empty()) {
    directory = folder.path();
    make_small(directory);
    places = every(directory, arguments.number("every", 1));
  } else {
    places = at_random(directory, arguments.number("tries", 1000), random);
  }
  std::unique_ptr<Subject> subject;
  if (control) {
    subject = std::make_unique<Unguarded>(argv[0]);
  } else {
    subject = std::make_unique<Guarded>();
  }
  const auto start = std::chrono::steady_clock::now();
  const auto [whole, fault] = subject->look(directory);
  if (fault) {
    fmt::print("the database is not whole before any flip: {}\n", whole);
    return 2;
  }
  std::map<std::string, std::array<int, 4>> table;
  std::array<int, 4> sum{};
  for (const Place& place : places) {
    const int bit = static_cast<int>(random() % 8);
    flip(place, bit);
    const auto [content, noticed] = subject->look(directory);
    flip(place, bit);
    const Noticed result = noticed.value_or(content == whole ? Noticed::harmless : Noticed::wrong);
    ++table[kind_of(place.file)][static_cast<std::size_t>(result)];
    ++sum[static_cast<std::size_t>(result)];
    if (result == Noticed::wrong && !control)
      fmt::print("WRONG: {} at {}, bit {}\n", place.file, place.offset, bit);
  }
  fmt::print("{:<12} {:>14} {:>16} {:>9} {:>6}\n", "file", "found opening", "found verifying", "harmless",
             "wrong");
  for (const auto& [kind, n] : table)
    fmt::print("{:<12} {:>14} {:>16} {:>9} {:>6}\n", kind, n[0], n[1], n[2], n[3]);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{} flips{} in {:.0f} s: found {}, harmless {}, wrong {}\n", places.size(),
             control ? " without checksums and chain" : "", seconds, sum[0] + sum[1], sum[2], sum[3]);
  return (sum[3] > 0) == control ? 0 : 1;
}
