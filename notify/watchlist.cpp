#include "notify/watchlist.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "core/countries.hpp"
#include "core/text.hpp"

namespace entitywatch::notify {
namespace {

// One record of a CSV file; `at` moves past its line end.
struct CsvReader {
  std::string_view text;
  char separator;
  std::size_t at = 0;
  std::size_t line = 1;

  [[nodiscard]] bool done() const { return at >= text.size(); }

  Result<std::vector<std::string>> record() {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (; !done(); ++at) {
      const char c = text[at];
      if (c == '\n') ++line;
      if (quoted) {
        if (c != '"') {
          cells.back() += c;
        } else if (at + 1 < text.size() && text[at + 1] == '"') {
          cells.back() += '"';
          ++at;
        } else {
          quoted = false;
        }
      } else if (c == '"' && cells.back().empty()) {
        quoted = true;
      } else if (c == separator) {
        cells.emplace_back();
      } else if (c == '\n') {
        ++at;
        return cells;
      } else if (c != '\r') {
        cells.back() += c;
      }
    }
    if (quoted)
      return fail(ErrorCode::malformed,
                  fmt::format("watchlist, line {}: a quote is opened and never closed", line));
    return cells;
  }
};

struct Columns {
  std::optional<std::size_t> name;
  std::optional<std::size_t> country;
  std::optional<std::size_t> address;
  std::optional<std::size_t> id;
};

Columns columns_of(const std::vector<std::string>& header) {
  Columns out;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string title = text::search_key(header[i]);
    if (title == "name") out.name = i;
    if (title == "country") out.country = i;
    if (title == "address") out.address = i;
    if (title == "id") out.id = i;
  }
  return out;
}

std::string cell(const std::vector<std::string>& cells, std::optional<std::size_t> column) {
  return column && *column < cells.size() ? text::collapse(cells[*column]) : std::string();
}

char separator_of(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  return first.find(';') != std::string_view::npos && first.find(',') == std::string_view::npos ? ';' : ',';
}

}  // namespace

Result<std::vector<Counterparty>> parse_watchlist(std::string_view csv) {
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  CsvReader reader{csv, separator_of(csv)};
  const auto header = reader.record();
  if (!header) return tl::unexpected(header.error());
  const Columns columns = columns_of(*header);
  if (!columns.name)
    return fail(ErrorCode::malformed,
                "the watchlist's first line names no column 'name' (also known: country, address, id)");
  std::vector<Counterparty> out;
  while (!reader.done()) {
    const std::size_t line = reader.line;
    const auto cells = reader.record();
    if (!cells) return tl::unexpected(cells.error());
    Counterparty party{cell(*cells, columns.name), cell(*cells, columns.country),
                       cell(*cells, columns.address), cell(*cells, columns.id)};
    if (text::join(*cells, "").find_first_not_of(" \t") == std::string::npos) continue;
    if (party.name.empty())
      return fail(ErrorCode::malformed, fmt::format("watchlist, line {}: the name is empty", line));
    if (std::string code = country_code(party.country); !code.empty()) party.country = std::move(code);
    out.push_back(std::move(party));
  }
  return out;
}

EqualNames::EqualNames(std::map<std::string, std::vector<Counterparty>> watchlists) {
  for (auto& watchlist : watchlists)
    for (Counterparty& party : watchlist.second) {
      std::string key = text::search_key(party.name);
      if (!key.empty()) lists_[watchlist.first].by_key.emplace(std::move(key), std::move(party));
    }
}

std::vector<WatchlistMatch> EqualNames::match(const Subscription& subscription, const Change& change) const {
  std::vector<WatchlistMatch> out;
  const auto list = lists_.find(subscription.watchlist);
  const Entry* entry = change.entry ? &*change.entry : change.before ? &*change.before : nullptr;
  if (list == lists_.end() || entry == nullptr) return out;
  std::vector<std::string> names{entry->listing.name};
  names.insert(names.end(), entry->listing.aliases.begin(), entry->listing.aliases.end());
  names.insert(names.end(), entry->listing.former_names.begin(), entry->listing.former_names.end());
  if (change.before) names.push_back(change.before->listing.name);
  std::set<std::pair<std::string, std::string>> seen;
  for (const std::string& name : names) {
    const auto [first, last] = list->second.by_key.equal_range(text::search_key(name));
    for (auto found = first; found != last; ++found)
      if (seen.emplace(found->second.name, found->second.id).second)
        out.push_back({change.id, found->second.name, found->second.id, 1.0, name});
  }
  return out;
}

}  // namespace entitywatch::notify
