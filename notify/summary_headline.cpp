#include <fmt/format.h>

#include <algorithm>

#include "core/lists.hpp"
#include "core/text.hpp"
#include "notify/escape.hpp"
#include "notify/summary_parts.hpp"
#include "notify/words.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::size_t longest_name = 90;

bool all_of_kind(const AlertView& view, ChangeKind kind) {
  return !view.changes.empty() && std::all_of(view.changes.begin(), view.changes.end(),
                                              [&](const Change& c) { return c.kind == kind; });
}

// "Entity List: 70 added, 4 revised; Unverified List: 3 removed".
std::string counts_by_list(const std::vector<Group>& groups) {
  std::vector<std::string> lists;
  for (std::size_t i = 0; i < groups.size();) {
    std::vector<std::string> parts;
    std::size_t next = i;
    for (; next < groups.size() && groups[next].list == groups[i].list; ++next)
      parts.push_back(fmt::format("{} {}", groups[next].count, lower_first(groups[next].action)));
    lists.push_back((groups[i].list.empty() ? "" : groups[i].list + ": ") + text::join(parts, ", "));
    i = next;
  }
  return text::join(lists, "; ");
}

std::string party(const Item& item) {
  std::string out = shorten(item.name, longest_name);
  if (!item.country.empty()) out += " (" + item.country + ")";
  return out;
}

std::string of_one(const Item& item) {
  const std::string list = item.list.empty() ? "" : item.list + ": ";
  if (item.kind == ChangeKind::discrepancy) return list + "sources disagree on " + party(item);
  return list + party(item) + " " + lower_first(item.action);
}

std::string of_document(const AlertView& view, const Item& item) {
  std::string type =
      view.document && !view.document->type.empty() ? clean(view.document->type) : std::string("Document");
  if (view.changes.size() > 1)
    return counted(view.changes.size(), "document", "documents") + ", no entry changed";
  if (text::equals_ignoring_case(type, "news")) return "BIS news: " + shorten(item.name, 140);
  return type + ", no entry changed: " + shorten(item.name, 120);
}

std::string of_withdrawn(const Summary& summary) {
  if (summary.items.size() == 1)
    return "Withdrawn before publication: " +
           (summary.items[0].list.empty() ? "" : summary.items[0].list + ", ") + party(summary.items[0]);
  const std::string list = shared_value(summary.items, &Item::list).value_or("");
  return fmt::format("Withdrawn before publication: {} {}will not take effect",
                     counted(summary.items.size(), "change", "changes"),
                     list.empty() ? "" : "to the " + list + " ");
}

// ", effective October 12, 2026" where all of it is still to come on one day.
std::string not_yet_in_force(const AlertView& view, const Summary& summary) {
  const bool to_come = std::all_of(summary.items.begin(), summary.items.end(), [](const Item& i) {
    return i.action == action_word(i.kind, true) && i.action.starts_with("To be");
  });
  const auto day = shared_value(summary.items, &Item::effective);
  return to_come && day && !day->empty() && !view.changes.empty() ? ", effective " + *day : std::string();
}

bool any_check(const AlertView& view) {
  return (view.document && !view.document->checks.empty()) ||
         std::any_of(view.changes.begin(), view.changes.end(),
                     [](const Change& c) { return !c.checks.empty(); });
}

// What a reader tells alerts apart by: the citation, else the document, else that there is none.
std::string source_mark(const AlertView& view) {
  const auto& document = view.document              ? std::optional(reference(*view.document))
                         : view.changes.size() == 1 ? view.changes[0].document
                                                    : std::nullopt;
  if (document && !document->citation.empty()) return clean(document->citation);
  const bool inspection = view.document && view.document->stage == DocumentStage::inspection;
  if (document && !document->number.empty() && !all_of_kind(view, ChangeKind::document))
    return "document " + clean(document->number) + (inspection ? ", on public inspection" : "");
  const bool no_rule = !view.changes.empty() &&
                       std::all_of(view.changes.begin(), view.changes.end(),
                                   [](const Change& c) { return !c.document && c.source == source::ecfr; });
  return no_rule ? "seen only in the eCFR" : "";
}

}  // namespace

std::string destinations(const std::vector<Item>& items, std::size_t most_named) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const Item& item : items) {
    if (item.country.empty()) continue;
    const auto same =
        std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == item.country; });
    if (same == counts.end())
      counts.emplace_back(item.country, 1);
    else
      ++same->second;
  }
  std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (counts.empty()) return {};
  if (counts.size() == 1) return counts[0].first;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < counts.size() && i < most_named; ++i)
    parts.push_back(fmt::format("{} {}", counts[i].first, counts[i].second));
  if (counts.size() > most_named)
    parts.push_back(counted(counts.size() - most_named, "more destination", "more destinations"));
  return text::join(parts, ", ");
}

std::string headline_of(const AlertView& view, const Summary& summary) {
  const std::string update = view.alert.is_update ? "Update to an earlier alert: " : "";
  if (summary.items.empty())
    return update + (view.alert.subject.empty() ? "No change is left to show" : clean(view.alert.subject));
  if (all_of_kind(view, ChangeKind::document)) return update + of_document(view, summary.items[0]);
  if (all_of_kind(view, ChangeKind::withdrawn)) return update + of_withdrawn(summary);
  const std::string from = not_yet_in_force(view, summary);
  if (summary.items.size() == 1) return update + of_one(summary.items[0]) + from;
  std::string out = counts_by_list(summary.groups);
  const std::string where = destinations(summary.items, 3);
  return update + out + (where.empty() ? "" : " (" + where + ")") + from;
}

std::string lead_of(const AlertView& view, const Summary& summary, Date today) {
  std::vector<std::string> parts;
  if (all_of_kind(view, ChangeKind::withdrawn))
    parts.emplace_back("Will not take effect as announced");
  else if (std::any_of(view.changes.begin(), view.changes.end(),
                       [](const Change& c) { return c.effective_on.has_value(); }))
    parts.push_back("Effective " + effective_words(view.changes, today));
  std::vector<std::string> authorities;
  for (const Item& item : summary.items)
    if (std::find(authorities.begin(), authorities.end(), item.authority) == authorities.end())
      authorities.push_back(item.authority);
  if (view.document && !view.document->citation.empty()) authorities = {clean(view.document->citation)};
  if (authorities.size() == 1 && !authorities[0].empty()) parts.push_back(authorities[0]);
  if (authorities.size() > 1) parts.push_back(counted(authorities.size(), "source", "sources"));
  if (view.document && view.document->stage == DocumentStage::inspection)
    parts.emplace_back("on public inspection");
  if (!summary.warnings.empty())
    parts.emplace_back("NEEDS REVIEW");
  else if (any_check(view))
    parts.emplace_back("verified");
  return text::join(parts, " · ");
}

std::string subject_of(const AlertView& view, const Summary& summary) {
  std::string out;
  if (view.alert.kind == Alert::Kind::sample) out += "[sample] ";
  if (!summary.watchlist.empty())
    out += fmt::format("WATCHLIST {}: ", counted(summary.watchlist.size(), "match", "matches"));
  if (!summary.warnings.empty()) out += "[needs review] ";
  out += summary.headline;
  const std::string mark = source_mark(view);
  return mark.empty() ? out : out + " — " + mark;
}

}  // namespace entitywatch::notify
