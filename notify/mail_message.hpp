// An alert as a mail (RFC 5322): multipart/alternative with text and HTML, a CSV file for long rules.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "notify/channel.hpp"

namespace entitywatch::notify {

// "Name <user@host>" or "user@host".
struct Mailbox {
  std::string name;
  std::string address;
};
// Refuses what is no single address: control characters, commas, no "@".
[[nodiscard]] Result<Mailbox> parse_mailbox(std::string_view text);

struct MailHeaders {
  Mailbox from;
  std::vector<Mailbox> to;
};

// CRLF line ends, no line over 998 bytes, ASCII only. The Message-ID is made from the alert's id, so that
// a second copy of the same alert is recognised as one; all mails about a document refer to the same
// thread.
[[nodiscard]] std::string mail_message(const AlertView& view, const MailHeaders& headers, Time now);

}  // namespace entitywatch::notify
