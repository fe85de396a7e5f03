#include "daemon/version.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <unicode/uversion.h>

#include "parsers/versions.hpp"
#include "storage/versions.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::string_view commit = ENTITYWATCH_COMMIT;

std::string icu_version() {
  UVersionInfo numbers;
  u_getVersion(numbers);
  char text[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(numbers, text);
  return text;
}

}  // namespace

std::string version_text() {
  std::string out = fmt::format("entitywatch {}", version);
  if (!commit.empty()) out += fmt::format(" (commit {})", commit);
  return out + fmt::format("\n{}, {}, libcurl {}, {}, ICU {}", storage::library_versions(),
                           parsers::library_versions(), curl_version_info(CURLVERSION_NOW)->version,
                           OpenSSL_version(OPENSSL_VERSION_STRING)[0] == '\0'
                               ? "OpenSSL"
                               : fmt::format("OpenSSL {}", OpenSSL_version(OPENSSL_VERSION_STRING)),
                           icu_version());
}

}  // namespace entitywatch::daemon
