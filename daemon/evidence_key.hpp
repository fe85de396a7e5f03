// The key that signs exported evidence: Ed25519, from the configuration or made once in the data directory.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "daemon/config.hpp"

namespace entitywatch::daemon {

class EvidenceKey {
 public:
  // The configured key, else that in data_dir/evidence.key, which is made (0600) when absent. invalid_config:
  // a key that is no Ed25519 private key in PEM; io: it can be neither read nor made.
  [[nodiscard]] static Result<EvidenceKey> open(const Config& config);
  [[nodiscard]] static Result<EvidenceKey> from_pem(std::string_view pem, const std::string& where);

  // SubjectPublicKeyInfo in PEM: "-----BEGIN PUBLIC KEY-----".
  [[nodiscard]] std::string public_pem() const;
  // Of the same in DER, in hex: what people compare.
  [[nodiscard]] std::string fingerprint() const;
  // 64 bytes, the same for the same bytes.
  [[nodiscard]] Result<std::string> sign(std::string_view bytes) const;

 private:
  struct Key;
  explicit EvidenceKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
  std::shared_ptr<const Key> key_;
};

}  // namespace entitywatch::daemon
