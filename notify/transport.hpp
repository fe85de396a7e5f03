// What channels need of the world, implemented in daemon/ with libcurl and by recording fakes in tests.
// Implementations are thread safe and bounded in time; they check the resolved address of every
// connection against private ranges unless told otherwise, follow no redirects, and never throw.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace entitywatch::notify {

struct HttpRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string ca_file;
  bool allow_private_network = false;
  std::chrono::milliseconds timeout{20'000};
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // lower-case names
  std::string body;                                          // at most 64 KiB of it
};

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  // Any HTTP status is a response; Error only where there was none (refused address, timeout, TLS, …).
  [[nodiscard]] virtual Result<HttpResponse> post(const HttpRequest& request) = 0;
};

struct MailRequest {
  std::string smtp_url;     // smtp://host:port or smtps://host:port
  bool require_tls = true;  // smtp://: STARTTLS or fail
  std::string username;
  std::string password;
  std::string ca_file;
  bool allow_private_network = false;
  std::string from;
  std::vector<std::string> recipients;
  std::string message;  // RFC 5322 with CRLF line ends
  std::chrono::milliseconds timeout{20'000};
};

struct RecipientResult {
  std::string recipient;
  int status = 0;  // SMTP code: 250 accepted, 4xx try again, 5xx refused for good; 0 no answer
  std::string text;
};

class MailTransport {
 public:
  virtual ~MailTransport() = default;
  // One result a recipient, in order; Error where the session failed before any recipient was settled.
  [[nodiscard]] virtual Result<std::vector<RecipientResult>> send(const MailRequest& request) = 0;
};

}  // namespace entitywatch::notify
