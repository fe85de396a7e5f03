#include "daemon/evidence_key.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/hash.hpp"

namespace entitywatch::daemon {

struct EvidenceKey::Key {
  explicit Key(EVP_PKEY* made) : pkey(made) {}
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { EVP_PKEY_free(pkey); }
  EVP_PKEY* pkey;
};

namespace {

constexpr const char* making = "openssl genpkey -algorithm ed25519 makes one";

struct FreeOpenSsl {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Bio = std::unique_ptr<BIO, FreeOpenSsl>;

std::string content_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Result<std::string> new_private_pem() {
  const std::unique_ptr<EVP_PKEY, FreeOpenSsl> key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  const Bio bio{BIO_new(BIO_s_mem())};
  if (!key || !bio ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return fail(ErrorCode::internal, "a key to sign evidence with cannot be made");
  return content_of(bio);
}

tl::unexpected<Error> unusable(const std::string& path, int code) {
  return fail(ErrorCode::io,
              fmt::format("the key that signs evidence cannot be kept in {}: {}", path, std::strerror(code)));
}

// Whole or not at all, and never over one that is there: of several that make one at once, be they threads or
// processes, all use the first.
Result<void> make_key_file(const std::string& path) {
  const auto pem = new_private_pem();
  if (!pem) return tl::unexpected(pem.error());
  std::string partial = path + ".XXXXXX";
  const int fd = ::mkostemp(partial.data(), O_CLOEXEC);
  if (fd < 0) return unusable(path, errno);
  int failed = ::write(fd, pem->data(), pem->size()) == static_cast<ssize_t>(pem->size()) && ::fsync(fd) == 0
                   ? 0
                   : errno;
  ::close(fd);
  if (failed == 0 && ::link(partial.c_str(), path.c_str()) != 0 && errno != EEXIST) failed = errno;
  ::unlink(partial.c_str());
  if (failed != 0) return unusable(path, failed);
  return {};
}

Result<std::string> key_file(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0)
    if (auto made = make_key_file(path); !made) return tl::unexpected(made.error());
  std::ifstream in(path, std::ios::binary);
  std::string pem((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (pem.empty()) return unusable(path, EACCES);
  return pem;
}

}  // namespace

Result<EvidenceKey> EvidenceKey::from_pem(std::string_view pem, const std::string& where) {
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  // An encrypted key is refused, not asked a password for.
  const auto no_password = [](char*, int, int, void*) { return 0; };
  EVP_PKEY* read = bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr;
  auto key = std::make_shared<const Key>(read);
  if (read == nullptr || EVP_PKEY_get_id(read) != EVP_PKEY_ED25519)
    return fail(ErrorCode::invalid_config,
                fmt::format("{} is no Ed25519 private key in PEM; {}", where, making));
  return EvidenceKey{std::move(key)};
}

Result<EvidenceKey> EvidenceKey::open(const Config& config) {
  if (!config.evidence.signing_key.empty())
    return from_pem(config.evidence.signing_key, "evidence.signing_key");
  const std::string path = config.daemon.data_dir + "/evidence.key";
  const auto pem = key_file(path);
  if (!pem) return tl::unexpected(pem.error());
  return from_pem(*pem, path);
}

std::string EvidenceKey::public_pem() const {
  const Bio bio{BIO_new(BIO_s_mem())};
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), key_->pkey) != 1) return {};
  return content_of(bio);
}

std::string EvidenceKey::fingerprint() const {
  const Bio bio{BIO_new(BIO_s_mem())};
  if (!bio || i2d_PUBKEY_bio(bio.get(), key_->pkey) != 1) return {};
  return sha256_hex(content_of(bio));
}

Result<std::string> EvidenceKey::sign(std::string_view bytes) const {
  const std::unique_ptr<EVP_MD_CTX, FreeOpenSsl> context{EVP_MD_CTX_new()};
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  const bool done = context &&
                    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->pkey) == 1 &&
                    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                   reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1;
  if (!done || size != signature.size()) return fail(ErrorCode::internal, "evidence cannot be signed");
  return signature;
}

}  // namespace entitywatch::daemon
