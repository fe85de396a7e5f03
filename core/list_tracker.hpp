// One list of one snapshot against what the source showed before and what is known, on its way into a
// draft. Private to tracking: track_lists.cpp drives it, track_rows.cpp tells what became of each row.
#pragma once

#include <set>

#include "core/compare.hpp"
#include "core/denied.hpp"
#include "core/draft.hpp"
#include "core/identity.hpp"

namespace entitywatch {

class ListTracker {
 public:
  ListTracker(const Knowledge& known, const ListReading& reading, Draft& draft)
      : known_(known), reading_(reading), context_(draft.context()), draft_(draft) {
    for (const SourceRow* row : known.rows(context_.source, reading.list)) previous_.push_back(row);
    for (const SourceRow* row : previous_) before_.push_back(&row->listing);
    for (const Listing& row : reading.rows) after_.push_back(&row);
  }

  // Pairs the rows; why the reading cannot be true, nullopt when it can.
  [[nodiscard]] std::optional<std::string> match(bool brake_released);
  void apply();

 private:
  // When nothing at all came new, what went is what was cut.
  [[nodiscard]] std::size_t cut_rows(std::size_t unexplained) const;
  [[nodiscard]] bool is_explained_removal(const SourceRow& row) const;
  [[nodiscard]] SourceRow source_row(const std::string& entry_id, const Listing& listing,
                                     bool gone = false) const;
  [[nodiscard]] Change make_change(ChangeKind kind, const char* what, const Entry& entry,
                                   const Listing* before, const Listing* after) const;
  [[nodiscard]] std::string lone_note() const;
  // The first reading of this list by this source: every row is tied to the entry it shows.
  void link_all();
  // Namesakes under two orders are two entries.
  void adopt_or_record(const Entry& entry, const Listing& row, Mode mode);
  // The file's row for an alias or a further address of a party whose order is known: it stands on the list,
  // and nobody is told twice.
  [[nodiscard]] bool joins_notice(const Listing& row);
  // A row of a party whose order is known says what the notice said, in its own way, or has not caught up.
  [[nodiscard]] bool is_as_noticed(const Entry& entry, const Listing& previous, const Listing& row) const;
  void row_as_noticed(Entry entry, const Listing& row);
  // The source shows an entry that is known from elsewhere: it confirms it, or prints it otherwise.
  void adopt(Entry entry, const Listing& row);
  // A removal whose merging into this snapshot is still to come.
  [[nodiscard]] bool still_merging(const Entry& entry) const;
  void relist(Entry entry, const Listing& row);
  // The entry takes the text of this source; changes that announced it are confirmed, or contradicted
  // where the two disagree in substance.
  void settle(Entry entry, const Listing& row, const Comparison& difference);
  // The row cites every act the entry does and one more: the entry was merged and then amended by an act
  // that is not known here.
  [[nodiscard]] static bool amended_since(const Listing& entry, const Listing& row);
  void confirm_one(Change& c);
  void row_kept(const SourceRow& previous, const Listing& row, const std::string& reason);
  void row_respelled(Entry entry, const Listing& before, const Listing& row, const Comparison& difference);
  // Which announced state of the entry the row shows, among those after the one the source showed before.
  [[nodiscard]] std::optional<EntryVersion> announced_state(const Entry& entry, const Listing& previous,
                                                            const Listing& row) const;
  void row_revised(Entry entry, const Listing& previous, const Listing& row, const std::string& reason);
  [[nodiscard]] std::optional<EntryVersion> said_by_rule(const Entry& entry, const Listing& row) const;
  void raise_revised(Entry entry, const Listing& row, Comparison difference,
                     const std::string& reason);
  // A rule has announced a state of the entry that this source has not shown yet.
  [[nodiscard]] bool awaits_merge(const Entry& entry) const;
  void row_gone(const SourceRow& previous);
  void rows_fresh(const std::vector<const Listing*>& fresh);
  void record_new(const Listing& row, Mode mode);

  const Knowledge& known_;
  const ListReading& reading_;
  const TrackContext& context_;
  Draft& draft_;
  std::vector<const SourceRow*> previous_;
  std::vector<const Listing*> before_;
  std::vector<const Listing*> after_;
  Matching matching_;
  std::set<std::string> untied_;
  std::set<std::string> adopted_;  // entries that a row was tied to in this reading
  bool first_ = false;
};

}  // namespace entitywatch
