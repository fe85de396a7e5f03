#include "daemon/backup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "daemon/tar.hpp"
#include "storage/directory.hpp"

namespace entitywatch::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_size = 256u << 10;
constexpr std::string_view last_file = "CURRENT";

std::string outgoing(const std::string& data_dir) { return data_dir + "/outgoing-backup"; }

class CheckpointSource final : public BodySource {
 public:
  CheckpointSource(std::string directory, std::vector<std::string> names)
      : directory_(std::move(directory)), names_(std::move(names)) {}
  CheckpointSource(const CheckpointSource&) = delete;
  CheckpointSource& operator=(const CheckpointSource&) = delete;
  ~CheckpointSource() override {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  Piece next() override {
    if (left_ > 0) return content();
    if (at_ == names_.size()) return {tar_end(), After::end};
    const std::string path = directory_ + "/" + names_[at_];
    std::error_code code;
    left_ = size_ = fs::file_size(path, code);
    file_ = std::ifstream(path, std::ios::binary);
    auto header = tar_header(names_[at_++], size_);
    if (code || !file_ || !header) return {{}, After::failed};
    return {std::move(*header), After::more};
  }

 private:
  Piece content() {
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece_size)), '\0');
    if (!file_.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return {{}, After::failed};
    left_ -= bytes.size();
    if (left_ == 0) bytes += tar_padding(size_);
    return {std::move(bytes), After::more};
  }

  std::string directory_;
  std::vector<std::string> names_;
  std::size_t at_ = 0;
  std::ifstream file_;
  std::uint64_t size_ = 0;
  std::uint64_t left_ = 0;
};

tl::unexpected<Error> cannot_write(const std::string& path, int code) {
  return fail(ErrorCode::io,
              fmt::format("the backup cannot be written to {}: {}", path, std::strerror(code)));
}

}  // namespace

Result<std::shared_ptr<BodySource>> send_backup(const storage::Archive& archive,
                                                const std::string& data_dir) {
  const std::string directory = outgoing(data_dir);
  std::error_code code;
  if (fs::exists(directory, code))
    return fail(ErrorCode::unavailable, "a backup is being sent already; ask again when it is done");
  if (auto made = archive.checkpoint(directory); !made) return tl::unexpected(made.error());
  std::vector<std::string> names;
  for (fs::directory_iterator it{directory, code}, end; !code && it != end; it.increment(code))
    names.push_back(it->path().filename().string());
  std::sort(names.begin(), names.end());
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name != last_file; });
  auto source = std::make_shared<CheckpointSource>(directory, std::move(names));
  if (code) return fail(ErrorCode::io, fmt::format("{} cannot be listed: {}", directory, code.message()));
  return source;
}

void clear_unsent_backup(const std::string& data_dir) {
  std::error_code ignored;
  fs::remove_all(outgoing(data_dir), ignored);
}

struct BackupReceiver::State {
  std::string directory;
  std::string block;  // of a header, or of padding, so far
  std::optional<TarEntry> file;
  std::uint64_t left = 0;
  std::size_t padding = 0;
  int fd = -1;
  std::vector<std::string> written;
  bool ended = false;
  bool kept = false;
  std::optional<Error> error;

  void give_up(Error why) {
    if (!error) error = std::move(why);
  }

  void start(const TarEntry& entry) {
    const bool plain = entry.name.find('/') == std::string::npos && entry.name != "." && entry.name != "..";
    if (!plain) return give_up({ErrorCode::malformed, "what came is no backup", {}});
    const std::string path = directory + "/" + entry.name;
    fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return give_up(cannot_write(path, errno).value());
    written.push_back(path);
    file = entry;
    left = entry.size;
    padding = tar_padding(entry.size).size();
    if (left == 0) end_file();
  }

  void end_file() {
    if (::fsync(fd) != 0) give_up(cannot_write(written.back(), errno).value());
    ::close(fd);
    fd = -1;
    file.reset();
  }

  std::size_t take_content(std::string_view piece) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
    for (std::size_t done = 0; done < size;) {
      const ssize_t n = ::write(fd, piece.data() + done, size - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        give_up(cannot_write(written.back(), errno).value());
        return size;
      }
      done += static_cast<std::size_t>(n);
    }
    left -= size;
    if (left == 0) end_file();
    return size;
  }

  std::size_t take_header(std::string_view piece) {
    const std::size_t size = std::min(piece.size(), tar_block - block.size());
    block += piece.substr(0, size);
    if (block.size() < tar_block) return size;
    const auto entry = read_tar_header(block);
    block.clear();
    if (!entry) {
      give_up(entry.error());
    } else if (entry->is_end) {
      ended = true;
    } else {
      start(*entry);
    }
    return size;
  }
};

Result<std::unique_ptr<BackupReceiver>> BackupReceiver::open(const std::string& directory) {
  const auto found = storage::inspect_directory(directory);
  if (!found) return tl::unexpected(found.error());
  if (*found != storage::DirectoryState::absent && *found != storage::DirectoryState::empty)
    return fail(ErrorCode::invalid_argument,
                fmt::format("backup directory {} is not empty: name one that is empty or absent", directory));
  std::error_code code;
  fs::create_directories(directory, code);
  if (code) return cannot_write(directory, code.value());
  auto state = std::make_unique<State>();
  state->directory = directory;
  return std::unique_ptr<BackupReceiver>(new BackupReceiver(std::move(state)));
}

BackupReceiver::BackupReceiver(std::unique_ptr<State> state) : state_(std::move(state)) {}

BackupReceiver::~BackupReceiver() {
  if (state_->fd >= 0) ::close(state_->fd);
  if (state_->kept) return;
  std::error_code ignored;
  for (const std::string& path : state_->written) fs::remove(path, ignored);
}

void BackupReceiver::take(std::string_view piece) {
  State& s = *state_;
  while (!piece.empty() && !s.error && !s.ended) {
    std::size_t taken = 0;
    if (s.file) {
      taken = s.take_content(piece);
    } else if (s.padding > 0) {
      taken = std::min(piece.size(), s.padding);
      s.padding -= taken;
    } else {
      taken = s.take_header(piece);
    }
    piece.remove_prefix(taken);
  }
}

Result<void> BackupReceiver::finish() {
  State& s = *state_;
  if (s.error) return tl::unexpected(*s.error);
  if (!s.ended)
    return fail(ErrorCode::unavailable,
                "the backup broke off before its end; nothing of it is kept, ask again");
  if (auto synced = storage::sync_directory(s.directory); !synced) return synced;
  const auto archive =
      storage::Archive::open({.directory = s.directory, .read_only = true, .must_exist = true});
  if (!archive) return tl::unexpected(archive.error());
  s.kept = true;
  return {};
}

}  // namespace entitywatch::daemon
