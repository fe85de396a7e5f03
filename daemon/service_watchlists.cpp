// Watchlists that were revised: read again, and held against everything that is listed at once.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "core/hash.hpp"
#include "daemon/api_subscriptions.hpp"
#include "daemon/service.hpp"
#include "daemon/watchlist_report.hpp"

namespace entitywatch::daemon {
namespace {

std::string note_of(const std::string& path) { return "watchlist " + path; }

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

}  // namespace

// A report on lists that are not there yet would say that nobody is listed.
bool Service::lists_are_read(const Config& config) const {
  return screener_.names() > 0 &&
         std::all_of(config.sources.begin(), config.sources.end(), [this](const SourceConfig& source) {
           const auto state = archive_->reader()->source(source.name);
           return !source.enabled || (state && *state && (*state)->last_attempt_at);
         });
}

// Once a round, at the start and after a reload. What cannot be read is left to routing, which says so.
void Service::revise_watchlists() {
  Config config;
  {
    const std::scoped_lock lock(parts_);
    config = config_;
  }
  if (!lists_are_read(config)) return;
  const auto known = known_subscriptions(*archive_->reader(), config);
  if (!known) {
    spdlog::error("watchlists: {}", known.error().describe());
    return;
  }
  std::map<std::string, std::set<std::string>> channels;
  for (const notify::Subscription& s : known->subscriptions) {
    if (s.watchlist.empty()) continue;
    for (const notify::ChannelConfig& channel : config.channels)
      if (s.channels.empty() ||
          std::find(s.channels.begin(), s.channels.end(), channel.name) != s.channels.end())
        channels[s.watchlist].insert(channel.name);
  }
  bool revised = false;
  for (const auto& [path, told] : channels) {
    const auto bytes = read_file(path);
    if (!bytes) continue;
    const std::string digest = sha256_hex(*bytes);
    const auto noted = archive_->reader()->note(note_of(path));
    if (!noted || (*noted && **noted == digest)) continue;
    revised = true;
    const std::vector<std::string> names(told.begin(), told.end());
    if (auto done = report_revised(path, *bytes, digest, names); !done)
      spdlog::error("watchlist {}: {}", path, done.error().describe());
  }
  if (!revised) return;
  const std::scoped_lock lock(parts_);
  pipeline_->set_routing(routing(config_));
}

Result<void> Service::report_revised(const std::string& path, const std::string& bytes,
                                     const std::string& digest, const std::vector<std::string>& channels) {
  const auto parties = notify::parse_watchlist(bytes);
  if (!parties) return tl::unexpected(parties.error());
  const auto reader = archive_->reader();
  const ListedParties listed{[this](const ScreenQuery& query) { return screener_.search(query); },
                             [&](const std::string& id) { return reader->entry(id); }};
  const auto report = report_watchlist(std::filesystem::path(path).filename().string(), *parties, listed);
  if (!report) return tl::unexpected(report.error());
  // The digest makes it one report, even where the note below is lost.
  auto told = pipeline_->tell(channels, std::string(notify::watchlist_report_source), report->subject,
                              report->text, "watchlist " + path + " " + digest);
  if (!told) return told;
  return archive_->put_note(note_of(path), digest);
}

}  // namespace entitywatch::daemon
