// The Fetcher over libcurl: conditional, bounded in size and time, polite to each host.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/certificates.hpp"
#include "daemon/rate_limiter.hpp"
#include "daemon/source.hpp"

namespace entitywatch::daemon {

struct HttpFetcherOptions {
  std::string user_agent = "entitywatch";
  RateLimits rates;
  std::string ca_file;                      // empty: the system's
  CertificateBook* certificates = nullptr;  // told what publishers show; outlives the fetcher
};

// "entitywatch/0.1.0 (+mailto or URL)": publishers ask who calls and where to complain.
[[nodiscard]] std::string make_user_agent(std::string_view version, std::string_view contact);

// Follows at most three redirects, to the same scheme or to https. A proxy named by the environment is used,
// except for publishers on this machine. Anything but a plausible 200, or a 304 to a conditional request, is
// a failure; failures name the URL without its query.
class HttpFetcher final : public Fetcher {
 public:
  HttpFetcher(HttpFetcherOptions options, const Clock& clock);
  ~HttpFetcher() override;
  [[nodiscard]] Fetched<FetchResponse> get(const FetchRequest& request, std::stop_token stop) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace entitywatch::daemon
