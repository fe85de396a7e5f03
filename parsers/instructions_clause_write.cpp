#include <re2/re2.h>

#include <algorithm>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/instructions_clause_reader.hpp"

namespace entitywatch::parsers {

EntryInstruction ClauseReader::instruction() const {
  EntryInstruction e;
  e.list = *out_.after.target.list;
  e.effective_on = out_.after.effective_on;
  e.words = text::excerpt(item_.text, instruction_words_kept);
  e.number = item_.number;
  if (verb_) {
    e.kind = kind_of(*verb_);
    e.is_correction = *verb_ == ListVerb::correct;
  }
  return e;
}

void ClauseReader::touched(std::string what, ListVerb verb) {
  const AmendmentTarget& t = out_.after.target;
  out_.touched.push_back({t.title, t.part, t.section, std::move(what), std::string(action_of(verb))});
}

void ClauseReader::finding(std::string code, std::string message, std::string_view excerpt) {
  out_.findings.push_back({Finding::Severity::review, std::move(code), std::move(message),
                           text::excerpt(excerpt, instruction_words_kept)});
}

void ClauseReader::doubt_entries(std::size_t first, const std::string& code, const std::string& message,
                                 std::string_view excerpt) {
  if (first >= out_.entries.size()) return finding(code, message, excerpt);
  for (std::size_t i = first; i < out_.entries.size(); ++i)
    out_.entries[i].findings.push_back(
        {Finding::Severity::review, code, message, text::excerpt(excerpt, instruction_words_kept)});
}

void ClauseReader::write_name(const PendingName& pending, const std::string& country) {
  EntryInstruction e = instruction();
  e.name = pending.name;
  e.country = printed_country(country);
  e.becomes = pending.becomes;
  e.partial = partial_;
  e.findings = pending.findings;
  if (!pending.becomes.empty()) e.kind = OperationKind::revise;
  if (!verb_) {
    if (!in_order_) {
      finding("unplaced_instruction", "the instruction names an entry and no verb says what happens to it",
              item_.text);
      return;
    }
    e.findings.push_back({Finding::Severity::review, "missing_verb",
                          "the instruction lacks a verb; entries in alphabetical order are additions",
                          text::excerpt(item_.text, 200)});
  }
  if (kind_uncertain_)
    e.findings.push_back({Finding::Severity::review, "kind_uncertain",
                          "the instruction joins two verbs over the entries it names",
                          text::excerpt(item_.text, 200)});
  if (country.empty())
    e.findings.push_back({Finding::Severity::review, "country_missing",
                          "the instruction names no country for the entry", text::excerpt(item_.text, 200)});
  if (!more_countries_.empty())
    e.findings.push_back({Finding::Severity::review, "several_countries",
                          "the instruction names several countries for the entry",
                          text::excerpt(item_.text, 200)});
  out_.entries.push_back(std::move(e));
}

void ClauseReader::finish_segment(Joined joined) {
  if (joined == Joined::yes) {
    segment_open_ = false;
    return;
  }
  if (!names_.empty()) {
    const std::size_t first = out_.entries.size();
    for (const PendingName& n : names_) write_name(n, n.country.empty() ? country_ : n.country);
    for (const std::string& country : more_countries_)
      for (const PendingName& n : names_) write_name(n, country);
    if (count_ && *count_ != static_cast<int>(names_.size()))
      doubt_entries(first, "instruction_count_differs",
                    "the instruction counts " + std::to_string(*count_) + " entries and names " +
                        std::to_string(names_.size()),
                    item_.text);
    wrote_ = true;
  } else if (count_ && verb_) {
    EntryInstruction e = instruction();
    e.count = count_;
    e.country = printed_country(country_);
    out_.entries.push_back(std::move(e));
    wrote_ = true;
  } else if (segment_open_ && !segment_has_country_) {
    write_touched();
  }
  names_.clear();
  count_.reset();
  separated_ = false;

  partial_ = chained_ = becomes_next_ = quoted_part_ = false;
  part_mode_ = !scope_.empty();  // "in the entry for “X”, …": what follows are its parts
  segment_open_ = segment_has_country_ = false;
  country_noun_ = false;
}

void ClauseReader::write_touched() {
  if (!scope_.empty() || above_.names_are_parts) {
    wrote_ = true;
    return;
  }
  const std::size_t end = at_ < tokens_.size() ? tokens_[at_].begin : text_.size();
  std::string what =
      touched_what(std::string_view(text_).substr(segment_start_, end - std::min(segment_start_, end)));
  static const RE2 scope("(?i)(?:^|,?\\s)under\\s.*$");
  RE2::Replace(&what, scope, "");
  static const RE2 nothing_said(
      "(?i)^(?:(?:in )?alphabetical order|entr(?:y|ies)(?: "
      "for)?|entities|listings?|and|,|the|following|\\s)*$");
  static const RE2 own_text(
      "(?i)introductory|heading|footnote|\\bnote\\b|column|paragraph|sentence|title|table|text|supplement|"
      "punctuation|legend|definition");
  static const RE2 unnamed_entries("(?i)\\b(?:entr(?:y|ies)|entit(?:y|ies)|persons?)\\b");
  const bool table_names_them =
      RE2::PartialMatch(what, unnamed_entries) && (*verb_ == ListVerb::add || *verb_ == ListVerb::revise);
  if (RE2::FullMatch(what, nothing_said)) {
    if (table_names_them && sub_items_ == SubItems::none) {
      write_from_table();
    } else if (passive_ || (has_own_target_ && sub_items_ == SubItems::none && !in_order_)) {
      touched("whole supplement", *verb_);
      wrote_ = true;
    } else if (sub_items_ == SubItems::follow) {
      wrote_ = true;
    }
    return;
  }
  if (write_unquoted(what)) return;
  if (!RE2::PartialMatch(what, own_text))
    finding("unplaced_instruction", "the instruction changes the list and names no entry that could be read",
            item_.text);
  touched(std::move(what), *verb_);
  wrote_ = true;
}

void ClauseReader::write_from_table() {
  std::vector<std::string> countries = more_countries_;
  countries.insert(countries.begin(), country_);
  for (const std::string& country : countries) {
    EntryInstruction e = instruction();
    e.from_table = true;
    e.country = printed_country(country);
    out_.entries.push_back(std::move(e));
  }
  wrote_ = true;
}

bool ClauseReader::write_unquoted(const std::string& what) {
  static const RE2 names(
      "(?i)^(?:in alphabetical order,? )?(?:the |following |one |an? )*(?:[a-z]+ )?"
      "(?:entit(?:y|ies)|entr(?:y|ies)|persons?|listings?)(?: for)?(?: in alphabetical order)?[,:]* "
      "(?-i:((?:[A-Z]|\\d).*))$");
  std::string list;
  if (!RE2::FullMatch(what, names, &list)) return false;
  bool any = false;
  for (const std::string& one : text::split(list, ';')) {
    std::string name = text::trim(one);
    if (name.starts_with("and ")) name.erase(0, 4);
    name = entry_name(name);
    if (name.empty() || !starts_upper(name)) continue;
    PendingName pending{name, country_, country_here_, false, {}, {}};
    pending.findings.push_back({Finding::Severity::review, "name_not_quoted",
                                "the instruction names the entry without quotation marks",
                                text::excerpt(item_.text, 200)});
    write_name(pending, country_);
    any = wrote_ = true;
  }
  return any;
}

void ClauseReader::write_scope() {
  if (scope_.empty()) return;
  for (PendingName& n : scope_) {
    EntryInstruction e = instruction();
    e.kind = OperationKind::revise;
    e.name = n.name;
    e.country = printed_country(n.country.empty() ? country_ : n.country);
    e.partial = true;
    e.findings = n.findings;
    out_.entries.push_back(std::move(e));
  }
  out_.after.names_are_parts = true;
  wrote_ = true;
}

void ClauseReader::report_leftovers() {
  if (!unread_.empty())
    doubt_entries(0, "unread_words", "words between the names of an instruction were not understood",
                  unread_);
  if (wrote_ || sub_items_ == SubItems::follow) return;
  if (verb_here_ || in_order_ || country_here_)
    finding("unplaced_instruction", "the instruction could not be read as an act on an entry", item_.text);
}

}  // namespace entitywatch::parsers
