#include "storage/last_words.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace entitywatch::storage {
namespace {

std::mutex one_at_a_time;
// What a signal handler can reach.
std::array<char, 2048> said;
std::size_t length = 0;

void say(int) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, said.data(), length);
  ::_exit(1);
}

}  // namespace

LastWords::LastWords(std::string_view words) : only_(one_at_a_time, std::try_to_lock) {
  if (!only_) return;
  length = std::min(words.size(), said.size() - 1);
  std::copy_n(words.data(), length, said.data());
  said[length++] = '\n';
  struct sigaction action {};
  action.sa_handler = say;
  ::sigaction(SIGABRT, &action, &before_);
}

LastWords::~LastWords() {
  if (only_) ::sigaction(SIGABRT, &before_, nullptr);
}

}  // namespace entitywatch::storage
