// The certificates that publishers and receivers showed when they were last connected to.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace entitywatch::daemon {

struct SeenCertificate {
  std::string host;  // "hooks.example:443"
  Time valid_from{};
  Time valid_until{};
  bool operator==(const SeenCertificate&) const = default;
};

// Thread safe. Forgets with the process: the next connection shows them again.
class CertificateBook {
 public:
  void note(SeenCertificate certificate);
  [[nodiscard]] std::vector<SeenCertificate> all() const;  // by host

 private:
  mutable std::mutex mutex_;
  std::map<std::string, SeenCertificate> by_host_;
};

// A fortnight before its end; of short-lived ones the last third of their life, which renew themselves late.
[[nodiscard]] bool ends_soon(const SeenCertificate& certificate, Time now);

}  // namespace entitywatch::daemon
