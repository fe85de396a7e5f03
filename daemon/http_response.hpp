// What every answer gets on its way out: validators, compression, headers that keep browsers safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/api.hpp"

namespace entitywatch::daemon {

struct ResponseWishes {
  std::string method;
  std::string if_none_match;
  std::string accept_encoding;
};

// Adds a weak ETag over the body (304 where the client has it), compresses what is worth it and sets the
// headers every answer carries. Bodies from a source are compressed as they are made, event streams are not.
[[nodiscard]] ApiResponse finish_response(ApiResponse response, const ResponseWishes& wishes);

// Whether gzip is acceptable (RFC 9110, 12.5.3).
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

// The gzip stream (RFC 1952) of what is added; used by one thread.
class Gzip {
 public:
  Gzip();
  ~Gzip();
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  [[nodiscard]] std::string add(std::string_view bytes);
  [[nodiscard]] std::string finish();

 private:
  struct State;
  [[nodiscard]] std::string run(std::string_view bytes, int flush);
  std::unique_ptr<State> state_;
};

}  // namespace entitywatch::daemon
