// [[subscriptions]]: who wants what.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "daemon/config_parts.hpp"
#include "notify/digest.hpp"

namespace entitywatch::daemon {
namespace {

using notify::Subscription;

constexpr std::array<ChangeKind, 9> change_kinds{
    ChangeKind::added,     ChangeKind::removed,   ChangeKind::withdrawn, ChangeKind::revised,
    ChangeKind::corrected, ChangeKind::editorial, ChangeKind::document,  ChangeKind::discrepancy,
    ChangeKind::effective};

void unknown_word(TableReader& table, std::string_view key, std::string_view word,
                  std::span<const std::string_view> known) {
  const std::string near = nearest_word(word, known);
  table.problem(key, fmt::format("\"{}\" is not known; {}", word,
                                 near.empty() ? fmt::format("use one of {}", fmt::join(known, ", "))
                                              : fmt::format("did you mean \"{}\"?", near)));
}

void read_lists(TableReader& table, Subscription& subscription) {
  for (const std::string& word : table.strings("lists").value_or(std::vector<std::string>{})) {
    if (const auto list = parse_list(word)) {
      subscription.lists.push_back(*list);
      continue;
    }
    std::vector<std::string_view> known;
    for (const ListId list : all_lists()) known.push_back(to_string(list));
    unknown_word(table, "lists", word, known);
  }
}

void read_kinds(TableReader& table, Subscription& subscription) {
  const auto words = table.strings("kinds");
  if (!words) return;
  if (words->empty())
    table.problem("kinds", "is empty: nothing would ever be sent; leave it out for the default");
  subscription.kinds.clear();
  for (const std::string& word : *words) {
    if (word == to_string(ChangeKind::editorial)) {
      table.problem("kinds", "\"editorial\" changes are recorded and never alerted; leave it out");
      continue;
    }
    if (const auto kind = parse_change_kind(word)) {
      subscription.kinds.push_back(*kind);
      continue;
    }
    std::vector<std::string_view> known;
    for (const ChangeKind kind : change_kinds) known.push_back(to_string(kind));
    unknown_word(table, "kinds", word, known);
  }
}

void read_countries(TableReader& table, Subscription& subscription) {
  for (const std::string& word : table.strings("countries").value_or(std::vector<std::string>{})) {
    const bool is_code = word.size() == 2 && std::all_of(word.begin(), word.end(), [](unsigned char c) {
                           return std::isalpha(c) != 0;
                         });
    if (is_code) {
      subscription.countries.push_back(text::upper(word));
      continue;
    }
    const std::string code = country_code(word);
    table.problem("countries", fmt::format("\"{}\" is not a two-letter ISO 3166-1 code; {}", word,
                                           code.empty() ? std::string("write one such as \"CN\"")
                                                        : fmt::format("write \"{}\"", code)));
  }
}

// A time at which it sends, or does not: the reader of the outbox is the judge of it.
template <class Parsed>
void check_hours(TableReader& table, std::string_view key, const Parsed& parsed) {
  if (!parsed) table.problem(key, parsed.error().message);
}

Subscription read_subscription(TableReader& table, const std::vector<notify::ChannelConfig>& channels) {
  Subscription subscription;
  subscription.name = table.string("name").value_or("");
  if (subscription.name.empty()) table.problem("name", "is missing; alerts say by it why they were sent");
  subscription.channels = read_channel_names(table, "channels", channels);
  read_lists(table, subscription);
  read_kinds(table, subscription);
  read_countries(table, subscription);
  subscription.topics = table.strings("topics").value_or(std::vector<std::string>{});
  subscription.match = table.strings("match").value_or(std::vector<std::string>{});
  subscription.watchlist = table.resolve(table.string("watchlist").value_or(""));
  std::error_code ignored;
  if (!subscription.watchlist.empty() && !std::filesystem::is_regular_file(subscription.watchlist, ignored))
    table.problem("watchlist",
                  fmt::format("{} is not a file that can be read; name a CSV with a column \"name\"",
                              subscription.watchlist));
  subscription.digest = table.string("digest").value_or(subscription.digest);
  check_hours(table, "digest", notify::parse_digest(subscription.digest));
  subscription.documents = table.strings("documents").value_or(std::vector<std::string>{});
  subscription.quiet_hours = table.string("quiet_hours").value_or("");
  if (!subscription.quiet_hours.empty())
    check_hours(table, "quiet_hours", notify::parse_quiet_hours(subscription.quiet_hours));
  subscription.quiet_override = table.boolean("quiet_override").value_or(subscription.quiet_override);
  table.finish();
  return subscription;
}

}  // namespace

std::vector<Subscription> read_subscriptions(TableReader& root,
                                             const std::vector<notify::ChannelConfig>& channels) {
  std::vector<Subscription> all;
  std::set<std::string> names;
  root.tables("subscriptions", [&](const toml::table& found, std::string path) {
    TableReader table(found, std::move(path), root.places(), root.problems());
    all.push_back(read_subscription(table, channels));
    const std::string& name = all.back().name;
    if (!name.empty() && !names.insert(name).second)
      table.problem("name",
                    fmt::format("\"{}\" names another subscription already; give each its own name", name));
  });
  return all;
}

}  // namespace entitywatch::daemon
