// Alerts on their way out, over libcurl. The address a host name resolves to is checked when the connection
// is opened, so that no name can lead into the private network between a check and its use. No proxy is used:
// it would do the resolving out of our sight. Thread safe; bounded by each request's timeout.
#pragma once

#include <memory>

#include "daemon/certificates.hpp"
#include "notify/transport.hpp"

namespace entitywatch::daemon {

class CurlHttpTransport final : public notify::HttpTransport {
 public:
  // `certificates` is told what receivers show, and outlives the transport.
  explicit CurlHttpTransport(std::string user_agent, CertificateBook* certificates = nullptr);
  ~CurlHttpTransport() override;
  [[nodiscard]] Result<notify::HttpResponse> post(const notify::HttpRequest& request) override;
  // The same as a GET; the request's body is not sent.
  [[nodiscard]] Result<notify::HttpResponse> get(const notify::HttpRequest& request);
  // Ends transfers under way and refuses further ones; they fail as unavailable. For shutting down.
  void give_up();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Every recipient is offered in one session and settled on its own. On loopback STARTTLS is not insisted on,
// and used only where a ca_file says how to check the far side.
class CurlMailTransport final : public notify::MailTransport {
 public:
  explicit CurlMailTransport(CertificateBook* certificates = nullptr);
  ~CurlMailTransport() override;
  [[nodiscard]] Result<std::vector<notify::RecipientResult>> send(
      const notify::MailRequest& request) override;
  // As CurlHttpTransport::give_up.
  void give_up();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace entitywatch::daemon
