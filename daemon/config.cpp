#include "daemon/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "core/text.hpp"
#include "daemon/address_rules.hpp"
#include "daemon/config_parts.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;

enum class Exposure { local, open, wrong };

Exposure exposure_of(const std::string& listen) {
  if (listen.rfind("unix:", 0) == 0) return listen.size() > 5 ? Exposure::local : Exposure::wrong;
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0) return Exposure::wrong;
  const std::string port = listen.substr(colon + 1);
  const std::string host = listen.substr(0, colon);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
      std::stoi(port) > 65535)
    return Exposure::wrong;
  if (host.find(':') != std::string::npos && (host.front() != '[' || host.back() != ']'))
    return Exposure::wrong;
  return is_loopback_host(host) ? Exposure::local : Exposure::open;
}

void read_token(TableReader& table, DaemonConfig& daemon) {
  daemon.token_file = table.resolve(table.string("token_file").value_or(""));
  daemon.token = table.secret("token").value_or("");
  switch (exposure_of(daemon.listen)) {
    case Exposure::wrong:
      table.problem("listen",
                    fmt::format("\"{}\" is not an address; write \"127.0.0.1:8744\", \"[::1]:8744\" or "
                                "\"unix:/run/entitywatch/api.sock\"",
                                daemon.listen));
      break;
    case Exposure::open:
      if (!table.has("token") && !table.has("token_file"))
        table.problem("listen",
                      fmt::format("\"{}\" can be reached from other machines, so token_file is required; "
                                  "give it, or listen on 127.0.0.1 or a unix socket",
                                  daemon.listen));
      break;
    case Exposure::local:
      break;
  }
}

DaemonConfig read_daemon(TableReader& root) {
  DaemonConfig daemon;
  const toml::table* found = root.table("daemon");
  if (found == nullptr) return daemon;
  TableReader table(*found, "daemon", root.places(), root.problems());
  constexpr std::array<std::string_view, 7> levels{"trace", "debug",    "info", "warn",
                                                   "error", "critical", "off"};
  constexpr std::array<std::string_view, 2> formats{"text", "json"};
  daemon.data_dir = table.string("data_dir").value_or(daemon.data_dir);
  if (daemon.data_dir.empty()) table.problem("data_dir", "is empty; name the directory for the database");
  daemon.listen = table.string("listen").value_or(daemon.listen);
  daemon.host_names = table.strings("host_names").value_or(daemon.host_names);
  read_token(table, daemon);
  daemon.log_level = table.word("log_level", levels).value_or(daemon.log_level);
  daemon.log_format = table.word("log_format", formats).value_or(daemon.log_format);
  daemon.log_file = table.string("log_file").value_or(daemon.log_file);
  daemon.contact = table.string("contact").value_or(daemon.contact);
  // It goes into the User-Agent header.
  if (text::sanitize(daemon.contact) != daemon.contact ||
      daemon.contact.find_first_of("()\n\t") != std::string::npos)
    table.problem("contact", "holds characters a header cannot carry; give a mail address or a URL");
  daemon.public_url = table.url("public_url").value_or(daemon.public_url);
  while (!daemon.public_url.empty() && daemon.public_url.back() == '/') daemon.public_url.pop_back();
  table.finish();
  return daemon;
}

notify::DeliveryOptions read_delivery(TableReader& root) {
  notify::DeliveryOptions delivery;
  const toml::table* found = root.table("delivery");
  if (found == nullptr) return delivery;
  TableReader table(*found, "delivery", root.places(), root.problems());
  delivery.first_retry = table.interval("first_retry", 1ms).value_or(delivery.first_retry);
  delivery.max_retry = table.interval("max_retry", 1ms).value_or(delivery.max_retry);
  delivery.give_up = table.interval("give_up", 1ms).value_or(delivery.give_up);
  delivery.timeout = table.interval("timeout", 1ms).value_or(delivery.timeout);
  delivery.parallel = static_cast<std::size_t>(
      table.integer("parallel", 1, 256).value_or(static_cast<std::int64_t>(delivery.parallel)));
  if (delivery.max_retry < delivery.first_retry)
    table.problem("max_retry", "is shorter than first_retry; make it at least as long");
  table.finish();
  return delivery;
}

OperatorsConfig read_operators(TableReader& root, const std::vector<notify::ChannelConfig>& channels) {
  OperatorsConfig operators;
  const toml::table* found = root.table("operators");
  if (found == nullptr) return operators;
  TableReader table(*found, "operators", root.places(), root.problems());
  operators.channels = read_channel_names(table, "channels", channels);
  operators.after = static_cast<std::uint32_t>(table.integer("after", 1, 1000).value_or(operators.after));
  operators.check = table.interval("check", 100ms).value_or(operators.check);
  operators.disk_free = table.size("disk_free").value_or(operators.disk_free);
  operators.discrepancies = table.boolean("discrepancies").value_or(operators.discrepancies);
  if (const auto url = table.secret("heartbeat_url")) {
    operators.heartbeat_url = *url;
    if (!is_http_url(*url))
      table.problem(table.has("heartbeat_url") ? "heartbeat_url" : "heartbeat_url_file",
                    "is not a URL; give one that starts with https:// or http://");
  }
  table.finish();
  return operators;
}

Config read_root(TableReader& root) {
  Config config;
  config.daemon = read_daemon(root);
  config.evidence = read_evidence(root);
  config.database = read_database(root);
  config.sources = read_sources(root);
  config.channels = read_channels(root);
  config.subscriptions = read_subscriptions(root, config.channels);
  config.delivery = read_delivery(root);
  config.operators = read_operators(root, config.channels);
  root.finish();
  return config;
}

SecretPlaces secret_places(const std::string& config_file) {
  SecretPlaces places;
  if (const char* dir = std::getenv("CREDENTIALS_DIRECTORY")) places.credentials_dir = dir;
  places.config_dir = std::filesystem::path(config_file).parent_path().string();
  return places;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_interval(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 9) return std::nullopt;
  const std::int64_t number = std::stoll(std::string(text.substr(0, digits)));
  const std::string_view unit = text.substr(digits);
  std::chrono::milliseconds one{};
  if (unit == "ms")
    one = 1ms;
  else if (unit == "s")
    one = 1s;
  else if (unit == "m")
    one = 1min;
  else if (unit == "h")
    one = 1h;
  else if (unit == "d")
    one = 24h;
  else
    return std::nullopt;
  // A century is longer than anyone means, and keeps every later sum far from overflow.
  constexpr std::chrono::milliseconds longest = 24h * 36525;
  if (number > longest / one) return std::nullopt;
  return number * one;
}

Result<Config> parse_config(std::string_view toml, const std::string& file_name) {
  ConfigProblems problems(file_name.empty() ? "configuration" : file_name);
  const SecretPlaces places = secret_places(file_name);
  try {
    const toml::table parsed = toml::parse(toml, file_name);
    TableReader root(parsed, "", places, problems);
    Config config = read_root(root);
    config.file = file_name;
    if (problems.empty()) return config;
  } catch (const toml::parse_error& e) {
    problems.add(e.source().begin.line, "", fmt::format("is not TOML here: {}", e.description()));
  }
  return tl::unexpected(problems.error());
}

Result<Config> load_config(const std::string& path) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec))
    return fail(ErrorCode::invalid_config,
                fmt::format("{}: is a directory; name the configuration file", path));
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return fail(
        ErrorCode::invalid_config,
        fmt::format("{}: cannot be read: {}; name another file with --config", path, std::strerror(errno)));
  std::ostringstream content;
  content << file.rdbuf();
  return parse_config(content.str(), path);
}

Config default_config() {
  Config config;
  config.sources = default_sources();
  return config;
}

const SourceConfig* find_source(const Config& config, std::string_view name) {
  const auto at = std::find_if(config.sources.begin(), config.sources.end(),
                               [&](const SourceConfig& s) { return s.name == name; });
  return at == config.sources.end() ? nullptr : &*at;
}

}  // namespace entitywatch::daemon
