#include "storage/reader.hpp"

#include <fmt/format.h>

#include <utility>

#include "storage/evidence.hpp"
#include "storage/keys.hpp"
#include "storage/observations.hpp"
#include "storage/proof.hpp"
#include "storage/scan.hpp"

namespace entitywatch::storage {
namespace {

tl::unexpected<Error> unknown_start(std::string_view what, std::string_view id) {
  return fail(ErrorCode::not_found, fmt::format("there is no {} {} to go on from", what, id));
}

class ArchiveReader final : public Reader {
 public:
  explicit ArchiveReader(std::unique_ptr<View> view) : view_(std::move(view)), head_(read_head(*view_)) {}

  Result<std::optional<Change>> change(std::string_view id) const override {
    const auto seq = view_->get(Table::change_index, keys::change_id(id));
    if (!seq) return tl::unexpected(seq.error());
    if (!*seq) return std::nullopt;
    return find_indexed<Change>(*view_, Table::changes, **seq);
  }

  Result<void> changes(std::uint64_t after, const Visitor<Change>& visit) const override {
    if (!head_) return tl::unexpected(head_.error());
    return scan_records<Change>(*view_, Table::changes, {}, keys::after(keys::number(after)), visit);
  }

  Result<void> updates(std::uint64_t after, const Visitor<Change>& visit) const override {
    if (!head_) return tl::unexpected(head_.error());
    const auto from = keys::after(keys::position(after));
    return scan_rows(*view_, Table::change_index, keys::positions, from,
                     [&](std::string_view, std::string_view seq) { return visit_change(seq, visit); });
  }

  Result<void> changes_of_document(std::string_view number, const Visitor<Change>& visit) const override {
    return indexed_changes(keys::changes_of_document(number), visit);
  }
  Result<void> changes_of_entry(std::string_view entry_id, const Visitor<Change>& visit) const override {
    return indexed_changes(keys::changes_of_entry(entry_id), visit);
  }

  std::uint64_t last_seq() const override { return head_ ? head_->seq : 0; }
  std::uint64_t last_position() const override { return head_ ? head_->position : 0; }

  Result<std::optional<Entry>> entry(std::string_view id) const override {
    const auto list = list_of(id);
    if (!list) return tl::unexpected(list.error());
    if (!*list) return std::nullopt;
    auto found = find_indexed<Entry>(*view_, Table::entries, keys::entry(**list, id));
    if (!found) return tl::unexpected(found.error());
    return std::optional<Entry>{std::move(*found)};
  }

  Result<void> entries(std::optional<ListId> list, std::string_view after_id,
                       const Visitor<Entry>& visit) const override {
    const std::string prefix = list ? keys::entries_of(*list) : std::string{keys::entries};
    std::string from;
    if (!after_id.empty()) {
      const auto known = list_of(after_id);
      if (!known) return tl::unexpected(known.error());
      if (!*known && !list) return unknown_start("entry", after_id);
      from = keys::after(keys::entry(*known ? **known : *list, after_id));
    }
    return scan_records<Entry>(*view_, Table::entries, prefix, from, visit);
  }

  Result<std::vector<EntryVersion>> versions(std::string_view entry_id) const override {
    std::vector<EntryVersion> out;
    const auto scanned = scan_records<EntryVersion>(*view_, Table::versions, keys::versions_of(entry_id), {},
                                                    [&](const EntryVersion& version) {
                                                      out.push_back(version);
                                                      return true;
                                                    });
    if (!scanned) return tl::unexpected(scanned.error());
    return out;
  }

  Result<void> all_versions(const Visitor<EntryVersion>& visit) const override {
    return scan_records<EntryVersion>(*view_, Table::versions, {}, {}, visit);
  }

  Result<std::optional<Document>> document(std::string_view number) const override {
    return find<Document>(*view_, Table::documents, number);
  }
  Result<void> documents(std::string_view after, const Visitor<Document>& visit) const override {
    return scan_records<Document>(*view_, Table::documents, {},
                                  after.empty() ? std::string{} : keys::after(after), visit);
  }

  Result<void> source_rows(std::string_view source, const Visitor<SourceRow>& visit) const override {
    return scan_records<SourceRow>(*view_, Table::source_rows, keys::source_rows_of(source), {}, visit);
  }
  Result<std::optional<SourceState>> source(std::string_view name) const override {
    return find<SourceState>(*view_, Table::sources, name);
  }
  Result<std::vector<SourceState>> sources() const override {
    std::vector<SourceState> out;
    const auto scanned =
        scan_records<SourceState>(*view_, Table::sources, {}, {}, [&](const SourceState& state) {
          out.push_back(state);
          return true;
        });
    if (!scanned) return tl::unexpected(scanned.error());
    return out;
  }

  Result<std::optional<std::string>> evidence(std::string_view sha256) const override {
    const auto address = parse_digest(sha256);
    if (!address) return std::nullopt;
    return load_evidence(*view_, *address);
  }
  Result<std::vector<EvidenceRecord>> evidence_records(std::string_view sha256) const override {
    const auto address = parse_digest(sha256);
    if (!address) return std::vector<EvidenceRecord>{};
    return records_of(*view_, *address);
  }
  Result<void> observations(const Visitor<Observation>& visit) const override {
    return scan_observations(*view_, visit);
  }

  Result<std::optional<ChangeProof>> proof(std::string_view change_id) const override {
    return prove_change(*view_, change_id);
  }

  Result<std::optional<Alert>> alert(std::string_view id) const override {
    return find<Alert>(*view_, Table::alerts, id);
  }
  Result<std::optional<Delivery>> delivery(std::string_view id) const override {
    return find<Delivery>(*view_, Table::deliveries, id);
  }
  Result<void> deliveries(std::string_view after_id, const Visitor<Delivery>& visit) const override {
    std::string from;
    if (!after_id.empty()) {
      const auto start = delivery(after_id);
      if (!start) return tl::unexpected(start.error());
      if (!*start) return unknown_start("delivery", after_id);
      from = keys::after(keys::delivery_by_time((*start)->created_at, after_id));
    }
    return scan_rows(*view_, Table::delivery_index, keys::deliveries_by_time, from,
                     [&](std::string_view key, std::string_view) { return visit_delivery(key, visit); });
  }
  Result<void> waiting(Time until, const Visitor<Waiting>& visit) const override {
    return scan_rows(*view_, Table::delivery_index, keys::deliveries_due, {},
                     [&](std::string_view key, std::string_view value) -> Result<bool> {
                       const auto due_at = keys::delivery_time(key);
                       if (due_at && *due_at > until) return false;
                       auto row = waiting_row(key, value);
                       if (!row) return tl::unexpected(row.error());
                       return visit(*row);
                     });
  }

  Result<std::vector<std::pair<std::string, std::string>>> subscriptions() const override {
    std::vector<std::pair<std::string, std::string>> out;
    const auto scanned = scan_rows(*view_, Table::subscriptions, {}, {},
                                   [&](std::string_view name, std::string_view value) -> Result<bool> {
                                     auto text = decode_at<StoredText>(Table::subscriptions, name, value);
                                     if (!text) return tl::unexpected(text.error());
                                     out.emplace_back(name, std::move(text->text));
                                     return true;
                                   });
    if (!scanned) return tl::unexpected(scanned.error());
    return out;
  }
  Result<std::optional<std::string>> note(std::string_view name) const override {
    auto stored = find<StoredText>(*view_, Table::meta, keys::note(name));
    if (!stored) return tl::unexpected(stored.error());
    if (!*stored) return std::nullopt;
    return std::move((*stored)->text);
  }

 private:
  Result<std::optional<ListId>> list_of(std::string_view entry_id) const {
    const auto stored = view_->get(Table::entries, keys::entry_list(entry_id));
    if (!stored) return tl::unexpected(stored.error());
    if (!*stored) return std::nullopt;
    const std::size_t list =
        (*stored)->size() == 1 ? static_cast<unsigned char>((*stored)->front()) : all_lists().size();
    if (list >= all_lists().size())
      return fail(ErrorCode::damaged,
                  fmt::format("the index names no list for entry {}: restore the database from a backup with "
                              "`entitywatch restore`",
                              entry_id));
    return static_cast<ListId>(list);
  }
  Result<bool> visit_change(std::string_view seq, const Visitor<Change>& visit) const {
    const auto change = find_indexed<Change>(*view_, Table::changes, seq);
    if (!change) return tl::unexpected(change.error());
    return visit(*change);
  }
  Result<void> indexed_changes(const std::string& prefix, const Visitor<Change>& visit) const {
    return scan_rows(*view_, Table::change_index, prefix, {}, [&](std::string_view key, std::string_view) {
      return visit_change(key.substr(prefix.size()), visit);
    });
  }
  // Rows written before the index named the channel are empty.
  Result<Waiting> waiting_row(std::string_view key, std::string_view value) const {
    const std::string id(keys::delivery_id(key));
    const Time due_at = keys::delivery_time(key).value_or(Time{});
    if (const auto known = keys::waiting_value(value))
      return Waiting{id, known->channel, known->created_at, due_at};
    const auto delivery = find_indexed<Delivery>(*view_, Table::deliveries, id);
    if (!delivery) return tl::unexpected(delivery.error());
    return Waiting{id, delivery->channel, delivery->created_at, due_at};
  }

  Result<bool> visit_delivery(std::string_view index_key, const Visitor<Delivery>& visit) const {
    const auto delivery = find_indexed<Delivery>(*view_, Table::deliveries, keys::delivery_id(index_key));
    if (!delivery) return tl::unexpected(delivery.error());
    return visit(*delivery);
  }

  std::unique_ptr<View> view_;
  Result<Head> head_;  // a head that cannot be read fails the reads that page by its counters
};

}  // namespace

Result<Head> read_head(const View& view) {
  auto head = find<Head>(view, Table::meta, keys::head);
  if (!head) return tl::unexpected(head.error());
  if (*head) return **head;
  return fail(ErrorCode::damaged,
              "the database does not say where its counters stand: restore it from a backup with "
              "`entitywatch restore`");
}

std::unique_ptr<Reader> make_reader(std::unique_ptr<View> view) {
  return std::make_unique<ArchiveReader>(std::move(view));
}

}  // namespace entitywatch::storage
