// One reading of a document against what is known, on its way into a draft. Private to tracking:
// track_document.cpp drives it, track_operations.cpp applies what the document does to entries,
// track_again.cpp meets what was told before, track_relations.cpp moves what other documents did, track_history.cpp
// records documents of the past.
#pragma once

#include <algorithm>
#include <map>
#include <set>

#include "core/denied.hpp"
#include "core/draft.hpp"
#include "core/hash.hpp"

namespace entitywatch {

class DocumentTracker {
 public:
  DocumentTracker(const Knowledge& known, const DocumentReading& reading, Draft& draft)
      : known_(known),
        reading_(reading),
        context_(draft.context()),
        draft_(draft),
        document_(reading.document) {}

  void apply();

 private:
  // What another document brought an entry to, and what it was before.
  struct Effect {
    std::string entry_id;
    EntryVersion made;
    std::optional<EntryVersion> before;
  };
  // An entry's way from one state to another, by this document acting on another.
  struct Passage {
    std::string entry_id;
    std::string_view what;
    std::string target;
    std::optional<EntryVersion> from;
    std::optional<EntryVersion> to;
    Date day{};
    std::string note;
  };

  // track_relations.cpp
  void apply_relations();
  [[nodiscard]] std::optional<std::string> number_of(const std::string& target) const;
  [[nodiscard]] std::vector<Effect> effects_of(const std::string& number) const;
  [[nodiscard]] Date day_of_notice() const;
  void put_off(const Relation& relation, const Effect& effect);
  void suspend(const Relation& relation, const std::string& number, const Effect& effect);
  void bring_back(const Relation& relation, const std::string& number, const Effect& effect);
  void put_state(const Entry& entry, const std::optional<EntryVersion>& state, Date day, const std::string& change_id);
  void restate(const std::string& entry_id);
  std::string raise_passage(const Passage& passage);

  // track_history.cpp. In Mode::history: something later than this document is known of the entry, or its list.
  [[nodiscard]] bool is_past(const Operation& op, const Entry* found) const;
  void record_past(const Operation& op, ChangeKind kind, const char* what, const Entry* found);
  const Entry* remember_past(Entry gone);

  // Keeps what an earlier reading of the same document knew and this one does not.
  void settle_document();
  [[nodiscard]] std::optional<Date> effective(const Operation& op) const;
  [[nodiscard]] std::string change_id(std::string_view what, const std::string& entry_id) const;
  // Not yet effective when we learn of it.
  [[nodiscard]] EntryStatus status_from(const std::optional<Date>& effective_on) const;
  void apply(const Operation& op);
  // The file gives a party several rows; the one the change is told of leads, the others follow.
  void apply_denial(const Operation& op);
  // The entry an operation is about: by the name the instruction uses, then by the row's, then by an alias.
  [[nodiscard]] const Entry* find(const Operation& op) const;
  // Among namesakes: one that is listed, and the one that shares most with the row.
  [[nodiscard]] const Entry* best(const std::vector<const Entry*>& found, const Operation& op) const;
  [[nodiscard]] const Entry* find_by_alias(const Operation& op) const;
  [[nodiscard]] Change make_change(ChangeKind kind, const char* what, const Entry& entry,
                                   const Operation& op) const;
  template <class T>
  static void append(std::vector<T>& to, const std::vector<T>& from) {
    for (const T& item : from)
      if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }
  [[nodiscard]] Sighting sighting(const char* role, std::string note) const;
  [[nodiscard]] bool cites_this(const Listing& l) const;
  // A change of another source that this document explains: seen in the eCFR before the rule was read.
  [[nodiscard]] std::optional<Change> seen_before(const Entry& entry, ChangeKind kind) const;
  void explain(Change change, const Operation& op, const Entry& entry);
  // The change was raised by an earlier reading of this document; this one confirms or completes it.
  bool meet_again(const std::string& id, const Operation& op);
  void add(const Operation& op);
  // A list read at the start already contained what this document does; nobody was told of it.
  void shown_already(Change& c, const Entry& entry) const;
  void explain_addition(const Change& lone, const Operation& op, Entry entry);
  void apply_listing(Entry& entry, const Operation& op) const;
  void add_new(const Operation& op);
  void add_again(const Operation& op, Entry entry);
  void raise_added(const Operation& op, Entry entry);
  // The document was read before without this operation in it.
  void note_in_place(Change& c) const;
  void revise(const Operation& op);
  void revise_unknown(const Operation& op);
  [[nodiscard]] static Check entry_known(const Operation& op);
  void remove(const Operation& op, const Entry* found);
  void remove_unknown(const Operation& op);
  void remove_country(const Operation& op);
  // The rule empties a country that is empty here: what it removed is not known, and that is told.
  void remove_unknown_country(const Operation& op);
  // A document that changes no entry is told as such, once its text was read.
  void tell_document();
  // What an earlier reading of the same stage contained and this one does not is not undone by silence.
  void tell_vanished();

  const Knowledge& known_;
  const DocumentReading& reading_;
  const TrackContext& context_;
  Draft& draft_;
  Document document_;
  std::optional<Document> before_;
  std::map<std::string, Change> existing_;
  std::set<std::string> handled_;
  bool acted_ = false;  // on the effects of another document
};

}  // namespace entitywatch
