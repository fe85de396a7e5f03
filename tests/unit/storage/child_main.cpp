// The other process of the tests: opens, commits, and is killed.
//   storage_child hold DIRECTORY         opens it, says so, stays
//   storage_child commit DIRECTORY N     commits N, N+1, …; prints each number once it is acknowledged
//   storage_child fill-disk DIRECTORY    mounts a small disk there, fills it, frees it; exits with an Outcome
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

#include "child.hpp"
#include "samples.hpp"
#include "storage/archive.hpp"

namespace {

using namespace entitywatch;
using namespace entitywatch::storage;
using namespace entitywatch::storage::test;

bool say(int number) { return ::write(STDOUT_FILENO, &number, sizeof number) == sizeof number; }

int hold(const std::string& directory) {
  const auto archive = Archive::open({.directory = directory});
  if (!archive || !say(1)) return no_archive;
  ::pause();
  return all_well;
}

int commit_on(const std::string& directory, int next) {
  const auto archive = Archive::open({.directory = directory});
  if (!archive) return no_archive;
  for (int n = next;; ++n) {
    Commit made = commit(n);
    if (n > 1) {
      made.updated_changes = {(*archive)->reader()->change(numbered("change", n - 1))->value()};
      ++made.updated_changes[0].revision;
    }
    if (!(*archive)->commit(made)) return not_committed;
    if (!say(n)) return all_well;
  }
}

// A disk of 24 MB of the child's own, unseen outside it.
bool mount_small_disk(const std::string& directory) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return ::mount("tmpfs", directory.c_str(), "tmpfs", 0, "size=24m") == 0;
}

Commit incompressible(int n) {
  Commit c = commit(n);
  std::string bytes(std::size_t{2} << 20, '\0');
  std::uint64_t state = static_cast<std::uint64_t>(n) * 2654435761u + 1;
  for (char& byte : bytes) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    byte = static_cast<char>(state >> 56);
  }
  c.observation = observation("large", std::move(bytes));
  return c;
}

Outcome fill_and_free(const std::string& directory) {
  if (!mount_small_disk(directory)) return no_mount;
  auto archive = Archive::open({.directory = directory + "/db"});
  if (!archive) return no_archive;
  const std::string ballast = directory + "/ballast";
  const int fd = ::open(ballast.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0 || ::posix_fallocate(fd, 0, 16 << 20) != 0) return no_archive;
  ::close(fd);
  int n = 1;
  int refused = 0;
  for (int i = 0; i < 12; ++i) {
    const auto receipt = (*archive)->commit(incompressible(n));
    if (receipt) {
      ++n;
    } else {
      ++refused;
      if (receipt.error().code != ErrorCode::io) return wrong_error;
    }
  }
  if (refused == 0) return not_refused;
  ::unlink(ballast.c_str());
  bool resumed = false;
  for (int i = 0; i < 300 && !resumed; ++i) {
    resumed = (*archive)->commit(incompressible(n)).has_value();
    if (!resumed) ::usleep(100'000);
  }
  if (!resumed) return not_resumed;
  archive = fail(ErrorCode::internal, "closed");
  archive = Archive::open({.directory = directory + "/db"});
  const bool whole = archive && (*archive)->verify_chain()->ok &&
                     (*archive)->reader()->last_seq() == static_cast<std::uint64_t>(n);
  return whole ? all_well : not_whole;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 2 ? argv[1] : "";
  if (what == "hold") return hold(argv[2]);
  if (what == "fill-disk") return fill_and_free(argv[2]);
  int next = 0;
  if (argc > 3) std::from_chars(argv[3], argv[3] + std::strlen(argv[3]), next);
  if (what == "commit" && next > 0) return commit_on(argv[2], next);
  return wrong_call;
}
