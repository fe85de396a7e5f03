// [sources]: which publications are watched, and how.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "daemon/config_parts.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;

enum class Address { base_url, url };

struct Shipped {
  std::string_view kind;
  Address address;
  std::string_view default_address;
  std::chrono::milliseconds poll;
  bool by_agency = false;     // has `agencies`
  bool has_lookback = false;  // has `lookback` and `reread`
  std::chrono::milliseconds grace{};  // has `grace`, this by default; zero: has none
};

constexpr std::array<Shipped, 6> shipped{{
    {source::federal_register, Address::base_url, "https://www.federalregister.gov", 15min, true, true},
    {source::public_inspection, Address::base_url, "https://www.federalregister.gov", 5min, true, false},
    {source::ecfr, Address::base_url, "https://www.ecfr.gov", 6h, false, false, 24h * 7},
    {source::csl, Address::url,
     "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv", 6h, false, false,
     24h * 14},
    {source::dpl, Address::url, "https://www.bis.gov/dpl/dpl.txt", 6h, false, false},
    {source::bis_news, Address::url, "https://www.bis.gov/news-updates", 30min, false, false},
}};

constexpr auto kinds = [] {
  std::array<std::string_view, shipped.size()> names;
  for (std::size_t i = 0; i < shipped.size(); ++i) names[i] = shipped[i].kind;
  return names;
}();

const Shipped* find_shipped(std::string_view kind) {
  const auto* at =
      std::find_if(shipped.begin(), shipped.end(), [&](const Shipped& s) { return s.kind == kind; });
  return at == shipped.end() ? nullptr : at;
}

SourceConfig default_source(const Shipped& of) {
  SourceConfig config;
  config.name = config.kind = of.kind;
  (of.address == Address::base_url ? config.base_url : config.url) = of.default_address;
  config.poll = of.poll;
  if (of.grace > 0ms) config.grace = of.grace;
  return config;
}

std::optional<std::chrono::hours> read_hours(TableReader& table, std::string_view key) {
  const auto value = table.interval(key, 0ms);
  if (!value) return std::nullopt;
  return std::chrono::ceil<std::chrono::hours>(*value);
}

void read_address(TableReader& table, const Shipped& of, SourceConfig& config) {
  if (of.address == Address::url) {
    config.url = table.url("url").value_or(config.url);
    return;
  }
  config.base_url = table.url("base_url").value_or(config.base_url);
  while (!config.base_url.empty() && config.base_url.back() == '/') config.base_url.pop_back();
}

SourceConfig read_source(TableReader& table, const Shipped& of, std::string_view name) {
  SourceConfig config = default_source(of);
  config.name = name;
  config.enabled = table.boolean("enabled").value_or(true);
  read_address(table, of, config);
  config.poll = table.interval("poll", 1s).value_or(config.poll);
  config.timeout = table.interval("timeout", 1ms).value_or(config.timeout);
  config.max_bytes = table.size("max_bytes").value_or(config.max_bytes);
  config.stale_after = table.interval("stale_after", 1s);
  if (of.grace > 0ms) config.grace = table.interval("grace", 0ms).value_or(*config.grace);
  if (of.by_agency) {
    config.agencies = table.strings("agencies").value_or(config.agencies);
    if (config.agencies.empty())
      table.problem(
          "agencies",
          "is empty; name at least one agency by its slug, such as \"industry-and-security-bureau\"");
  }
  if (of.has_lookback) {
    config.lookback = read_hours(table, "lookback").value_or(config.lookback);
    config.reread = read_hours(table, "reread").value_or(config.reread);
  }
  table.finish();
  return config;
}

// A source of ours under another name says by `kind` which program reads it.
const Shipped* program_of(TableReader& table, std::string_view name) {
  if (const Shipped* own = find_shipped(name)) {
    if (const auto kind = table.string("kind"); kind && *kind != name)
      table.problem(
          "kind", fmt::format("must be \"{}\" here; give a source of another kind a name of its own", name));
    return own;
  }
  if (const auto kind = table.word("kind", kinds)) return find_shipped(*kind);
  return nullptr;
}

}  // namespace

std::vector<SourceConfig> default_sources() {
  std::vector<SourceConfig> all;
  for (const Shipped& s : shipped) all.push_back(default_source(s));
  return all;
}

std::vector<SourceConfig> read_sources(TableReader& root) {
  const toml::table* found = root.table("sources");
  if (found == nullptr) return default_sources();
  TableReader sources(*found, "sources", root.places(), root.problems());
  const bool defaults = sources.boolean("defaults").value_or(true);
  std::vector<SourceConfig> all;
  for (const Shipped& s : shipped) {
    if (const toml::table* own = sources.table(s.kind)) {
      TableReader table(*own, fmt::format("sources.{}", s.kind), root.places(), root.problems());
      if (const Shipped* program = program_of(table, s.kind))
        all.push_back(read_source(table, *program, s.kind));
    } else if (defaults) {
      all.push_back(default_source(s));
    }
  }
  for (const auto& [key, node] : *found) {
    const std::string name(key.str());
    if (name == "defaults" || find_shipped(name) != nullptr) continue;
    const toml::table* own = node.as_table();
    if (own == nullptr || !own->contains("kind")) {
      sources.unknown_key(name, node);
      continue;
    }
    TableReader table(*own, "sources." + name, root.places(), root.problems());
    if (const Shipped* program = program_of(table, name)) all.push_back(read_source(table, *program, name));
  }
  return all;
}

}  // namespace entitywatch::daemon
