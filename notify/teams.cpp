// Microsoft Teams through Workflows: an Adaptive Card, at most 28 KB. Text runs carry no Markdown, so
// publishers' text stays text.
#include <fmt/format.h>

#include "core/text.hpp"
#include "notify/chat_channel.hpp"
#include "notify/escape.hpp"
#include "notify/words.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::size_t card_bytes = 24'000;  // of 28 KB: the envelope, the closing and the actions need theirs
constexpr std::size_t most_items = 25;
constexpr std::size_t most_in_full = 8;
constexpr std::size_t longest_line = 300;

Json run(std::string_view text) { return {{"type", "TextRun"}, {"text", text}}; }

Json bold(std::string_view text) { return {{"type", "TextRun"}, {"text", text}, {"weight", "Bolder"}}; }

Json subtle(std::string_view text) { return {{"type", "TextRun"}, {"text", text}, {"isSubtle", true}}; }

Json block(Json inlines, std::string_view spacing) {
  return {{"type", "RichTextBlock"}, {"spacing", spacing}, {"inlines", std::move(inlines)}};
}

Json container(std::string_view style, std::string_view title, const std::vector<std::string>& lines,
               std::size_t most) {
  Json items = Json::array({block(Json::array({bold(title)}), "None")});
  for (std::size_t i = 0; i < lines.size() && i < most; ++i)
    items.push_back(block(Json::array({run("• " + shorten(lines[i], longest_line))}), "Small"));
  if (lines.size() > most)
    items.push_back(block(Json::array({run(fmt::format("• and {} more", lines.size() - most))}), "Small"));
  return {{"type", "Container"}, {"style", style}, {"bleed", true}, {"items", std::move(items)}};
}

Json fact_block(const Fact& fact) {
  Json value = run(shorten(fact.value, longest_line));
  if (!fact.url.empty() && fact.url == fact.value) value = run(fact.url);
  if (!fact.url.empty()) value["selectAction"] = {{"type", "Action.OpenUrl"}, {"url", fact.url}};
  return block(Json::array({bold(fact.label + "  "), std::move(value)}), "Small");
}

std::vector<std::string> details_of(const Item& item) {
  std::vector<std::string> out;
  const auto list = [&](const std::string& label, const std::vector<std::string>& texts, std::size_t most) {
    if (!texts.empty()) out.push_back(label + listed(texts, most, longest_line - 20));
  };
  if (!item.parent.empty()) out.push_back("part of " + item.parent);
  if (item.differences.empty()) list("a.k.a. ", item.aliases, 4);
  if (item.differences.empty()) list("f.k.a. ", item.former_names, 3);
  for (const Difference& d : item.differences) {
    const std::string arrow = !d.before.empty() && !d.after.empty() ? " → " : "";
    out.push_back(d.label + ": " + shorten(d.before, longest_line / 2) + arrow +
                  shorten(d.after, longest_line / 2));
  }
  if (item.differences.empty()) list("", item.addresses, 2);
  if (!item.effective.empty()) out.push_back("effective " + item.effective);
  if (!item.authority.empty()) out.push_back(item.authority);
  out.insert(out.end(), item.notes.begin(), item.notes.end());
  for (const std::string& problem : item.problems) out.push_back("⚠ " + problem);
  return out;
}

Json item_block(const Summary& summary, const Item& item, bool in_full) {
  Json inlines = Json::array({bold("• " + shorten(item.name, longest_line))});
  std::string rest;
  if (!item.country.empty()) rest += " — " + item.country;
  if (summary.groups.size() > 1) rest += ", " + lower_first(item.action);
  if (!item.problems.empty()) rest += " ⚠";
  if (!rest.empty()) inlines.push_back(run(rest));
  if (!item.watchlist.empty()) {
    Json match = bold(" ◀ matches " + shorten(text::join(item.watchlist, "; "), longest_line));
    match["color"] = "Attention";
    inlines.push_back(std::move(match));
  }
  if (!in_full) return block(std::move(inlines), "Small");
  Json items = Json::array({block(std::move(inlines), "Small")});
  for (const std::string& detail : details_of(item))
    items.push_back(block(Json::array({subtle(shorten(detail, longest_line))}), "None"));
  return {{"type", "Container"}, {"spacing", "Small"}, {"items", std::move(items)}};
}

Json chosen_items(const Summary& summary, std::size_t shown, std::size_t in_full) {
  const std::vector<bool> chosen = fair_share(summary, shown);
  const std::vector<bool> detailed = fair_share(summary, in_full);
  Json out = Json::array();
  for (std::size_t i = 0; i < summary.items.size(); ++i)
    if (chosen[i]) out.push_back(item_block(summary, summary.items[i], detailed[i]));
  return out;
}

// How many are left out.
std::size_t add_items(Json& body, const Summary& summary) {
  const std::size_t used = dump(body).size();
  const std::size_t room = used < card_bytes ? card_bytes - used : 0;
  const std::size_t count = summary.items.size();
  std::size_t shown = count <= most_items + most_items / 5 ? count : most_items;
  std::size_t in_full = count <= most_in_full + most_in_full / 2 ? count : most_in_full;
  Json items = chosen_items(summary, shown, in_full);
  while (!items.empty() && dump(items).size() > room) {
    if (in_full != 0)
      --in_full;
    else
      --shown;
    items = chosen_items(summary, shown, in_full);
  }
  for (Json& item : items) body.push_back(std::move(item));
  return count - shown;
}

Json actions_of(const Summary& summary) {
  Json out = Json::array();
  if (!summary.read_url.empty())
    out.push_back({{"type", "Action.OpenUrl"}, {"title", "Read the document"}, {"url", summary.read_url}});
  if (!summary.local_url.empty())
    out.push_back({{"type", "Action.OpenUrl"}, {"title", "All details"}, {"url", summary.local_url}});
  return out;
}

Json card_body(const Summary& summary) {
  Json title = bold(shorten(summary.headline, longest_line));
  title["size"] = "Large";
  Json body = Json::array({block(Json::array({std::move(title)}), "None")});
  if (!summary.lead.empty())
    body.push_back(block(Json::array({subtle(shorten(summary.lead, longest_line))}), "Small"));
  if (!summary.watchlist.empty())
    body.push_back(container("attention",
                             "On your watchlist: " + counted(summary.watchlist.size(), "match", "matches"),
                             summary.watchlist, 8));
  if (!summary.warnings.empty())
    body.push_back(container("warning", "Needs review: a self-check did not hold", summary.warnings, 6));
  for (const std::string& line : text::collapse_lines(summary.body)) {
    if (dump(body).size() > card_bytes / 2) break;
    body.push_back(block(Json::array({run(shorten(line, 1'000))}), "Small"));
  }
  for (const Fact& fact : summary.facts) body.push_back(fact_block(fact));
  if (const std::size_t left = add_items(body, summary); left != 0)
    body.push_back(block(Json::array({run(fmt::format("…and {} more", left))}), "Small"));
  body.push_back(block(Json::array({subtle(shorten(summary.footer, longest_line))}), "Medium"));
  return body;
}

Json teams_message(const Summary& summary) {
  Json card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
            {"type", "AdaptiveCard"},
            {"version", "1.4"},
            {"fallbackText", shorten(summary.subject, 500)},
            {"msteams", {{"width", "Full"}}},
            {"body", card_body(summary)}};
  if (Json actions = actions_of(summary); !actions.empty()) card["actions"] = std::move(actions);
  return {{"type", "message"},
          {"summary", shorten(summary.subject, 500)},
          {"attachments", Json::array({{{"contentType", "application/vnd.microsoft.card.adaptive"},
                                        {"contentUrl", nullptr},
                                        {"content", std::move(card)}}})}};
}

}  // namespace

MadeChannel make_teams(const ChannelConfig& config, const Transports& transports,
                       const DeliveryOptions& options) {
  return make_chat(config, transports, options, teams_message);
}

}  // namespace entitywatch::notify
