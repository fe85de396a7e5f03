// A value that many threads read while one replaces it now and then: each reader keeps the version it got.
//
// In place of std::atomic<std::shared_ptr>: that of GCC 12 releases its readers' lock with relaxed order, which is a
// race where the machine's own order is weak.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace entitywatch {

// Thread safe.
template <class T>
class Current {
 public:
  explicit Current(std::shared_ptr<const T> first = nullptr) : version_(std::move(first)) {}

  [[nodiscard]] std::shared_ptr<const T> get() const {
    const std::scoped_lock lock(mutex_);
    return version_;
  }
  void set(std::shared_ptr<const T> next) {
    {
      const std::scoped_lock lock(mutex_);
      version_.swap(next);
    }
    // The old version ends here, outside the lock, unless somebody still reads it.
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> version_;
};

}  // namespace entitywatch
