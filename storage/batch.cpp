#include "storage/batch.hpp"

#include <fmt/format.h>

#include <utility>

#include "storage/chain.hpp"
#include "storage/codec.hpp"
#include "storage/evidence.hpp"
#include "storage/keys.hpp"
#include "storage/observations.hpp"
#include "storage/scan.hpp"

namespace entitywatch::storage {
namespace {

// The tracker and the archive disagree: our own mistake, and the commit is not written.
tl::unexpected<Error> broken_rule(std::string message) {
  return fail(ErrorCode::internal, std::move(message));
}

Result<void> require_id(std::string_view id, std::string_view what) {
  if (id.empty()) return broken_rule(fmt::format("a commit holds {} without an id", what));
  return {};
}

std::string document_of(const Change& change) {
  return change.document ? change.document->number : std::string{};
}

std::set<std::string> entries_of(const Change& change) {
  std::set<std::string> ids;
  if (change.entry) ids.insert(change.entry->id);
  if (change.before) ids.insert(change.before->id);
  ids.erase("");
  return ids;
}

Time due_at(const Delivery& delivery) { return delivery.next_attempt_at.value_or(delivery.created_at); }

// Calls `add` with each value until one fails.
template <class Values, class Add>
Result<void> for_each(const Values& values, const Add& add) {
  for (const auto& value : values)
    if (auto added = add(value); !added) return added;
  return {};
}

}  // namespace

CommitBatch::CommitBatch(const View& view, Head head) : view_(view), head_(head) {}

void CommitBatch::put(Table table, std::string key, std::string value) {
  writes_.push_back({table, std::move(key), std::move(value)});
}

void CommitBatch::remove(Table table, std::string key) {
  writes_.push_back({table, std::move(key), std::nullopt});
}

void CommitBatch::put_chained(Table table, std::string key, std::string value) {
  items_.push_back({table, key, sha256(value)});
  put(table, std::move(key), std::move(value));
}

Result<CommitReceipt> CommitBatch::build(const Commit& commit) {
  Result<void> ok;
  if (commit.observation) ok = add_observation(*commit.observation);
  const auto then = [&](const auto& values, auto add) {
    if (ok) ok = for_each(values, [&](const auto& value) { return (this->*add)(value); });
  };
  then(commit.documents, &CommitBatch::add_document);
  then(commit.entries, &CommitBatch::add_entry);
  then(commit.versions, &CommitBatch::add_version);
  then(commit.source_rows, &CommitBatch::add_source_row);
  then(commit.new_changes, &CommitBatch::add_change);
  then(commit.updated_changes, &CommitBatch::update_change);
  then(commit.alerts, &CommitBatch::add_alert);
  then(commit.deliveries, &CommitBatch::add_delivery);
  then(commit.sources, &CommitBatch::add_source);
  if (!ok) return tl::unexpected(ok.error());
  const bool chained = !items_.empty();
  if (chained) close_link();
  return CommitReceipt{chained ? head_.link : 0, to_hex(head_.link_hash), std::move(changes_)};
}

Result<void> CommitBatch::add_observation(const Observation& observation) {
  StoredObservation stored{observation.source,
                           observation.kind,
                           observation.key,
                           observation.as_of,
                           observation.fetched_at,
                           head_.link + 1,
                           {}};
  for (const ObservationPart& part : observation.parts) {
    const auto address = add_evidence(observation, part);
    if (!address) return tl::unexpected(address.error());
    stored.parts.push_back(
        {part.role, part.url, part.content_type, part.headers, *address, part.bytes.size()});
  }
  const std::uint64_t number = ++head_.observation;
  for (const StoredPart& part : stored.parts)
    put(Table::observations, keys::observation_with(part.sha256, number), {});
  put_chained(Table::observations, keys::observation(number), encode(stored));
  return {};
}

// Against the last whole reading of the same thing where that saves much; whole again once the frames that
// rest on it have cost as much as it did.
Result<StoredEvidence> CommitBatch::compressed(const Observation& observation, const ObservationPart& part,
                                               const Digest& address) {
  if (part.bytes.size() < min_delta_bytes) return compress_evidence(part.bytes);
  const std::string key = keys::evidence_base(observation.source, observation.key, part.role);
  auto base = find<EvidenceBase>(view_, Table::meta, key);
  if (!base) return tl::unexpected(base.error());
  if (*base && (*base)->delta_bytes < (*base)->frame_bytes) {
    const auto base_bytes = load_evidence(view_, (*base)->address);
    // A base that cannot be read is found by verify; what is new is kept whole.
    if (base_bytes && *base_bytes && (*base_bytes)->size() + part.bytes.size() <= max_delta_window) {
      auto delta = compress_evidence(part.bytes, (*base)->address, **base_bytes);
      if (!delta) return delta;
      if (delta->zstd.size() < (*base)->frame_bytes / 4) {
        (*base)->delta_bytes += delta->zstd.size();
        put(Table::meta, key, encode(**base));
        return delta;
      }
    }
  }
  auto whole = compress_evidence(part.bytes);
  if (whole) put(Table::meta, key, encode(EvidenceBase{address, whole->zstd.size(), 0}));
  return whole;
}

Result<Digest> CommitBatch::add_evidence(const Observation& observation, const ObservationPart& part) {
  const Digest address = sha256(part.bytes);
  const std::string key{bytes_of(address)};
  items_.push_back({Table::evidence, key, address});
  bool known = !evidence_.insert(address).second;
  const auto looked = view_.scan(Table::evidence, key, key, [&](std::string_view, std::string_view) {
    known = true;
    return false;
  });
  if (!looked) return tl::unexpected(looked.error());
  if (known) return address;
  const auto stored = compressed(observation, part, address);
  if (!stored) return tl::unexpected(stored.error());
  put(Table::evidence, key, encode(*stored));
  return address;
}

Result<void> CommitBatch::add_document(const Document& document) {
  if (auto named = require_id(document.number, "a document"); !named) return named;
  put_chained(Table::documents, document.number, encode(document));
  return {};
}

Result<void> CommitBatch::add_entry(const Entry& entry) {
  if (auto named = require_id(entry.id, "an entry"); !named) return named;
  const std::string index = keys::entry_list(entry.id);
  const std::string list(1, static_cast<char>(entry.list));
  const auto known = view_.get(Table::entries, index);
  if (!known) return tl::unexpected(known.error());
  if (*known && **known != list)
    return broken_rule(
        fmt::format("entry {} would move to another list: {}", entry.id, to_string(entry.list)));
  if (!*known) put(Table::entries, index, list);
  put_chained(Table::entries, keys::entry(entry.list, entry.id), encode(entry));
  return {};
}

Result<void> CommitBatch::add_version(const EntryVersion& version) {
  if (auto named = require_id(version.entry_id, "an entry's version"); !named) return named;
  std::string key = keys::version(version.entry_id, version.number);
  // Compared as records: one of an older version has other bytes.
  const auto known = find<EntryVersion>(view_, Table::versions, key);
  if (!known) return tl::unexpected(known.error());
  if (*known && **known != version)
    return broken_rule(fmt::format("version {} of entry {} is stored already, with another content",
                                   version.number, version.entry_id));
  put_chained(Table::versions, std::move(key), encode(version));
  return {};
}

Result<void> CommitBatch::add_source_row(const SourceRow& row) {
  if (auto named = require_id(row.entry_id, "a source's row"); !named) return named;
  std::string key = keys::source_row(row.source, row.list, row.entry_id);
  if (row.gone) {
    items_.push_back({Table::source_rows, key, {}});
    remove(Table::source_rows, std::move(key));
  } else {
    put_chained(Table::source_rows, std::move(key), encode(row));
  }
  return {};
}

Result<void> CommitBatch::add_change(Change change) {
  if (auto named = require_id(change.id, "a change"); !named) return named;
  const auto known = view_.get(Table::change_index, keys::change_id(change.id));
  if (!known) return tl::unexpected(known.error());
  if (*known || change_at_.contains(change.id))
    return broken_rule(
        fmt::format("change {} is stored already: it can be updated, not added again", change.id));
  change.seq = change.position = ++head_.position;
  head_.seq = change.seq;
  put(Table::change_index, keys::change_id(change.id), keys::number(change.seq));
  put_change(std::move(change));
  return {};
}

Result<Change> CommitBatch::stored_change(std::string_view id) const {
  if (const auto at = change_at_.find(id); at != change_at_.end()) return changes_[at->second];
  const auto seq = view_.get(Table::change_index, keys::change_id(id));
  if (!seq) return tl::unexpected(seq.error());
  if (!*seq) return broken_rule(fmt::format("change {} is to be updated but was never stored", id));
  return find_indexed<Change>(view_, Table::changes, **seq);
}

Result<void> CommitBatch::update_change(Change change) {
  const auto before = stored_change(change.id);
  if (!before) return tl::unexpected(before.error());
  if (change.revision <= before->revision)
    return broken_rule(
        fmt::format("change {} has revision {}, the update brings {}: it was made from an older state",
                    change.id, before->revision, change.revision));
  remove(Table::change_index, keys::position(before->position));
  if (const std::string number = document_of(*before); !number.empty())
    remove(Table::change_index, keys::change_of_document(number, before->seq));
  for (const std::string& id : entries_of(*before))
    remove(Table::change_index, keys::change_of_entry(id, before->seq));
  change.seq = before->seq;
  change.position = ++head_.position;
  put_change(std::move(change));
  return {};
}

void CommitBatch::put_change(Change change) {
  const std::string seq = keys::number(change.seq);
  put(Table::change_index, keys::position(change.position), seq);
  if (const std::string number = document_of(change); !number.empty())
    put(Table::change_index, keys::change_of_document(number, change.seq), {});
  for (const std::string& id : entries_of(change))
    put(Table::change_index, keys::change_of_entry(id, change.seq), {});
  put_chained(Table::changes, seq, encode(change));
  change_at_.insert_or_assign(change.id, changes_.size());
  changes_.push_back(std::move(change));
}

Result<void> CommitBatch::add_alert(const Alert& alert) {
  if (auto named = require_id(alert.id, "an alert"); !named) return named;
  put(Table::alerts, alert.id, encode(alert));
  return {};
}

Result<void> CommitBatch::remove_delivery_index(const Delivery& delivery) {
  const auto at = deliveries_.find(delivery.id);
  std::optional<Delivery> before;
  if (at != deliveries_.end()) {
    before = at->second;
  } else {
    auto found = find<Delivery>(view_, Table::deliveries, delivery.id);
    if (!found) return tl::unexpected(found.error());
    before = std::move(*found);
  }
  if (!before) return {};
  remove(Table::delivery_index, keys::delivery_by_time(before->created_at, before->id));
  if (before->status == DeliveryStatus::pending)
    remove(Table::delivery_index, keys::delivery_due(due_at(*before), before->id));
  return {};
}

Result<void> CommitBatch::add_delivery(const Delivery& delivery) {
  if (auto named = require_id(delivery.id, "a delivery"); !named) return named;
  if (auto removed = remove_delivery_index(delivery); !removed) return removed;
  put(Table::delivery_index, keys::delivery_by_time(delivery.created_at, delivery.id), {});
  if (delivery.status == DeliveryStatus::pending)
    put(Table::delivery_index, keys::delivery_due(due_at(delivery), delivery.id),
        keys::waiting_value(delivery.created_at, delivery.channel));
  put(Table::deliveries, delivery.id, encode(delivery));
  deliveries_.insert_or_assign(delivery.id, delivery);
  return {};
}

Result<void> CommitBatch::add_source(const SourceState& state) {
  if (auto named = require_id(state.name, "a source's state"); !named) return named;
  put(Table::sources, state.name, encode(state));
  return {};
}

void CommitBatch::close_link() {
  ++head_.link;
  SealedLink sealed = seal({head_.link, head_.link_hash, std::move(items_)});
  head_.link_hash = sealed.hash;
  put(Table::chain, keys::number(head_.link), std::move(sealed.value));
  put(Table::meta, std::string{keys::head}, encode(head_));
}

}  // namespace entitywatch::storage
