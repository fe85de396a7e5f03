#include "parsers/fr_topic.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/fr_dates.hpp"
#include "parsers/instructions_target.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

struct TopicRule {
  const char* topic;
  const char* pattern;
};

// In order: the first whose words the title has. Names of lists go before names of countries, so that an
// addition to a list is found under the list.
constexpr TopicRule title_rules[] = {
    {"denial-order",
     "(?i)den(?:ying|ial) (?:of )?export privileges|actions? affecting export privileges|temporary "
     "denial|denial order|order denying|\\bin the "
     "matter of\\b|order (?:renewing|modifying) (?:the )?(?:order )?temporar"},
    {"enforcement",
     "(?i)order relating to|enforcement|penalt|voluntary "
     "self-disclosure|antiboycott|administrative (?:case|practice)|settlement"},
    {"advisory-committee",
     "(?i)advisory committee|advisory subcommittee|president's export council|pecsea|notice of (?:partially "
     "closed|open|closed) meeting|partially closed meeting|nominations? (?:for|to)|reestablishment of"},
    // The Department of Homeland Security's list of that name is none of BIS's.
    {"other", "(?i)forced labor"},
    {"unverified-list", "(?i)unverified list"},
    {"entity-list", "(?i)\\bentity list\\b"},
    {"meu-list", "(?i)military end[- ]user.{0,3}(?:\\(meu\\))? list|\\bmeu list\\b"},
    {"entity-list", "(?i)affiliates of certain listed entities|temporary general license"},
    {"chemical-weapons", "(?i)chemical weapons convention"},
    {"information-technology", "(?i)information and communications technology|connected vehicles"},
    {"industrial-base",
     "(?i)section 232|defense priorities|dpas|trade expansion act|imports of "
     "(?:steel|alumin|automob|copper|timber|semiconductor|pharmac|processed)|steel and "
     "aluminum|tariff|inclusions process|exclusion(?:s)? (?:process|requests?)|adjusting imports|supply "
     "chain|offsets in military|national security investigation|effects? of imports"},
    {"licensing-policy", "(?i)validated end[- ]user"},
    {"country-policy",
     "(?i)sanctions|country groups?\\b|state "
     "sponsor|\\b(?:russia|belarus|burma|venezuela|cuba|syria|sudan|ethiopia|hong "
     "kong|iran|cambodia|nicaragua|haiti|zimbabwe|crimea|ukraine)\\b"},
    {"commerce-control-list",
     "(?i)commerce control list|export control classification|\\beccns?\\b|0y521|wassenaar|australia "
     "group|missile technology control|nuclear suppliers|emerging (?:and foundational )?technolog|section "
     "1758|controls? on|export controls|semiconductor|computing|artificial "
     "intelligence|cybersecurity|toxin|firearm|spacecraft|additions? to the .{0,40}controls|foundational "
     "technolog"},
    {"licensing-policy",
     "(?i)licens(?:e|ing)|export administration regulations|authorization validated end-user|validated end[- "
     "]user"},
};

constexpr TopicRule abstract_rules[] = {
    {"entity-list",
     "(?i)(?:add(?:s|ing|ed)?|revis|remov|modif|correct)[^.]{0,80}\\b(?:to|on|from) the entity list"},
    {"unverified-list",
     "(?i)(?:add(?:s|ing|ed)?|revis|remov)[^.]{0,80}\\b(?:to|on|from) the unverified list"},
    {"commerce-control-list", "(?i)commerce control list|\\beccn"},
    {"licensing-policy", "(?i)license exception|license review policy|license requirement"},
};

bool matches(const std::string& words, const char* pattern) {
  return RE2::PartialMatch(words, RE2(pattern, RE2::DefaultOptions));
}

// Of several lists in a title the first is what the document is about.
std::string first_list_in(const std::string& title) {
  static const RE2 list("(?i)\\b(entity list|unverified list|meu list)");
  std::string name;
  if (!RE2::PartialMatch(title, list, &name)) return {};
  name = text::fold(name);
  return name.starts_with("entity")       ? "entity-list"
         : name.starts_with("unverified") ? "unverified-list"
                                          : "meu-list";
}

// ---- relations ----

struct RelationWord {
  const char* kind;
  const char* pattern;
};
// Whose suspension is over: told before anything in the same words is taken for a suspension.
constexpr const char* suspension_over =
    "(?i)\\b(?:lift(?:s|ed|ing)?|terminat(?:es?|ed|ing|ion)|end(?:s|ed|ing)?|vacat(?:es?|ed|ing))\\b[^.;]{0,40}\\b(?:stay|suspension)|"
    "\\b(?:reinstat|reimpos)(?:e|es|ed|ing|ement|ition)\\b";

constexpr RelationWord relation_words[] = {
    {"suspends", "(?i)\\bsuspen(?:d|ds|ded|ding|sion)\\b"},
    {"stays", "(?i)\\b(?:stay(?:s|ed|ing)?)\\b"},
    {"delays", "(?i)\\b(?:delay(?:s|ed|ing)?|postpone(?:s|d|ment)?)\\b"},
    {"withdraws", "(?i)\\b(?:withdraw(?:s|n|ing|al)?|rescind(?:s|ed|ing)?|rescission)\\b"},
    {"extends", "(?i)\\b(?:exten(?:ds?|ded|ding|sion)|reopen(?:s|ing|ed)?)\\b"},
    {"corrects", "(?i)\\bcorrect(?:s|ed|ing|ions?)\\b"},
};

std::vector<std::string> targets_in(std::string_view words, const Document& self) {
  static const RE2 target(
      "\\b(\\d{2,3} FR \\d{1,6})\\b|(?:FR Doc\\.?|[Dd]ocument(?: number| "
      "no\\.?)?)\\s+([A-Z]?\\d?-?\\d{2,4}-\\d{3,6})\\b");
  std::vector<std::string> out;
  re2::StringPiece rest = re2_view(words);
  std::string citation, number;
  while (RE2::FindAndConsume(&rest, target, &citation, &number)) {
    const std::string& found = citation.empty() ? number : citation;
    if (found == self.citation || found == self.number) continue;
    if (std::ranges::find(out, found) == out.end()) out.push_back(found);
  }
  return out;
}

std::string plain(std::string text) {
  for (std::size_t i = 0; (i = text.find("  ", i)) != std::string::npos;) text.erase(i, 1);
  return text;
}

void add(std::vector<Relation>& out, std::string kind, const std::string& target) {
  Relation relation{std::move(kind), target};
  if (std::ranges::find(out, relation) == out.end()) out.push_back(std::move(relation));
}

// The kinds the title or action claims for the whole document.
std::vector<std::string> claimed_kinds(const Document& d) {
  std::vector<std::string> out;
  const std::string head = d.title + " | " + d.action;
  const bool over = matches(head, suspension_over);
  if (over) out.emplace_back("ends");
  for (const RelationWord& word : relation_words) {
    if (over && (std::string_view(word.kind) == "suspends" || std::string_view(word.kind) == "stays")) continue;
    const bool corrects = std::string_view(word.kind) == "corrects";
    if (corrects ? is_correction_document(d) : matches(head, word.pattern)) out.emplace_back(word.kind);
  }
  // "Extension of comment period" and the like touch the other rule's dates, not its effect.
  return out;
}

// Of a renewed denial order: the order it renews is the last one cited with the words of renewing.
void add_renewed_order(const Document& d, const std::vector<FrParagraph>& body, std::vector<Relation>& out) {
  if (!matches(d.title + " " + d.action, "(?i)\\brenew")) return;
  std::pair<int, int> last{0, 0};
  std::string target;
  for (const FrParagraph& p : body) {
    if (!matches(p.text, "(?i)\\b(?:TDO|renew|temporary denial order|order temporarily denying)")) continue;
    for (const std::string& citation : targets_in(p.text, d)) {
      int volume = 0, page = 0;
      if (!RE2::FullMatch(citation, "(\\d+) FR (\\d+)", &volume, &page) || std::pair(volume, page) <= last)
        continue;
      if (d.volume != 0 && std::pair(volume, page) >= std::pair(d.volume, d.start_page)) continue;
      last = {volume, page};
      target = citation;
    }
  }
  if (!target.empty()) add(out, "renews", target);
}

}  // namespace

bool is_correction_document(const Document& d) {
  static const RE2 number("^[CR]\\d+-");
  if (RE2::PartialMatch(d.number, number)) return true;
  // "…; Correction" as its last words, not one subject among others ("Additions …; Correction of Entries").
  return matches(d.title,
                 "(?i)(?:^|[;:,—-]\\s*)(?:technical )?corrections?(?: and "
                 "clarifications?)?\\s*\\.?$|^corrections? (?:to|of) ") ||
         matches(d.action,
                 "(?i)^(?:final rule[;,] )?(?:technical )?correct(?:ion|ing amendments?)|; "
                 "?correct(?:ion|ing amendments?)\\b");
}

std::string fr_topic(const Document& d) {
  const std::string title = d.title;
  const bool order = matches(title, "(?i)den(?:ying|ial) (?:of )?export privileges|\\bin the matter of\\b");
  if (order) return "denial-order";
  if (matches(title, "(?i)(?:information )?collection|omb review|comment request|paperwork"))
    return "information-collection";
  if (is_correction_document(d)) return "correction";
  const std::string list = first_list_in(title);
  for (const TopicRule& rule : title_rules)
    if (matches(title, rule.pattern))
      return rule.topic == std::string_view("unverified-list") && !list.empty() ? list : rule.topic;
  for (const TopicRule& rule : abstract_rules)
    if (matches(d.abstract, rule.pattern)) return rule.topic;
  return "other";
}

std::vector<Relation> fr_relations(const Document& d, const std::vector<FrParagraph>& body) {
  std::vector<Relation> out = d.relations;
  for (const FrParagraph& p : body)
    if (const std::string corrected = corrected_document(p.text); !corrected.empty())
      add(out, "corrects", corrected);
  add_renewed_order(d, body, out);
  const std::vector<std::string> kinds = claimed_kinds(d);
  for (const std::string& kind : kinds) {
    if (std::ranges::any_of(out, [&](const Relation& r) { return r.kind == kind; })) continue;
    std::vector<std::string> targets = targets_in(plain(d.dates_text + " " + d.abstract + " " + d.action), d);
    // The rule concerned is introduced in the first paragraphs that cite one as published.
    for (std::size_t i = 0; i < body.size() && i < 12 && targets.empty(); ++i)
      if (matches(body[i].text, "(?i)published|rule|order|issued")) {
        targets = targets_in(plain(body[i].text), d);
        if (targets.size() > 1) targets.resize(1);
      }
    for (const std::string& target : targets) add(out, kind, target);
  }
  for (Relation& relation : out) relation = with_dates(std::move(relation), d);
  return out;
}

std::string matter_of(const FrNode& root) {
  std::vector<std::string> parts;
  bool inside = false;
  for (const FrParagraph& p : body_paragraphs(root)) {
    if (!inside && matches(p.text, "(?i)^in the matter of:?")) {
      inside = true;
      parts.push_back(p.text);
      // The parties follow in the same paragraph or the next.
      if (!matches(p.text, "(?i)^in the matter of:?\\s*$")) break;
      continue;
    }
    if (inside) {
      parts.push_back(p.text);
      break;
    }
  }
  return text::excerpt(text::join(parts, " "), 400);
}

}  // namespace entitywatch::parsers
