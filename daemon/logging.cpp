#include "daemon/logging.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/json.hpp"
#include "core/text.hpp"
#include "daemon/http_access.hpp"

namespace entitywatch::daemon {
namespace {

class SafeFormatter final : public spdlog::formatter {
 public:
  SafeFormatter(bool json, std::vector<std::string> secrets)
      : json_(json), secrets_(std::move(secrets)), text_("%Y-%m-%dT%H:%M:%S.%eZ %-7l %v", spdlog::pattern_time_type::utc) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    std::string safe = text::sanitize({message.payload.data(), message.payload.size()});
    for (const std::string& secret : secrets_)
      for (std::size_t at = safe.find(secret); at != std::string::npos; at = safe.find(secret, at + 3)) safe.replace(at, secret.size(), "***");
    std::replace(safe.begin(), safe.end(), '\n', ' ');
    if (json_) {
      const auto time = std::chrono::floor<std::chrono::milliseconds>(message.time);
      const std::string_view level = to_view(spdlog::level::to_string_view(message.level));
      append(out, dump(Json{{"time", format_time(Time{time.time_since_epoch()})}, {"level", level}, {"message", safe}}) + "\n");
      return;
    }
    spdlog::details::log_msg copy = message;
    copy.payload = spdlog::string_view_t(safe.data(), safe.size());
    text_.format(copy, out);
  }

  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<SafeFormatter>(json_, secrets_); }

 private:
  static std::string_view to_view(spdlog::string_view_t v) { return {v.data(), v.size()}; }
  static void append(spdlog::memory_buf_t& out, const std::string& s) { out.append(s.data(), s.data() + s.size()); }

  const bool json_;
  const std::vector<std::string> secrets_;
  spdlog::pattern_formatter text_;
};

// User, password and query of an address: where keys are put.
std::vector<std::string> secret_parts(const std::string& url) {
  std::vector<std::string> out;
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t path = std::min(url.find_first_of("/?#", host), url.size());
  const std::size_t at = url.rfind('@', path);
  if (at != std::string::npos && at >= host) out.push_back(url.substr(host, at - host));
  const std::size_t query = url.find('?', path);
  if (query != std::string::npos) out.push_back(url.substr(query + 1));
  return out;
}

}  // namespace

Result<void> set_up_logging(const DaemonConfig& config, std::vector<std::string> secrets) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  try {
    if (config.log_file.empty()) {
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.log_file);
    }
  } catch (const spdlog::spdlog_ex& e) {
    return fail(ErrorCode::invalid_config, std::string("the log file cannot be opened: ") + e.what(), config.log_file);
  }
  auto logger = std::make_shared<spdlog::logger>("entitywatch", sink);
  logger->set_formatter(std::make_unique<SafeFormatter>(config.log_format == "json", std::move(secrets)));
  logger->set_level(spdlog::level::from_str(config.log_level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
  return {};
}

void renew_logging(const DaemonConfig& config, std::vector<std::string> secrets) {
  const auto logger = spdlog::default_logger();
  logger->set_formatter(std::make_unique<SafeFormatter>(config.log_format == "json", std::move(secrets)));
  logger->set_level(spdlog::level::from_str(config.log_level));
}

std::vector<std::string> secrets_of(const Config& config) {
  std::vector<std::string> out;
  const auto add_lines = [&](std::string_view text) {
    for (const std::string& line : text::split(text, '\n'))
      if (!line.starts_with("-----")) out.push_back(text::trim(line));
  };
  for (const notify::ChannelConfig& channel : config.channels) {
    out.push_back(channel.password);
    out.insert(out.end(), channel.secrets.begin(), channel.secrets.end());
    // Of a webhook's address the host is worth knowing; a chat's is a secret as a whole.
    const auto parts = channel.type == "webhook" ? secret_parts(channel.url) : std::vector{channel.url};
    out.insert(out.end(), parts.begin(), parts.end());
  }
  for (const SourceConfig& source : config.sources)
    for (const std::string& part : secret_parts(source.url)) out.push_back(part);
  for (const Token& token : parse_tokens(config.daemon.token)) out.push_back(token.secret);
  out.push_back(config.operators.heartbeat_url);
  add_lines(config.evidence.signing_key);
  // Very short strings would blot out ordinary words.
  std::erase_if(out, [](const std::string& s) { return s.size() < 6; });
  // The longest first: of a secret within another nothing may be left over.
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return out;
}

}  // namespace entitywatch::daemon
