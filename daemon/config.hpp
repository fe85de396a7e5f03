// The configuration as values, checked: what the file says, or the built-in defaults.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/lists.hpp"
#include "core/result.hpp"
#include "notify/config.hpp"

namespace entitywatch::daemon {

struct SourceConfig {
  std::string name;  // its key under [sources]
  std::string kind;  // the source program that reads it; equals name for those we ship
  bool enabled = true;
  std::string base_url;                                      // of API sources, without a trailing slash
  std::string url;                                           // of single-file sources
  std::chrono::milliseconds poll{std::chrono::minutes{15}};  // at least 1 s
  std::chrono::milliseconds timeout{30'000};                 // of one whole transfer
  std::uint64_t max_bytes = 64u << 20;                       // of one decompressed body
  std::vector<std::string> agencies = {"industry-and-security-bureau"};
  std::chrono::hours lookback{24 * 30};  // of the first reading
  std::chrono::hours reread{24 * 7};     // documents younger than this are read again for changes in place
  std::optional<std::chrono::milliseconds> stale_after;  // default: three polls, at least one hour
  // Of sources that repeat what rules do: after this long a difference is a discrepancy. nullopt: not compared.
  std::optional<std::chrono::milliseconds> grace;
};

struct DaemonConfig {
  std::string data_dir = "/var/lib/entitywatch";
  std::string listen = "127.0.0.1:8744";  // or "unix:/path"
  std::vector<std::string> host_names;    // further names requests may carry in Host
  std::string token_file;                 // where the token was read from, for messages; may be empty
  std::string token;                      // asked of every request when not empty; a secret
  std::string log_level = "info";
  std::string log_format = "text";  // text | json
  std::string log_file;             // empty: standard error (the journal)
  std::string contact;              // named in the User-Agent; a mail address or a URL
  std::string public_url;           // base of links to the local page in alerts; default from listen
};

struct OperatorsConfig {
  std::vector<std::string> channels;
  std::uint32_t after = 3;  // failures in a row before operators are told
  std::string heartbeat_url;  // pinged after every good round; a secret
  std::chrono::milliseconds check{std::chrono::minutes{1}};  // from round to round
  std::uint64_t disk_free = 512u << 20;  // operators are told below
  bool discrepancies = true;  // tell operators where sources disagree for longer than their grace
};

struct EvidenceConfig {
  std::string signing_key;  // Ed25519, PEM; a secret; empty: evidence.key in data_dir, made at first use
};

struct DatabaseConfig {
  std::uint64_t cache_bytes = 32u << 20;
  // Deliveries and alerts that ended longer ago are removed; zero: never. Everything else is history.
  std::chrono::milliseconds keep_deliveries{0};
  // How often the files are rewritten without what was replaced or removed; zero: as RocksDB sees fit.
  std::chrono::milliseconds compact{std::chrono::hours{24 * 7}};
};

struct Config {
  DaemonConfig daemon;
  EvidenceConfig evidence;
  DatabaseConfig database;
  std::vector<SourceConfig> sources;  // in the order of the interface
  std::vector<notify::ChannelConfig> channels;
  std::vector<notify::Subscription> subscriptions;
  notify::DeliveryOptions delivery;
  OperatorsConfig operators;
  std::string file;  // where it came from; empty: built-in defaults
};

// Reads and checks the file; every problem is found, not only the first. The error's message lists them
// a line each: file:line: key: what is wrong; the mend (for an unknown key: the nearest known one).
[[nodiscard]] Result<Config> load_config(const std::string& path);
[[nodiscard]] Result<Config> parse_config(std::string_view toml, const std::string& file_name);
[[nodiscard]] Config default_config();

// "30s" "5m" "6h" "1d", also "250ms"; nullopt for anything else.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_interval(std::string_view text);
[[nodiscard]] const SourceConfig* find_source(const Config& config, std::string_view name);

}  // namespace entitywatch::daemon
