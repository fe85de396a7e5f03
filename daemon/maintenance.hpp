// What the database needs now and then: bookkeeping that has served is forgotten, files are rewritten without
// what was replaced, and documents are read again after a newer reader came.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/result.hpp"
#include "core/time.hpp"
#include "daemon/config.hpp"
#include "daemon/pipeline.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// What is given outlives it.
class Maintenance {
 public:
  Maintenance(storage::Archive& archive, Pipeline& pipeline, const Clock& clock, DatabaseConfig config);
  ~Maintenance();  // stops and joins
  Maintenance(const Maintenance&) = delete;
  Maintenance& operator=(const Maintenance&) = delete;

  void start();  // one pass now, then one an hour
  void stop();
  void reconfigure(DatabaseConfig config);
  // What is due at this moment; the first failure ends it, the next pass tries again.
  [[nodiscard]] Result<void> pass(std::stop_token stop);

 private:
  [[nodiscard]] Result<void> reread(std::stop_token stop);
  [[nodiscard]] Result<void> forget(const DatabaseConfig& config);
  [[nodiscard]] Result<void> compact(const DatabaseConfig& config);

  storage::Archive& archive_;
  Pipeline& pipeline_;
  const Clock& clock_;
  std::mutex mutex_;  // guards config_
  DatabaseConfig config_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace entitywatch::daemon
