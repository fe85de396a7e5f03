#include "daemon/config_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "core/text.hpp"
#include "daemon/config.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t max_secret_bytes = 64u << 10;

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 10) return std::nullopt;  // more would not be allowed with any unit
  const std::uint64_t number = std::stoull(std::string(text.substr(0, digits)));
  const std::string unit = text::upper(text::trim(text.substr(digits)));
  if (unit.empty() || unit == "B") return number;
  // Sizes of memory: powers of 1024, whichever way they are spelled.
  if (unit == "KB" || unit == "KIB" || unit == "K") return number << 10;
  if (unit == "MB" || unit == "MIB" || unit == "M") return number << 20;
  if (unit == "GB" || unit == "GIB" || unit == "G") return number << 30;
  return std::nullopt;
}

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a fractional number";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::none:
      return "nothing";
    default:
      return "a date or time";
  }
}

}  // namespace

bool is_http_url(std::string_view url) {
  const bool https = text::starts_with_ignoring_case(url, "https://");
  if (!https && !text::starts_with_ignoring_case(url, "http://")) return false;
  const std::string_view rest = url.substr(https ? 8 : 7);
  if (rest.empty() || rest.front() == '/' || rest.front() == ':') return false;
  return std::none_of(url.begin(), url.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
}

const toml::node* TableReader::find(std::string_view key) {
  known_.emplace_back(key);
  return table_.get(key);
}

std::string TableReader::full(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void TableReader::problem(std::string_view key, std::string text) {
  const toml::node* node = table_.get(key);
  const auto& source = node != nullptr ? node->source() : table_.source();
  problems_.add(source.begin.line, full(key), std::move(text));
}

std::optional<std::string> TableReader::string(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto value = node->value_exact<std::string>()) return *value;
  problem(key, fmt::format("must be a string, not {}; put it in quotes", type_name(*node)));
  return std::nullopt;
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto value = node->value_exact<bool>()) return *value;
  problem(key, fmt::format("must be true or false without quotes, not {}", type_name(*node)));
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t least,
                                                 std::int64_t most) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= least && *value <= most) return value;
  problem(key, fmt::format("must be a whole number from {} to {}", least, most));
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> TableReader::interval(std::string_view key,
                                                               std::chrono::milliseconds least) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto text = node->value_exact<std::string>();
  const auto parsed = text ? parse_interval(*text) : std::nullopt;
  if (!parsed) {
    problem(key, "is not an interval; write a number and a unit (s, m, h, d) in quotes, such as \"15m\"");
    return std::nullopt;
  }
  if (*parsed >= least) return parsed;
  problem(key,
          fmt::format("is shorter than {} ms, the least allowed; write a longer interval", least.count()));
  return std::nullopt;
}

std::optional<std::uint64_t> TableReader::size(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  std::optional<std::uint64_t> bytes;
  if (const auto number = node->value_exact<std::int64_t>(); number && *number > 0)
    bytes = static_cast<std::uint64_t>(*number);
  else if (const auto text = node->value_exact<std::string>())
    bytes = parse_size(*text);
  if (bytes && *bytes > 0 && *bytes <= (std::uint64_t{4} << 30)) return bytes;
  problem(key, "is not a size of 1 byte to 4 GB; write a number of bytes or a string such as \"64MB\"");
  return std::nullopt;
}

std::optional<std::vector<std::string>> TableReader::strings(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto one = node->value_exact<std::string>()) return std::vector<std::string>{*one};
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    problem(key, fmt::format("must be an array of strings such as [\"…\"], not {}", type_name(*node)));
    return std::nullopt;
  }
  std::vector<std::string> values;
  for (const toml::node& element : *array) {
    if (const auto value = element.value_exact<std::string>()) {
      values.push_back(*value);
      continue;
    }
    problems_.add(element.source().begin.line, full(key),
                  fmt::format("holds {} where a string belongs; put it in quotes", type_name(element)));
  }
  return values;
}

std::optional<std::string> TableReader::word(std::string_view key, std::span<const std::string_view> known) {
  auto value = string(key);
  if (!value || std::find(known.begin(), known.end(), *value) != known.end()) return value;
  const std::string near = nearest_word(*value, known);
  const std::string mend = near.empty() ? fmt::format("use one of {}", fmt::join(known, ", "))
                                        : fmt::format("did you mean \"{}\"?", near);
  problem(key, fmt::format("\"{}\" is not known; {}", *value, mend));
  return std::nullopt;
}

std::optional<std::string> TableReader::url(std::string_view key) {
  auto value = string(key);
  if (!value || is_http_url(*value)) return value;
  problem(key, "is not a URL; write one that starts with https:// or http:// and names a host");
  return std::nullopt;
}

std::string TableReader::resolve(const std::string& name) const {
  namespace fs = std::filesystem;
  if (name.empty() || name.front() == '/') return name;
  if (!places_.credentials_dir.empty()) {
    const fs::path credential = fs::path(places_.credentials_dir) / name;
    std::error_code ignored;
    if (fs::exists(credential, ignored)) return credential.string();
  }
  return (fs::path(places_.config_dir) / name).string();
}

std::optional<std::string> TableReader::read_secret_file(std::string_view key, const std::string& name) {
  const std::string path = resolve(name);
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec)) {
    problem(key, fmt::format("{} is a directory; name the file that holds the secret", path));
    return std::nullopt;
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    problem(key, fmt::format("{} cannot be read: {}; create it, readable by the account that runs the daemon",
                             path, std::strerror(errno)));
    return std::nullopt;
  }
  std::string content(max_secret_bytes + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.size() > max_secret_bytes) {
    problem(key, fmt::format("{} is larger than 64 KiB; it is not a secret", path));
    return std::nullopt;
  }
  while (!content.empty() && (content.back() == '\n' || content.back() == '\r')) content.pop_back();
  if (!content.empty()) return content;
  problem(key, fmt::format("{} is empty; write the secret into it", path));
  return std::nullopt;
}

bool TableReader::secret_in_file(std::string_view key, const std::string& file_key) {
  known_.emplace_back(key);
  known_.push_back(file_key);
  if (has(key) && has(file_key)) problem(file_key, fmt::format("stands beside {}; keep one of the two", key));
  return has(file_key);
}

std::optional<std::string> TableReader::secret(std::string_view key) {
  const std::string file_key = fmt::format("{}_file", key);
  if (secret_in_file(key, file_key)) {
    const auto name = string(file_key);
    return name ? read_secret_file(file_key, *name) : std::nullopt;
  }
  auto value = string(key);
  if (!value || !value->empty()) return value;
  problem(key, fmt::format("is empty; give the value, or {} with the file that holds it", file_key));
  return std::nullopt;
}

std::optional<std::vector<std::string>> TableReader::secrets(std::string_view key) {
  const std::string file_key = fmt::format("{}_file", key);
  if (!secret_in_file(key, file_key)) {
    auto values = strings(key);
    if (!values) return std::nullopt;
    if (!values->empty() && std::none_of(values->begin(), values->end(), [](auto& v) { return v.empty(); }))
      return values;
    problem(key, fmt::format("is empty; give the value, or {} with the file that holds it", file_key));
    return std::nullopt;
  }
  const auto names = strings(file_key);
  if (!names) return std::nullopt;
  std::vector<std::string> values;
  for (const std::string& name : *names) {
    const auto content = read_secret_file(file_key, name);
    if (!content) return std::nullopt;
    for (const std::string& line : text::split(*content, '\n'))
      if (std::string value = text::trim(line); !value.empty()) values.push_back(std::move(value));
  }
  if (!values.empty()) return values;
  problem(file_key, "holds no secret; write it into the file");
  return std::nullopt;
}

const toml::table* TableReader::table(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return nullptr;
  if (const toml::table* found = node->as_table()) return found;
  problem(key, fmt::format("must be a table, not {}; write [{}]", type_name(*node), full(key)));
  return nullptr;
}

void TableReader::tables(std::string_view key,
                         const std::function<void(const toml::table&, std::string)>& each) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    problem(key, fmt::format("must be an array of tables; write [[{}]] with two brackets", full(key)));
    return;
  }
  std::size_t number = 0;
  for (const toml::node& element : *array) {
    ++number;
    if (const toml::table* t = element.as_table())
      each(*t, fmt::format("{}[{}]", full(key), number));
    else
      problems_.add(
          element.source().begin.line, full(key),
          fmt::format("holds {} where a table belongs; write [[{}]]", type_name(element), full(key)));
  }
}

void TableReader::unknown_key(std::string_view key, const toml::node& node) {
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  const std::string near = nearest_word(key, known);
  const std::string mend = near.empty() ? fmt::format("known here: {}", fmt::join(known, ", "))
                                        : fmt::format("did you mean \"{}\"?", near);
  problems_.add(node.source().begin.line, full(key), "is not a known key; " + mend);
}

void TableReader::finish() {
  for (const auto& [key, node] : table_)
    if (std::find(known_.begin(), known_.end(), key.str()) == known_.end()) unknown_key(key.str(), node);
}

}  // namespace entitywatch::daemon
