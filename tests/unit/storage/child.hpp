// Another process that uses a database, and what it says about it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace entitywatch::storage::test {

// How storage_child exits.
enum Outcome : int {
  all_well = 0,
  no_mount,
  no_archive,
  not_committed,
  not_refused,
  wrong_error,
  not_resumed,
  not_whole,
  wrong_call
};

// A fresh process, not a fork of this one: RocksDB's threads do not survive a fork.
class Child {
 public:
  explicit Child(std::vector<std::string> arguments);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();
  [[nodiscard]] pid_t pid() const { return pid_; }
  // The next number it says; nullopt: it says no more.
  [[nodiscard]] std::optional<int> next() const;
  // Kills it in the middle of what it does.
  void kill();
  // Its exit status; nullopt when it did not exit by itself.
  [[nodiscard]] std::optional<int> wait();

 private:
  pid_t pid_ = -1;
  int said_ = -1;
};

}  // namespace entitywatch::storage::test
