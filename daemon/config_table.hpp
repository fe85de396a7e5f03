// One table of a configuration file, read key by key; what is left at the end is unknown. Included by
// the config_*.cpp files only: it shows toml++.
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config_problems.hpp"

namespace entitywatch::daemon {

// Where secrets named by KEY_file are looked for.
struct SecretPlaces {
  std::string credentials_dir;  // systemd's $CREDENTIALS_DIRECTORY; empty: none
  std::string config_dir;       // relative names are beside the configuration file otherwise
};

// Every getter marks its key as known, whether present or not, and reports a wrong value as a problem.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string path, const SecretPlaces& places,
              ConfigProblems& problems)
      : table_(table), path_(std::move(path)), places_(places), problems_(problems) {}

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  [[nodiscard]] std::optional<std::string> string(std::string_view key);
  [[nodiscard]] std::optional<bool> boolean(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t least,
                                                    std::int64_t most);
  [[nodiscard]] std::optional<std::chrono::milliseconds> interval(std::string_view key,
                                                                  std::chrono::milliseconds least);
  // "64MB" or a number of bytes.
  [[nodiscard]] std::optional<std::uint64_t> size(std::string_view key);
  // An array of strings; a single string counts as one of one.
  [[nodiscard]] std::optional<std::vector<std::string>> strings(std::string_view key);
  // One of `known`; another value is a problem that names the nearest.
  [[nodiscard]] std::optional<std::string> word(std::string_view key,
                                                std::span<const std::string_view> known);
  // http:// or https://, with a host.
  [[nodiscard]] std::optional<std::string> url(std::string_view key);

  // KEY, or the content of the file that KEY_file names, without its closing line break. The value never
  // shows in a message.
  [[nodiscard]] std::optional<std::string> secret(std::string_view key);
  // As secret, but several: an array, or every line of the files.
  [[nodiscard]] std::optional<std::vector<std::string>> secrets(std::string_view key);
  // The path a file name in the configuration stands for.
  [[nodiscard]] std::string resolve(const std::string& name) const;

  [[nodiscard]] const toml::table* table(std::string_view key);
  // The tables of an array of tables, with their path for messages.
  void tables(std::string_view key, const std::function<void(const toml::table&, std::string)>& each);

  void problem(std::string_view key, std::string text);
  void unknown_key(std::string_view key, const toml::node& node);
  // Reports every key no getter asked for.
  void finish();
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] ConfigProblems& problems() const { return problems_; }
  [[nodiscard]] const SecretPlaces& places() const { return places_; }

 private:
  [[nodiscard]] const toml::node* find(std::string_view key);
  [[nodiscard]] std::string full(std::string_view key) const;
  // Marks both keys known; true when the file is to be read.
  [[nodiscard]] bool secret_in_file(std::string_view key, const std::string& file_key);
  [[nodiscard]] std::optional<std::string> read_secret_file(std::string_view key, const std::string& name);

  const toml::table& table_;
  std::string path_;
  const SecretPlaces& places_;
  ConfigProblems& problems_;
  std::vector<std::string> known_;
};

[[nodiscard]] bool is_http_url(std::string_view url);

}  // namespace entitywatch::daemon
