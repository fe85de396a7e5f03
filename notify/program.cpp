#include "notify/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
// glibc 2.36 declares these without C linkage.
extern "C" {
#include <sys/pidfd.h>
}

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace entitywatch::notify {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t most_output = 4096;

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(-1); }
  void reset(int fd) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

class SpawnActions {
 public:
  SpawnActions() { posix_spawn_file_actions_init(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  void connect(int input, int output) {
    posix_spawn_file_actions_adddup2(&actions_, input, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, 1);
    posix_spawn_file_actions_adddup2(&actions_, output, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// A process group of its own, so that what the program starts ends with it; no inherited signal settings.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<std::string> environment(const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> out;
  for (const char* name : {"PATH", "HOME", "LANG", "TZ"})
    if (const char* value = std::getenv(name)) out.push_back(std::string(name) + "=" + value);
  for (const auto& [name, value] : variables) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

tl::unexpected<Error> failed(std::string_view what, int error, const std::string& program) {
  return fail(ErrorCode::io, std::string(what) + ": " + std::strerror(error), program);
}

// The whole input lies in memory before the program starts: no pipe to fill, nothing to deadlock on.
Result<void> fill(int fd, std::string_view input) {
  while (!input.empty()) {
    const ssize_t written = ::write(fd, input.data(), input.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("cannot hold the input", errno, {});
    input.remove_prefix(static_cast<std::size_t>(written));
  }
  ::lseek(fd, 0, SEEK_SET);
  return {};
}

// Reads what is there; false at the end of it.
bool read_some(int fd, std::string& output) {
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    const std::size_t room = most_output - std::min(most_output, output.size());
    output.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
  }
}

// Until the program ends; false when the time was up.
bool wait_for_end(int process, int pipe, std::string& output, steady_clock::time_point deadline) {
  bool open = true;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
    if (left <= 0) return false;
    std::array<pollfd, 2> watched{{{process, POLLIN, 0}, {open ? pipe : -1, POLLIN, 0}}};
    const int ready =
        ::poll(watched.data(), watched.size(), static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    if (watched[1].revents != 0) open = read_some(pipe, output);
    if (watched[0].revents != 0) {
      if (open) read_some(pipe, output);
      return true;
    }
  }
}

ProgramResult reaped(pid_t process, std::string output) {
  ProgramResult result;
  result.output = std::move(output);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) {
    result.exit_code = WEXITSTATUS(status);
  } else {
    result.exit_code = -1;
    result.signal = WTERMSIG(status);
  }
  return result;
}

}  // namespace

Result<ProgramResult> run_program(const std::vector<std::string>& arguments, const std::string& input,
                                  const std::vector<std::pair<std::string, std::string>>& variables,
                                  milliseconds timeout) {
  const Fd in(::memfd_create("entitywatch-alert", MFD_CLOEXEC));
  if (in.get() < 0) return failed("cannot hold the input", errno, arguments[0]);
  if (auto filled = fill(in.get(), input); !filled) return tl::unexpected(filled.error());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed("cannot make a pipe", errno, arguments[0]);
  Fd out(ends[0]);
  Fd child_out(ends[1]);
  ::fcntl(out.get(), F_SETFL, O_NONBLOCK);

  SpawnActions actions;
  actions.connect(in.get(), child_out.get());
  const SpawnAttributes attributes;
  std::vector<std::string> argument_texts = arguments;
  std::vector<std::string> environment_texts = environment(variables);
  pid_t process = 0;
  const int error = ::posix_spawnp(&process, arguments[0].c_str(), actions.get(), attributes.get(),
                                   pointers(argument_texts).data(), pointers(environment_texts).data());
  if (error != 0) return failed("cannot start the program", error, arguments[0]);
  child_out.reset(-1);

  std::string output;
  const Fd handle(::pidfd_open(process, 0));
  const bool ended =
      handle.get() >= 0 && wait_for_end(handle.get(), out.get(), output, steady_clock::now() + timeout);
  // Also after a regular end: what it left running in its group does not outlive it.
  ::kill(-process, SIGKILL);
  ProgramResult result = reaped(process, std::move(output));
  if (!ended) return fail(ErrorCode::timeout, "the program did not end in time and was killed", arguments[0]);
  return result;
}

}  // namespace entitywatch::notify
