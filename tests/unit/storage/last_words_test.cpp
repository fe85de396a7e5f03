#include "storage/last_words.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <functional>
#include <string>

namespace entitywatch::storage {
namespace {

struct End {
  int status = 0;
  std::string said;
};

// Runs `what` in a process of its own, whose standard error is read.
End ended(const std::function<void()>& what) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGABRT, SIG_DFL);  // the test's own handler reports to nobody here
    ::dup2(ends[1], STDERR_FILENO);
    what();
    ::_exit(0);
  }
  ::close(ends[1]);
  End out;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = ::read(ends[0], part.data(), part.size())) > 0;)
    out.said.append(part.data(), static_cast<std::size_t>(n));
  ::close(ends[0]);
  REQUIRE(::waitpid(child, &out.status, 0) == child);
  return out;
}

TEST_CASE("a process that a library ends says what it was at", "[open]") {
  const End end = ended([] {
    const LastWords words("database /there is damaged");
    std::abort();
  });
  CHECK(WIFEXITED(end.status));
  CHECK(WEXITSTATUS(end.status) == 1);
  CHECK(end.said == "database /there is damaged\n");
}

TEST_CASE("afterwards an end is an end as before", "[open]") {
  const End end = ended([] {
    { const LastWords words("database /there is damaged"); }
    std::abort();
  });
  CHECK(WIFSIGNALED(end.status));
  CHECK(end.said.empty());
}

TEST_CASE("of two that open at once the first one's words are said", "[open]") {
  const End end = ended([] {
    const LastWords first("first");
    { const LastWords second("second"); }
    std::abort();
  });
  CHECK(WEXITSTATUS(end.status) == 1);
  CHECK(end.said == "first\n");
}

}  // namespace
}  // namespace entitywatch::storage
