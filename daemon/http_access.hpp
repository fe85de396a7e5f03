// Who may ask: names the endpoint answers to, tokens, and what a browser on another site may not do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/api.hpp"
#include "daemon/config.hpp"

namespace entitywatch::daemon {

struct Token {
  enum class Scope { read, write };  // write includes read
  Scope scope = Scope::write;
  std::string secret;
};

struct HttpAccess {
  std::vector<std::string> host_names;  // further names requests may carry in Host, without a port
  std::vector<Token> tokens;            // one of them is asked of every request when there are any
};

// One token a line; "read:TOKEN" may only read, "write:TOKEN" and a bare one may do both. Empty lines and
// those that begin with '#' are left out.
[[nodiscard]] std::vector<Token> parse_tokens(std::string_view text);
[[nodiscard]] HttpAccess http_access(const Config& config);

// What a request says about itself and the connection it came by.
struct RequestOrigin {
  std::string method;
  std::string path;
  std::string host;        // the Host header, with its port if it has one
  std::string origin;      // the Origin header, empty when absent
  std::string fetch_site;  // Sec-Fetch-Site
  std::string authorization;
  std::string local_address;  // that the connection came in on; empty on a unix socket
  std::string listen_host;    // as configured
};

// nullopt: go on. 421 for a foreign Host (DNS rebinding), 403 for a writing request that another site's
// page makes, 401 without a token that is asked for, 403 for one that may only read.
[[nodiscard]] std::optional<ApiResponse> refuse(const HttpAccess& access, const RequestOrigin& request);

// The host of "name:8744", "[::1]:8744" or "name", lower case, without brackets and a closing dot.
[[nodiscard]] std::string host_of(std::string_view authority);
[[nodiscard]] bool is_loopback_name(std::string_view host);

}  // namespace entitywatch::daemon
