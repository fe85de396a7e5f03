// The rounds: what no source and no channel would notice (the disk, the database, certificates), the daily
// reminders, and the sign of life for a watcher outside this machine.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/result.hpp"
#include "core/time.hpp"
#include "daemon/certificates.hpp"
#include "daemon/config.hpp"
#include "daemon/operator_desk.hpp"

namespace entitywatch::daemon {

// How the rounds see the world. Everything referred to must outlive them.
struct RoundsWorld {
  OperatorDesk& desk;
  const CertificateBook& certificates;
  const Clock& clock;
  std::function<Result<std::uint64_t>()> free_bytes;  // where the database lies
  std::function<Result<void>()> try_database;         // a read and a synced write
  std::function<bool()> sources_well;                 // each enabled one answered in time and is not held
  std::function<Result<void>(const std::string& url)> ping;
};

// One thread makes them.
class Rounds {
 public:
  explicit Rounds(RoundsWorld world) : world_(std::move(world)) {}
  // One round; false when the database does not work.
  bool look(const OperatorsConfig& config);
  // The heartbeat, after a good round and while every source is well.
  void beat(const OperatorsConfig& config);

 private:
  void look_at_disk(const OperatorsConfig& config);
  [[nodiscard]] bool look_at_database();
  void look_at_certificates();
  void begin(const std::string& name, const std::string& subject, const std::string& text);
  void end(const std::string& name, const std::string& subject, const std::string& text);

  RoundsWorld world_;
};

// Free bytes of the file system that holds `path`, as far as this process may use them.
[[nodiscard]] Result<std::uint64_t> free_bytes_at(const std::string& path);

}  // namespace entitywatch::daemon
