// A file of JSON lines: each alert one line, appended and synced before it counts as delivered.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/text.hpp"
#include "notify/kinds.hpp"
#include "notify/payload.hpp"

namespace entitywatch::notify {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> failed(std::string_view what, const std::string& path) {
  return fail(ErrorCode::io, std::string(what) + " failed: " + std::strerror(errno), path);
}

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("writing", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> sync_directory(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) return failed("syncing the directory", directory);
  return {};
}

// Opened anew each time, so that a rotated file is let go. A line torn by a full disk is taken back; one
// torn by a crash is closed off, so that every other line still reads as JSON.
Result<void> append_line(const std::string& path, std::string line) {
  const Descriptor file(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
  if (file.get() < 0) return failed("opening", path);
  if (::flock(file.get(), LOCK_EX) != 0) return failed("locking", path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return failed("reading the size", path);
  char last = '\n';
  if (S_ISREG(info.st_mode) && info.st_size > 0 && ::pread(file.get(), &last, 1, info.st_size - 1) != 1)
    return failed("reading", path);
  if (last != '\n') line.insert(line.begin(), '\n');
  line += '\n';
  if (auto written = write_all(file.get(), line, path); !written) {
    const Error error = written.error();
    if (S_ISREG(info.st_mode) && ::ftruncate(file.get(), info.st_size) != 0)
      return failed("taking back a torn line", path);
    return tl::unexpected(error);
  }
  if (::fsync(file.get()) != 0 && errno != EINVAL && errno != EROFS) return failed("syncing", path);
  return info.st_size == 0 && S_ISREG(info.st_mode) ? sync_directory(path) : Result<void>{};
}

class FileChannel final : public Channel {
 public:
  explicit FileChannel(std::string path) : path_(std::move(path)) {}

  Outcome deliver(const AlertView& view, const Delivery&, Time) override {
    Outcome out;
    const auto appended = append_line(path_, alert_body(view, 0));
    if (appended) {
      out.kind = Outcome::Kind::delivered;
      out.response.excerpt = "appended";
    } else {
      out.response.excerpt = text::excerpt(appended.error().describe(), 297);
    }
    return out;
  }

  std::string preview(const AlertView& view, Time) const override { return alert_body(view, 0) + "\n"; }

  Pace pace() const override { return {1, false}; }

 private:
  std::string path_;
};

}  // namespace

MadeChannel make_file(const ChannelConfig& config, const Transports&, const DeliveryOptions&) {
  if (config.path.empty()) return bad_key(config, "path", "name the file to append to");
  return std::make_unique<FileChannel>(config.path);
}

}  // namespace entitywatch::notify
