#include "parsers/instructions_target.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/instructions_tokens.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

std::size_t offset(const re2::StringPiece& inner, std::string_view outer) {
  return static_cast<std::size_t>(inner.data() - outer.data());
}

struct VerbAt {
  std::size_t begin;
  std::size_t end;
  std::string action;
  bool passive;  // "is revised": what is changed stands before it
};

std::string action_of(std::string_view verb) {
  const std::string lower = text::fold(verb);
  const auto is = [&](std::string_view stem) { return lower.starts_with(stem); };
  if (is("add") || is("insert")) return "add";
  if (is("remov") || is("delet")) return "remove";
  if (is("redesignat")) return "redesignate";
  if (is("correct")) return "correct";
  if (is("suspend")) return "suspend";
  if (is("stay")) return "stay";
  if (is("reserv")) return "reserve";
  return "revise";
}

std::vector<VerbAt> verbs_in(std::string_view masked) {
  static const RE2 verb(
      "(?i)\\b((?:is|are)\\s+(?:further\\s+|hereby\\s+)?)?"
      "(add(?:ing|ed|s)?|insert(?:ing|ed)?|revis(?:ing|ed|es|e)|remov(?:ing|ed|es|e)|delet(?:ing|ed|e)|"
      "redesignat(?:ing|ed|e)|correct(?:ing|ed)|suspend(?:ing|ed)?|stay(?:ing|ed)?|reserv(?:ing|ed)|"
      "replac(?:ing|ed|e)|republish(?:ing|ed))\\b");
  std::vector<VerbAt> out;
  std::size_t at = 0;
  re2::StringPiece groups[3];
  while (at < masked.size() && verb.Match(re2_view(masked), at, masked.size(), RE2::UNANCHORED, groups, 3)) {
    const std::size_t begin = offset(groups[0], masked);
    const std::size_t end = begin + groups[0].size();
    const std::string action = action_of({groups[2].data(), groups[2].size()});
    const bool past = groups[2].ends_with("ed") || groups[2].ends_with("ED");
    at = end;
    if (past && groups[1].empty() && action != "reserve") continue;  // "the entry added by …"
    out.push_back({begin, end, action, !groups[1].empty()});
  }
  return out;
}

bool ends_phrase(std::string_view masked, std::size_t i) {
  return masked[i] == ';' || masked[i] == ':' ||
         (masked[i] == '.' && (i + 1 >= masked.size() || masked[i + 1] == ' '));
}

std::string join_places(std::string_view before, std::string_view after) {
  if (before.empty()) return std::string(after);
  if (after.empty()) return std::string(before);
  return std::string(before) + ", " + std::string(after);
}

// "In paragraph (a)(2), " before the verb: the place the verb's object stands in.
std::string place_before(std::string_view masked, std::size_t end) {
  static const RE2 place(
      "(?i)(?:^|[,;:]\\s*|\\s)(?:in|at) ((?:the "
      ")?(?:paragraph|introductory|definition|table|note|footnote|column)[^,;:]*),?\\s*(?:by\\s*)?$");
  std::string found;
  RE2::PartialMatch(re2_view(masked.substr(0, end)), place, &found);
  return touched_what(found);
}

}  // namespace

std::string corrected_document(std::string_view words) {
  static const RE2 document(
      "(?i)\\bin (?:(?:proposed )?rule |notice )?(?:FR )?(?:doc\\.?|document)(?: No\\.?| number)?\\s+"
      "([A-Z]?\\d?-?\\d{2,4}-\\d{3,6})\\b,?\\s+(?:appearing|beginning|published|on page|in the)");
  std::string number;
  RE2::PartialMatch(re2_view(words), document, &number);
  return number;
}

std::string touched_what(std::string_view phrase) {
  std::string what = text::collapse(phrase);
  static const RE2 tail(
      "(?i)(?:\\s*\\b(?:to read|reads?) as follows|\\s+to read|\\s+(?:to|of|in) (?:the|this) "
      "(?:supplement|section|part)"
      "|\\s+and|\\s+by|\\s*,)?[\\s,;:.]*$");
  for (std::size_t before = what.size() + 1; what.size() < before;) {
    before = what.size();
    RE2::Replace(&what, tail, "");
  }
  static const RE2 head("(?i)^(?:(?:the|a|an|by|in|and|of|to)\\s+|[,;:.\\s]+)+");
  RE2::Replace(&what, head, "");
  if (text::fold(what) == "and") what.clear();
  return text::excerpt(what, 160);
}

std::vector<AmendmentTarget> find_targets(std::string_view masked, int title, std::string_view part) {
  static const RE2 place(
      "(?i)\\bsupp(?:lements?|s?\\.)\\s*(?:nos?\\.?|numbers?|#)?\\s*(\\d{1,2})\\b(?:\\s*(?:to|of)\\s+(?:(?:"
      "15\\s*CFR\\s+)?part\\s+(\\d{3})|this part))?"
      "|(?:\\bsections?|§+)\\s*(\\d{3,4}\\.\\d+[a-z]?)"
      "|\\bauthority citation for (?:(\\d+)\\s*CFR\\s+)?part\\s+(\\d{3,4})"
      "|\\bpart\\s+(\\d{3,4})\\b");
  // Targets are named before the change: the places after it are cross-references.
  std::size_t limit = masked.size();
  for (const VerbAt& verb : verbs_in(masked))
    if (!verb.passive && verb.begin > 0) {
      limit = verb.begin;
      break;
    }
  std::vector<AmendmentTarget> out;
  const auto scan = [&](std::size_t stop) {
    std::size_t at = 0;
    re2::StringPiece g[7];
    while (at < stop && place.Match(re2_view(masked), at, stop, RE2::UNANCHORED, g, 7)) {
      AmendmentTarget target{title, std::string(part), {}, std::nullopt, false, 0};
      const auto text_of = [&](int i) { return std::string(g[i]); };
      if (!g[1].empty()) {
        target.section = "Supplement No. " + text_of(1);
        if (!g[2].empty()) target.part = text_of(2);
        if (title == 15 && target.part == "744") target.list = list_of_supplement(std::stoi(text_of(1)));
      } else if (!g[3].empty()) {
        target.section = text_of(3);
        target.part = target.section.substr(0, target.section.find('.'));
      } else if (!g[5].empty()) {
        target.part = text_of(5);
        target.authority = true;
      } else {
        target.part = text_of(6);
      }
      target.end = offset(g[0], masked) + g[0].size();
      at = target.end;
      const bool bare_part = target.section.empty() && !target.authority;
      if (!(bare_part && !out.empty())) out.push_back(std::move(target));
    }
  };
  scan(limit);
  // "Revise § 744.11" and "Adding Supplement No. 8 to part 744" name it after the verb.
  if (out.empty() || (out.size() == 1 && out[0].section.empty() && !out[0].authority)) {
    static const RE2 verb_first(
        "(?i)^(?:add|revis|remov|delet|amend|correct|redesignat|stay|suspend)(?:e|ing)?\\s+(?:and "
        "reserv(?:e|ing)\\s+)?(?:supp|section|§|part)");
    if (RE2::PartialMatch(re2_view(masked), verb_first)) {
      out.clear();
      scan(std::min<std::size_t>(masked.size(), 120));
      if (out.size() > 1) out.resize(1);
    }
  }
  return out;
}

std::vector<Touched> touched_by(std::string_view tidied, const AmendmentTarget& target, SubItems sub_items) {
  const std::string masked_text = mask_quotes(tidied);
  const std::string_view masked(masked_text);
  std::vector<Touched> out;
  const bool supplement = target.section.starts_with("Supplement");
  const auto add = [&](std::string what, std::string action) {
    if (target.authority) what = "authority citation";
    out.push_back({target.title, target.part, target.section, std::move(what), std::move(action)});
  };
  const std::vector<VerbAt> verbs = verbs_in(masked);
  for (std::size_t v = 0; v < verbs.size(); ++v) {
    const VerbAt& verb = verbs[v];
    // "removing and reserving" is one act.
    if (verb.action == "reserve") continue;
    std::size_t stop = verb.end;
    while (stop < masked.size() && !ends_phrase(masked, stop)) ++stop;
    if (v + 1 < verbs.size()) stop = std::min(stop, verbs[v + 1].begin);
    std::string object = touched_what(tidied.substr(verb.end, stop - verb.end));
    if (v + 1 < verbs.size() && verbs[v + 1].action == "reserve" && (object.empty() || object == "and")) {
      std::size_t end = verbs[v + 1].end;
      while (end < masked.size() && !ends_phrase(masked, end)) ++end;
      const std::size_t last = v + 2 < verbs.size() ? std::min(end, verbs[v + 2].begin) : end;
      object = touched_what(tidied.substr(verbs[v + 1].end, last - verbs[v + 1].end));
    }
    if (verb.passive) {
      // The subject: the target itself, or "paragraph (a) of § 744.11".
      static const RE2 paragraph(
          "(?i)\\b((?:paragraphs?|note|footnote|definition)\\b[^,;:]*?)\\s+(?:of|to|in)\\s+(?:§|section|"
          "supp)");
      std::string subject;
      RE2::PartialMatch(re2_view(masked.substr(0, verb.begin)), paragraph, &subject);
      if (subject.empty() && supplement) subject = "whole supplement";
      add(subject, verb.action);
      continue;
    }
    const std::string place = place_before(masked, verb.begin);
    if (object.empty() && place.empty() && sub_items == SubItems::follow) continue;
    // "Revise § 744.11 to read as follows" has the target as its object.
    static const RE2 names_target("(?i)^(?:supp|section|§)");
    if (RE2::PartialMatch(object, names_target)) object = supplement ? "whole supplement" : "";
    add(join_places(place, object), verb.action);
  }
  return out;
}

}  // namespace entitywatch::parsers
