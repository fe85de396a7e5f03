#include <re2/re2.h>

#include <algorithm>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/fr_numbers.hpp"
#include "parsers/instructions_clause_reader.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

}  // namespace

bool ClauseReader::read_verb() {
  const Token& token = tokens_[at_];
  const auto verb = verb_of(token.lower);
  if (!verb) return false;
  const auto before = [&](std::size_t n) { return at_ >= n ? &tokens_[at_ - n] : nullptr; };
  const bool passive = before(1) && (before(1)->is_word("is") || before(1)->is_word("are"));
  const bool past = token.lower.ends_with("ed");
  // "is amended, in the entry for “X”, by …": the verb is to come.
  static const RE2 only_announces("(?i)^,? (?:in|for) (?:the )?(?:entry|entries|listings?) (?:for|of)\\b");
  const bool announces = RE2::PartialMatch(re2_view(std::string_view(text_).substr(token.end)), only_announces);
  if (token.lower.starts_with("amend") && (announces || !entry_noun_soon())) return ++at_, true;
  if (past && !passive) return ++at_, true;  // "the entries added by …"
  // "the entry for “X” is removed": what the verb governs stands before it.
  if (passive && !names_.empty() && !segment_open_) {
    verb_ = verb;
    verb_here_ = true;
    finish_segment();
    return ++at_, true;
  }
  // "revising the entry for “X” by removing the address …": how, not another act.
  const bool how = before(1) && (before(1)->is_word("by") || before(1)->is_word("to")) && before(2) &&
                   !before(2)->is_word("and") && !separated_;
  if ((how && (!names_.empty() || count_) && verb_ == ListVerb::revise) || chained_) {
    chained_ = true;
    partial_ = true;
    part_mode_ = true;
    return ++at_, true;
  }
  if (*verb == ListVerb::add && !names_.empty() && verb_ == ListVerb::remove &&
      replaced_in_place(segment_verb_)) {
    becomes_next_ = true;
    return ++at_, true;
  }
  // "revising and adding entries for …": each name may be either.
  const bool joined = segment_open_ && names_.empty() && !count_ && before(1) && before(1)->is_word("and") &&
                      segment_verb_ + 2 == at_ && verb_ != verb;
  finish_segment(joined ? Joined::yes : Joined::no);
  kind_uncertain_ = joined;
  verb_ = verb;
  verb_here_ = true;
  segment_verb_ = at_;
  segment_start_ = token.end;
  segment_open_ = true;
  passive_ = passive;
  return ++at_, true;
}

bool ClauseReader::entry_noun_soon() const {
  for (std::size_t i = at_ + 1; i < tokens_.size() && i <= at_ + 5; ++i)
    if (tokens_[i].is_quote() || tokens_[i].lower.starts_with("entr") ||
        tokens_[i].lower.starts_with("listing"))
      return true;
  return false;
}

void ClauseReader::read_quote() {
  const Token token = tokens_[at_];
  ++at_;
  std::string name = entry_name(token.text);
  if (name.empty()) return;
  if (!country_code(name).empty()) {
    object_country({name, at_});
    return;
  }
  if (becomes_next_) {
    becomes_next_ = false;
    if (names_.size() == 1 || (!names_.empty() && names_.back().becomes.empty())) {
      names_.back().becomes = name;
      partial_ = true;
    }
    return;
  }
  if ((part_mode_ || above_.names_are_parts) && !is_address_name(name)) {
    partial_ = true;
    quoted_part_ = true;
    return;
  }
  PendingName pending{name, country_, country_here_, false, {}, {}};
  separated_ = false;
  if (!token.repair.empty())
    pending.findings.push_back(
        {Finding::Severity::review, "quotes_repaired", token.repair, text::excerpt(token.text, 200)});
  if (!verb_here_ && opens_scope(token)) {
    scope_.push_back(std::move(pending));
    part_mode_ = true;
    return;
  }
  // "removing the address “Y” from the entry for “X”": X is not removed.
  if (verb_here_ && part_of_entry(token)) {
    names_.clear();
    verb_ = ListVerb::revise;
    partial_ = true;
  }
  // A name may stand under several countries at once: “X” under FRANCE and GERMANY.
  names_.push_back(std::move(pending));
  read_range();
}

std::string_view ClauseReader::words_before(const Token& token) const {
  constexpr std::size_t reach = 300;
  const std::size_t first = token.begin > reach ? token.begin - reach : 0;
  return std::string_view(text_).substr(first, token.begin - first);
}

bool ClauseReader::opens_scope(const Token& token) const {
  static const RE2 scope(
      "(?i)\\b(?:in|to|for|from) (?:the )?(?:entr(?:y|ies)|listings?) (?:for|of|under)[^;:]*$");
  if (!above_.verb && !scope_.empty()) return true;
  return RE2::PartialMatch(re2_view(words_before(token)), scope);
}

bool ClauseReader::part_of_entry(const Token& token) const {
  static const RE2 entry(
      "(?i)\\b(?:from|in|to) (?:the )?(?:entry|entries|listing) (?:[^;“”]{0,80} )?(?:for|of)\\s*$");
  return RE2::PartialMatch(re2_view(words_before(token)), entry);
}

void ClauseReader::read_range() {
  if (at_ + 1 >= tokens_.size() || !tokens_[at_].is_word("through") || !tokens_[at_ + 1].is_quote()) return;
  static const RE2 numbered("^(.*?)(\\d{1,4})$");
  const std::string last_name = entry_name(tokens_[at_ + 1].text);
  std::string head, last_head, first_digits, last_digits;
  const PendingName first = names_.back();
  if (!RE2::FullMatch(first.name, numbered, &head, &first_digits) ||
      !RE2::FullMatch(last_name, numbered, &last_head, &last_digits) || head != last_head)
    return;
  const int from = std::stoi(first_digits);
  const int to = std::stoi(last_digits);
  if (to <= from || to - from > 200) return;
  for (int i = from + 1; i < to; ++i) {
    std::string digits = std::to_string(i);
    if (digits.size() < first_digits.size()) digits.insert(0, first_digits.size() - digits.size(), '0');
    PendingName between = first;
    between.name = head + digits;
    names_.push_back(std::move(between));
  }
  ++at_;
}

bool ClauseReader::read_count() {
  std::vector<std::string> words;
  for (std::size_t i = at_; i < tokens_.size() && words.size() < 12 && tokens_[i].kind == Token::Kind::word;
       ++i)
    words.push_back(tokens_[i].lower);
  const auto number = leading_number(words);
  if (!number) return false;
  static constexpr std::string_view labels[] = {"no",        "nos",        "number",  "part",
                                                "title",     "supplement", "section", "footnote",
                                                "paragraph", "page",       "note"};
  const bool label =
      at_ > 0 && (one_of(tokens_[at_ - 1].lower, labels) ||
                  (at_ > 1 && tokens_[at_ - 1].is_mark('.') && one_of(tokens_[at_ - 2].lower, labels)));
  const std::size_t end = at_ + number->words;
  if (!label) {
    for (std::size_t w = number->words; w < words.size() && w < number->words + 5; ++w) {
      if (one_of(words[w], part_nouns)) break;
      if (one_of(words[w], country_nouns)) country_noun_ = true;
      if (!one_of(words[w], entry_nouns)) continue;
      separated_ = false;
      count_ = number->value + (names_.empty() ? count_.value_or(0) : 0);
      part_mode_ = false;
      at_ += w + 1;
      return true;
    }
  }
  at_ = end;
  return true;
}

bool ClauseReader::read_noun() {
  const std::string_view word = tokens_[at_].lower;
  if (one_of(word, part_nouns))
    part_mode_ = true;
  else if (one_of(word, entry_nouns))
    part_mode_ = false;
  else if (one_of(word, country_nouns))
    country_noun_ = !(at_ + 1 < tokens_.size() && tokens_[at_ + 1].is_word("column"));
  else
    return false;
  // "the country listing for ITALY": a listing of a country, not of an entity.
  ++at_;
  return true;
}

bool ClauseReader::read_phrase() {
  const std::string_view word = tokens_[at_].lower;
  if (word == "read" || (word == "as" && verb_ == ListVerb::redesignate)) {
    becomes_next_ = !names_.empty() && !part_mode_;
    ++at_;
    return true;
  }
  if (word == "alphabetical" || word == "numerical") {
    in_order_ = true;
    ++at_;
    return true;
  }
  return false;
}

}  // namespace entitywatch::parsers
