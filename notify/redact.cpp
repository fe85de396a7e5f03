#include "notify/redact.hpp"

#include "core/text.hpp"
#include "notify/escape.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::string_view hidden = "[redacted]";
constexpr std::size_t shortest_secret = 4;  // less would redact ordinary words
constexpr std::size_t excerpt_bytes = 297;  // "…" takes three more
constexpr std::size_t most_read = 4096;

void hide(std::string& text, std::string_view secret) {
  if (secret.size() < shortest_secret) return;
  for (std::size_t at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + hidden.size()))
    text.replace(at, secret.size(), hidden);
}

// "https://user:pass@host/path?query" -> "https://host/[redacted]".
std::string without_url_paths(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", done)) {
    const std::size_t host = at + 3;
    const std::size_t end = std::min(text.find_first_of(" \t\"'<>)],;", host), text.size());
    const std::size_t path = std::min(text.find_first_of("/?#", host), end);
    const std::string_view authority = text.substr(host, path - host);
    const std::size_t user = authority.rfind('@');
    out += text.substr(done, host - done);
    out += user == std::string_view::npos ? authority : authority.substr(user + 1);
    if (path < end) {
      out += '/';
      if (end - path > 1) out += hidden;
    }
    done = end;
  }
  out += text.substr(done);
  return out;
}

// The part of a URL after its host: receivers echo paths alone.
std::string path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t path = url.find_first_of("/?", scheme + 3);
  return path == std::string_view::npos ? std::string() : std::string(url.substr(path));
}

}  // namespace

std::vector<std::string> secrets_of(const ChannelConfig& config) {
  std::vector<std::string> out;
  for (const std::string& secret : config.secrets) {
    out.push_back(secret);
    if (secret.starts_with("whsec_")) out.push_back(secret.substr(6));
  }
  if (!config.password.empty()) out.push_back(config.password);
  if (config.url.empty()) return out;
  out.push_back(config.url);
  const std::string path = path_of(config.url);
  out.push_back(path);
  // Single segments and query values that look like tokens.
  std::string segment;
  for (const char c : path + "/") {
    if (c != '/' && c != '?' && c != '&' && c != '=') {
      segment += c;
      continue;
    }
    if (segment.size() >= 16) out.push_back(segment);
    segment.clear();
  }
  return out;
}

std::string redacted_excerpt(std::string_view text, const std::vector<std::string>& secrets) {
  std::string shown = clean(text.substr(0, most_read));
  for (const std::string& secret : secrets) hide(shown, secret);
  return text::excerpt(without_url_paths(shown), excerpt_bytes);
}

}  // namespace entitywatch::notify
