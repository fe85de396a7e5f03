// A disk that fills up and is emptied again: refused, nothing half done, then on again without a restart.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "samples.hpp"
#include "storage/archive.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;

enum Outcome : int { all_well = 0, no_mount, no_archive, not_refused, wrong_error, not_resumed, not_whole };

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

TEST_CASE("a full disk refuses commits, and room lets them go on", "[disk]") {
  const TempDir dir;
  std::filesystem::create_directories(dir.path());
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(fill_and_free(dir.path()));
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == no_mount) SKIP("SKIPPED: no right to mount a small disk here");
  CHECK(WEXITSTATUS(status) == all_well);
}

}  // namespace
}  // namespace entitywatch::storage
