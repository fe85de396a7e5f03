// One bit of a database's files at a time is flipped: it must be found, or be harmless.
//   bit_flips [--every N] [--only TEXT] [--seed S] [--control]       every Nth byte of a small database, of
//   the
//                                                                    files with TEXT in their names
//   bit_flips --database DIR --tries N [--seed S] [--control]        N random places of a database that
//                                                                    nobody uses
// Each look is a process of its own: RocksDB may end one by an assertion. Opening then has last words and
// status 1, which is found; an end without them is not.
// --control: read without checksums and without the chain, so that wrong data must be read; status 0 when it
// was.
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
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

enum class Noticed { found_opening, found_verifying, last_words, ended, harmless, wrong };
constexpr std::size_t outcomes = 6;

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

// The content, or where the fault was noticed.
struct Look {
  std::string text;
  std::optional<Noticed> noticed;
};

// As the daemon and `verify` read.
Look look_guarded(const std::string& directory) {
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

// RocksDB told to believe what it finds.
Look look_believing(const std::string& directory) {
  std::vector<std::string> names;
  rocksdb::DBOptions options;
  options.paranoid_checks = false;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  if (!rocksdb::DB::ListColumnFamilies(options, directory, &names).ok()) return {"", Noticed::found_opening};
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::OpenForReadOnly(options, directory, families, &handles, &opened).ok())
    return {"", Noticed::found_opening};
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
  if (!whole) return {"", Noticed::found_opening};
  return {content.digest(), std::nullopt};
}

constexpr int had_last_words = 1;

// Runs `what` in a child and reads what it wrote; otherwise the status it ended with, -1 for a signal.
tl::expected<std::string, int> in_child(const std::function<std::string()>& what) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    ::close(ends[0]);
    const std::string text = what();
    const bool written = ::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::_exit(written ? 0 : 3);
  }
  ::close(ends[1]);
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = ::read(ends[0], part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status)) return tl::unexpected(-1);
  if (WEXITSTATUS(status) != 0) return tl::unexpected(WEXITSTATUS(status));
  return text;
}

using Looker = Look (*)(const std::string&);

// The first character says where it was noticed, '-' that it was not.
Look look_in_child(Looker looker, const std::string& directory) {
  const auto said = in_child([&] {
    const Look look = looker(directory);
    const char where = look.noticed ? static_cast<char>('0' + static_cast<int>(*look.noticed)) : '-';
    return where + look.text.substr(0, 2000);
  });
  if (!said && said.error() == had_last_words) return {"", Noticed::last_words};
  if (!said || said->empty()) return {"", Noticed::ended};
  if (said->front() == '-') return {said->substr(1), std::nullopt};
  return {said->substr(1), static_cast<Noticed>(said->front() - '0')};
}

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

// RocksDB writes its options beside the data and does not read them: see without_options().
bool is_options(const std::string& file) {
  return fs::path(file).filename().string().starts_with("OPTIONS-");
}

std::vector<Place> every(const std::string& directory, std::uint64_t step, const std::string& only) {
  std::vector<Place> out;
  std::uint64_t at = 0;
  for (const Place& file : files_of(directory)) {
    if (file.file.find(only, directory.size()) == std::string::npos) continue;
    if (step == 1 && is_options(file.file)) continue;
    for (std::uint64_t offset = 0; offset < file.offset; ++offset)
      if (at++ % step == 0) out.push_back({file.file, offset});
  }
  return out;
}

// The bytes of the options, none of which can matter when a look without those files shows the same; 0 when
// it does not.
std::uint64_t without_options(const std::string& directory, Looker looker, const std::string& whole) {
  std::uint64_t bytes = 0;
  std::vector<std::string> away;
  for (const Place& file : files_of(directory)) {
    if (!is_options(file.file)) continue;
    bytes += file.offset;
    away.push_back(file.file);
  }
  const auto beside = [&](const std::string& file) {
    return directory + "-" + fs::path(file).filename().string();
  };
  for (const std::string& file : away) fs::rename(file, beside(file));
  const auto [content, noticed] = look_in_child(looker, directory);
  for (const std::string& file : away) fs::rename(beside(file), file);
  return !noticed && content == whole ? bytes : 0;
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
  const bool control = arguments.flag("control");
  std::mt19937_64 random(arguments.number("seed", 1));
  Folder folder;
  std::string directory = arguments.text("database");
  std::vector<Place> places;
  if (directory.empty()) {
    directory = folder.path();
    if (!in_child([&] { return make_small(directory), std::string("made"); }))
      throw std::runtime_error("the small database could not be made");
    places = every(directory, arguments.number("every", 1), arguments.text("only"));
  } else {
    places = at_random(directory, arguments.number("tries", 1000), random);
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // what was found so far, in a long run
  const Looker looker = control ? look_believing : look_guarded;
  const auto start = std::chrono::steady_clock::now();
  const auto [whole, fault] = look_in_child(looker, directory);
  if (fault) {
    fmt::print("the database is not whole before any flip: {}\n", whole);
    return 2;
  }
  std::map<std::string, std::array<int, outcomes>> table;
  std::array<int, outcomes> sum{};
  if (directory == folder.path() && arguments.number("every", 1) == 1)
    fmt::print("the options, {} bytes, are not read: a look without them shows the same\n",
               without_options(directory, looker, whole));
  for (const Place& place : places) {
    const int bit = static_cast<int>(random() % 8);
    flip(place, bit);
    const auto [content, noticed] = look_in_child(looker, directory);
    flip(place, bit);
    const Noticed result = noticed.value_or(content == whole ? Noticed::harmless : Noticed::wrong);
    ++table[kind_of(place.file)][static_cast<std::size_t>(result)];
    ++sum[static_cast<std::size_t>(result)];
    if (!control && (result == Noticed::wrong || result == Noticed::ended))
      fmt::print("{}: {} at {} of {}, bit {}\n", result == Noticed::wrong ? "WRONG" : "ended", place.file,
                 place.offset, fs::file_size(place.file), bit);
  }
  fmt::print("{:<12} {:>14} {:>16} {:>11} {:>6} {:>9} {:>6}\n", "file", "found opening", "found verifying",
             "last words", "ended", "harmless", "wrong");
  for (const auto& [kind, n] : table)
    fmt::print("{:<12} {:>14} {:>16} {:>11} {:>6} {:>9} {:>6}\n", kind, n[0], n[1], n[2], n[3], n[4], n[5]);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print(
      "{} flips{} in {:.0f} s: found {}, of them {} by last words; ended without a word {}, harmless {}, "
      "wrong {}\n",
      places.size(), control ? " without checksums and chain" : "", seconds, sum[0] + sum[1] + sum[2], sum[2],
      sum[3], sum[4], sum[5]);
  if (control) return sum[5] > 0 ? 0 : 1;
  return sum[3] + sum[5] > 0 ? 1 : 0;
}
