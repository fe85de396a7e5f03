// What a transfer brought, collected within bounds by libcurl's callbacks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/curl_handle.hpp"

namespace entitywatch::daemon {

struct CurlReceived {
  std::uint64_t max_bytes = 0;  // of the decompressed body; the transfer ends there with too_large set
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // of the last answer; lower-case names
  std::string body;
  bool too_large = false;
  [[nodiscard]] std::string header(std::string_view lower_case_name) const;
};

// `received` must outlive the transfer.
void receive_into(CurlSession& session, CurlReceived& received);

}  // namespace entitywatch::daemon
