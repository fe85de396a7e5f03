#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "notify/escape.hpp"
#include "notify/mail_text.hpp"
#include "notify/words.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::size_t longest_value = 1500;
constexpr std::size_t most_listed = 60;

// Lines are left to the reader's window to wrap: a name broken in two is found by no search.
std::string line(std::string_view start, std::string_view text) {
  return std::string(start) + std::string(text) + "\n";
}

std::string labelled(const std::string& label, const std::string& value) {
  return line(fmt::format("{:<15}", label), shorten(value, longest_value));
}

std::string detail(std::string_view text) { return line("      ", shorten(text, longest_value)); }

std::string difference_text(const Difference& d) {
  if (d.before.empty() && d.after.empty()) return detail(d.label + " changed");
  if (d.before.empty() || d.after.empty()) return detail(d.label + ": " + d.before + d.after);
  return detail(d.label + ":") + line("        was: ", shorten(d.before, longest_value)) +
         line("        now: ", shorten(d.after, longest_value));
}

std::string item_line(const Item& item, std::size_t number) {
  std::string text = item.name;
  if (!item.country.empty()) text += " — " + item.country;
  if (!item.problems.empty()) text += " [needs review]";
  return line(fmt::format("{:>4}. ", number), text);
}

std::string item_text(const Item& item, std::size_t number) {
  std::string out = item_line(item, number);
  if (!item.watchlist.empty()) out += detail("!! matches " + text::join(item.watchlist, "; "));
  if (!item.parent.empty()) out += detail("part of " + item.parent);
  if (!item.aliases.empty()) out += detail("a.k.a. " + listed(item.aliases, most_listed, longest_value - 20));
  if (!item.former_names.empty())
    out += detail("f.k.a. " + listed(item.former_names, most_listed, longest_value - 20));
  for (const Difference& d : item.differences) out += difference_text(d);
  if (item.differences.empty())
    for (const std::string& address : first_addresses(item.addresses)) out += detail(address);
  if (!item.effective.empty()) out += detail("effective " + item.effective);
  if (!item.authority.empty()) out += detail("by " + item.authority);
  if (!item.requirement.empty()) out += detail("License: " + item.requirement);
  if (!item.policy.empty()) out += detail("Review policy: " + item.policy);
  for (const std::string& note : item.notes) out += detail(note);
  for (const std::string& problem : item.problems) out += detail("Review: " + problem);
  return out;
}

std::string heading(const Summary& summary, const Item& item) {
  const std::string text = item.list.empty() ? item.action : item.list + " — " + lower_first(item.action);
  return fmt::format("\n{} ({})\n", text::upper(text), group_size(summary, item));
}

std::string head(const Summary& summary) {
  std::string out = line("", summary.headline);
  if (!summary.lead.empty()) out += line("", summary.lead);
  if (!summary.watchlist.empty()) {
    out += "\n!! ON YOUR WATCHLIST: " + counted(summary.watchlist.size(), "match", "matches") + "\n";
    const std::size_t shown = std::min<std::size_t>(summary.watchlist.size(), 40);
    for (std::size_t i = 0; i < shown; ++i)
      out += line("   * ", shorten(summary.watchlist[i], longest_value));
    if (shown < summary.watchlist.size())
      out += fmt::format("   * and {} more\n", summary.watchlist.size() - shown);
  }
  if (!summary.warnings.empty()) {
    out += "\nNEEDS REVIEW: a self-check did not hold\n";
    for (const std::string& warning : summary.warnings) out += line("   * ", warning);
  }
  return out;
}

std::string tail(const Summary& summary, std::size_t left, bool attached) {
  std::string out;
  if (left != 0)
    out += fmt::format("\n      …and {} more{}\n", left, attached ? ", in the attached CSV file" : "");
  out += "\n";
  if (!summary.local_url.empty()) out += labelled("All details", summary.local_url);
  return out + "--\n" + summary.footer + "\n";
}

}  // namespace

MailBody plain_text(const Summary& summary, const MailLimits& limits) {
  std::string start = head(summary) + "\n";
  if (!summary.body.empty()) start += summary.body + "\n\n";
  for (const Fact& fact : summary.facts) start += labelled(fact.label, fact.value);
  return fitted(summary, limits, [&](const ShownItems& shown) {
    std::string out = start;
    std::size_t number = 0;
    for (const auto& [item, in_full, begins_group] : shown.items) {
      ++number;
      if (begins_group) out += heading(summary, *item);
      out += in_full ? item_text(*item, number) : item_line(*item, number);
    }
    return out + tail(summary, shown.left, limits.attached);
  });
}

}  // namespace entitywatch::notify
