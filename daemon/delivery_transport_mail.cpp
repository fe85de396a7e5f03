#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/text.hpp"
#include "daemon/address_rules.hpp"
#include "daemon/delivery_transport.hpp"
#include "daemon/delivery_transport_guard.hpp"
#include "daemon/smtp_dialogue.hpp"

namespace entitywatch::daemon {
namespace {

using notify::MailRequest;
using notify::RecipientResult;

struct MessageSource {
  std::string_view message;
  std::size_t at = 0;
};

std::size_t give_message(char* to, std::size_t size, std::size_t count, void* user) noexcept {
  auto& from = *static_cast<MessageSource*>(user);
  const std::size_t n = std::min(size * count, from.message.size() - from.at);
  std::memcpy(to, from.message.data() + from.at, n);
  from.at += n;
  return n;
}

// libcurl may have to send it again from the start when a kept connection turns out to be dead.
int rewind_message(void* user, curl_off_t offset, int origin) noexcept {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<MessageSource*>(user)->at = static_cast<std::size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

int follow(CURL*, curl_infotype kind, char* data, std::size_t size, void* user) noexcept {
  auto& dialogue = *static_cast<SmtpDialogue*>(user);
  try {
    if (kind == CURLINFO_HEADER_OUT) dialogue.sent({data, size});
    if (kind == CURLINFO_HEADER_IN)
      for (const std::string& line : text::split({data, size}, '\n')) dialogue.received(line);
  } catch (...) {
    // Out of memory while following: the recipients it concerns stay unsettled and are tried again.
  }
  return 0;
}

// It would break out of the command it stands in.
bool is_safe_address(const std::string& address) {
  return !address.empty() && std::none_of(address.begin(), address.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '\x7f';
  });
}

long tls_level(const MailRequest& request, const UrlParts& url) {
  if (url.scheme == "smtps") return CURLUSESSL_ALL;
  if (is_loopback_host(url.host)) return request.ca_file.empty() ? CURLUSESSL_NONE : CURLUSESSL_TRY;
  return request.require_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE;
}

std::vector<RecipientResult> results(const MailRequest& request, const SmtpDialogue& dialogue) {
  std::vector<RecipientResult> all;
  for (std::size_t i = 0; i < request.recipients.size(); ++i) {
    SmtpReply reply = dialogue.recipients()[i];
    // Accepted as a recipient is not yet delivered: the reply to the message decides.
    if (reply.status / 100 == 2) reply = dialogue.message();
    all.push_back({request.recipients[i], reply.status, reply.text});
  }
  return all;
}

Result<void> check(const MailRequest& request, const UrlParts& url) {
  if ((url.scheme != "smtp" && url.scheme != "smtps") || url.host.empty())
    return fail(ErrorCode::refused, "the channel's smtp is not an smtp or smtps URL; correct it");
  if (request.recipients.empty()) return fail(ErrorCode::invalid_argument, "a mail without recipients");
  if (!is_safe_address(request.from))
    return fail(ErrorCode::invalid_argument, "the sender is not a mail address", request.from);
  for (const std::string& r : request.recipients)
    if (!is_safe_address(r))
      return fail(ErrorCode::invalid_argument, "a recipient is not a mail address", text::sanitize(r));
  return {};
}

}  // namespace

class CurlMailTransport::Impl {
 public:
  explicit Impl(CertificateBook* certificates) : certificates_(certificates) {}
  void give_up() { giving_up_.request_stop(); }

  Result<std::vector<RecipientResult>> send(const MailRequest& request) {
    const UrlParts url = url_parts(request.smtp_url);
    if (auto ok = check(request, url); !ok) return tl::unexpected(ok.error());
    ConnectionGuard guard{request.allow_private_network ? Reach::anywhere : Reach::public_only, {}};
    // A kept connection has an account and a degree of protection: others must not inherit it.
    const std::string key = fmt::format("{}://{}:{} {} {}", url.scheme, url.host, url.port,
                                        tls_level(request, url), request.username);
    CurlPool::Lease session = pools_.of(guard.reach).lease(key);
    CURL* easy = session->easy();
    CurlList recipients;
    for (const std::string& r : request.recipients) recipients.append("<" + r + ">");
    const std::string from = "<" + request.from + ">";
    MessageSource message{request.message};
    SmtpDialogue dialogue(request.recipients.size());
    set_option(easy, CURLOPT_URL, request.smtp_url.c_str());
    set_option(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set_option(easy, CURLOPT_USE_SSL, tls_level(request, url));
    set_option(easy, CURLOPT_MAIL_FROM, from.c_str());
    set_option(easy, CURLOPT_MAIL_RCPT, recipients.get());
    // libcurl 8.2 renamed the option and kept its number.
    set_option(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    set_option(easy, CURLOPT_UPLOAD, 1L);
    set_option(easy, CURLOPT_READFUNCTION, &give_message);
    set_option(easy, CURLOPT_READDATA, &message);
    set_option(easy, CURLOPT_SEEKFUNCTION, &rewind_message);
    set_option(easy, CURLOPT_SEEKDATA, &message);
    set_option(easy, CURLOPT_VERBOSE, 1L);
    set_option(easy, CURLOPT_DEBUGFUNCTION, &follow);
    set_option(easy, CURLOPT_DEBUGDATA, &dialogue);
    if (!request.username.empty()) {
      set_option(easy, CURLOPT_USERNAME, request.username.c_str());
      set_option(easy, CURLOPT_PASSWORD, request.password.c_str());
    }
    set_up_delivery(easy, guard, request.ca_file, request.timeout);
    const CURLcode code = session->run(giving_up_.get_token());
    note_certificate(*session, url, certificates_);
    const bool settled = std::any_of(dialogue.recipients().begin(), dialogue.recipients().end(),
                                     [](const SmtpReply& r) { return r.status != 0; });
    if (settled) return results(request, dialogue);
    Error error = delivery_error(*session, code, guard, url.host, request.timeout);
    if (dialogue.last().status >= 400)
      error.message =
          fmt::format("{} answered {} {}", url.host, dialogue.last().status, dialogue.last().text);
    return tl::unexpected(std::move(error));
  }

 private:
  std::stop_source giving_up_;
  CertificateBook* certificates_;
  GuardedPools pools_;
};

CurlMailTransport::CurlMailTransport(CertificateBook* certificates)
    : impl_(std::make_unique<Impl>(certificates)) {}
CurlMailTransport::~CurlMailTransport() = default;

void CurlMailTransport::give_up() { impl_->give_up(); }

Result<std::vector<RecipientResult>> CurlMailTransport::send(const MailRequest& request) {
  try {
    return impl_->send(request);
  } catch (const std::exception& e) {
    return fail(ErrorCode::internal, fmt::format("sending mail failed: {}", e.what()));
  }
}

}  // namespace entitywatch::daemon
