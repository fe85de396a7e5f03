// What a mail server said to whom, followed line by line while libcurl speaks with it: libcurl itself reports
// one failure a session, whatever each recipient was told.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::daemon {

struct SmtpReply {
  int status = 0;  // 0: none
  std::string text;
};

class SmtpDialogue {
 public:
  explicit SmtpDialogue(std::size_t recipients) : recipients_(recipients) {}
  // A command as sent, and each line of the server's, with or without line ends.
  void sent(std::string_view command);
  void received(std::string_view line);

  // To each RCPT TO in the order offered; status 0 where the session ended before.
  [[nodiscard]] const std::vector<SmtpReply>& recipients() const { return recipients_; }
  // To the whole message, after its last line.
  [[nodiscard]] const SmtpReply& message() const { return message_; }
  // The last thing the server said.
  [[nodiscard]] const SmtpReply& last() const { return last_; }

 private:
  enum class Waiting { other, recipient, data, message };
  std::vector<SmtpReply> recipients_;
  SmtpReply message_;
  SmtpReply last_;
  Waiting waiting_ = Waiting::other;
  std::size_t offered_ = 0;
};

}  // namespace entitywatch::daemon
