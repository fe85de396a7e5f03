#include "child.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <utility>

namespace entitywatch::storage::test {

Child::Child(std::vector<std::string> arguments) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  said_ = ends[0];
  std::string program = ENTITYWATCH_STORAGE_CHILD;
  std::vector<char*> argv{program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  REQUIRE(::posix_spawn_file_actions_init(&actions) == 0);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addclose(&actions, ends[0]);
  const int failed = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  REQUIRE(failed == 0);
}

Child::~Child() {
  kill();
  static_cast<void>(wait());
  ::close(said_);
}

std::optional<int> Child::next() const {
  int number = 0;
  if (::read(said_, &number, sizeof number) != sizeof number) return std::nullopt;
  return number;
}

void Child::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

std::optional<int> Child::wait() {
  int status = 0;
  if (pid_ <= 0 || ::waitpid(std::exchange(pid_, -1), &status, 0) < 0 || !WIFEXITED(status))
    return std::nullopt;
  return WEXITSTATUS(status);
}

}  // namespace entitywatch::storage::test
