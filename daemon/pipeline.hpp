// The straight line: observation, reading, changes, one commit, outbox. Everything that alters what is
// known passes through here, one observation at a time.
//
// Thread safe; an observation is committed durably when observe returns.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "core/track.hpp"
#include "daemon/ledger.hpp"
#include "daemon/meters.hpp"
#include "daemon/readings.hpp"
#include "daemon/source.hpp"
#include "notify/routing.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// Who is told of changes; replaced as a whole when the configuration is read again.
struct RoutingTable {
  std::vector<notify::Subscription> subscriptions;  // of the file and those made at run time
  std::vector<std::string> channels;
  std::vector<std::string> operator_channels;
  std::shared_ptr<const notify::WatchlistMatcher> watchlists;  // null: none
  // By source: how long it may differ from what rules did. Sources that are not named are not compared.
  std::map<std::string, std::chrono::milliseconds> grace;
  bool tell_operators_of_discrepancies = false;
};

// Whether what a newer reader reads otherwise is told, or only recorded.
enum class Telling { nobody, subscribers };

class Pipeline final : public Sink {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Pipeline>> create(storage::Archive& archive, const Clock& clock, RoutingTable table);

  [[nodiscard]] Result<Accepted> observe(const Observation& observation, const SourceState& after) override;
  [[nodiscard]] bool has_evidence(std::string_view sha256) override;

  // As observe, but documents raise changes even before the source's baseline is complete: archived files
  // are events, told in date order.
  [[nodiscard]] Result<Accepted> replay(const Observation& observation);

  // A second reading of documents whose bytes are stored: what it says otherwise is recorded, what something later
  // has shaped since stays. How many changes were made or amended.
  [[nodiscard]] Result<std::size_t> reread(const Observation& observation, const Reading& reading, Telling telling);

  // A document of the past: its changes are recorded, nothing is sent, and what is known to follow it stays.
  [[nodiscard]] Result<Accepted> record_history(const Observation& observation);

  // Compares what the source shows with what rules did; call it when the source has just answered.
  [[nodiscard]] Result<void> review(const std::string& source);
  // What was announced for today, or for a day since the last call, takes effect. Quick when nothing is due.
  [[nodiscard]] Result<void> pass_days();

  // Lets the reading that a brake holds through, as it is.
  [[nodiscard]] Result<Accepted> release(const std::string& source);

  // To the channels of [operators]; the same key twice is one notice.
  [[nodiscard]] Result<void> tell_operators(const std::string& source, const std::string& subject, const std::string& text,
                                            const std::string& dedup_key);
  // The same to any channels.
  [[nodiscard]] Result<void> tell(const std::vector<std::string>& channels, const std::string& source, const std::string& subject,
                                  const std::string& text, const std::string& dedup_key);
  void set_routing(RoutingTable table);
  // Counts readings and commits; it outlives the pipeline. Before anything is observed.
  void measure_with(Meters& meters) { meters_ = &meters; }
  // Called after every commit that raised or amended changes or filled the outbox; must be quick.
  void on_commit(std::function<void(const Commit&, const storage::CommitReceipt&)> notice);

 private:
  enum class Origin { poll, replay, release, history };
  Pipeline(storage::Archive& archive, const Clock& clock, RoutingTable table);
  [[nodiscard]] Result<Accepted> take(const Observation& observation, SourceState after, Origin origin);
  [[nodiscard]] Result<Tracked> track(const Observation& observation, Mode mode, Origin origin);
  [[nodiscard]] Result<void> note_first_reading(const Commit& commit, const std::optional<Date>& as_of);
  [[nodiscard]] Result<void> reread_older(const SourceState& stored);
  [[nodiscard]] Result<TrackContext> context_of_last_reading(const SourceState& state) const;
  void tell_of_discrepancies(const std::string& source, Commit& commit) const;
  [[nodiscard]] Result<Accepted> hold(const Observation& observation, SourceState after, const std::string& reason);
  [[nodiscard]] Result<void> route(const Tracked& tracked, Commit& commit) const;
  [[nodiscard]] Result<std::vector<Alert>> open_digests(const storage::Reader& reader, Time now) const;
  [[nodiscard]] Result<storage::CommitReceipt> commit(const Commit& commit);
  [[nodiscard]] Result<void> leave_notice(const std::vector<std::string>& channels, const std::string& source, const std::string& subject,
                                          const std::string& text, const std::string& dedup_key);
  [[nodiscard]] Result<SourceState> stored_state(const std::string& source) const;

  storage::Archive& archive_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unique_ptr<Ledger> ledger_;
  RoutingTable table_;
  Meters* meters_ = nullptr;
  std::function<void(const Commit&, const storage::CommitReceipt&)> on_commit_;
};

// How an observation is tracked: the evidence a statement rests on is its text where there is one.
[[nodiscard]] TrackContext context_of(const Observation& observation, Mode mode);

}  // namespace entitywatch::daemon
