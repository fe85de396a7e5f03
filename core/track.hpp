// Tracking: what a reading changes, given what is known. Pure: no clock, no store, no hash order in the
// result; the same readings in the same order give the same changes with the same ids.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/commit.hpp"
#include "core/knowledge.hpp"
#include "core/reading.hpp"

namespace entitywatch {

enum class Mode {
  baseline,  // first sight, or a re-reading after a parser change: record, raise nothing
  live,
  // Documents of the past: their changes are recorded and never alerted, and what is known to follow them
  // stays as it is.
  history,
};

// Which word a source has on a list: the eCFR's and the rules' is the law for the supplements to part
// 744; the CSL repeats BIS's lists late and in its own words, so there it can confirm and add, but it
// neither rewrites nor removes.
enum class Authority { primary, secondary };

struct TrackContext {
  std::string source;
  Time seen_at{};
  Evidence evidence;
  std::optional<Date> as_of;  // of a snapshot
  Mode mode = Mode::live;
  Authority authority = Authority::primary;
  // Lists of the same snapshot that another call tracks, under another authority: not missing here.
  std::vector<ListId> elsewhere{};
  // In Mode::history: the day of the latest snapshot of the lists that rules make; what such a list did not
  // show then was not in force any more.
  std::optional<Date> snapshot_day;
};

struct Tracked {
  // documents, entries, versions, source_rows, new_changes, updated_changes; the rest is the caller's.
  Commit commit;
  // Those of updated_changes that tell a subscriber something new: the text differs between sources, an
  // authority or an effective date became known.
  std::vector<Change> completed;
  // The reading is implausible: nothing of it was applied and commit is empty. A sentence for operators.
  std::optional<std::string> hold;
};

[[nodiscard]] Tracked track_document(const Knowledge& known, const DocumentReading& reading, const TrackContext& context);

// Several lists of one snapshot are tracked together: either all are plausible or none is applied.
[[nodiscard]] Tracked track_lists(const Knowledge& known, const std::vector<ListReading>& readings, const TrackContext& context,
                                  bool brake_released = false);

// A document left public inspection unpublished: everything it announced is withdrawn.
[[nodiscard]] Tracked track_withdrawal(const Knowledge& known, const std::string& document_number, const TrackContext& context);

// The change was announced for a day after it was told: its taking effect will be an event of its own.
[[nodiscard]] bool awaits_effect(const Change& change);
// Of changes whose day has come, those that still stand take effect: each raises an `effective` change, once.
[[nodiscard]] Tracked track_effects(const Knowledge& known, const std::vector<Change>& due, Time now);

// Where the source shows otherwise what a rule did longer than `grace` ago (counted from the rule's effect,
// or from when it was known here, whichever came later): each is a `discrepancy`, told once. Those in `open`
// (ids) on which the sources agree now are closed. Call it when the source has just answered.
[[nodiscard]] Tracked track_discrepancies(const Knowledge& known, const TrackContext& context, std::chrono::milliseconds grace,
                                          const std::vector<std::string>& open);

// Why a reading of a list cannot be true, given what the source showed before; nullopt when it can.
// Removals that a known rule explains do not count against it.
[[nodiscard]] std::optional<std::string> implausible(const ListReading& reading, std::size_t rows_before, std::size_t unexplained_gone,
                                                     std::size_t substantially_changed);

}  // namespace entitywatch
