#include "daemon/certificates.hpp"

#include <algorithm>

namespace entitywatch::daemon {

void CertificateBook::note(SeenCertificate certificate) {
  const std::scoped_lock lock(mutex_);
  by_host_.insert_or_assign(certificate.host, certificate);
}

std::vector<SeenCertificate> CertificateBook::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<SeenCertificate> out;
  for (const auto& [host, certificate] : by_host_) out.push_back(certificate);
  return out;
}

bool ends_soon(const SeenCertificate& certificate, Time now) {
  const auto life = certificate.valid_until - certificate.valid_from;
  const auto notice = std::min<std::chrono::milliseconds>(std::chrono::days{14}, life / 3);
  return certificate.valid_until - now < notice;
}

}  // namespace entitywatch::daemon
