#include <algorithm>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/fr_numbers.hpp"
#include "parsers/instructions_clause_reader.hpp"

namespace entitywatch::parsers {

ClauseReader::ClauseReader(const InstructionItem& item, const ClauseContext& above, SubItems sub_items)
    : item_(item),
      above_(above),
      sub_items_(sub_items),
      text_(without_boilerplate(item.text)),
      tokens_(tokenize_instruction(text_)),
      verb_(above.verb),
      country_(above.country) {
  out_.after = above;
  out_.after.names_are_parts = above.names_are_parts;
}

ClauseReading ClauseReader::read() {
  skip_target();
  while (at_ < tokens_.size()) step();
  finish_segment();
  write_scope();
  if (item_.continues && !wrote_ && sub_items_ == SubItems::none && tokens_.empty()) return std::move(out_);
  report_leftovers();
  out_.after.country = country_;
  out_.after.verb = verb_;
  return std::move(out_);
}

void ClauseReader::skip_target() {
  const std::string masked = mask_quotes(text_);
  const std::vector<AmendmentTarget> targets = find_targets(masked, item_.title, item_.part);
  if (targets.empty() || !targets.front().list) return;
  while (at_ < tokens_.size() && tokens_[at_].begin < targets.back().end) ++at_;
  has_own_target_ = true;
}

void ClauseReader::step() {
  const Token& token = tokens_[at_];
  if (token.is_quote()) return read_quote();
  if (token.kind == Token::Kind::mark) {
    if (token.is_mark(';')) read_separator();
    ++at_;
    return;
  }
  if (read_under() || read_country() || read_verb() || read_count() || read_noun() || read_phrase()) return;
  note_unread(token);
  ++at_;
}

void ClauseReader::note_unread(const Token& token) {
  static constexpr std::string_view expected[] = {
      "entity",   "list",      "unverified",  "military", "end-user", "supplement", "part",     "note",
      "table",    "license",   "requirement", "review",   "policy",   "federal",    "register", "ear",
      "uvl",      "meu",       "the",         "and",      "in",       "by",         "for",      "column",
      "citation", "paragraph", "section",     "footnote", "no"};
  if (names_.empty() || chained_ || !starts_upper(token.text) || one_of(token.lower, expected)) return;
  if (unread_.size() < instruction_words_kept) unread_ += (unread_.empty() ? "" : " ") + token.text;
}

void ClauseReader::read_separator() {
  separated_ = true;
  chained_ = false;
  part_mode_ = false;
}

bool ClauseReader::read_under() {
  const Token& token = tokens_[at_];
  const bool from = token.lower == "from";
  if (token.lower != "under" && token.lower != "beneath" && !from) return false;
  std::size_t i = at_ + 1;
  static constexpr std::string_view fillers[] = {"the",     "destination", "destinations", "of",
                                                 "country", "countries",   "heading",      "headings",
                                                 "listing", "for",         "entry",        "column"};
  while (i < tokens_.size() && tokens_[i].kind == Token::Kind::word && one_of(tokens_[i].lower, fillers)) ++i;
  // "under the United Arab Emirates" begins with a filler word that may belong to the name.
  std::optional<FoundCountry> found;
  if (i < tokens_.size() && tokens_[i].is_quote()) {
    const std::string name = name_in_quote(tokens_[i].text);
    if (!country_code(name).empty()) found = FoundCountry{name, i + 1};
  } else {
    found = country_at(tokens_, i, text_, from ? UnknownCountry::refuse : UnknownCountry::take_capitals);
  }
  if (!found) return false;
  enter_country(*found);
  // "under FRANCE and GERMANY": both.
  while (at_ + 1 < tokens_.size() && (tokens_[at_].is_word("and") || tokens_[at_].is_mark(','))) {
    std::size_t next = at_ + 1;
    if (next < tokens_.size() && tokens_[next].is_word("and")) ++next;
    const auto more = country_at(tokens_, next, text_, UnknownCountry::refuse);
    if (!more) break;
    more_countries_.push_back(more->printed);
    at_ = more->next;
  }
  return true;
}

ClauseReader::Follows ClauseReader::what_follows(std::size_t from) const {
  for (std::size_t i = from; i < tokens_.size(); ++i) {
    const Token& t = tokens_[i];
    if (t.is_quote() || t.is_mark(':')) return Follows::objects;
    if (t.is_mark(';') || t.is_mark('.') || t.is_word("and") || t.is_word("or")) return Follows::nothing;
    if (t.kind != Token::Kind::word) continue;
    if (verb_of(t.lower)) return Follows::verb;
    if (number_of(t.lower) || one_of(t.lower, entry_nouns)) return Follows::objects;
  }
  return Follows::nothing;
}

void ClauseReader::enter_country(const FoundCountry& found) {
  if (country_code(found.printed).empty())
    finding("unknown_country", "the instruction names a country that is not known", found.printed);
  const Follows follows = what_follows(found.next);
  const bool placeless = std::ranges::any_of(names_, [](const PendingName& n) { return !n.country_given; });
  more_countries_.clear();
  at_ = found.next;
  if (!names_.empty() && (follows == Follows::nothing || placeless)) {
    for (PendingName& n : names_) {
      if (n.placed_after) continue;
      n.country = found.printed;
      n.country_given = n.placed_after = true;
    }
    country_ = found.printed;
    country_here_ = false;
    return;
  }
  const bool count_is_complete =
      count_ && follows != Follows::nothing && (separated_ || follows == Follows::verb);
  if (!names_.empty() || count_is_complete) finish_segment();
  country_ = found.printed;
  country_here_ = true;
  if (count_ && follows == Follows::nothing) finish_segment();
}

bool ClauseReader::read_country() {
  const Token& token = tokens_[at_];
  const bool noun_asks = country_noun_;
  if (!starts_upper(token.text) || (at_ > 0 && tokens_[at_ - 1].is_mark('('))) return false;
  const auto found = country_at(tokens_, at_, text_, UnknownCountry::refuse);
  if (!found || (!noun_asks && !is_upper_case(found->printed) && !entry_for_before())) return false;
  object_country(*found);
  return true;
}

bool ClauseReader::entry_for_before() const {
  return verb_here_ && at_ >= 2 && tokens_[at_ - 1].is_word("for") &&
         (tokens_[at_ - 2].lower.starts_with("entr") || tokens_[at_ - 2].lower.starts_with("listing"));
}

void ClauseReader::object_country(const FoundCountry& found) {
  const bool has_verb = verb_here_ || (above_.verb && !country_here_ && at_ > 0);
  if (!has_verb || !verb_ || entries_follow(found.next)) {
    enter_country(found);
    return;
  }
  if (!names_.empty() || count_) finish_segment();
  at_ = found.next;
  country_ = found.printed;
  country_here_ = true;
  segment_has_country_ = true;
  if (segment_open_ && replaced_in_place(segment_verb_) && (*verb_ == ListVerb::remove || replacing_)) {
    replacing_ = true;
    touched("country heading " + found.printed, *verb_);
    finding("country_renamed", "the instruction puts one country heading in another's place", item_.text);
    wrote_ = true;
    return;
  }
  if (*verb_ == ListVerb::add || *verb_ == ListVerb::remove) {
    EntryInstruction e = instruction();
    e.kind = *verb_ == ListVerb::add ? OperationKind::add_country : OperationKind::remove_country;
    e.country = printed_country(found.printed);
    out_.entries.push_back(std::move(e));
  } else {
    touched("country heading " + found.printed, *verb_);
  }
  wrote_ = true;
}

bool ClauseReader::entries_follow(std::size_t from) const {
  if (country_noun_) return false;
  for (std::size_t i = from; i < tokens_.size(); ++i) {
    if (tokens_[i].is_quote()) return country_code(name_in_quote(tokens_[i].text)).empty();
    if (tokens_[i].is_mark(';') || tokens_[i].is_mark('.') || tokens_[i].is_word("and") ||
        verb_of(tokens_[i].lower))
      return false;
  }
  return false;
}

bool ClauseReader::replaced_in_place(std::size_t verb) const {
  std::size_t further_verbs = verb_of(tokens_[verb].lower) != ListVerb::remove ? 1 : 2;
  for (std::size_t i = verb + 1; i + 2 < tokens_.size(); ++i) {
    if (tokens_[i].kind == Token::Kind::word && verb_of(tokens_[i].lower) && --further_verbs == 0)
      return false;
    if (tokens_[i].is_word("in") && (tokens_[i + 1].is_word("its") || tokens_[i + 1].is_word("their")) &&
        tokens_[i + 2].lower.starts_with("place"))
      return true;
  }
  return false;
}

ClauseReading read_list_clause(const InstructionItem& item, const ClauseContext& above, SubItems sub_items) {
  return ClauseReader(item, above, sub_items).read();
}

}  // namespace entitywatch::parsers
