#include "notify/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "notify/differences.hpp"
#include "notify/escape.hpp"
#include "notify/summary_parts.hpp"
#include "notify/watchlist.hpp"
#include "notify/words.hpp"

namespace entitywatch::notify {
namespace {

std::vector<std::string> cleaned(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (const std::string& text : texts)
    if (std::string shown = clean(text); !shown.empty()) out.push_back(std::move(shown));
  return out;
}

std::string country_of(const Listing& listing) {
  if (!listing.country_code.empty()) return clean(country_display_name(listing.country_code));
  return clean(listing.country);
}

// Where "before" is all there is (a removal without the row as it was), it serves.
const Entry* entry_of(const Change& change) {
  if (change.entry) return &*change.entry;
  return change.before ? &*change.before : nullptr;
}

std::vector<std::string> problems_of(const Change& change) {
  std::vector<std::string> out;
  for (const Check& check : change.checks)
    if (!check.ok) out.push_back(describe(check));
  for (const Finding& finding : change.findings)
    if (finding.severity == Finding::Severity::review) out.push_back(describe(finding));
  if (change.review && out.empty()) out.emplace_back("a self-check did not hold");
  return out;
}

std::vector<std::string> notes_of(const Change& change) {
  std::vector<std::string> out;
  if (!change.note.empty()) out.push_back(clean(change.note));
  for (const Sighting& sighting : change.sightings) {
    if (sighting.role != "completes" && sighting.role != "contradicts") continue;
    std::string text = (sighting.role == "completes" ? "Shown only by the " : "Contradicted by the ") +
                       source_name(sighting.source);
    if (sighting.as_of) text += " of " + format_date_long(*sighting.as_of);
    if (!sighting.note.empty()) text += ": " + clean(sighting.note);
    out.push_back(std::move(text));
  }
  return out;
}

std::string match_words(const WatchlistMatch& match) {
  std::string out = "your “" + clean(match.counterparty) + "”";
  if (!match.counterparty_id.empty()) out += " (" + clean(match.counterparty_id) + ")";
  return out + fmt::format(", {:.0f} %", std::floor(std::clamp(match.score, 0.0, 1.0) * 100));
}

void fill_from_entry(Item& item, const Listing& listing) {
  item.name = clean(listing.name);
  item.country = country_of(listing);
  item.parent = clean(listing.parent);
  item.aliases = cleaned(listing.aliases);
  item.former_names = cleaned(listing.former_names);
  item.addresses = cleaned(listing.addresses);
  item.requirement = clean(listing.license_requirement);
  item.policy = clean(listing.license_review_policy);
}

Item make_item(const Change& change, const AlertView& view, Date today) {
  Item item;
  item.change_id = change.id;
  item.kind = change.kind;
  item.action = action_word(change.kind, change.effective_on && *change.effective_on > today);
  if (change.list) item.list = std::string(display_name(*change.list));
  if (const Entry* entry = entry_of(change)) {
    fill_from_entry(item, entry->listing);
    // The terms under which it was listed say nothing once it is not.
    if (change.kind == ChangeKind::removed || change.kind == ChangeKind::withdrawn)
      item.requirement = item.policy = "";
  } else if (change.document) {
    item.name = clean(change.document->title);
  }
  if (item.name.empty()) item.name = change.document ? change.document->number : "(no name printed)";
  if (change.effective_on) item.effective = format_date_long(*change.effective_on);
  item.authority = authority_of(change);
  if (change.kind == ChangeKind::revised || change.kind == ChangeKind::corrected)
    item.differences = differences(change);
  for (const WatchlistMatch& match : view.alert.matches)
    if (match.change_id == change.id) item.watchlist.push_back(match_words(match));
  item.notes = notes_of(change);
  item.problems = problems_of(change);
  return item;
}

double best_score(const Alert& alert, const std::string& change_id) {
  double best = -1;
  for (const WatchlistMatch& match : alert.matches)
    if (match.change_id == change_id) best = std::max(best, match.score);
  return best;
}

int kind_order(ChangeKind kind) {
  constexpr std::array order{ChangeKind::added,     ChangeKind::removed,   ChangeKind::revised,
                             ChangeKind::corrected, ChangeKind::effective, ChangeKind::withdrawn,
                             ChangeKind::discrepancy, ChangeKind::document};
  return static_cast<int>(std::find(order.begin(), order.end(), kind) - order.begin());
}

// What all items share is said once, as a fact; an item keeps only what sets it apart.
void drop_shared(std::vector<Item>& items, std::string Item::*field) {
  if (shared_value(items, field))
    for (Item& item : items) (item.*field).clear();
}

void drop_shared_terms(std::vector<Item>& items, std::string Item::*field) {
  if (shared_term(items, field).empty()) return;
  for (Item& item : items) (item.*field).clear();
}

// What every item suffers from is said once, above them.
void drop_shared_problems(std::vector<Item>& items) {
  if (items.size() < 2) return;
  const std::vector<std::string> candidates = items.front().problems;
  for (const std::string& problem : candidates) {
    const auto has = [&](const Item& i) {
      return std::find(i.problems.begin(), i.problems.end(), problem) != i.problems.end();
    };
    if (!std::all_of(items.begin(), items.end(), has)) continue;
    for (Item& item : items) std::erase(item.problems, problem);
  }
}

std::vector<Group> groups_of(const std::vector<Item>& items) {
  std::vector<Group> out;
  for (const Item& item : items) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const Group& g) {
      return g.action == item.action && g.list == item.list;
    });
    if (same == out.end())
      out.push_back({item.action, item.list, 1});
    else
      ++same->count;
  }
  return out;
}

std::vector<std::string> watchlist_lines(const std::vector<Item>& items) {
  std::vector<std::string> out;
  for (const Item& item : items) {
    if (item.watchlist.empty()) continue;
    std::string line = item.name;
    if (!item.country.empty()) line += " (" + item.country + ")";
    out.push_back(line + ", " + lower_first(item.action) + ": matches " + text::join(item.watchlist, "; "));
  }
  return out;
}

std::string footer_of(const Alert& alert) {
  const std::string who =
      alert.subscription.empty() ? "" : fmt::format("Subscription “{}” · ", clean(alert.subscription));
  return fmt::format("{}Alert {} · entitywatch", who, clean(alert.id));
}

Summary notice(const AlertView& view) {
  Summary out;
  const bool sample = view.alert.kind == Alert::Kind::sample;
  out.headline = clean(view.alert.subject);
  const bool watchlist = view.alert.source == watchlist_report_source;
  out.subject = (sample ? "[sample] " : watchlist ? "[watchlist] " : "[operators] ") + out.headline;
  for (const std::string& line : text::collapse_lines(text::sanitize(view.alert.text)))
    out.body += (out.body.empty() ? "" : "\n") + clean(line);
  if (!view.alert.source.empty() && !sample && !watchlist)
    out.facts.push_back({"Source", source_name(view.alert.source), ""});
  out.local_url = safe_url(view.local_url);
  out.footer = footer_of(view.alert);
  return out;
}

}  // namespace

std::string local_page(const AlertView& view) {
  if (view.local_url.empty()) return {};
  const std::string base =
      view.local_url.ends_with('/') ? view.local_url.substr(0, view.local_url.size() - 1) : view.local_url;
  if (!view.alert.document.empty()) return safe_url(base + "/#/documents/" + view.alert.document);
  if (view.changes.size() == 1 && view.changes.front().entry)
    return safe_url(base + "/#/entries/" + view.changes.front().entry->id);
  return safe_url(base + "/#/changes");
}

std::string changes_endpoint(const AlertView& view) {
  if (view.local_url.empty()) return {};
  const std::string base =
      view.local_url.ends_with('/') ? view.local_url.substr(0, view.local_url.size() - 1) : view.local_url;
  if (!view.alert.document.empty()) return safe_url(base + "/v1/changes?document=" + view.alert.document);
  if (view.changes.empty()) return safe_url(base + "/v1/changes");
  const auto [first, last] =
      std::minmax_element(view.changes.begin(), view.changes.end(),
                          [](const Change& a, const Change& b) { return a.detected_at < b.detected_at; });
  return safe_url(fmt::format("{}/v1/changes?since={}&until={}", base, format_time(first->detected_at),
                              format_time(last->detected_at + std::chrono::milliseconds{1})));
}

Summary summarize(const AlertView& view) {
  if (view.alert.kind != Alert::Kind::changes && view.changes.empty()) return notice(view);
  const Date today =
      std::chrono::floor<std::chrono::days>(std::max(view.alert.created_at, view.alert.not_before));
  Summary out;
  for (const Change& change : view.changes) out.items.push_back(make_item(change, view, today));
  std::stable_sort(out.items.begin(), out.items.end(), [&](const Item& a, const Item& b) {
    const double left = best_score(view.alert, a.change_id);
    const double right = best_score(view.alert, b.change_id);
    return left != right ? left > right : kind_order(a.kind) < kind_order(b.kind);
  });
  out.groups = groups_of(out.items);
  std::stable_sort(out.groups.begin(), out.groups.end(),
                   [](const Group& a, const Group& b) { return a.list < b.list; });
  out.watchlist = watchlist_lines(out.items);
  out.warnings = warnings_of(view, out.items);
  out.read_url = view.document ? safe_url(view.document->url) : read_url_of(view.changes);
  out.local_url = local_page(view);
  out.facts = facts_of(view, out, today);
  out.headline = headline_of(view, out);
  out.lead = lead_of(view, out, today);
  out.subject = subject_of(view, out);
  drop_shared_terms(out.items, &Item::requirement);
  drop_shared_terms(out.items, &Item::policy);
  drop_shared(out.items, &Item::effective);
  drop_shared(out.items, &Item::authority);
  drop_shared_problems(out.items);
  // A single document without entries is all in the headline and the facts.
  if (out.items.size() == 1 && out.items[0].kind == ChangeKind::document && out.items[0].watchlist.empty())
    out.items.clear();
  out.footer = footer_of(view.alert);
  return out;
}

}  // namespace entitywatch::notify
