// A client that sends what a good one never would: bytes as they are, slowly, or not at all.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace entitywatch::test {

class RawClient {
 public:
  explicit RawClient(int port);  // to 127.0.0.1
  explicit RawClient(const std::string& unix_path);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&&) = delete;

  bool send(std::string_view bytes);
  // Reads until `mark` was seen, the other side closed, or the time is over.
  [[nodiscard]] std::string read_until(std::string_view mark,
                                       std::chrono::milliseconds within = std::chrono::seconds{5});
  // Reads until the other side closes.
  [[nodiscard]] std::string read_all(std::chrono::milliseconds within = std::chrono::seconds{5});
  [[nodiscard]] bool is_closed(std::chrono::milliseconds within);
  void shrink_receive_buffer();

 private:
  int fd_ = -1;
};

// Sends one request and reads one answer with a Content-Length, or until the end.
[[nodiscard]] std::string ask_raw(RawClient& client, std::string_view request);

}  // namespace entitywatch::test
