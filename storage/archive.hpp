// The archive: everything entitywatch knows, with the evidence for it, on one Store. It turns a Commit
// into one synced batch and answers typed reads. It knows nothing of HTTP, alerts' content or parsing.
//
// Threads: reads from any thread; commit() serialises writers itself. Every Reader sees one snapshot.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/commit.hpp"
#include "core/result.hpp"

namespace entitywatch::storage {

struct ArchiveOptions {
  std::string directory;   // created when absent, unless `must_exist`
  bool read_only = false;  // for queries beside no running daemon; never creates, never repairs
  bool must_exist = false;
  std::uint64_t cache_bytes = 32u << 20;  // block cache; bounds memory together with 2 small write buffers
};

struct CommitReceipt {
  std::uint64_t chain_number = 0;  // of the link this commit added; 0 when it had nothing to chain
  std::string chain_head;
  std::vector<Change> changes;  // new ones then updated ones, with seq and position as stored
};

// How one part of an observation came, and where in the chain it stands.
struct EvidenceRecord {
  std::string sha256;
  std::string source;
  std::string kind;  // of the observation
  std::string key;   // of the observation
  std::string role;  // of the part
  std::string url;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<Date> as_of;
  Time fetched_at{};
  std::uint64_t bytes = 0;
  std::uint64_t chain_number = 0;
};

struct ChainReport {
  std::uint64_t links = 0;
  std::uint64_t evidence = 0;
  std::string head;  // hash of the last link that was reached; worth noting down outside this machine
  bool ok = true;
  std::uint64_t first_bad_link = 0;  // 0: none
  std::string problem;               // one sentence when not ok
};

// What the index knows of a pending delivery.
struct Waiting {
  std::string id;
  std::string channel;
  Time created_at{};
  Time due_at{};
  bool operator==(const Waiting&) const = default;
};

// An observation as the chain vouches for it.
struct ProvenObservation {
  std::uint64_t number = 0;
  std::string role;        // "first", "confirms", … of a sighting; "before": the reading before; "document"
  std::uint64_t link = 0;  // that recorded it
  std::string record;      // as stored; holds the SHA-256 of each part
  Observation observation;  // bytes loaded and checked
};

struct ProvenLink {
  std::uint64_t number = 0;
  std::string record;  // its SHA-256 is `hash`; it holds the hash of the link before
  std::string hash;
};

// A change, the bytes it rests on, and the chain from the earliest of them to its head. A link's record
// holds the SHA-256 of every record and of all evidence of its commit.
struct ChangeProof {
  Change change;
  std::string record;      // as stored
  std::uint64_t link = 0;  // that recorded it in its present revision
  std::vector<ProvenObservation> observations;
  std::vector<ProvenLink> links;  // without a gap, the last is the head
};

template <class T>
using Visitor = std::function<bool(const T&)>;  // return false to stop

// A consistent view of the archive, for one thread, short-lived.
class Reader {
 public:
  virtual ~Reader() = default;

  [[nodiscard]] virtual Result<std::optional<Change>> change(std::string_view id) const = 0;
  // In seq order, those with seq > after.
  [[nodiscard]] virtual Result<void> changes(std::uint64_t after, const Visitor<Change>& visit) const = 0;
  // In position order, those with position > after: a change that was completed shows at its new place.
  [[nodiscard]] virtual Result<void> updates(std::uint64_t after, const Visitor<Change>& visit) const = 0;
  [[nodiscard]] virtual Result<void> changes_of_document(std::string_view number,
                                                         const Visitor<Change>& visit) const = 0;
  [[nodiscard]] virtual Result<void> changes_of_entry(std::string_view entry_id,
                                                      const Visitor<Change>& visit) const = 0;
  // 0 before the first change; also where the head cannot be read, which changes() and updates() report.
  [[nodiscard]] virtual std::uint64_t last_seq() const = 0;
  [[nodiscard]] virtual std::uint64_t last_position() const = 0;

  [[nodiscard]] virtual Result<std::optional<Entry>> entry(std::string_view id) const = 0;
  // By list, then id; those after (list, id) of `after` when given.
  [[nodiscard]] virtual Result<void> entries(std::optional<ListId> list, std::string_view after_id,
                                             const Visitor<Entry>& visit) const = 0;
  [[nodiscard]] virtual Result<std::vector<EntryVersion>> versions(std::string_view entry_id) const = 0;
  [[nodiscard]] virtual Result<void> all_versions(const Visitor<EntryVersion>& visit) const = 0;

  [[nodiscard]] virtual Result<std::optional<Document>> document(std::string_view number) const = 0;
  // By number, ascending, those after `after`.
  [[nodiscard]] virtual Result<void> documents(std::string_view after,
                                               const Visitor<Document>& visit) const = 0;

  [[nodiscard]] virtual Result<void> source_rows(std::string_view source,
                                                 const Visitor<SourceRow>& visit) const = 0;
  [[nodiscard]] virtual Result<std::optional<SourceState>> source(std::string_view name) const = 0;
  [[nodiscard]] virtual Result<std::vector<SourceState>> sources() const = 0;

  // The stored bytes, decompressed and checked against their address; ErrorCode::damaged when they differ.
  [[nodiscard]] virtual Result<std::optional<std::string>> evidence(std::string_view sha256) const = 0;
  // How those bytes came, newest last.
  [[nodiscard]] virtual Result<std::vector<EvidenceRecord>> evidence_records(
      std::string_view sha256) const = 0;
  // Every observation in commit order (parts grouped), bytes loaded: for verify and re-derivation.
  [[nodiscard]] virtual Result<void> observations(const Visitor<Observation>& visit) const = 0;

  // nullopt: no such change. Loads every link from the evidence to the head.
  [[nodiscard]] virtual Result<std::optional<ChangeProof>> proof(std::string_view change_id) const = 0;

  [[nodiscard]] virtual Result<std::optional<Alert>> alert(std::string_view id) const = 0;
  [[nodiscard]] virtual Result<std::optional<Delivery>> delivery(std::string_view id) const = 0;
  // Oldest first, those after `after_id` in (created_at, id) order.
  [[nodiscard]] virtual Result<void> deliveries(std::string_view after_id,
                                                const Visitor<Delivery>& visit) const = 0;
  // Pending ones with next_attempt_at <= until, earliest first, from the index alone: delivery(id) has the
  // rest.
  [[nodiscard]] virtual Result<void> waiting(Time until, const Visitor<Waiting>& visit) const = 0;

  // Subscriptions made at run time: name -> JSON text, opaque to the archive.
  [[nodiscard]] virtual Result<std::vector<std::pair<std::string, std::string>>> subscriptions() const = 0;
  // Small named values of other parts of the program ("channel grc disabled", …).
  [[nodiscard]] virtual Result<std::optional<std::string>> note(std::string_view name) const = 0;
};

class Archive {
 public:
  // Refuses, with the mend in the message: a directory in use by another process (in_use), a database
  // that fails its checks (damaged), one written by a newer version (refused), a missing one (not_found).
  // Never creates over or replaces an existing database.
  [[nodiscard]] static Result<std::unique_ptr<Archive>> open(const ArchiveOptions& options);
  virtual ~Archive() = default;

  [[nodiscard]] virtual std::unique_ptr<Reader> reader() const = 0;
  // A number that only rises: two readers taken while it stands at one number see the same. Quick.
  [[nodiscard]] virtual std::uint64_t state() const = 0;

  // One synced batch: all of it or, on any error, nothing. New changes take seq and position in the order
  // given from one rising counter, updated ones keep their seq and take a new position; so within the
  // history both only rise, and seq has a gap where an update took a position.
  // Refused as `internal`, our own mistake: a new change whose id is stored, an updated one that is not or
  // whose revision was not raised, another content for a stored version, an entry that changes its list.
  // A source has one row for each (list, entry_id). A commit with an observation, changes, documents or
  // entries adds a link to the chain: number, hash of the previous link, digests of everything written.
  // Bookkeeping (source state, deliveries) does not.
  [[nodiscard]] virtual Result<CommitReceipt> commit(const Commit& commit) = 0;

  [[nodiscard]] virtual Result<void> put_subscription(std::string_view name, std::string_view json) = 0;
  [[nodiscard]] virtual Result<bool> delete_subscription(std::string_view name) = 0;  // false: there was none
  [[nodiscard]] virtual Result<void> put_note(std::string_view name, std::optional<std::string> value) = 0;

  // Removes deliveries that ended before `before` (delivered, or dead since their last try), and alerts none
  // of whose deliveries is left. How many deliveries went.
  [[nodiscard]] virtual Result<std::size_t> forget_deliveries(Time before) = 0;
  // Rewrites the files without what was replaced or removed; commits and reads go on meanwhile.
  [[nodiscard]] virtual Result<void> compact() = 0;

  // Recomputes every link and every evidence address, then holds each current observation, document,
  // entry, version, source row and change against the newest digest the chain has for it, and the index
  // of changes against the changes. The report names the first link that differs.
  [[nodiscard]] virtual Result<ChainReport> verify_chain() const = 0;
  // A consistent copy while in use, sharing no blocks on disk with the original. `directory` must be
  // absent or empty.
  [[nodiscard]] virtual Result<void> backup(const std::string& directory) const = 0;
  // The same on the same disk, sharing blocks: quick and small, to be copied elsewhere and removed soon.
  [[nodiscard]] virtual Result<void> checkpoint(const std::string& directory) const = 0;
  [[nodiscard]] virtual std::uint64_t disk_bytes() const = 0;
};

// Puts a copy of a backup into `directory`, which must be absent or empty, after opening the backup and
// verifying its chain. Cut short, it leaves a directory that Archive::open refuses as damaged.
[[nodiscard]] Result<void> restore_backup(const std::string& backup, const std::string& directory);

}  // namespace entitywatch::storage
