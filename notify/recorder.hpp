// Makes results durable, many at once: whoever comes while a write runs shares the next one. Thread safe.
// Private to notify/.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "notify/outbox.hpp"

namespace entitywatch::notify {

class Recorder {
 public:
  explicit Recorder(OutboxStore& store) : store_(store) {}
  // Returns once it is durable, or the write it was part of failed.
  [[nodiscard]] Result<void> record(const Delivery& delivery);

 private:
  struct Ticket {
    const Delivery* delivery = nullptr;
    bool done = false;
    Result<void> result;
  };
  void write(std::unique_lock<std::mutex>& lock);

  OutboxStore& store_;
  std::mutex mutex_;
  std::condition_variable written_;
  std::vector<Ticket*> queue_;
  bool writing_ = false;
};

}  // namespace entitywatch::notify
