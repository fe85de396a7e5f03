#include "daemon/smtp_dialogue.hpp"

#include <algorithm>
#include <cctype>

#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t most_text = 300;

}  // namespace

void SmtpDialogue::sent(std::string_view command) {
  if (text::starts_with_ignoring_case(command, "RCPT TO:")) {
    waiting_ = Waiting::recipient;
    ++offered_;
  } else if (text::starts_with_ignoring_case(command, "MAIL FROM:")) {
    // A new transaction: the one before, on a connection that turned out dead, counts for nothing.
    std::fill(recipients_.begin(), recipients_.end(), SmtpReply{});
    message_ = {};
    offered_ = 0;
    waiting_ = Waiting::other;
  } else if (text::starts_with_ignoring_case(command, "DATA")) {
    waiting_ = Waiting::data;
  } else {
    waiting_ = Waiting::other;
  }
}

void SmtpDialogue::received(std::string_view line) {
  if (line.size() < 3 ||
      !std::all_of(line.begin(), line.begin() + 3, [](unsigned char c) { return std::isdigit(c) != 0; }))
    return;
  if (line.size() > 3 && line[3] == '-') return;  // more of the same reply follows
  last_.status = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  last_.text = text::excerpt(text::sanitize(text::trim(line.substr(std::min<std::size_t>(4, line.size())))),
                             most_text);
  switch (waiting_) {
    case Waiting::recipient:
      if (offered_ >= 1 && offered_ <= recipients_.size()) recipients_[offered_ - 1] = last_;
      waiting_ = Waiting::other;
      break;
    case Waiting::data:
      // 354 invites the message; anything else refuses it.
      if (last_.status == 354) {
        waiting_ = Waiting::message;
      } else {
        message_ = last_;
        waiting_ = Waiting::other;
      }
      break;
    case Waiting::message:
      message_ = last_;
      waiting_ = Waiting::other;
      break;
    case Waiting::other:
      break;
  }
}

}  // namespace entitywatch::daemon
