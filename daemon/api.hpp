// Questions and answers, apart from how they travel: the HTTP endpoint and the command line both ask here.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "daemon/config.hpp"
#include "daemon/scheduler.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

struct ApiRequest {
  std::string method = "GET";
  std::string path;                          // "/v1/changes/abc", percent-decoded segments
  std::multimap<std::string, std::string> query;
  std::string content_type;
  std::string body;
};

struct ApiResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// What the API may do beside reading the archive; absent ones (empty functions) answer 409 "no daemon".
struct ApiActions {
  std::function<PollRequest(std::string_view source)> poll_now;
  std::function<Result<void>(std::string_view delivery_id)> redeliver;
  std::function<bool()> healthy;
};

// Thread safe: each call takes a snapshot of its own.
class Api {
 public:
  Api(const storage::Archive& archive, const Config& config, const Clock& clock, ApiActions actions);
  [[nodiscard]] ApiResponse handle(const ApiRequest& request) const;

 private:
  const storage::Archive& archive_;
  const Config& config_;
  const Clock& clock_;
  ApiActions actions_;
};

// RFC 9457.
[[nodiscard]] ApiResponse problem(int status, std::string_view title, std::string_view detail);

}  // namespace entitywatch::daemon
