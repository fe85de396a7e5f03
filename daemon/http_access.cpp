#include "daemon/http_access.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>

#include "core/hash.hpp"
#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

bool reads_only(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

// Questions that are too long for an address: asked by POST, and yet nothing is written.
bool only_asks(std::string_view path) { return path == "/v1/screen" || path == "/v1/subscriptions/try"; }

// Supervisors and balancers ask without a token; the page holds no data and asks for one itself.
bool needs_no_token(std::string_view path) {
  for (const std::string_view open : {"/healthz", "/readyz", "/", "/page.css", "/page.js", "/openapi.json"})
    if (path == open) return true;
  return false;
}

bool has_name(const HttpAccess& access, const std::string& host) {
  return std::any_of(access.host_names.begin(), access.host_names.end(),
                     [&](const std::string& name) { return host == host_of(name); });
}

bool is_ours(const HttpAccess& access, const RequestOrigin& request, const std::string& host) {
  if (host.empty()) return false;
  if (is_loopback_name(host)) return true;
  return host == host_of(request.listen_host) || host == request.local_address || has_name(access, host);
}

// Compared by digest, all of them, so that neither length nor place of a difference shows in the time taken.
const Token* token_of(const HttpAccess& access, std::string_view secret) {
  const std::string given = sha256_hex(secret);
  const Token* found = nullptr;
  for (const Token& token : access.tokens) {
    const std::string ours = sha256_hex(token.secret);
    if (CRYPTO_memcmp(given.data(), ours.data(), ours.size()) == 0) found = &token;
  }
  return found;
}

std::optional<ApiResponse> refuse_token(const HttpAccess& access, const RequestOrigin& request) {
  if (access.tokens.empty() || needs_no_token(request.path)) return std::nullopt;
  constexpr std::string_view scheme = "bearer ";
  if (!text::starts_with_ignoring_case(request.authorization, scheme)) {
    ApiResponse out =
        problem(401, "Unauthorized", "send a token of token_file as 'Authorization: Bearer TOKEN'");
    out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"entitywatch\"");
    return out;
  }
  const Token* token =
      token_of(access, text::trim(std::string_view(request.authorization).substr(scheme.size())));
  if (token == nullptr) {
    ApiResponse out = problem(401, "Unauthorized", "this token is not known here");
    out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"entitywatch\", error=\"invalid_token\"");
    return out;
  }
  if (token->scope == Token::Scope::read && !reads_only(request.method) && !only_asks(request.path))
    return problem(403, "Forbidden", "this token may only read");
  return std::nullopt;
}

// A page of another site may make the browser send a request here; it names itself in Origin.
std::optional<ApiResponse> refuse_origin(const HttpAccess& access, const RequestOrigin& request) {
  if (reads_only(request.method)) return std::nullopt;
  const bool foreign_site = request.fetch_site == "cross-site" || request.fetch_site == "same-site";
  bool foreign = foreign_site && request.origin.empty();
  if (!request.origin.empty()) {
    const std::size_t scheme = request.origin.find("://");
    const std::string authority = scheme == std::string::npos ? "" : request.origin.substr(scheme + 3);
    // The very same place, port included: another port of this machine is another site. Behind a proxy the
    // page goes by a configured name.
    foreign = authority.empty() || (authority != request.host && !has_name(access, host_of(authority)));
  }
  if (!foreign) return std::nullopt;
  return problem(403, "Forbidden", "writing requests from pages of other sites are refused");
}

}  // namespace

std::vector<Token> parse_tokens(std::string_view file) {
  std::vector<Token> out;
  for (const std::string& raw : text::split(file, '\n')) {
    std::string line = text::trim(raw);
    if (line.empty() || line.front() == '#') continue;
    Token token;
    for (const auto& [prefix, scope] :
         {std::pair<std::string_view, Token::Scope>{"read:", Token::Scope::read},
          {"write:", Token::Scope::write}})
      if (line.rfind(prefix, 0) == 0) {
        token.scope = scope;
        line.erase(0, prefix.size());
        break;
      }
    token.secret = std::move(line);
    if (!token.secret.empty()) out.push_back(std::move(token));
  }
  return out;
}

HttpAccess http_access(const Config& config) {
  return {config.daemon.host_names, parse_tokens(config.daemon.token)};
}

std::string host_of(std::string_view authority) {
  std::string host(authority);
  if (!host.empty() && host.front() == '[') {
    host = host.substr(1, host.find(']') - 1);
  } else if (std::count(host.begin(), host.end(), ':') == 1) {
    host.erase(host.find(':'));
  }
  for (char& c : host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (!host.empty() && host.back() == '.') host.pop_back();
  return host;
}

bool is_loopback_name(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  // 127.0.0.0/8 as four numbers: a name such as 127.0.0.1.example is not one.
  return host.rfind("127.", 0) == 0 && host.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(host.begin(), host.end(), '.') == 3;
}

std::optional<ApiResponse> refuse(const HttpAccess& access, const RequestOrigin& request) {
  const bool by_unix_socket = request.local_address.empty();
  // No browser reaches a unix socket, so neither rebinding nor foreign pages do.
  if (!by_unix_socket && !is_ours(access, request, host_of(request.host)))
    return problem(421, "Misdirected Request",
                   fmt::format("this endpoint does not answer to the name '{}'; add it to host_names under "
                               "[daemon] if it should",
                               text::excerpt(text::sanitize(request.host), 100)));
  if (!by_unix_socket)
    if (auto refused = refuse_origin(access, request)) return refused;
  return refuse_token(access, request);
}

}  // namespace entitywatch::daemon
