// Mail over SMTP: one message, several recipients, each with its own fate.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "notify/kinds.hpp"
#include "notify/mail_message.hpp"
#include "notify/redact.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::string_view refused_mark = "refused ";

struct Tally {
  std::size_t reached = 0;
  std::size_t refused = 0;
  std::size_t waiting = 0;
};

class EmailChannel final : public Channel {
 public:
  EmailChannel(ChannelConfig config, MailHeaders headers, MailTransport& mail,
               std::chrono::milliseconds timeout)
      : config_(std::move(config)),
        headers_(std::move(headers)),
        mail_(mail),
        timeout_(timeout),
        secrets_(secrets_of(config_)) {}

  Outcome deliver(const AlertView& view, const Delivery& delivery, Time now) override {
    Outcome out;
    out.done_recipients = delivery.done_recipients;
    // A redelivery asks those again who refused, and spares those who were reached.
    if (delivery.attempts == 0)
      std::erase_if(out.done_recipients, [](const std::string& r) { return r.starts_with(refused_mark); });
    MailRequest request = request_for(out.done_recipients);
    if (!request.recipients.empty()) {
      request.message = mail_message(view, headers_, now);
      const auto results = mail_.send(request);
      if (!results) {
        out.response.excerpt = redacted_excerpt(
            fmt::format("{}: {}", to_string(results.error().code), results.error().message), secrets_);
        return out;
      }
      settle(*results, out);
    }
    conclude(out);
    return out;
  }

  std::string preview(const AlertView& view, Time now) const override {
    return mail_message(view, headers_, now);
  }

  Pace pace() const override { return {4, false}; }

 private:
  [[nodiscard]] bool settled(const std::vector<std::string>& done, const std::string& address) const {
    return std::find(done.begin(), done.end(), address) != done.end() ||
           std::find(done.begin(), done.end(), std::string(refused_mark) + address) != done.end();
  }

  [[nodiscard]] MailRequest request_for(const std::vector<std::string>& done) const {
    MailRequest request;
    request.smtp_url = config_.smtp;
    request.require_tls = config_.tls != "none";
    request.username = config_.username;
    request.password = config_.password;
    request.ca_file = config_.ca_file;
    request.allow_private_network = config_.allow_private_network;
    request.from = headers_.from.address;
    request.timeout = timeout_;
    for (const Mailbox& to : headers_.to)
      if (!settled(done, to.address)) request.recipients.push_back(to.address);
    return request;
  }

  // The answer worth keeping is the worst: what still fails, else what was refused, else that it was
  // accepted.
  void settle(const std::vector<RecipientResult>& results, Outcome& out) const {
    const auto worth = [](int status) { return status >= 200 && status < 300 ? 0 : status >= 500 ? 1 : 2; };
    int kept = -1;
    for (const RecipientResult& result : results) {
      if (worth(result.status) == 0) out.done_recipients.push_back(result.recipient);
      if (worth(result.status) == 1)
        out.done_recipients.push_back(std::string(refused_mark) + result.recipient);
      if (worth(result.status) <= kept) continue;
      kept = worth(result.status);
      out.response.status = result.status;
      out.response.excerpt =
          redacted_excerpt(kept == 0 ? result.text : result.recipient + ": " + result.text, secrets_);
    }
  }

  [[nodiscard]] Tally tally(const std::vector<std::string>& done) const {
    Tally out;
    for (const Mailbox& to : headers_.to) {
      if (std::find(done.begin(), done.end(), to.address) != done.end())
        ++out.reached;
      else if (settled(done, to.address))
        ++out.refused;
      else
        ++out.waiting;
    }
    return out;
  }

  void conclude(Outcome& out) const {
    const Tally fate = tally(out.done_recipients);
    if (fate.waiting != 0)
      out.kind = Outcome::Kind::retry;
    else
      out.kind = fate.reached != 0 ? Outcome::Kind::delivered : Outcome::Kind::rejected;
    if (headers_.to.size() == 1 && fate.reached == 1) return;
    const std::string count = fmt::format("{} of {} recipients reached", fate.reached, headers_.to.size());
    if (fate.refused != 0 && out.kind == Outcome::Kind::delivered)
      out.warning = fmt::format("{} refused for good: {}", count, out.response.excerpt);
    out.response.excerpt =
        text::excerpt(out.response.excerpt.empty() ? count : count + "; " + out.response.excerpt, 297);
  }

  ChannelConfig config_;
  MailHeaders headers_;
  MailTransport& mail_;
  std::chrono::milliseconds timeout_;
  std::vector<std::string> secrets_;
};

}  // namespace

MadeChannel make_email(const ChannelConfig& config, const Transports& transports,
                       const DeliveryOptions& options) {
  const bool mail_url = text::starts_with_ignoring_case(config.smtp, "smtp://") ||
                        text::starts_with_ignoring_case(config.smtp, "smtps://");
  if (!mail_url)
    return bad_key(config, "smtp",
                   "an address such as smtps://mail.example:465 or smtp://mail.example:587 is needed");
  if (!config.tls.empty() && config.tls != "none")
    return bad_key(config, "tls", "only \"none\" may stand here; without it the connection is encrypted");
  const auto from = parse_mailbox(config.from);
  if (!from) return bad_key(config, "from", from.error().message);
  if (config.to.empty()) return bad_key(config, "to", "name at least one recipient");
  MailHeaders headers{*from, {}};
  for (const std::string& recipient : config.to) {
    const auto to = parse_mailbox(recipient);
    if (!to) return bad_key(config, "to", to.error().message);
    const auto same = [&](const Mailbox& known) { return known.address == to->address; };
    if (std::none_of(headers.to.begin(), headers.to.end(), same)) headers.to.push_back(*to);
  }
  return std::make_unique<EmailChannel>(config, std::move(headers), transports.mail, options.timeout);
}

}  // namespace entitywatch::notify
