// What a document does to the effects of another: it puts them off, suspends them, calls them off, brings
// them back. Nothing is rewritten: the timeline of each entry goes on with further versions.
#include <fmt/format.h>

#include <charconv>

#include "core/compare.hpp"
#include "core/document_tracker.hpp"
#include "core/text.hpp"
#include "core/timeline.hpp"
#include "core/track_words.hpp"

namespace entitywatch {
namespace {

constexpr std::chrono::days one_day{1};

// "90 FR 47201" as volume and page.
std::optional<std::pair<int, int>> place_of(const std::string& citation) {
  const std::vector<std::string> words = text::split(citation, ' ');
  if (words.size() != 3 || words[1] != "FR") return std::nullopt;
  const auto number = [](const std::string& digits) {
    int out = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return out;
  };
  return std::pair(number(words[0]), number(words[2]));
}

bool is_listed(const std::optional<EntryVersion>& version) {
  return version && version->status != EntryStatus::removed;
}

// The document is one that puts off or suspends what others do.
bool moves_effects(const std::optional<Document>& d) {
  static const std::set<std::string, std::less<>> kinds{"delays", "suspends", "stays", "withdraws"};
  return d && std::any_of(d->relations.begin(), d->relations.end(),
                          [](const Relation& r) { return kinds.contains(r.kind); });
}

std::string name_of(const Document& d) { return d.citation.empty() ? d.number : d.citation; }

std::string changed_note(std::string_view kind, const std::string& target, const Document& by,
                         const std::optional<Date>& until) {
  const std::string end = until ? fmt::format(" until {}", format_date_long(*until)) : std::string();
  if (kind == "delays") return fmt::format("The effect of {} is put off{} by {}.", target, end, name_of(by));
  if (kind == "withdraws") return fmt::format("{} is withdrawn by {}.", target, name_of(by));
  return fmt::format("The effect of {} is suspended{} by {}.", target, end, name_of(by));
}

}  // namespace

std::optional<std::string> DocumentTracker::number_of(const std::string& target) const {
  if (known_.document(target)) return target;
  const auto place = place_of(target);
  auto number = place ? known_.document_at(place->first, place->second) : std::nullopt;
  return number == document_.number ? std::nullopt : number;
}

// Entries that the document brought into the state they were last in by it, with that state.
std::vector<DocumentTracker::Effect> DocumentTracker::effects_of(const std::string& number) const {
  std::set<std::string> ids;
  for (const Change& c : known_.changes_of_document(number))
    if (c.entry && c.kind != ChangeKind::effective && c.kind != ChangeKind::discrepancy)
      ids.insert(c.entry->id);
  for (const ListId list : all_lists())
    for (const Entry* e : draft_.entries_of(list))
      if (e->document == number) ids.insert(e->id);
  std::vector<Effect> out;
  for (const std::string& id : ids) {
    const std::vector<EntryVersion> versions = draft_.versions(id);
    const auto made = std::find_if(versions.rbegin(), versions.rend(), [&](const EntryVersion& v) {
      return v.document == number && v.effective_on;
    });
    if (made == versions.rend()) continue;
    if (!made->change_id.empty() && known_.has_change(stable_id({"change", "withdrawn", made->change_id})))
      continue;
    out.push_back({id, *made, version_in_force(versions, {*made->effective_on - one_day, std::nullopt})});
  }
  return out;
}

void DocumentTracker::apply_relations() {
  for (const Relation& relation : document_.relations) {
    if (relation.kind == "corrects" || relation.kind == "extends" || relation.kind == "renews") continue;
    const auto number = number_of(relation.target);
    if (!number) continue;
    for (const Effect& effect : effects_of(*number)) {
      acted_ = true;
      if (relation.kind == "ends") {
        bring_back(relation, *number, effect);
      } else if (relation.kind == "delays" && relation.until && *effect.made.effective_on > day_of_notice()) {
        put_off(relation, effect);
      } else {
        suspend(relation, *number, effect);
      }
    }
  }
}

// The day on which the world could know of this document.
Date DocumentTracker::day_of_notice() const {
  if (document_.publication_date) return *document_.publication_date;
  return std::chrono::floor<std::chrono::days>(document_.filed_at.value_or(context_.seen_at));
}

void DocumentTracker::put_off(const Relation& relation, const Effect& effect) {
  if (effect.made.effective_on == relation.until) return;
  const Entry* known = draft_.entry(effect.entry_id);
  const std::string note =
      fmt::format("effective date put off from {} to {} by {}", format_date_long(*effect.made.effective_on),
                  format_date_long(*relation.until), name_of(document_));
  EntryVersion moved = effect.made;
  // Without a change that is told anew the former state is what holds from the old day on.
  if (moved.change_id.empty()) put_state(*known, effect.before, *moved.effective_on, {});
  moved.effective_on = relation.until;
  draft_.put_version(moved);
  restate(effect.entry_id);
  auto change = known_.change(moved.change_id);
  if (!change) return;
  change->effective_on = relation.until;
  if (change->entry) {
    change->entry->effective_on = relation.until;
    change->entry->status = status_from(relation.until);
  }
  handled_.insert(change->id);
  draft_.amend(std::move(*change), sighting("completes", note), Draft::Tell::subscribers);
}

// From `day` on the entry is as `state` says; nullopt: not on the list.
void DocumentTracker::put_state(const Entry& entry, const std::optional<EntryVersion>& state, Date day,
                                const std::string& change_id) {
  EntryVersion v;
  v.entry_id = entry.id;
  v.status = is_listed(state) ? EntryStatus::listed : EntryStatus::removed;
  v.listing = state ? state->listing : entry.listing;
  v.effective_on = day;
  v.change_id = change_id;
  v.document = document_.number;
  v.past = context_.mode == Mode::history;
  draft_.put_version(std::move(v));
}

void DocumentTracker::restate(const std::string& entry_id) {
  const Entry* known = draft_.entry(entry_id);
  if (known == nullptr) return;
  Entry entry = as_it_stands(*known, draft_.versions(entry_id),
                             std::chrono::floor<std::chrono::days>(context_.seen_at));
  entry.last_confirmed = context_.seen_at;
  draft_.put(std::move(entry), Draft::Versioning::same_version);
}

// Raises the passage of an entry from one state to another that this document brings about by acting on
// the document `number`; nothing where the states are the same.
std::string DocumentTracker::raise_passage(const Passage& p) {
  const bool was = is_listed(p.from);
  const bool is = is_listed(p.to);
  if (!was && !is) return {};
  const ChangeKind kind = was && is ? ChangeKind::revised : is ? ChangeKind::added : ChangeKind::removed;
  Entry after = *draft_.entry(p.entry_id);
  after.listing = is ? p.to->listing : p.from->listing;
  after.effective_on = p.day;
  after.status = is ? status_from(p.day) : EntryStatus::removed;
  Change c = draft_.make_change(kind, change_id(p.what, p.entry_id));
  c.list = after.list;
  c.document = reference(document_);
  c.effective_on = p.day;
  c.sightings.front().document = document_.number;
  c.checks = document_.checks;
  c.checks.push_back({"rule_acted_upon", p.target, p.target, true, {}});
  c.findings = document_.findings;
  c.note = p.note;
  if (was && is) {
    c.before = after;
    c.before->listing = p.from->listing;
    const Comparison difference = compare(p.from->listing, p.to->listing);
    c.fields = difference.substance;
    c.decisions = difference.decisions;
  }
  c.entry = std::move(after);
  handled_.insert(c.id);
  return draft_.raise(std::move(c));
}

void DocumentTracker::suspend(const Relation& relation, const std::string& number, const Effect& effect) {
  const Date notice = document_.effective_on.value_or(day_of_notice());
  const Date from = std::max(relation.from.value_or(notice), *effect.made.effective_on);
  if (relation.until && *relation.until <= from) return;
  if (known_.has_change(change_id("suspend", effect.entry_id))) {
    handled_.insert(change_id("suspend", effect.entry_id));
    handled_.insert(change_id("reimpose", effect.entry_id));
    return;
  }
  const Entry entry = *draft_.entry(effect.entry_id);
  // What was corrected since comes back corrected.
  const auto suspended = from > *effect.made.effective_on
                             ? version_in_force(draft_.versions(effect.entry_id), {from - one_day, std::nullopt})
                             : std::optional(effect.made);
  const std::string off =
      raise_passage({effect.entry_id, "suspend", number, suspended, effect.before, from,
                     changed_note(relation.kind, relation.target, document_, relation.until)});
  put_state(entry, effect.before, from, off);
  if (relation.until) {
    const std::string on =
        raise_passage({effect.entry_id, "reimpose", number, effect.before, suspended, *relation.until,
                       fmt::format("In force again when the suspension by {} ends.", name_of(document_))});
    put_state(entry, suspended, *relation.until, on);
  }
  restate(effect.entry_id);
}

// `effect` is what the suspending document `number` did last, or what the suspended one had done.
void DocumentTracker::bring_back(const Relation& relation, const std::string& number, const Effect& effect) {
  const Date day = relation.from.value_or(document_.effective_on.value_or(day_of_notice()));
  const std::string id = change_id("reimpose", effect.entry_id);
  if (known_.has_change(id)) {
    handled_.insert(id);
    return;
  }
  const std::vector<EntryVersion> versions = draft_.versions(effect.entry_id);
  const auto now = version_in_force(versions, {day, std::nullopt});
  // A return that was announced for a later day comes now.
  const auto announced = version_to_come(versions, {day, std::nullopt});
  std::optional<EntryVersion> back = announced;
  if (!back && now && now->effective_on && moves_effects(known_.document(now->document)))
    back = version_in_force(versions, {*now->effective_on - one_day, std::nullopt});
  if (!back || (now && now->status == back->status && now->listing == back->listing)) return;
  const Entry entry = *draft_.entry(effect.entry_id);
  if (announced && !announced->change_id.empty()) {
    if (auto change = known_.change(announced->change_id)) {
      change->effective_on = day;
      if (change->entry) change->entry->status = status_from(day);
      put_state(entry, back, day, announced->change_id);
      restate(effect.entry_id);
      draft_.amend(std::move(*change),
                   sighting("completes", fmt::format("in force again on {} already, by {}",
                                                     format_date_long(day), name_of(document_))),
                   Draft::Tell::subscribers);
      return;
    }
  }
  const std::string on =
      raise_passage({effect.entry_id, "reimpose", number, now, back, day,
                     fmt::format("In force again: {} ends the suspension.", name_of(document_))});
  put_state(entry, back, day, on);
  restate(effect.entry_id);
}

}  // namespace entitywatch
