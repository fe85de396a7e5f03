#include "storage/directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

namespace entitywatch::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view creation_mark = "CREATING";
constexpr std::string_view high_water_mark = "HIGHWATER";

std::string path_in(const std::string& directory, std::string_view name) {
  return (fs::path{directory} / name).string();
}

tl::unexpected<Error> io_error(std::string_view what, const std::string& path, int code) {
  return fail(ErrorCode::io, fmt::format("{} {}: {}", what, path, std::strerror(code)));
}

// What RocksDB names its files.
bool is_database_file(const std::string& name) {
  const auto ends = [&](std::string_view end) { return name.ends_with(end); };
  return name.starts_with("MANIFEST-") || name.starts_with("OPTIONS-") || name == "CURRENT" ||
         name == "IDENTITY" || name == "LOCK" || name == "LOG" || name.starts_with("LOG.old.") ||
         name == high_water_mark || ends(".sst") || ends(".log") || ends(".dbtmp") || ends(".blob");
}

Result<std::vector<std::string>> names_in(const std::string& directory) {
  std::error_code code;
  std::vector<std::string> names;
  for (fs::directory_iterator it{directory, code}, end; !code && it != end; it.increment(code))
    names.push_back(it->path().filename().string());
  if (code) return io_error("cannot read directory", directory, code.value());
  return names;
}

std::string being_created(const std::string& directory) {
  return fmt::format(
      "database {} is being created by another process: stop that process, or ask it over HTTP", directory);
}

// The number and its complement, so that a mark that was altered is not believed.
std::string mark_text(std::uint64_t value) { return fmt::format("{:020} {:020}\n", value, ~value); }

Result<void> sync_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return io_error("cannot open", path, errno);
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (failed != 0) return io_error("cannot sync", path, failed);
  return {};
}

}  // namespace

Result<DirectoryState> inspect_directory(const std::string& directory) {
  std::error_code code;
  const fs::file_status status = fs::status(directory, code);
  if (status.type() == fs::file_type::not_found) return DirectoryState::absent;
  if (code) return io_error("cannot look at", directory, code.value());
  if (status.type() != fs::file_type::directory)
    return fail(ErrorCode::io,
                fmt::format("{} is not a directory: name the directory of the database", directory));
  const auto names = names_in(directory);
  if (!names) return tl::unexpected(names.error());
  bool any = false;
  bool database = false;
  bool current = false;
  bool marked = false;
  bool finished = false;
  for (const std::string& name : *names) {
    any = any || name != "lost+found";
    database = database || is_database_file(name);
    current = current || name == "CURRENT";
    marked = marked || name == creation_mark;
    finished = finished || name == high_water_mark;
  }
  if (!any) return DirectoryState::empty;
  if (marked && !finished) return DirectoryState::unfinished;
  if (current) return DirectoryState::database;
  return database ? DirectoryState::damaged : DirectoryState::foreign;
}

std::uint64_t directory_bytes(const std::string& directory) {
  std::error_code code;
  std::uint64_t sum = 0;
  for (fs::directory_iterator it{directory, code}, end; !code && it != end; it.increment(code)) {
    std::error_code vanished;  // files come and go while the database works
    const std::uintmax_t size = it->file_size(vanished);
    if (!vanished) sum += size;
  }
  return sum;
}

std::optional<int> lock_holder(const std::string& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  const std::string place =
      fmt::format("{:02x}:{:02x}:{} ", major(info.st_dev), minor(info.st_dev), info.st_ino);
  std::ifstream locks{"/proc/locks"};
  for (std::string line; std::getline(locks, line);) {
    // "1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 0 EOF"; a waiting process has "->" after the colon.
    const std::size_t at = line.find(' ' + place);
    if (at == std::string::npos || at == 0 || line.find("->") != std::string::npos) continue;
    const std::size_t start = line.rfind(' ', at - 1);
    int pid = 0;
    const auto read = std::from_chars(line.data() + start + 1, line.data() + at, pid);
    if (read.ec == std::errc{} && pid > 0) return pid;
  }
  return std::nullopt;
}

Result<void> sync_directory(const std::string& directory) { return sync_file(directory); }

Result<void> copy_file_synced(const std::string& from, const std::string& to) {
  const std::string partial = to + ".dbtmp";
  std::error_code code;
  fs::copy_file(from, partial, fs::copy_options::overwrite_existing, code);
  if (code)
    return fail(ErrorCode::io, fmt::format("cannot copy {} to {}: {}", from, partial, code.message()));
  if (auto synced = sync_file(partial); !synced) return synced;
  fs::rename(partial, to, code);
  if (code) return io_error("cannot rename to", to, code.value());
  return {};
}

Result<void> unshare_files(const std::string& directory) {
  const auto names = names_in(directory);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    const std::string path = path_in(directory, name);
    std::error_code code;
    if (fs::hard_link_count(path, code) < 2 || code) continue;
    if (auto copied = copy_file_synced(path, path); !copied) return copied;
  }
  return sync_directory(directory);
}

Result<void> copy_database(const std::string& from, const std::string& to) {
  const auto names = names_in(from);
  if (!names) return tl::unexpected(names.error());
  std::error_code code;
  fs::create_directories(to, code);
  if (code) return io_error("cannot create directory", to, code.value());
  for (const std::string& name : *names) {
    const bool of_its_place = name == "CURRENT" || name == "LOCK" || name.starts_with("LOG");
    if (of_its_place || !is_database_file(name)) continue;
    if (auto copied = copy_file_synced(path_in(from, name), path_in(to, name)); !copied) return copied;
  }
  if (auto synced = sync_directory(to); !synced) return synced;
  if (auto copied = copy_file_synced(path_in(from, "CURRENT"), path_in(to, "CURRENT")); !copied)
    return copied;
  return sync_directory(to);
}

Result<CreationMark> CreationMark::open(const std::string& directory) {
  std::error_code code;
  fs::create_directories(directory, code);
  if (code) return io_error("cannot create directory", directory, code.value());
  const std::string path = path_in(directory, creation_mark);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return io_error("cannot create", path, errno);
  CreationMark mark{directory, fd};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return fail(ErrorCode::in_use, being_created(directory));
  // Another process created it between our look and our lock: its work must not be cleared away.
  if (fs::exists(path_in(directory, high_water_mark), code)) {
    ::unlink(path.c_str());
    return fail(ErrorCode::in_use, being_created(directory));
  }
  if (auto synced = sync_directory(directory); !synced) return tl::unexpected(synced.error());
  return mark;
}

CreationMark::CreationMark(CreationMark&& other) noexcept
    : directory_(std::move(other.directory_)), fd_(std::exchange(other.fd_, -1)) {}

CreationMark::~CreationMark() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> CreationMark::clear_leftovers() const {
  const auto names = names_in(directory_);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (!is_database_file(name)) continue;
    std::error_code code;
    fs::remove(path_in(directory_, name), code);
    if (code) return io_error("cannot remove", path_in(directory_, name), code.value());
  }
  return {};
}

Result<void> CreationMark::finish() {
  const std::string path = path_in(directory_, creation_mark);
  if (::unlink(path.c_str()) != 0) return io_error("cannot remove", path, errno);
  return sync_directory(directory_);
}

Result<HighWaterMark> HighWaterMark::open(const std::string& directory) {
  const std::string path = path_in(directory, high_water_mark);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return io_error("cannot open", path, errno);
  return HighWaterMark{fd};
}

std::optional<std::uint64_t> HighWaterMark::read(const std::string& directory) {
  std::ifstream file{path_in(directory, high_water_mark)};
  std::string text;
  std::getline(file, text);
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (text + '\n' != mark_text(value)) return std::nullopt;
  return value;
}

HighWaterMark::HighWaterMark(HighWaterMark&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

HighWaterMark::~HighWaterMark() {
  if (fd_ >= 0) ::close(fd_);
}

void HighWaterMark::raise(std::uint64_t value) const {
  const std::string text = mark_text(value);
  [[maybe_unused]] const ssize_t written = ::pwrite(fd_, text.data(), text.size(), 0);
}

}  // namespace entitywatch::storage
