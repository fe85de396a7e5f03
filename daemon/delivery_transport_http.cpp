#include <fmt/format.h>

#include "daemon/curl_receive.hpp"
#include "daemon/delivery_transport.hpp"
#include "daemon/delivery_transport_guard.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::uint64_t most_answer_bytes = 64u << 10;

enum class Method { post, get };

bool is_header_safe(const std::string& text) {
  return text.find_first_of("\r\n") == std::string::npos && text.find('\0') == std::string::npos;
}

void add_headers(CurlList& list, const notify::HttpRequest& request) {
  // Receivers that do not know "Expect: 100-continue" cost a second of waiting for each large body.
  list.append("Expect:");
  for (const auto& [name, value] : request.headers)
    list.append(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
}

}  // namespace

class CurlHttpTransport::Impl {
 public:
  void give_up() { giving_up_.request_stop(); }

  Impl(std::string user_agent, CertificateBook* certificates)
      : user_agent_(std::move(user_agent)), certificates_(certificates) {}

  Result<notify::HttpResponse> exchange(const notify::HttpRequest& request, Method method) {
    const UrlParts url = url_parts(request.url);
    if ((url.scheme != "http" && url.scheme != "https") || url.host.empty())
      return fail(ErrorCode::refused, "the channel's url is not an http or https URL; correct it");
    for (const auto& [name, value] : request.headers)
      if (!is_header_safe(name) || !is_header_safe(value))
        return fail(ErrorCode::invalid_argument, "a header of the request holds a line break");
    ConnectionGuard guard{request.allow_private_network ? Reach::anywhere : Reach::public_only, {}};
    CurlPool::Lease session = pools_.of(guard.reach).lease(url.scheme + "://" + url.host + ":" + url.port);
    CURL* easy = session->easy();
    CurlList headers;
    add_headers(headers, request);
    CurlReceived received;
    received.max_bytes = most_answer_bytes;
    set_option(easy, CURLOPT_URL, request.url.c_str());
    set_option(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set_option(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set_option(easy, CURLOPT_USERAGENT, user_agent_.c_str());
    if (method == Method::post) {
      set_option(easy, CURLOPT_POST, 1L);
      set_option(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set_option(easy, CURLOPT_POSTFIELDS, request.body.data());
    }
    set_option(easy, CURLOPT_HTTPHEADER, headers.get());
    set_up_delivery(easy, guard, request.ca_file, request.timeout);
    receive_into(*session, received);
    const CURLcode code = session->run(giving_up_.get_token());
    note_certificate(*session, url, certificates_);
    // The status is the answer; a body that is cut off or goes on past what we keep changes nothing about it.
    const bool answered =
        received.status >= 200 && (code == CURLE_OK || received.too_large || code == CURLE_PARTIAL_FILE);
    if (!answered) return tl::unexpected(delivery_error(*session, code, guard, url.host, request.timeout));
    return notify::HttpResponse{received.status, std::move(received.headers), std::move(received.body)};
  }

  // libcurl's wrappers throw when memory runs out.
  Result<notify::HttpResponse> guarded(const notify::HttpRequest& request, Method method) {
    try {
      return exchange(request, method);
    } catch (const std::exception& e) {
      return fail(ErrorCode::internal, fmt::format("a delivery failed: {}", e.what()));
    }
  }

 private:
  std::stop_source giving_up_;
  std::string user_agent_;
  CertificateBook* certificates_;
  GuardedPools pools_;
};

CurlHttpTransport::CurlHttpTransport(std::string user_agent, CertificateBook* certificates)
    : impl_(std::make_unique<Impl>(std::move(user_agent), certificates)) {}
CurlHttpTransport::~CurlHttpTransport() = default;

void CurlHttpTransport::give_up() { impl_->give_up(); }

Result<notify::HttpResponse> CurlHttpTransport::post(const notify::HttpRequest& request) {
  return impl_->guarded(request, Method::post);
}

Result<notify::HttpResponse> CurlHttpTransport::get(const notify::HttpRequest& request) {
  return impl_->guarded(request, Method::get);
}

}  // namespace entitywatch::daemon
