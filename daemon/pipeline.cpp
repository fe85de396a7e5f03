#include "daemon/pipeline.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "daemon/api_entries.hpp"
#include "daemon/readings.hpp"
#include "daemon/stored_observation.hpp"

namespace entitywatch::daemon {
namespace {

bool is_snapshot(ObservationKind kind) {
  return kind == ObservationKind::ecfr_part || kind == ObservationKind::csl || kind == ObservationKind::dpl;
}

// The part that statements rest on: the text where there is one, else the metadata.
const ObservationPart& main_part(const Observation& o) {
  for (const std::string_view role : {"xml", "text", "body"})
    if (const ObservationPart* part = o.part(role)) return *part;
  return o.parts.front();
}

}  // namespace

TrackContext context_of(const Observation& o, Mode mode) {
  const ObservationPart& part = main_part(o);
  TrackContext c;
  c.source = o.source;
  c.seen_at = o.fetched_at;
  c.evidence = {sha256_hex(part.bytes), part.url, o.fetched_at};
  if (is_snapshot(o.kind)) c.as_of = o.as_of;
  c.mode = mode;
  return c;
}

namespace {

// The CSL repeats BIS's lists; for the lists of Treasury and State it is the source.
bool repeats(const std::string& source, ListId list) {
  return source == source::csl && (supplement_of_list(list) || list == ListId::denied_persons || list == ListId::military_intelligence);
}

// A snapshot of an earlier day than the last one read: taken for news it would undo what happened since.
std::optional<Error> runs_backwards(const Observation& o, const SourceState& stored) {
  const auto last = stored.memory.find("as_of");
  if (!is_snapshot(o.kind) || !o.as_of || last == stored.memory.end()) return std::nullopt;
  const auto read = parse_iso_date(last->second);
  if (!read || *o.as_of >= *read) return std::nullopt;
  return Error{ErrorCode::implausible, "the snapshot is of " + format_date(*o.as_of) + ", but that of " + last->second + " was read already", o.source};
}

void append(Tracked& to, Tracked&& from) {
  const auto move_all = [](auto& a, auto& b) { std::move(b.begin(), b.end(), std::back_inserter(a)); };
  move_all(to.commit.documents, from.commit.documents);
  move_all(to.commit.entries, from.commit.entries);
  move_all(to.commit.versions, from.commit.versions);
  move_all(to.commit.source_rows, from.commit.source_rows);
  move_all(to.commit.new_changes, from.commit.new_changes);
  move_all(to.commit.updated_changes, from.commit.updated_changes);
  move_all(to.completed, from.completed);
  if (from.hold) to.hold = from.hold;
}

}  // namespace

Pipeline::Pipeline(storage::Archive& archive, const Clock& clock, RoutingTable table)
    : archive_(archive), clock_(clock), table_(std::move(table)) {}

Result<std::unique_ptr<Pipeline>> Pipeline::create(storage::Archive& archive, const Clock& clock, RoutingTable table) {
  std::unique_ptr<Pipeline> pipeline(new Pipeline(archive, clock, std::move(table)));
  auto ledger = Ledger::load(archive);
  if (!ledger) return tl::unexpected(ledger.error());
  pipeline->ledger_ = std::move(*ledger);
  return pipeline;
}

Result<Accepted> Pipeline::observe(const Observation& observation, const SourceState& after) {
  return take(observation, after, Origin::poll);
}

Result<Accepted> Pipeline::replay(const Observation& observation) {
  auto state = stored_state(observation.source);
  if (!state) return tl::unexpected(state.error());
  if (is_snapshot(observation.kind)) state->has_baseline = true;
  return take(observation, std::move(*state), Origin::replay);
}

bool Pipeline::has_evidence(std::string_view sha256) {
  const auto records = archive_.reader()->evidence_records(sha256);
  return records && !records->empty();
}

Result<SourceState> Pipeline::stored_state(const std::string& source) const {
  auto stored = archive_.reader()->source(source);
  if (!stored) return tl::unexpected(stored.error());
  if (*stored) return std::move(**stored);
  SourceState fresh;
  fresh.name = source;
  return fresh;
}

Result<Accepted> Pipeline::take(const Observation& observation, SourceState after, Origin origin) {
  if (observation.parts.empty()) return fail(ErrorCode::internal, "an observation without bytes", observation.source);
  const std::scoped_lock lock(mutex_);
  auto stored = stored_state(observation.source);
  if (!stored) return tl::unexpected(stored.error());
  after.name = observation.source;
  after.released_digest = stored->released_digest;
  after.reader_version = stored->reader_version;
  after.last_change_at = stored->last_change_at;
  if (is_snapshot(observation.kind) && stored->has_baseline && stored->reader_version != reader_version)
    if (auto reread = reread_older(*stored); !reread) return tl::unexpected(reread.error());
  if (auto backwards = runs_backwards(observation, *stored)) return tl::unexpected(std::move(*backwards));
  const bool events = origin == Origin::replay && !is_snapshot(observation.kind);
  const Mode mode = origin == Origin::history ? Mode::history : stored->has_baseline || events ? Mode::live : Mode::baseline;
  auto tracked = track(observation, mode, origin);
  if (!tracked) return tl::unexpected(tracked.error());
  if (tracked->hold) return hold(observation, std::move(after), *tracked->hold);

  Commit commit = std::move(tracked->commit);
  if (origin == Origin::history) {
    commit.observation = observation;
    auto receipt = this->commit(commit);
    if (!receipt) return tl::unexpected(receipt.error());
    return Accepted{commit.new_changes.size(), false};
  }
  if (auto routed = route(*tracked, commit); !routed) return tl::unexpected(routed.error());
  after.held.reset();
  after.released_digest.clear();
  after.reader_version = reader_version;
  if (is_snapshot(observation.kind)) {
    after.memory["evidence"] = sha256_hex(main_part(observation).bytes);
    if (observation.as_of) after.memory["as_of"] = format_date(*observation.as_of);
  }
  if (!commit.new_changes.empty()) after.last_change_at = observation.fetched_at;
  commit.observation = observation;
  commit.sources.push_back(std::move(after));
  auto receipt = this->commit(commit);
  if (!receipt) return tl::unexpected(receipt.error());
  if (mode == Mode::baseline && is_snapshot(observation.kind))
    if (auto noted = note_first_reading(commit, observation.as_of); !noted) return tl::unexpected(noted.error());
  return Accepted{commit.new_changes.size(), false};
}

// Questions about a day before a list was first read are answered as incomplete.
Result<void> Pipeline::note_first_reading(const Commit& commit, const std::optional<Date>& as_of) {
  if (!as_of) return {};
  std::set<ListId> lists;
  for (const SourceRow& row : commit.source_rows) lists.insert(row.list);
  for (const ListId list : lists) {
    const auto noted = archive_.reader()->note(first_reading_note(list));
    if (!noted) return tl::unexpected(noted.error());
    if (*noted && **noted <= format_date(*as_of)) continue;
    if (auto put = archive_.put_note(first_reading_note(list), format_date(*as_of)); !put) return put;
  }
  return {};
}

Result<Tracked> Pipeline::track(const Observation& observation, Mode mode, Origin origin) {
  const auto begun = std::chrono::steady_clock::now();
  auto reading = read(observation);
  if (meters_ != nullptr) meters_->parsed(observation, reading, std::chrono::steady_clock::now() - begun);
  if (!reading) return tl::unexpected(reading.error());
  TrackContext context = context_of(observation, mode);
  if (mode == Mode::history) {
    const auto law = stored_state(std::string(source::ecfr));
    if (!law) return tl::unexpected(law.error());
    if (const auto at = law->memory.find("as_of"); at != law->memory.end()) context.snapshot_day = parse_iso_date(at->second);
  }
  Tracked out;
  for (const DocumentReading& document : reading->documents) append(out, track_document(*ledger_, document, context));
  if (observation.kind == ObservationKind::document_withdrawn) append(out, track_withdrawal(*ledger_, observation.key, context));
  if (is_snapshot(observation.kind)) {
    std::vector<ListReading> own;
    std::vector<ListReading> repeated;
    for (ListReading& list : reading->lists) (repeats(observation.source, list.list) ? repeated : own).push_back(std::move(list));
    const bool law = observation.kind == ObservationKind::ecfr_part;
    const auto is_entity_list = [](const ListReading& list) { return list.list == ListId::entity_list; };
    if (law && std::none_of(own.begin(), own.end(), is_entity_list)) {
      out.hold = "Supplement No. 4, the Entity List, is not in it";
      return out;
    }
    if (own.empty() && repeated.empty()) {
      out.hold = "no list was found in it";
      return out;
    }
    const bool released = origin == Origin::release;
    // Each call speaks for the lists of its authority, whether this snapshot has them or not.
    std::vector<ListId> repeats_of;
    std::vector<ListId> own_of;
    for (const ListId list : all_lists()) (repeats(observation.source, list) ? repeats_of : own_of).push_back(list);
    context.elsewhere = repeats_of;
    append(out, track_lists(*ledger_, own, context, released));
    context.authority = Authority::secondary;
    context.elsewhere = own_of;
    if (!out.hold) append(out, track_lists(*ledger_, repeated, context, released));
  }
  if (auto error = ledger_->take_read_error()) return tl::unexpected(std::move(*error));
  return out;
}

// A new version of a reader may read the same bytes otherwise. What the source last showed is read again
// from evidence and recorded silently, so that the next difference is the publisher's.
Result<void> Pipeline::reread_older(const SourceState& stored) {
  const auto address = stored.memory.find("evidence");
  if (address == stored.memory.end()) return {};
  auto again = stored_observation(*archive_.reader(), {address->second});
  if (!again) return tl::unexpected(again.error());
  if (!*again) return {};
  (*again)->source = stored.name;
  auto tracked = track(**again, Mode::baseline, Origin::release);
  if (!tracked) return tl::unexpected(tracked.error());
  if (tracked->hold) return {};
  Commit commit = std::move(tracked->commit);
  if (commit.empty()) return {};
  spdlog::info("{}: a newer reader re-read the last reading; {} entries recorded anew", stored.name, commit.entries.size());
  auto receipt = this->commit(commit);
  if (!receipt) return tl::unexpected(receipt.error());
  return {};
}

Result<Accepted> Pipeline::hold(const Observation& observation, SourceState after, const std::string& reason) {
  const std::string digest = sha256_hex(main_part(observation).bytes);
  auto stored = stored_state(observation.source);
  if (!stored) return tl::unexpected(stored.error());
  const bool same = stored->held && stored->held->digest == digest;
  after.held = SourceHold{reason, same ? stored->held->since : observation.fetched_at, digest};
  after.has_baseline = stored->has_baseline;
  Commit commit;
  commit.observation = observation;
  commit.sources.push_back(std::move(after));
  auto receipt = this->commit(commit);
  if (!receipt) return tl::unexpected(receipt.error());
  spdlog::warn("{}: the reading is held: {}", observation.source, reason);
  return Accepted{0, true};
}

Result<Accepted> Pipeline::release(const std::string& source) {
  Observation observation;
  SourceState state;
  {
    const std::scoped_lock lock(mutex_);
    auto stored = stored_state(source);
    if (!stored) return tl::unexpected(stored.error());
    if (!stored->held) return fail(ErrorCode::not_found, "no reading of " + source + " is held");
    auto held = stored_observation(*archive_.reader(), {stored->held->digest});
    if (!held) return tl::unexpected(held.error());
    if (!*held) return fail(ErrorCode::damaged, "the held reading of " + source + " is not in the archive");
    observation = std::move(**held);
    observation.source = source;
    state = std::move(*stored);
  }
  state.has_baseline = true;  // a first reading that an operator lets through is the baseline
  return take(observation, std::move(state), Origin::release);
}

// Digests that still gather: nothing of them has left.
Result<std::vector<Alert>> Pipeline::open_digests(const storage::Reader& reader, Time now) const {
  std::vector<Alert> out;
  for (const notify::Subscription& subscription : table_.subscriptions) {
    const auto id = notify::digest_alert_id(subscription, now);
    if (!id) continue;
    auto alert = reader.alert(*id);
    if (!alert) return tl::unexpected(alert.error());
    if (!*alert) continue;
    const bool left = std::any_of(table_.channels.begin(), table_.channels.end(), [&](const std::string& channel) {
      const auto delivery = reader.delivery(notify::delivery_id(*id, channel));
      return delivery && *delivery && (*delivery)->attempts != 0;
    });
    if (!left) out.push_back(std::move(**alert));
  }
  return out;
}

Result<void> Pipeline::route(const Tracked& tracked, Commit& commit) const {
  std::vector<Document> documents = commit.documents;
  const auto reader = archive_.reader();
  const auto load = [&](const Change& c) {
    if (!c.document) return;
    const std::string& number = c.document->number;
    if (std::any_of(documents.begin(), documents.end(), [&](const Document& d) { return d.number == number; })) return;
    if (const auto d = reader->document(number); d && *d) documents.push_back(**d);
  };
  for (const Change& c : commit.new_changes) load(c);
  for (const Change& c : tracked.completed) load(c);
  const Time now = clock_.now();
  const notify::RoutingInput input{table_.subscriptions, table_.channels, commit.new_changes, tracked.completed, documents, now, table_.watchlists.get()};
  const auto open = open_digests(*reader, now);
  if (!open) return tl::unexpected(open.error());
  notify::Routed routed = notify::route(input, *open);
  commit.alerts = std::move(routed.alerts);
  commit.deliveries = std::move(routed.deliveries);
  return {};
}

Result<storage::CommitReceipt> Pipeline::commit(const Commit& commit) {
  const auto begun = std::chrono::steady_clock::now();
  auto receipt = archive_.commit(commit);
  if (!receipt) return receipt;
  if (meters_ != nullptr) meters_->committed(std::chrono::steady_clock::now() - begun);
  ledger_->apply(commit);
  if (on_commit_) on_commit_(commit, *receipt);
  return receipt;
}

Result<void> Pipeline::tell_operators(const std::string& source, const std::string& subject, const std::string& text,
                                      const std::string& dedup_key) {
  const std::scoped_lock lock(mutex_);
  return leave_notice(table_.operator_channels, source, subject, text, dedup_key);
}

Result<void> Pipeline::tell(const std::vector<std::string>& channels, const std::string& source, const std::string& subject,
                            const std::string& text, const std::string& dedup_key) {
  const std::scoped_lock lock(mutex_);
  return leave_notice(channels, source, subject, text, dedup_key);
}

Result<void> Pipeline::leave_notice(const std::vector<std::string>& channels, const std::string& source, const std::string& subject,
                                    const std::string& text, const std::string& dedup_key) {
  notify::Routed routed = notify::route_operator_notice(channels, subject, text, source, dedup_key, clock_.now());
  if (routed.alerts.empty()) return {};
  const auto known = archive_.reader()->alert(routed.alerts.front().id);
  if (!known) return tl::unexpected(known.error());
  if (*known) return {};
  Commit commit;
  commit.alerts = std::move(routed.alerts);
  commit.deliveries = std::move(routed.deliveries);
  auto receipt = this->commit(commit);
  if (!receipt) return tl::unexpected(receipt.error());
  return {};
}

void Pipeline::set_routing(RoutingTable table) {
  const std::scoped_lock lock(mutex_);
  table_ = std::move(table);
}

void Pipeline::on_commit(std::function<void(const Commit&, const storage::CommitReceipt&)> notice) {
  const std::scoped_lock lock(mutex_);
  on_commit_ = std::move(notice);
}

}  // namespace entitywatch::daemon
