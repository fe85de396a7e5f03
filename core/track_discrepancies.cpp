// Sources that disagree for longer than they should.
#include <fmt/format.h>

#include <map>
#include <set>

#include "core/denied.hpp"
#include "core/draft.hpp"
#include "core/hash.hpp"
#include "core/identity.hpp"
#include "core/text.hpp"
#include "core/timeline.hpp"
#include "core/track_words.hpp"

namespace entitywatch {
namespace {

// What a rule says of an entry, and since when the source could have shown it.
struct Said {
  const Entry* entry = nullptr;
  EntryVersion state;
  Time since{};
};

struct Disagreement {
  std::string expected;
  std::string found;
  std::vector<std::string> fields;
};

class Review {
 public:
  Review(const Knowledge& known, const TrackContext& context, std::chrono::milliseconds grace)
      : known_(known), context_(context), grace_(grace), draft_(known, context) {}

  Tracked run(const std::vector<std::string>& open) {
    for (const ListId list : all_lists()) {
      if (!made_by_rules(list) || !load_rows(list)) continue;
      for (const Entry* entry : known_.entries_of(list))
        if (!entry->document.empty()) review(*entry);
    }
    for (const std::string& id : open)
      if (!standing_.contains(id)) close(id);
    return draft_.take();
  }

 private:
  // False when the source does not carry the list.
  bool load_rows(ListId list) {
    rows_.clear();
    untied_.clear();
    for (const SourceRow* row : known_.rows(context_.source, list)) {
      rows_[row->entry_id] = row;
      if (known_.entry(row->entry_id) == nullptr)
        untied_.insert(name_key(list, row->listing.country, row->listing.name));
    }
    return !rows_.empty();
  }

  [[nodiscard]] std::optional<Said> said_of(const Entry& entry) const {
    const std::vector<EntryVersion> versions = known_.versions(entry.id);
    const Date today = std::chrono::floor<std::chrono::days>(context_.seen_at);
    const auto now = version_in_force(versions, {today, std::nullopt});
    if (!now || now->document.empty() || now->past) return std::nullopt;
    Said said{&entry, *now, now->known_at};
    // The list's own text stands in the last version; what the rule said in one before it.
    for (const EntryVersion& v : versions) {
      if (v.document != now->document || v.past) continue;
      said.since = std::min(said.since, v.known_at);
      const bool by_a_list = v.as_of.has_value() || v.source == context_.source;
      if (!by_a_list && v.status == now->status) said.state = v;
    }
    if (said.state.effective_on) said.since = std::max(said.since, Time{*said.state.effective_on});
    return said;
  }

  [[nodiscard]] bool shows_untied(const Entry& entry) const {
    if (untied_.contains(name_key(entry.list, entry.listing.country, entry.listing.name))) return true;
    for (const auto* names : {&entry.listing.aliases, &entry.listing.former_names})
      for (const std::string& name : *names)
        if (untied_.contains(name_key(entry.list, entry.listing.country, name))) return true;
    return false;
  }

  [[nodiscard]] std::optional<Disagreement> disagreement(const Said& said) const {
    const auto row = rows_.find(said.entry->id);
    const bool listed = said.state.status != EntryStatus::removed;
    if (listed && row == rows_.end()) {
      if (shows_untied(*said.entry)) return std::nullopt;
      return Disagreement{"listed", "not shown", {}};
    }
    if (!listed && row != rows_.end()) return Disagreement{"removed", "still shown", {}};
    if (!listed) return std::nullopt;
    Comparison difference =
        compare_sightings(said.entry->list, said.state.listing, row->second->listing);
    std::erase(difference.substance, "citations");
    if (context_.authority == Authority::secondary) {
      // It repeats the lists in its own words: only another name says something.
      std::erase_if(difference.substance, [](const std::string& field) { return field != "name"; });
    }
    if (difference.substance.empty()) return std::nullopt;
    return Disagreement{"as the rule prints it", "other " + text::join(difference.substance, ", "),
                        std::move(difference.substance)};
  }

  void review(const Entry& entry) {
    const auto said = said_of(entry);
    if (!said || context_.seen_at < said->since + grace_) return;
    const auto found = disagreement(*said);
    if (!found) return;
    const std::string id = stable_id({"change", "discrepancy", context_.source, entry.id,
                                      said->state.document, to_string(said->state.status)});
    standing_.insert(id);
    if (auto known = known_.change(id)) {
      if (is_open(*known)) return;
      for (Check& c : known->checks)
        if (c.name == "sources_agree") c = {c.name, found->expected, found->found, false, c.detail};
      known->review = true;
      draft_.amend(std::move(*known), draft_.sighting("contradicts", "they disagree again"),
                   Draft::Tell::subscribers);
      return;
    }
    open(id, *said, *found);
  }

  void open(const std::string& id, const Said& said, const Disagreement& found) {
    Change c = draft_.make_change(ChangeKind::discrepancy, id);
    c.list = said.entry->list;
    c.entry = *said.entry;
    c.entry->listing = said.state.listing;
    c.entry->status = said.state.status;
    c.fields = found.fields;
    c.effective_on = said.state.effective_on;
    if (const auto document = known_.document(said.state.document)) c.document = reference(*document);
    if (!found.fields.empty()) {
      c.before = c.entry;
      c.entry->listing = rows_.at(said.entry->id)->listing;
    }
    c.sightings.front().role = "contradicts";
    const auto days = std::chrono::floor<std::chrono::days>(context_.seen_at - said.since).count();
    c.note =
        fmt::format("{} by {} for {} day{}; in {} it is {}.",
                    said.state.status == EntryStatus::removed ? "Removed" : "Listed",
                    c.document && !c.document->citation.empty() ? c.document->citation : said.state.document,
                    days, days == 1 ? "" : "s", source_phrase(context_.source), found.found);
    c.checks.push_back({"sources_agree", found.expected, found.found, false, source_phrase(context_.source)});
    draft_.raise(std::move(c));
  }

  void close(const std::string& id) {
    auto change = known_.change(id);
    if (!change || !is_open(*change)) return;
    for (Check& c : change->checks)
      if (c.name == "sources_agree") c = {c.name, c.expected, c.expected, true, c.detail};
    change->review = false;
    draft_.amend(std::move(*change), draft_.sighting("resolves", "the sources agree"),
                 Draft::Tell::subscribers);
  }

  const Knowledge& known_;
  const TrackContext& context_;
  std::chrono::milliseconds grace_;
  Draft draft_;
  std::map<std::string, const SourceRow*> rows_;
  std::set<std::string> untied_;
  std::set<std::string> standing_;  // ids of what is disagreed upon now
};

}  // namespace

Tracked track_discrepancies(const Knowledge& known, const TrackContext& context,
                            std::chrono::milliseconds grace, const std::vector<std::string>& open) {
  return Review(known, context, grace).run(open);
}

}  // namespace entitywatch
