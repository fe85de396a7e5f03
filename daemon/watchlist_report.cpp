#include "daemon/watchlist_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/watchlists.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t most_lines = 30;   // more nobody reads in a message
constexpr std::size_t most_a_party = 3;  // listed parties shown for one counterparty

struct Match {
  const notify::Counterparty* party = nullptr;
  ScreenHit hit;
};

std::string party_words(const notify::Counterparty& party) {
  std::string out = "“" + party.name + "”";
  if (!party.id.empty()) out += " (" + party.id + ")";
  return out;
}

Result<std::string> line_of(const Match& match, const ListedParties& listed) {
  const auto entry = listed.entry(match.hit.entry_id);
  if (!entry) return tl::unexpected(entry.error());
  std::string out = fmt::format("{:.0f} % {}: {}", match.hit.score * 100, party_words(*match.party),
                                *entry ? (*entry)->listing.name : match.hit.matched_name);
  if (!*entry) return out;
  out += fmt::format(", {}, {}", (*entry)->listing.country, to_string((*entry)->list));
  if (match.hit.matched_name != (*entry)->listing.name)
    out += fmt::format(" (as “{}”)", match.hit.matched_name);
  return out;
}

}  // namespace

Result<WatchlistReport> report_watchlist(const std::string& file_name,
                                         const std::vector<notify::Counterparty>& parties,
                                         const ListedParties& listed) {
  WatchlistReport out;
  std::vector<Match> matches;
  for (const notify::Counterparty& party : parties) {
    const auto hits = listed.search({party.name, "", {}, Watchlists::least_score, most_a_party});
    if (!hits.empty()) ++out.matched;
    for (const ScreenHit& hit : hits) matches.push_back({&party, hit});
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& a, const Match& b) { return a.hit.score > b.hit.score; });
  out.subject =
      fmt::format("{}: {} of {} counterparties may be listed", file_name, out.matched, parties.size());
  out.text =
      fmt::format("The watchlist {} is new or was revised and was held against every list. ", file_name);
  out.text += matches.empty() ? "None of its counterparties is on one." : "What may be the same party:";
  for (std::size_t i = 0; i < std::min(matches.size(), most_lines); ++i) {
    const auto line = line_of(matches[i], listed);
    if (!line) return tl::unexpected(line.error());
    out.text += "\n" + *line;
  }
  if (matches.size() > most_lines)
    out.text +=
        fmt::format("\nand {} more: entitywatch screen --file {}", matches.size() - most_lines, file_name);
  return out;
}

}  // namespace entitywatch::daemon
