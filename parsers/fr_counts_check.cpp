#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/fr_counts.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

bool is_address(std::string_view name) {
  static const RE2 address("(?i)^address(?: no\\.?)? \\d+$");
  return RE2::FullMatch(re2_view(name), address);
}

struct Found {
  int entries = 0;
  int addresses = 0;
  int countries_removed = 0;
  std::set<std::string> names;
  std::map<std::string, int> by_country;
  std::set<std::string> removed_countries;
};

Found found_of(OperationKind kind, ListId list, const std::vector<CountedEntry>& entries) {
  Found out;
  for (const CountedEntry& e : entries) {
    if (e.list != list) continue;
    if (kind == OperationKind::remove && e.kind == OperationKind::remove_country) {
      ++out.countries_removed;
      out.removed_countries.insert(country_key(e.country));
    }
    if (e.kind != kind) continue;
    ++out.entries;
    ++out.by_country[country_key(e.country)];
    if (is_address(e.name))
      ++out.addresses;
    else
      out.names.insert(text::fold(e.name));
  }
  return out;
}

std::string_view noun(OperationKind kind) {
  switch (kind) {
    case OperationKind::add:
      return "added";
    case OperationKind::remove:
      return "removed";
    default:
      return "revised";
  }
}

struct Totals {
  std::vector<int> entities, entries, addresses;
  std::string words;
};

// A summary may state one total twice, or part totals that add up.
bool meets(const std::vector<int>& stated, int found) {
  int sum = 0;
  for (const int s : stated) sum += s;
  return sum == found || std::ranges::all_of(stated, [&](int s) { return s == found; });
}

int sum_of(const std::vector<int>& stated) {
  const bool repeated = std::ranges::all_of(stated, [&](int s) { return s == stated.front(); });
  if (repeated) return stated.front();
  int sum = 0;
  for (const int s : stated) sum += s;
  return sum;
}

void check_totals(OperationKind kind, const Totals& totals, const Found& found, bool more_revisions,
                  std::vector<Check>& out) {
  const bool open_ended = kind == OperationKind::revise && more_revisions;
  const auto settled = [&](const std::vector<int>& stated, const std::vector<int>& counts) {
    for (const int c : counts)
      if (meets(stated, c)) return true;
    if (kind == OperationKind::remove && found.countries_removed > 0)
      return sum_of(stated) >= found.entries + found.countries_removed;
    return open_ended && sum_of(stated) < found.entries;
  };
  const auto add = [&](std::string name, const std::vector<int>& stated, int shown, bool ok) {
    std::string have = std::to_string(shown);
    if (kind == OperationKind::remove && found.countries_removed > 0)
      have += " and " + std::to_string(found.countries_removed) + " country listings";
    out.push_back({std::move(name), std::to_string(sum_of(stated)) + " " + std::string(noun(kind)),
                   std::move(have), ok, totals.words});
  };
  const int distinct = static_cast<int>(found.names.size());
  // "removes two entities and one address": an address on the list is an entry too.
  const int stated_addresses = totals.addresses.empty() ? 0 : sum_of(totals.addresses);
  bool entries_ok = false;
  if (!totals.entries.empty()) {
    entries_ok = settled(totals.entries, {found.entries});
    // "revises two entries and corrects one entity": mixed units add up.
    if (!entries_ok && !totals.entities.empty()) {
      std::vector<int> all = totals.entries;
      all.insert(all.end(), totals.entities.begin(), totals.entities.end());
      entries_ok = kind != OperationKind::add && settled(all, {found.entries});
    }
    add("stated_entries", totals.entries, found.entries, entries_ok);
  }
  if (!totals.entities.empty()) {
    const bool fewer_than_entries = entries_ok && sum_of(totals.entities) <= found.entries;
    const bool ok = fewer_than_entries ||
                    settled(totals.entities, {distinct, found.entries, found.entries - found.addresses,
                                              distinct + found.addresses, found.entries - stated_addresses});
    add("stated_entities", totals.entities,
        totals.entries.empty() ? found.entries - found.addresses : distinct, ok);
  }
  if (!totals.addresses.empty() && kind == OperationKind::add)
    add("stated_addresses", totals.addresses, found.addresses, meets(totals.addresses, found.addresses));
}

void check_countries(OperationKind kind, const std::vector<const StatedCount*>& stated, const Found& found,
                     bool more_revisions, std::vector<Check>& out) {
  std::map<std::string, std::vector<int>> by_key;
  std::vector<std::pair<std::string, std::string>> order;
  for (const StatedCount* s : stated) {
    const std::string key = country_key(s->country);
    if (!by_key.contains(key)) order.emplace_back(key, s->country);
    by_key[key].push_back(s->count);
  }
  std::string expected, got;
  bool ok = true;
  for (const auto& [key, printed] : order) {
    const auto at = found.by_country.find(key);
    const int have = at == found.by_country.end() ? 0 : at->second;
    const int want = sum_of(by_key[key]);
    const bool unnamed =
        kind == OperationKind::remove && found.removed_countries.contains(key) && want > have;
    const bool open_ended = kind == OperationKind::revise && more_revisions && have > want;
    ok = ok && (meets(by_key[key], have) || unnamed || open_ended);
    expected += (expected.empty() ? "" : ", ") + printed + " " + std::to_string(want);
    got += (got.empty() ? "" : ", ") + printed + " " + std::to_string(have);
  }
  out.push_back(
      {"stated_by_country", expected + " " + std::string(noun(kind)), got, ok, stated.front()->words});
}

}  // namespace

std::string country_key(std::string_view printed) {
  const std::string code = country_code(printed);
  if (code.empty()) return text::fold(printed);
  const std::string fold = text::fold(printed);
  const bool crimea = code == "UA" && (fold.find("crimea") != std::string::npos || fold == "sevastopol");
  return crimea ? "UA-crimea" : code;
}

std::vector<Check> check_counts(const StatedCounts& stated, const std::vector<CountedEntry>& found) {
  std::set<ListId> lists;
  for (const CountedEntry& e : found) lists.insert(e.list);
  // A sentence that names no list speaks of the only one there is.
  const auto list_of = [&](const StatedCount& s) -> std::optional<ListId> {
    if (s.list) return s.list;
    return lists.size() == 1 ? std::optional(*lists.begin()) : std::nullopt;
  };
  std::set<ListId> all = lists;
  for (const StatedCount& s : stated.totals)
    if (s.list) all.insert(*s.list);
  std::vector<Check> out;
  for (const ListId list : all)
    for (const OperationKind kind : {OperationKind::add, OperationKind::revise, OperationKind::remove}) {
      Totals totals;
      for (const StatedCount& s : stated.totals) {
        if (s.kind != kind || list_of(s) != list) continue;
        (s.unit == StatedUnit::entities  ? totals.entities
         : s.unit == StatedUnit::entries ? totals.entries
                                         : totals.addresses)
            .push_back(s.count);
        if (totals.words.empty()) totals.words = s.words;
      }
      const Found here = found_of(kind, list, found);
      check_totals(kind, totals, here, stated.more_revisions, out);
      std::vector<const StatedCount*> countries;
      for (const StatedCount& s : stated.by_country)
        if (s.kind == kind && list_of(s) == list) countries.push_back(&s);
      if (!countries.empty()) check_countries(kind, countries, here, stated.more_revisions, out);
    }
  return out;
}

}  // namespace entitywatch::parsers
