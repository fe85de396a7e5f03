#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.hpp"
#include "notify/escape.hpp"
#include "notify/summary_parts.hpp"
#include "notify/words.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::size_t most_warnings = 6;
constexpr std::size_t longest_term = 600;

// Distinct documents of the changes, in order.
std::vector<DocumentRef> documents_of(const std::vector<Change>& changes) {
  std::vector<DocumentRef> out;
  for (const Change& change : changes) {
    if (!change.document) continue;
    const auto same = [&](const DocumentRef& d) { return d.number == change.document->number; };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back(*change.document);
  }
  return out;
}

// The document as best known: the stored one is newer than the reference a change carries.
std::optional<DocumentRef> document_of(const AlertView& view) {
  if (view.document) return reference(*view.document);
  const std::vector<DocumentRef> documents = documents_of(view.changes);
  return documents.size() == 1 && !documents.front().number.empty() ? std::optional(documents.front())
                                                                    : std::nullopt;
}

bool unpublished(const AlertView& view, const DocumentRef& document) {
  if (view.document) return view.document->stage != DocumentStage::published;
  return document.citation.empty() && document.filed_at.has_value();
}

std::string authority_words(const AlertView& view, const DocumentRef& document) {
  std::vector<std::string> parts;
  if (!document.citation.empty()) parts.push_back(clean(document.citation));
  if (view.document && !view.document->type.empty() &&
      text::starts_with_ignoring_case(view.document->type, "News"))
    parts.emplace_back("BIS news");
  else if (!document.number.empty())
    parts.push_back("document " + clean(document.number));
  if (unpublished(view, document) && document.citation.empty()) parts.emplace_back("not yet published");
  std::string out = text::join(parts, ", ");
  if (!document.title.empty()) out += (out.empty() ? "“" : " — “") + clean(document.title) + "”";
  return out;
}

void add_authority(std::vector<Fact>& out, const AlertView& view) {
  if (const auto document = document_of(view)) {
    out.push_back({"Authority", authority_words(view, *document), safe_url(document->url)});
    return;
  }
  std::vector<std::string> all;
  for (const Change& change : view.changes)
    if (std::string text = authority_of(change); std::find(all.begin(), all.end(), text) == all.end())
      all.push_back(std::move(text));
  if (all.empty()) return;
  if (all.size() > 4) {
    const std::size_t left = all.size() - 3;
    all.resize(3);
    all.push_back(counted(left, "more", "more"));
  }
  out.push_back({"Authority", text::join(all, "; "), ""});
}

void add_publication(std::vector<Fact>& out, const AlertView& view) {
  const auto document = document_of(view);
  if (!document) return;
  const bool withdrawn = view.document && view.document->stage == DocumentStage::withdrawn;
  std::vector<std::string> parts;
  if (document->filed_at)
    parts.push_back((unpublished(view, *document) ? "on public inspection since " : "filed ") +
                    moment(*document->filed_at));
  if (withdrawn)
    parts.emplace_back("withdrawn before publication");
  else if (document->publication_date)
    parts.push_back((unpublished(view, *document) ? "publication scheduled for " : "published ") +
                    format_date_long(*document->publication_date));
  if (!parts.empty()) out.push_back({"Published", text::join(parts, "; "), ""});
}

void add_terms(std::vector<Fact>& out, const Summary& summary) {
  const std::string requirement = shared_term(summary.items, &Item::requirement);
  const std::string policy = shared_term(summary.items, &Item::policy);
  if (!requirement.empty()) out.push_back({"License", shorten(requirement, longest_term), ""});
  if (!policy.empty()) out.push_back({"Review policy", shorten(policy, longest_term), ""});
}

std::string checked_words(const AlertView& view, const Summary& summary) {
  std::map<std::string, std::size_t> held;
  std::size_t total = 0;
  std::set<std::string> seen;
  const auto count = [&](const Check& check, const std::string& owner) {
    if (!check.ok || !seen.insert(owner + check.name + '\0' + check.expected + '\0' + check.detail).second)
      return;
    ++held[spoken(check.name)];
    ++total;
  };
  if (view.document)
    for (const Check& check : view.document->checks) count(check, "");
  for (const Change& change : view.changes)
    for (const Check& check : change.checks) count(check, check.detail.empty() ? "" : change.id);
  std::vector<std::string> names;
  for (const auto& [name, times] : held)
    names.push_back(times == 1 ? name : fmt::format("{} ({})", name, times));
  if (names.size() > 5) names = {};
  const bool review =
      std::any_of(view.changes.begin(), view.changes.end(), [](const Change& c) { return c.review; });
  const std::string held_words =
      counted(total, "check", "checks") + " held" + (names.empty() ? "" : ": " + text::join(names, ", "));
  if (review || !summary.warnings.empty())
    return "NEEDS REVIEW, see above" + (total == 0 ? std::string() : "; " + held_words);
  return total == 0 ? "read without a fault; this source states nothing to check it against"
                    : "verified; " + held_words;
}

std::string seen_words(const AlertView& view) {
  std::vector<std::string> first;
  std::vector<std::string> later;
  const auto add = [](std::vector<std::string>& to, const std::string& source) {
    if (std::find(to.begin(), to.end(), source) == to.end()) to.push_back(source);
  };
  for (const Change& change : view.changes) {
    add(first, source_name(change.source));
    for (const std::string& source : confirmed_by(change)) add(later, source_name(source));
  }
  std::string out = enumerated(first);
  if (!later.empty()) out += "; confirmed by " + enumerated(later);
  return out;
}

void add_relations(std::vector<Fact>& out, const AlertView& view) {
  if (!view.document) return;
  std::vector<std::string> parts;
  for (const Relation& relation : view.document->relations)
    parts.push_back(clean(relation.kind + " " + relation.target));
  if (!parts.empty()) out.push_back({"Bears on", text::join(parts, "; "), ""});
}

void add_touched(std::vector<Fact>& out, const AlertView& view) {
  const bool only_documents = std::all_of(view.changes.begin(), view.changes.end(),
                                          [](const Change& c) { return c.kind == ChangeKind::document; });
  if (!view.document || !only_documents) return;
  std::vector<std::string> parts;
  for (const Touched& t : view.document->touched) {
    std::string where = t.section.empty() ? fmt::format("{} CFR part {}", t.title, t.part)
                        : t.section.find('.') == std::string::npos || t.section.starts_with("Supp")
                            ? fmt::format("{} to part {}", t.section, t.part)
                            : fmt::format("{} CFR {}", t.title, t.section);
    parts.push_back(clean(where));
  }
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  if (parts.size() > 8) {
    const std::size_t left = parts.size() - 8;
    parts.resize(8);
    parts.push_back(counted(left, "more", "more"));
  }
  if (!parts.empty()) out.push_back({"Touches", text::join(parts, ", "), ""});
  if (!view.document->abstract.empty())
    out.push_back({"Abstract", shorten(clean(view.document->abstract), longest_term), ""});
}

std::string learned_later(const std::vector<Item>& items) {
  std::vector<std::string> notes;
  for (const Item& item : items)
    for (const std::string& note : item.notes) {
      std::string text = items.size() == 1 ? note : item.name + ": " + note;
      notes.push_back(std::move(text));
    }
  if (notes.size() > 3) {
    const std::size_t left = notes.size() - 3;
    notes.resize(3);
    notes.push_back(counted(left, "more, below", "more, below"));
  }
  return shorten(text::join(notes, "; "), longest_term);
}

// A failed check that a finding puts into words is not told twice. Short values (counts) stand in too many
// sentences to tell.
bool said_by_a_finding(const AlertView& view, const std::string& text) {
  const auto says = [](const std::vector<Check>& checks, const std::vector<Finding>& findings,
                       const std::string& line) {
    return std::any_of(checks.begin(), checks.end(), [&](const Check& check) {
      if (check.ok || check.expected.size() < 4 || check.found.size() < 4 || describe(check) != line)
        return false;
      return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
        return finding.severity == Finding::Severity::review &&
               finding.message.find(check.expected) != std::string::npos &&
               finding.message.find(check.found) != std::string::npos;
      });
    });
  };
  if (view.document && says(view.document->checks, view.document->findings, text)) return true;
  return std::any_of(view.changes.begin(), view.changes.end(),
                     [&](const Change& change) { return says(change.checks, change.findings, text); });
}

}  // namespace

std::string authority_of(const Change& change) {
  if (change.document && !change.document->citation.empty()) return clean(change.document->citation);
  if (change.document && !change.document->number.empty())
    return "document " + clean(change.document->number);
  std::string where = source_name(change.source);
  for (const Sighting& sighting : change.sightings)
    if (sighting.role == "first" && sighting.as_of) where += " of " + format_date_long(*sighting.as_of);
  return change.source == source::ecfr ? "no rule known; seen only in the " + where : where;
}

std::string read_url_of(const std::vector<Change>& changes) {
  const std::vector<DocumentRef> documents = documents_of(changes);
  if (documents.size() == 1) return safe_url(documents.front().url);
  if (!documents.empty() || changes.empty()) return {};
  const Change& first = changes.front();
  // The eCFR's own page of that day, rather than the XML it was read from.
  if (first.evidence.url.starts_with("https://www.ecfr.gov/"))
    for (const Sighting& sighting : first.sightings)
      if (sighting.source == source::ecfr && sighting.as_of)
        return "https://www.ecfr.gov/on/" + format_date(*sighting.as_of) + "/title-15/part-744";
  return safe_url(first.evidence.url);
}

std::optional<std::string> shared_value(const std::vector<Item>& items, std::string Item::*field) {
  if (items.empty()) return std::nullopt;
  const std::string& first = items.front().*field;
  const bool same = std::all_of(items.begin(), items.end(), [&](const Item& i) { return i.*field == first; });
  return same ? std::optional(first) : std::nullopt;
}

std::string shared_term(const std::vector<Item>& items, std::string Item::*field) {
  std::string shared;
  for (const Item& item : items) {
    if ((item.*field).empty()) continue;
    if (!shared.empty() && shared != item.*field) return {};
    shared = item.*field;
  }
  return shared;
}

std::vector<std::string> warnings_of(const AlertView& view, const std::vector<Item>& items) {
  std::vector<std::string> all;
  const auto add = [&](const std::string& text) {
    if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(text);
  };
  if (view.document) {
    for (const Check& check : view.document->checks)
      if (!check.ok) add(describe(check));
    for (const Finding& finding : view.document->findings)
      if (finding.severity == Finding::Severity::review) add(describe(finding));
  }
  for (const Item& item : items)
    for (const std::string& problem : item.problems) add(problem);
  std::erase_if(all, [&](const std::string& text) { return said_by_a_finding(view, text); });
  for (std::string& text : all) text = shorten(text, 300);
  if (all.size() > most_warnings) {
    const std::size_t left = all.size() - (most_warnings - 1);
    all.resize(most_warnings - 1);
    all.push_back(counted(left, "more problem", "more problems"));
  }
  return all;
}

std::string effective_words(const std::vector<Change>& changes, Date today) {
  std::map<std::optional<Date>, std::size_t> dates;
  for (const Change& change : changes) ++dates[change.effective_on];
  const auto state = [&](Date date) { return date > today ? "not yet in force" : "in force"; };
  if (dates.size() == 1) {
    const auto& date = dates.begin()->first;
    return date ? format_date_long(*date) + ", " + state(*date) : "no date given";
  }
  std::vector<std::string> parts;
  for (const auto& [date, count] : dates)
    parts.push_back(date ? fmt::format("{}, {} ({})", format_date_long(*date), state(*date), count)
                         : fmt::format("no date given ({})", count));
  if (parts.size() > 6) {
    const std::size_t left = parts.size() - 5;
    parts.resize(5);
    parts.push_back(counted(left, "more date", "more dates"));
  }
  return text::join(parts, "; ");
}

std::vector<Fact> facts_of(const AlertView& view, const Summary& summary, Date today) {
  std::vector<Fact> out;
  if (view.alert.is_update)
    if (std::string learned = learned_later(summary.items); !learned.empty())
      out.push_back({"New", learned, ""});
  std::vector<std::string> what;
  for (const Group& group : summary.groups)
    what.push_back(fmt::format("{} {}{}", group.count, lower_first(group.action),
                               group.list.empty() ? "" : " (" + group.list + ")"));
  if (summary.groups.size() > 1 && summary.groups.front().list != summary.groups.back().list)
    out.push_back({"What", text::join(what, ", "), ""});
  if (std::string where = destinations(summary.items, 12); !where.empty() && summary.items.size() > 1)
    out.push_back({"Where", where, ""});
  const bool withdrawn = std::all_of(view.changes.begin(), view.changes.end(),
                                     [](const Change& c) { return c.kind == ChangeKind::withdrawn; });
  const bool dated = std::any_of(view.changes.begin(), view.changes.end(), [](const Change& c) {
    return c.effective_on || c.kind != ChangeKind::document;
  });
  if (withdrawn)
    out.push_back({"Effective", "will not take effect as announced", ""});
  else if (dated)
    out.push_back({"Effective", effective_words(view.changes, today), ""});
  add_authority(out, view);
  add_publication(out, view);
  add_relations(out, view);
  add_touched(out, view);
  if (!summary.read_url.empty()) out.push_back({"Read", summary.read_url, summary.read_url});
  out.push_back({"Checked", checked_words(view, summary), ""});
  add_terms(out, summary);
  if (view.document && view.document->savings_until && !withdrawn)
    out.push_back({"Savings clause",
                   "goods en route on the effective date may proceed until " +
                       format_date_long(*view.document->savings_until),
                   ""});
  out.push_back({"Seen in", seen_words(view), ""});
  return out;
}

}  // namespace entitywatch::notify
