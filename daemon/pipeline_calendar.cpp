// What time brings: announced effects on their day, and sources that disagree for too long. And documents of
// the past.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/text.hpp"
#include "daemon/pipeline.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::string_view effects_note = "effects through";
// In the memory of the source that disagrees: the ids of open discrepancies.
constexpr std::string_view open_prefix = "discrepancy:";
// A date may be brought forward to a day that has passed: such an effect is told late rather than never.
constexpr std::chrono::days look_behind{31};

std::vector<std::string> open_discrepancies(const SourceState& state) {
  std::vector<std::string> out;
  for (auto at = state.memory.lower_bound(std::string(open_prefix));
       at != state.memory.end() && at->first.starts_with(open_prefix); ++at)
    out.push_back(at->first.substr(open_prefix.size()));
  return out;
}

void remember_open(const Commit& commit, SourceState& state) {
  const auto settle = [&](const Change& c) {
    if (c.kind != ChangeKind::discrepancy) return;
    const std::string key = std::string(open_prefix) + c.id;
    if (is_open(c)) {
      state.memory[key] = "";
    } else {
      state.memory.erase(key);
    }
  };
  for (const Change& c : commit.new_changes) settle(c);
  for (const Change& c : commit.updated_changes) settle(c);
}

std::string line_of(const Change& c) {
  const std::string name = c.entry ? c.entry->listing.name : c.id;
  return (is_open(c) ? "- " + name + ": " + c.note : "- " + name + ": the sources agree again.") + "\n";
}

}  // namespace

Result<Accepted> Pipeline::record_history(const Observation& observation) {
  auto state = stored_state(observation.source);
  if (!state) return tl::unexpected(state.error());
  return take(observation, std::move(*state), Origin::history);
}

// The reading a discrepancy rests on.
Result<TrackContext> Pipeline::context_of_last_reading(const SourceState& state) const {
  TrackContext context;
  context.source = state.name;
  context.seen_at = clock_.now();
  context.authority = state.name == source::ecfr ? Authority::primary : Authority::secondary;
  if (const auto at = state.memory.find("as_of"); at != state.memory.end())
    context.as_of = parse_iso_date(at->second);
  const auto address = state.memory.find("evidence");
  if (address == state.memory.end()) return context;
  const auto records = archive_.reader()->evidence_records(address->second);
  if (!records) return tl::unexpected(records.error());
  if (!records->empty())
    context.evidence = {address->second, records->back().url, records->back().fetched_at};
  return context;
}

Result<void> Pipeline::review(const std::string& source) {
  const std::scoped_lock lock(mutex_);
  const auto grace = table_.grace.find(source);
  if (grace == table_.grace.end()) return {};
  auto state = stored_state(source);
  if (!state) return tl::unexpected(state.error());
  if (!state->has_baseline || state->held) return {};
  const auto context = context_of_last_reading(*state);
  if (!context) return tl::unexpected(context.error());
  Tracked tracked = track_discrepancies(*ledger_, *context, grace->second, open_discrepancies(*state));
  if (auto error = ledger_->take_read_error()) return tl::unexpected(std::move(*error));
  Commit commit = std::move(tracked.commit);
  if (commit.empty()) return {};
  if (auto routed = route(tracked, commit); !routed) return routed;
  tell_of_discrepancies(source, commit);
  remember_open(commit, *state);
  commit.sources.push_back(std::move(*state));
  auto receipt = this->commit(commit);
  if (!receipt) return tl::unexpected(receipt.error());
  return {};
}

// One notice for all that one look brought up.
void Pipeline::tell_of_discrepancies(const std::string& source, Commit& commit) const {
  if (!table_.tell_operators_of_discrepancies) return;
  std::string text;
  std::string key = "discrepancies";
  std::size_t opened = 0;
  std::size_t closed = 0;
  for (const auto* changes : {&commit.new_changes, &commit.updated_changes})
    for (const Change& c : *changes) {
      text += line_of(c);
      key += " " + c.id + "@" + std::to_string(c.revision);
      ++(is_open(c) ? opened : closed);
    }
  const std::string subject = opened > 0 ? source + " and the rules disagree on " + std::to_string(opened) +
                                               (opened == 1 ? " entry" : " entries")
                                         : source + " and the rules agree again on " +
                                               std::to_string(closed) + (closed == 1 ? " entry" : " entries");
  notify::Routed notice =
      notify::route_operator_notice(table_.operator_channels, subject, text, source, key, clock_.now());
  std::move(notice.alerts.begin(), notice.alerts.end(), std::back_inserter(commit.alerts));
  std::move(notice.deliveries.begin(), notice.deliveries.end(), std::back_inserter(commit.deliveries));
}

Result<void> Pipeline::pass_days() {
  const std::scoped_lock lock(mutex_);
  const Time now = clock_.now();
  const Date today = std::chrono::floor<std::chrono::days>(now);
  const auto reader = archive_.reader();
  const auto noted = reader->note(effects_note);
  if (!noted) return tl::unexpected(noted.error());
  const auto done = *noted ? parse_iso_date(**noted) : std::nullopt;
  if (done && *done >= today) return {};
  std::vector<Change> due;
  const Date since = done ? *done - look_behind : today - look_behind;
  auto scanned = reader->changes(0, [&](const Change& c) {
    if (awaits_effect(c) && *c.effective_on > since && *c.effective_on <= today) due.push_back(c);
    return true;
  });
  if (!scanned) return scanned;
  Tracked tracked = track_effects(*ledger_, due, now);
  if (auto error = ledger_->take_read_error()) return tl::unexpected(std::move(*error));
  Commit commit = std::move(tracked.commit);
  if (!commit.empty()) {
    if (auto routed = route(tracked, commit); !routed) return routed;
    auto receipt = this->commit(commit);
    if (!receipt) return tl::unexpected(receipt.error());
    spdlog::info("{} announced changes take effect", commit.new_changes.size());
  }
  return archive_.put_note(effects_note, format_date(today));
}

}  // namespace entitywatch::daemon
