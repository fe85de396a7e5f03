// A program started by a test, its standard output read line by line, ended with the test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace entitywatch::test {

class ChildProcess {
 public:
  // Throws when it cannot be started.
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next line of its output; nullopt when none comes in time or the program ended.
  [[nodiscard]] std::optional<std::string> line(std::chrono::milliseconds within);
  // Its exit status; -1 when a signal ended it. For programs that end by themselves.
  [[nodiscard]] int wait();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string unread_;
};

}  // namespace entitywatch::test
