#include "notify/compact.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "notify/escape.hpp"
#include "notify/words.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_detail = 240;
constexpr std::size_t longest_fact = 220;

std::string bold(const Markup& markup, std::string_view text) {
  return markup.bold + markup.escape(text) + markup.bold;
}

std::string item_line(const Summary& summary, const Item& item, const Markup& markup) {
  std::string out = "• " + bold(markup, shorten(item.name, longest_name));
  if (!item.country.empty()) out += " — " + markup.escape(item.country);
  if (summary.groups.size() > 1) out += ", " + lower_first(item.action);
  if (!item.watchlist.empty())
    out += " ◀ matches " + markup.escape(shorten(text::join(item.watchlist, "; "), longest_detail));
  if (!item.problems.empty()) out += " ⚠";
  return out;
}

std::string difference_words(const Difference& d) {
  const std::size_t half = longest_detail / 2;
  if (d.before.empty() && d.after.empty()) return d.label + " changed";
  if (d.before.empty()) return d.label + ": " + shorten(d.after, longest_detail);
  if (d.after.empty()) return d.label + ": " + shorten(d.before, longest_detail);
  return d.label + ": " + shorten(d.before, half) + " → " + shorten(d.after, half);
}

std::string item_in_full(const Summary& summary, const Item& item, const Markup& markup) {
  std::string out = item_line(summary, item, markup);
  const auto add = [&](std::string_view text) { out += "\n   " + markup.escape(text); };
  if (!item.parent.empty()) add("part of " + shorten(item.parent, longest_detail));
  const bool changed = !item.differences.empty();
  if (!changed && !item.aliases.empty()) add("a.k.a. " + listed(item.aliases, 4, longest_detail));
  if (!changed && !item.former_names.empty()) add("f.k.a. " + listed(item.former_names, 3, longest_detail));
  for (const Difference& d : item.differences) add(difference_words(d));
  if (!changed && !item.addresses.empty()) add(listed(item.addresses, 2, longest_detail));
  if (!item.effective.empty()) add("effective " + item.effective);
  if (!item.authority.empty()) add(shorten(item.authority, longest_detail));
  for (const std::string& note : item.notes) add(shorten(note, longest_detail));
  for (const std::string& problem : item.problems) add("⚠ " + shorten(problem, longest_detail));
  return out;
}

struct Forms {
  std::string full;
  std::string brief;
};

// Which items are shown, and which of those in full.
std::vector<std::string> choose(const Summary& summary, const std::vector<Forms>& forms, std::size_t shown,
                                std::size_t in_full) {
  const std::vector<bool> chosen = fair_share(summary, shown);
  const std::vector<bool> detailed = fair_share(summary, in_full);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < forms.size(); ++i)
    if (chosen[i]) out.push_back(detailed[i] ? forms[i].full : forms[i].brief);
  return out;
}

std::size_t size_of(const std::vector<std::string>& lines) {
  std::size_t size = 0;
  for (const std::string& line : lines) size += characters(line) + 1;
  return size;
}

// A text that grows line by line and never past its limit.
class Page {
 public:
  Page(std::size_t limit, std::string closing) : limit_(limit), closing_(std::move(closing)) {}
  [[nodiscard]] std::size_t room() const {
    const std::size_t used = characters(text_) + characters(closing_) + 2;
    return used < limit_ ? limit_ - used : 0;
  }
  bool add(const std::string& line) {
    if (characters(line) + 1 > room()) return false;
    text_ += (text_.empty() ? "" : "\n") + line;
    return true;
  }
  void add_all(const std::vector<std::string>& lines, std::size_t keep_free) {
    for (const std::string& line : lines)
      if (characters(line) + keep_free < room()) add(line);
  }
  [[nodiscard]] std::string finish(const std::string& closing) const {
    return closing.empty() ? text_ : text_ + "\n" + closing;
  }

 private:
  std::size_t limit_;
  std::string closing_;
  std::string text_;
};

}  // namespace

std::vector<std::string> watchlist_lines(const Summary& summary, const Markup& markup, std::size_t most) {
  std::vector<std::string> out;
  if (summary.watchlist.empty()) return out;
  const std::size_t count = summary.watchlist.size();
  out.push_back("❗ " + bold(markup, "On your watchlist: " + counted(count, "match", "matches")));
  for (std::size_t i = 0; i < count && i < most; ++i)
    out.push_back("• " + markup.escape(shorten(summary.watchlist[i], 2 * longest_detail)));
  if (count > most) out.push_back(fmt::format("• and {} more", count - most));
  return out;
}

std::vector<std::string> warning_lines(const Summary& summary, const Markup& markup) {
  std::vector<std::string> out;
  if (summary.warnings.empty()) return out;
  out.push_back("⚠ " + bold(markup, "Needs review: a self-check did not hold"));
  for (const std::string& warning : summary.warnings)
    out.push_back("• " + markup.escape(shorten(warning, longest_detail)));
  return out;
}

std::vector<std::string> fact_lines(const Summary& summary, const Markup& markup) {
  std::vector<std::string> out;
  for (const Fact& fact : summary.facts) {
    // The closing line links it.
    if (!fact.url.empty() && fact.url == fact.value) continue;
    out.push_back(bold(markup, fact.label) + "  " + markup.escape(shorten(fact.value, longest_fact)));
  }
  return out;
}

PackedItems pack_items(const Summary& summary, const Markup& markup, std::size_t budget,
                       const CompactLimits& limits) {
  const std::size_t count = summary.items.size();
  std::vector<Forms> forms;
  for (const Item& item : summary.items)
    forms.push_back({item_in_full(summary, item, markup), item_line(summary, item, markup)});
  // A few beyond the limit are shown rather than counted.
  std::size_t shown = count <= limits.most_items + limits.most_items / 5 ? count : limits.most_items;
  std::size_t in_full = count <= limits.most_in_full + limits.most_in_full / 2 ? count : limits.most_in_full;
  PackedItems out;
  out.shown = choose(summary, forms, shown, in_full);
  // Rather every name than a few with their details.
  while (size_of(out.shown) > budget) {
    if (in_full != 0)
      --in_full;
    else
      --shown;
    out.shown = choose(summary, forms, shown, in_full);
  }
  out.left = count - out.shown.size();
  return out;
}

std::string closing_line(const Summary& summary, const Markup& markup, std::size_t left) {
  std::vector<std::string> parts;
  if (left != 0) parts.push_back(fmt::format("…and {} more", left));
  if (!summary.local_url.empty())
    parts.push_back(markup.link(
        summary.local_url, left != 0 ? "see all " + std::to_string(summary.items.size()) : "all details"));
  if (!summary.read_url.empty()) parts.push_back(markup.link(summary.read_url, "read the document"));
  return text::join(parts, " · ");
}

std::string compact_text(const Summary& summary, const Markup& markup, Headline headline,
                         const CompactLimits& limits) {
  const std::string footer = markup.escape(shorten(summary.footer, 200));
  const std::string longest_closing = closing_line(summary, markup, summary.items.size()) + "\n" + footer;
  Page page(limits.total, longest_closing);
  if (headline == Headline::in_text) page.add(bold(markup, shorten(summary.headline, 300)));
  if (!summary.lead.empty()) page.add(markup.escape(shorten(summary.lead, 300)));
  const std::size_t for_items = summary.items.empty() ? 0 : limits.total / 4;
  page.add_all(watchlist_lines(summary, markup, 5), for_items);
  page.add_all(warning_lines(summary, markup), for_items);
  for (const std::string& line : text::collapse_lines(summary.body))
    page.add(markup.escape(shorten(line, limits.total / 3)));
  page.add_all(fact_lines(summary, markup), for_items);
  PackedItems items = pack_items(summary, markup, page.room(), limits);
  for (const std::string& item : items.shown)
    if (!page.add(item)) ++items.left;
  const std::string closing = closing_line(summary, markup, items.left);
  return page.finish(closing.empty() ? footer : closing + "\n" + footer);
}

}  // namespace entitywatch::notify
