#include "daemon/http_fetcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/text.hpp"
#include "daemon/address_rules.hpp"
#include "daemon/curl_handle.hpp"
#include "daemon/curl_receive.hpp"
#include "daemon/plausible_body.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// Longer than any publisher asks; an absurd value must not silence a source for good.
constexpr std::chrono::seconds longest_retry_after = 24h * 30;

std::optional<Time> retry_time(const std::string& header, Time now) {
  if (header.empty()) return std::nullopt;
  if (header.find_first_not_of("0123456789") == std::string::npos) {
    std::int64_t seconds = 0;
    const auto [end, fault] = std::from_chars(header.data(), header.data() + header.size(), seconds);
    const bool absurd = fault != std::errc() || seconds > longest_retry_after.count();
    return now + (absurd ? longest_retry_after : std::chrono::seconds(seconds));
  }
  const std::time_t at = curl_getdate(header.c_str(), nullptr);
  if (at < 0) return std::nullopt;
  const Time asked{std::chrono::seconds(at)};
  return std::clamp<Time>(asked, now, now + longest_retry_after);
}

void set_up_limits(CURL* easy, const FetchRequest& request) {
  const milliseconds timeout = std::max(request.timeout, 1ms);
  // A publisher that thinks for a while before its first byte is slow, not dead.
  const auto stall = std::chrono::ceil<std::chrono::seconds>(std::max<milliseconds>(timeout / 2, 5s));
  set_option(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  set_option(easy, CURLOPT_CONNECTTIMEOUT_MS,
             static_cast<long>(std::min<milliseconds>(timeout, 10s).count()));
  set_option(easy, CURLOPT_LOW_SPEED_LIMIT, 16L);
  set_option(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(stall.count()));
}

void set_up_connection(CURL* easy, const UrlParts& url, const HttpFetcherOptions& options) {
  const char* onward = url.scheme == "https" ? "https" : "http,https";
  set_option(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set_option(easy, CURLOPT_REDIR_PROTOCOLS_STR, onward);
  set_option(easy, CURLOPT_FOLLOWLOCATION, 1L);
  set_option(easy, CURLOPT_MAXREDIRS, 3L);
  set_option(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set_option(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  set_option(easy, CURLOPT_ACCEPT_ENCODING, "");
  if (!options.ca_file.empty()) set_option(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  if (is_loopback_host(url.host)) set_option(easy, CURLOPT_PROXY, "");
}

Error transfer_error(const CurlSession& session, CURLcode code, const CurlReceived& received,
                     const FetchRequest& request) {
  const std::string url = shown_url(request.url);
  const std::string words = session.failure(code);
  if (received.too_large)
    return {
        ErrorCode::too_large,
        fmt::format("the answer is larger than {} bytes once decompressed; raise max_bytes of the source if "
                    "that is right",
                    request.max_bytes),
        url};
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorCode::timeout,
              fmt::format("no complete answer within {} ms ({}); raise timeout of the source if "
                          "the publisher is that slow",
                          request.timeout.count(), words),
              url};
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
      return {ErrorCode::unavailable, fmt::format("the answer was cut off: {}", words), url};
    case CURLE_BAD_CONTENT_ENCODING:
      return {ErrorCode::malformed, fmt::format("the answer cannot be decompressed: {}", words), url};
    case CURLE_TOO_MANY_REDIRECTS:
      return {ErrorCode::implausible,
              "the answer is a redirect that does not end; see where the publication moved", url};
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {ErrorCode::refused, "leads to a URL that is neither https nor the http it was asked by", url};
    case CURLE_URL_MALFORMAT:
      return {ErrorCode::invalid_argument, "is not a URL; correct the source's url or base_url", url};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {ErrorCode::unavailable, fmt::format("the publisher's certificate is not trusted: {}", words),
              url};
    default:
      return {ErrorCode::unavailable, fmt::format("the publisher cannot be reached: {}", words), url};
  }
}

Error status_error(int status, const FetchRequest& request) {
  const std::string url = shown_url(request.url);
  if (status == 404 || status == 410)
    return {ErrorCode::not_found, fmt::format("the publisher has no such page (HTTP {})", status), url};
  if (status == 429) return {ErrorCode::unavailable, "the publisher asks for fewer requests (HTTP 429)", url};
  if (status == 401 || status == 403)
    return {
        ErrorCode::unavailable,
        fmt::format("the publisher refuses this client (HTTP {}); it may be blocking this machine", status),
        url};
  if (status == 304)
    return {ErrorCode::implausible, "the publisher answered \"not modified\" to a request without condition",
            url};
  return {ErrorCode::unavailable, fmt::format("the publisher answered HTTP {}", status), url};
}

// Without a length a body ends where the connection does, which it also does when it breaks. XML and JSON
// show by themselves when something is missing; rows of text do not.
bool shows_its_end(const CurlSession& session, const CurlReceived& received) {
  long version = 0;
  curl_easy_getinfo(session.easy(), CURLINFO_HTTP_VERSION, &version);
  return version >= CURL_HTTP_VERSION_2_0 || !received.header("content-length").empty() ||
         !received.header("transfer-encoding").empty();
}

tl::unexpected<FetchFailure> failed(Error error, std::optional<Time> retry_at = std::nullopt) {
  return tl::unexpected(FetchFailure{std::move(error), retry_at});
}

}  // namespace

std::string make_user_agent(std::string_view version, std::string_view contact) {
  return contact.empty() ? fmt::format("entitywatch/{}", version)
                         : fmt::format("entitywatch/{} (+{})", version, contact);
}

class HttpFetcher::Impl {
 public:
  Impl(HttpFetcherOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(clock), limiter_(options_.rates) {}

  Fetched<FetchResponse> get(const FetchRequest& request, std::stop_token stop) {
    const UrlParts url = url_parts(request.url);
    if (url.scheme != "http" && url.scheme != "https")
      return failed({ErrorCode::refused, "is not an http or https URL", shown_url(request.url)});
    if (!limiter_.wait_turn(url.host, request.rate, stop)) return stopped(request);
    CurlPool::Lease session = pool_.lease(url.scheme + "://" + url.host + ":" + url.port);
    CurlReceived received;
    received.max_bytes = request.max_bytes;
    CurlList headers;
    if (!request.etag.empty()) headers.append("If-None-Match: " + request.etag);
    if (!request.last_modified.empty()) headers.append("If-Modified-Since: " + request.last_modified);
    set_option(session->easy(), CURLOPT_URL, request.url.c_str());
    set_option(session->easy(), CURLOPT_HTTPHEADER, headers.get());
    set_up_connection(session->easy(), url, options_);
    set_up_limits(session->easy(), request);
    receive_into(*session, received);
    const CURLcode code = session->run(stop);
    note_certificate(*session, url, options_.certificates);
    if (stop.stop_requested() && code != CURLE_OK) return stopped(request);
    if (code != CURLE_OK)
      return failed(transfer_error(*session, code, received, request), retry_at(received));
    if (const bool text = request.expect == "csv" || request.expect == "text";
        text && received.status == 200 && !shows_its_end(*session, received))
      return failed({ErrorCode::implausible,
                     "nothing in the answer says how long it is, so that a cut one could not be told from a "
                     "whole one; a proxy on the way may take the length out",
                     shown_url(request.url)});
    return judged(request, std::move(received));
  }

 private:
  static tl::unexpected<FetchFailure> stopped(const FetchRequest& request) {
    return failed({ErrorCode::unavailable, "stopped before the answer was complete", shown_url(request.url)});
  }

  std::optional<Time> retry_at(const CurlReceived& received) const {
    return retry_time(received.header("retry-after"), clock_.now());
  }

  Fetched<FetchResponse> judged(const FetchRequest& request, CurlReceived received) const {
    const bool conditional = !request.etag.empty() || !request.last_modified.empty();
    FetchResponse response;
    response.status = received.status;
    response.headers = std::move(received.headers);
    response.body = std::move(received.body);
    if (response.status == 304 && conditional) return response;
    const std::optional<Time> retry = retry_time(response.header("retry-after"), clock_.now());
    if (response.status != 200) return failed(status_error(response.status, request), retry);
    if (auto fault = fault_of_body(response.body, request.expect)) {
      fault->context = shown_url(request.url);
      return failed(std::move(*fault), retry);
    }
    return response;
  }

  HttpFetcherOptions options_;
  const Clock& clock_;
  RateLimiter limiter_;
  CurlPool pool_;
};

HttpFetcher::HttpFetcher(HttpFetcherOptions options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}
HttpFetcher::~HttpFetcher() = default;

Fetched<FetchResponse> HttpFetcher::get(const FetchRequest& request, std::stop_token stop) {
  try {
    return impl_->get(request, std::move(stop));
  } catch (const std::exception& e) {
    return failed(
        {ErrorCode::internal, fmt::format("fetching failed: {}", e.what()), shown_url(request.url)});
  }
}

}  // namespace entitywatch::daemon
