// What is said when a library ends the process while a database is being opened.
//
// Distributions build RocksDB with its assertions, and one damaged bit in a table (the flag in the last byte
// of its properties, which are read before their checksum is asked) meets such an assertion. The process
// cannot go on then; it can say which database is damaged and what mends it.
#pragma once

#include <signal.h>

#include <mutex>
#include <string_view>

namespace entitywatch::storage {

// While it lives, a SIGABRT writes `words` (at most 2 kB of them) and a line's end to standard error and ends
// the process with status 1. Afterwards the signal means what it meant before. One at a time in a process:
// another one made meanwhile, on any thread, does nothing.
class LastWords {
 public:
  explicit LastWords(std::string_view words);
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;
  ~LastWords();

 private:
  std::unique_lock<std::mutex> only_;
  struct sigaction before_ {};
};

}  // namespace entitywatch::storage
