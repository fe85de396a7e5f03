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
constexpr std::string_view dark = "#1b2733";
constexpr std::string_view muted = "#5b6b7a";

// Colours are given inline, for clients that drop <style>; the classes only let a dark client repaint.
constexpr std::string_view page_start =
    R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
@media (prefers-color-scheme: dark) {{
 .ew-page {{ background: #11181f !important; }} .ew-card {{ background: #1b2530 !important; }}
 .ew-text {{ color: #e8eef4 !important; }} .ew-muted {{ color: #a3b3c2 !important; }}
 .ew-line {{ border-color: #34424f !important; }} .ew-link {{ color: #7cc0ff !important; }}
 .ew-alarm {{ background: #4a1d1a !important; color: #ffd9d4 !important; }}
 .ew-care {{ background: #463711 !important; color: #ffe9b0 !important; }}
 .ew-old {{ color: #ff9d92 !important; }} .ew-new {{ color: #8fd9a0 !important; }}
}}
@media (max-width: 480px) {{ .ew-label {{ display: block !important; width: auto !important; padding-bottom: 0 !important; }}
 .ew-value {{ display: block !important; }} .ew-pad {{ padding-left: 16px !important; padding-right: 16px !important; }} }}
</style></head>
<body class="ew-page" style="margin:0;padding:0;background:#eef1f4;">
<table role="presentation" class="ew-page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#eef1f4;"><tr><td align="center" style="padding:16px 8px;">
<table role="presentation" class="ew-card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:680px;background:#ffffff;border-radius:8px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.45;text-align:left;">
)";
constexpr std::string_view page_end = "</table></td></tr></table></body></html>\n";

std::string span(std::string_view css_class, std::string_view colour, std::string_view escaped) {
  return fmt::format("<span class=\"{}\" style=\"color:{};\">{}</span>", css_class, colour, escaped);
}

std::string shown(std::string_view text) { return escape_html(shorten(text, longest_value)); }

std::string link(std::string_view url, std::string_view escaped_label) {
  return fmt::format("<a class=\"ew-link\" href=\"{}\" style=\"color:#0b62b5;word-break:break-word;\">{}</a>",
                     escape_html(url), escaped_label);
}

std::string row(std::string_view content, std::string_view padding) {
  return fmt::format("<tr><td class=\"ew-pad\" style=\"padding:{};\">{}</td></tr>\n", padding, content);
}

std::string box(std::string_view css_class, std::string_view background, std::string_view colour,
                std::string_view title, const std::vector<std::string>& lines, std::size_t most) {
  std::string out = fmt::format(
      "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td "
      "class=\"{}\" "
      "style=\"background:{};color:{};border-radius:6px;padding:12px 14px;\"><strong>{}</strong>",
      css_class, background, colour, escape_html(title));
  for (std::size_t i = 0; i < lines.size() && i < most; ++i)
    out += "<div style=\"padding-top:4px;\">" + shown(lines[i]) + "</div>";
  if (lines.size() > most)
    out += fmt::format("<div style=\"padding-top:4px;\">and {} more</div>", lines.size() - most);
  return row(out + "</td></tr></table>", "8px 24px");
}

std::string head(const Summary& summary) {
  std::string out = row(
      fmt::format(
          "<div class=\"ew-text\" style=\"color:{};font-size:20px;line-height:1.3;font-weight:700;\">{}</div>"
          "<div class=\"ew-muted\" style=\"color:{};padding-top:6px;\">{}</div>",
          dark, shown(summary.headline), muted, shown(summary.lead)),
      "22px 24px 8px");
  if (!summary.watchlist.empty())
    out += box("ew-alarm", "#fde8e6", "#7a1710",
               "On your watchlist: " + counted(summary.watchlist.size(), "match", "matches"),
               summary.watchlist, 25);
  if (!summary.warnings.empty())
    out +=
        box("ew-care", "#fff4d6", "#5c4300", "Needs review: a self-check did not hold", summary.warnings, 10);
  return out;
}

std::string facts(const Summary& summary) {
  if (summary.facts.empty()) return {};
  std::string out =
      "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">";
  for (const Fact& fact : summary.facts)
    out += fmt::format(
        "<tr><td class=\"ew-label ew-muted\" width=\"120\" valign=\"top\" "
        "style=\"width:120px;color:{};padding:5px 12px 3px 0;font-size:13px;\">{}</td>"
        "<td class=\"ew-value ew-text\" valign=\"top\" style=\"color:{};padding:3px "
        "0;word-break:break-word;\">{}</td></tr>",
        muted, escape_html(fact.label), dark,
        fact.url.empty() ? shown(fact.value) : link(fact.url, shown(fact.value)));
  return row(out + "</table>", "8px 24px");
}

std::string difference_html(const Difference& d) {
  std::string out = "<div class=\"ew-text\" style=\"padding-top:4px;color:" + std::string(dark) + ";\">" +
                    escape_html(d.label) + ": ";
  if (d.before.empty() && d.after.empty()) out += "changed";
  if (!d.before.empty())
    out += "<span class=\"ew-old\" style=\"color:#a3261b;text-decoration:line-through;\">" + shown(d.before) +
           "</span>";
  if (!d.before.empty() && !d.after.empty()) out += " &rarr; ";
  if (!d.after.empty()) out += span("ew-new", "#14692f", shown(d.after));
  return out + "</div>";
}

std::string small(std::string_view text) {
  return fmt::format("<div class=\"ew-muted\" style=\"color:{};font-size:13px;padding-top:2px;\">{}</div>",
                     muted, shown(text));
}

std::string item_title(const Item& item) {
  std::string out =
      fmt::format("<strong class=\"ew-text\" style=\"color:{};\">{}</strong>", dark, shown(item.name));
  if (!item.country.empty()) out += span("ew-muted", muted, " &mdash; " + escape_html(item.country));
  if (!item.problems.empty())
    out +=
        " <span class=\"ew-care\" style=\"background:#fff4d6;color:#5c4300;border-radius:3px;padding:0 "
        "4px;font-size:12px;\">needs review</span>";
  return out;
}

std::string item_html(const Item& item) {
  std::string out = item_title(item);
  if (!item.watchlist.empty())
    out += fmt::format(
        "<div class=\"ew-alarm\" style=\"background:#fde8e6;color:#7a1710;border-radius:4px;padding:2px "
        "6px;margin-top:4px;\">matches {}</div>",
        shown(text::join(item.watchlist, "; ")));
  if (!item.parent.empty()) out += small("part of " + item.parent);
  if (!item.aliases.empty()) out += small("a.k.a. " + listed(item.aliases, most_listed, longest_value - 20));
  if (!item.former_names.empty())
    out += small("f.k.a. " + listed(item.former_names, most_listed, longest_value - 20));
  for (const Difference& d : item.differences) out += difference_html(d);
  if (item.differences.empty())
    for (const std::string& address : first_addresses(item.addresses)) out += small(address);
  if (!item.effective.empty()) out += small("effective " + item.effective);
  if (!item.authority.empty()) out += small("by " + item.authority);
  if (!item.requirement.empty()) out += small("License: " + item.requirement);
  if (!item.policy.empty()) out += small("Review policy: " + item.policy);
  for (const std::string& note : item.notes) out += small(note);
  for (const std::string& problem : item.problems) out += small("Review: " + problem);
  return out;
}

std::string heading(const Summary& summary, const Item& item) {
  const std::string text = (item.list.empty() ? "" : item.list + ": ") + lower_first(item.action) +
                           fmt::format(" ({})", group_size(summary, item));
  return row(
      fmt::format(
          "<div class=\"ew-muted ew-line\" style=\"color:{};font-size:13px;font-weight:700;border-bottom:2px "
          "solid #d5dce3;padding-bottom:4px;\">{}</div>",
          muted, escape_html(text)),
      "16px 24px 0");
}

std::string tail(const Summary& summary, std::size_t left, bool attached) {
  std::string text;
  if (left != 0)
    text += fmt::format(
        "<div class=\"ew-text\" style=\"color:{};padding-bottom:8px;\">&hellip;and {} more{}</div>", dark,
        left, attached ? ", in the attached CSV file" : "");
  if (!summary.local_url.empty())
    text += "<div style=\"padding-bottom:8px;\">" + link(summary.local_url, "All details and evidence") +
            "</div>";
  return row(
      text + fmt::format(
                 "<div class=\"ew-muted\" style=\"color:{};font-size:12px;word-break:break-word;\">{}</div>",
                 muted, shown(summary.footer)),
      "16px 24px 22px");
}

}  // namespace

MailBody html_text(const Summary& summary, const MailLimits& limits) {
  std::string start =
      fmt::format(fmt::runtime(page_start), fmt::arg("title", escape_html(shorten(summary.headline, 200))));
  start += head(summary);
  for (const std::string& line : text::collapse_lines(summary.body))
    start += row(fmt::format("<div class=\"ew-text\" style=\"color:{};\">{}</div>", dark, shown(line)),
                 "4px 24px");
  start += facts(summary);
  return fitted(summary, limits, [&](const ShownItems& items) {
    std::string out = start;
    for (const auto& [item, in_full, begins_group] : items.items) {
      if (begins_group) out += heading(summary, *item);
      out += row("<div class=\"ew-line\" style=\"border-bottom:1px solid #e6ebf0;padding-bottom:8px;\">" +
                     (in_full ? item_html(*item) : item_title(*item)) + "</div>",
                 "8px 24px 0");
    }
    return out + tail(summary, items.left, limits.attached) + std::string(page_end);
  });
}

}  // namespace entitywatch::notify
