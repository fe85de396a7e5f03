#include "parsers/instructions_clause.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <span>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/fr_numbers.hpp"
#include "parsers/instructions_tokens.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::size_t words_kept = 300;

bool one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

constexpr std::string_view entry_nouns[] = {
    "entity",    "entities",    "entry",        "entries", "person",    "persons",       "party",
    "parties",   "listing",     "listings",     "company", "companies", "organizations", "organization",
    "end-users", "institution", "institutions", "name",    "names"};
constexpr std::string_view part_nouns[] = {
    "alias",    "aliases",     "address",     "addresses", "word",      "words",      "phrase",   "phrases",
    "text",     "term",        "citation",    "citations", "reference", "references", "sentence", "date",
    "spelling", "designation", "punctuation", "quotation", "comma",     "a.k.a",      "aka"};
constexpr std::string_view country_nouns[] = {"country",      "countries", "destination",
                                              "destinations", "heading",   "headings"};

std::optional<ListVerb> verb_of(std::string_view lower) {
  const auto is = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, lower) != words.end();
  };
  if (is({"add", "adds", "adding", "added", "insert", "inserting", "inserted", "placing"}))
    return ListVerb::add;
  if (is({"revise", "revises", "revising", "revised", "modify", "modifies", "modifying", "modified",
          "updating", "update", "replacing", "replace", "amending", "amend", "changing", "republishing"}))
    return ListVerb::revise;
  if (is({"correct", "corrects", "correcting", "corrected"})) return ListVerb::correct;
  if (is({"remove", "removes", "removing", "removed", "delete", "deleting", "deleted", "striking"}))
    return ListVerb::remove;
  if (is({"redesignate", "redesignating", "redesignated", "renaming"})) return ListVerb::redesignate;
  return std::nullopt;
}

OperationKind kind_of(ListVerb verb) {
  switch (verb) {
    case ListVerb::add:
      return OperationKind::add;
    case ListVerb::remove:
      return OperationKind::remove;
    default:
      return OperationKind::revise;
  }
}

std::string_view action_of(ListVerb verb) {
  switch (verb) {
    case ListVerb::add:
      return "add";
    case ListVerb::remove:
      return "remove";
    case ListVerb::correct:
      return "correct";
    case ListVerb::redesignate:
      return "redesignate";
    default:
      return "revise";
  }
}

bool is_upper_case(std::string_view words) {
  std::size_t letters = 0;
  for (const char c : words) {
    if (c >= 'a' && c <= 'z') return false;
    letters += (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80 ? 1u : 0u;
  }
  return letters >= 3;
}

bool starts_upper(std::string_view word) {
  return !word.empty() && ((word[0] >= 'A' && word[0] <= 'Z') || static_cast<unsigned char>(word[0]) >= 0x80);
}

// 'Canada' in single quotation marks, which an apostrophe cannot be told from.
std::string_view unquoted(std::string_view word) {
  for (const std::string_view mark : {"'", "‘", "’"}) {
    if (word.starts_with(mark)) word.remove_prefix(mark.size());
    if (word.ends_with(mark)) word.remove_suffix(mark.size());
  }
  return word;
}

// "Address 03": an address entry's name even where the words around it speak of addresses.
bool is_address_name(std::string_view name) {
  static const RE2 address("(?i)^address \\d+$");
  return RE2::FullMatch(re2::StringPiece(name.data(), name.size()), address);
}

// An entry's name as quoted; a whole row quoted by a removal keeps its name only.
std::string entry_name(std::string_view quoted) {
  std::string name = name_in_quote(quoted);
  static const RE2 alias(
      "(?i)^(.+?)[,;]?\\s+\\(?(?:a\\.?\\s?k\\.?\\s?a\\.?|f\\.?\\s?k\\.?\\s?a\\.?|also known as|formerly "
      "known as)[,:\\s].*$");
  std::string head;
  if (RE2::FullMatch(name, alias, &head)) name = name_in_quote(head);
  return name;
}

// What the rule prints about the form of the paragraph, not about entries.
std::string without_boilerplate(std::string text) {
  static const RE2 announcement(
      "(?i)\\bthe\\s+(?:additions?|revisions?|corrections?|removals?|changes?|amendments?|entry|entries)"
      "(?:(?:,|,? and)\\s+(?:the\\s+)?(?:additions?|revisions?|corrections?|removals?|changes?|amendments?))*"
      "(?:\\s+to\\s[^“:;.]{0,60})?\\s+(?:to\\s+)?reads?\\s+as\\s+follows[:.]?");
  static const RE2 to_read("(?i),?\\s*(?:\\bto\\s+)?\\breads?\\s+as\\s+follows[:.]?");
  static const RE2 as_follows("(?i),?\\s*\\bas\\s+follows:");
  static const RE2 aside("\\((?:[Ss]ee |U\\.A\\.E\\.|UAE|PRC|China\\)|U\\.K\\.)[^()]*\\)?");
  RE2::GlobalReplace(&text, announcement, " ");
  RE2::GlobalReplace(&text, to_read, " ");
  RE2::GlobalReplace(&text, as_follows, ":");
  RE2::GlobalReplace(&text, aside, " ");
  return text::collapse(text);
}

struct FoundCountry {
  std::string printed;
  std::size_t next = 0;  // first token after it
};

// The longest run of tokens from `first` that is a country; with `unknown_too`, else the capitals there.
enum class Unknown { no, capitals };
std::optional<FoundCountry> country_at(const std::vector<Token>& tokens, std::size_t first,
                                       std::string_view text, Unknown unknown) {
  if (first >= tokens.size() || tokens[first].kind != Token::Kind::word ||
      !starts_upper(unquoted(tokens[first].text)))
    return std::nullopt;
  constexpr std::size_t longest = 9;
  std::optional<FoundCountry> best;
  std::size_t capitals = first;
  bool all_capitals = true;
  for (std::size_t i = first; i < tokens.size() && i < first + longest; ++i) {
    if (tokens[i].is_quote() || tokens[i].is_mark(';') || tokens[i].is_mark(':')) break;
    if (tokens[i].kind == Token::Kind::mark) continue;
    const std::string_view printed =
        unquoted(text.substr(tokens[first].begin, tokens[i].end - tokens[first].begin));
    if (!country_code(printed).empty()) {
      best = FoundCountry{std::string(printed), i + 1};
      // "CRIMEA (OCCUPIED)"
      if (i + 1 < tokens.size() && tokens[i + 1].is_mark(')') && printed.find('(') != std::string_view::npos)
        best = FoundCountry{std::string(printed) + ")", i + 2};
    }
    all_capitals = all_capitals && is_upper_case(printed) && (tokens[i].text.size() > 1);
    if (all_capitals) capitals = i + 1;
  }
  // "UNITED ARAB EMIRATES," and misprints after a known head: the capitals belong to the country.
  if (best && capitals > best->next) best = FoundCountry{best->printed, capitals};
  if (!best && unknown == Unknown::capitals && capitals > first)
    best = FoundCountry{
        std::string(text.substr(tokens[first].begin, tokens[capitals - 1].end - tokens[first].begin)),
        capitals};
  return best;
}

struct PendingName {
  std::string name;
  std::string country;
  bool country_given = false;  // by this item's own words
  bool placed_after = false;   // by a country that stands behind it
  std::string becomes;
  std::vector<Finding> findings;
};

// Reads the tokens left to right. A segment is what one verb governs; it is written out when the next
// verb, or the next country with names already read, begins.
class ClauseReader {
 public:
  ClauseReader(const InstructionItem& item, const ClauseContext& above, SubItems sub_items)
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

  ClauseReading read() {
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

 private:
  // The words that name the supplement are no part of the clause.
  void skip_target() {
    const std::string masked = mask_quotes(text_);
    const std::vector<AmendmentTarget> targets = find_targets(masked, item_.title, item_.part);
    if (targets.empty() || !targets.front().list) return;
    while (at_ < tokens_.size() && tokens_[at_].begin < targets.back().end) ++at_;
    has_own_target_ = true;
  }

  void step() {
    const Token& token = tokens_[at_];
    if (token.is_quote()) return read_quote();
    if (token.kind == Token::Kind::mark) {
      if (token.is_mark(';')) read_separator();
      ++at_;
      return;
    }
    if (read_under() || read_country() || read_verb() || read_count() || read_noun() || read_phrase()) return;
    ++at_;
  }

  void read_separator() {
    separated_ = true;
    chained_ = false;
    part_mode_ = false;
  }

  // ---- countries ----

  bool read_under() {
    const Token& token = tokens_[at_];
    const bool from = token.lower == "from";
    if (token.lower != "under" && token.lower != "beneath" && !from) return false;
    std::size_t i = at_ + 1;
    static constexpr std::string_view fillers[] = {"the",     "destination", "destinations", "of",
                                                   "country", "countries",   "heading",      "headings",
                                                   "listing", "for",         "entry",        "column"};
    while (i < tokens_.size() && tokens_[i].kind == Token::Kind::word && one_of(tokens_[i].lower, fillers))
      ++i;
    // "under the United Arab Emirates" begins with a filler word that may belong to the name.
    std::optional<FoundCountry> found;
    if (i < tokens_.size() && tokens_[i].is_quote()) {
      const std::string name = name_in_quote(tokens_[i].text);
      if (!country_code(name).empty()) found = FoundCountry{name, i + 1};
    } else {
      found = country_at(tokens_, i, text_, from ? Unknown::no : Unknown::capitals);
    }
    if (!found) return false;
    enter_country(*found);
    // "under FRANCE and GERMANY": both.
    while (at_ + 1 < tokens_.size() && (tokens_[at_].is_word("and") || tokens_[at_].is_mark(','))) {
      std::size_t next = at_ + 1;
      if (next < tokens_.size() && tokens_[next].is_word("and")) ++next;
      const auto more = country_at(tokens_, next, text_, Unknown::no);
      if (!more) break;
      more_countries_.push_back(more->printed);
      at_ = more->next;
    }
    return true;
  }

  // What comes after a country: names or counts it governs, a verb that begins anew, or neither.
  enum class Follows { objects, verb, nothing };
  [[nodiscard]] Follows what_follows(std::size_t from) const {
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

  // A country before its entries ("Under X, adding “A”") holds until the next one; a country after them
  // ("removing “A” under X") holds for those before it.
  void enter_country(const FoundCountry& found) {
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

  // A country that stands without "under": the object of the verb ("a country listing for ITALY",
  // "Removing the entry for SAUDI ARABIA") or, before any verb, the scope of what follows.
  bool read_country() {
    const Token& token = tokens_[at_];
    const bool noun_asks = country_noun_;
    if (!starts_upper(token.text) || (at_ > 0 && tokens_[at_ - 1].is_mark('('))) return false;
    const auto found = country_at(tokens_, at_, text_, Unknown::no);
    if (!found || (!noun_asks && !is_upper_case(found->printed) && !entry_for_before())) return false;
    object_country(*found);
    return true;
  }

  // "the entry for Saudi Arabia"
  [[nodiscard]] bool entry_for_before() const {
    return verb_here_ && at_ >= 2 && tokens_[at_ - 1].is_word("for") &&
           (tokens_[at_ - 2].lower.starts_with("entr") || tokens_[at_ - 2].lower.starts_with("listing"));
  }

  void object_country(const FoundCountry& found) {
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

  // "an entry for RUSSIA, “X”": the country only says where.
  [[nodiscard]] bool entries_follow(std::size_t from) const {
    if (country_noun_) return false;
    for (std::size_t i = from; i < tokens_.size(); ++i) {
      if (tokens_[i].is_quote()) return country_code(name_in_quote(tokens_[i].text)).empty();
      if (tokens_[i].is_mark(';') || tokens_[i].is_mark('.') || tokens_[i].is_word("and") ||
          verb_of(tokens_[i].lower))
        return false;
    }
    return false;
  }

  // "removing X and adding Y in its place": said from the verb at `verb` (a token) to the next but one.
  [[nodiscard]] bool replaced_in_place(std::size_t verb) const {
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

  // ---- verbs ----

  bool read_verb() {
    const Token& token = tokens_[at_];
    const auto verb = verb_of(token.lower);
    if (!verb) return false;
    const auto before = [&](std::size_t n) { return at_ >= n ? &tokens_[at_ - n] : nullptr; };
    const bool passive = before(1) && (before(1)->is_word("is") || before(1)->is_word("are"));
    const bool past = token.lower.ends_with("ed");
    if (token.lower.starts_with("amend") && !entry_noun_soon()) return ++at_, true;
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
    if ((how && !names_.empty() && verb_ == ListVerb::revise) || chained_) {
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
    finish_segment();
    verb_ = verb;
    verb_here_ = true;
    segment_verb_ = at_;
    segment_start_ = token.end;
    segment_open_ = true;
    passive_ = passive;
    return ++at_, true;
  }

  [[nodiscard]] bool entry_noun_soon() const {
    for (std::size_t i = at_ + 1; i < tokens_.size() && i <= at_ + 5; ++i)
      if (tokens_[i].is_quote() || tokens_[i].lower.starts_with("entr") ||
          tokens_[i].lower.starts_with("listing"))
        return true;
    return false;
  }

  // ---- names, counts, nouns ----

  void read_quote() {
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

  // What stands right before a token.
  [[nodiscard]] re2::StringPiece words_before(const Token& token) const {
    constexpr std::size_t reach = 300;
    const std::size_t first = token.begin > reach ? token.begin - reach : 0;
    return {text_.data() + first, token.begin - first};
  }

  // "In the entry for “X”," before any verb.
  [[nodiscard]] bool opens_scope(const Token& token) const {
    static const RE2 scope(
        "(?i)\\b(?:in|to|for|from) (?:the )?(?:entr(?:y|ies)|listings?) (?:for|of|under)[^;:]*$");
    if (!above_.verb && !scope_.empty()) return true;
    return RE2::PartialMatch(words_before(token), scope);
  }

  [[nodiscard]] bool part_of_entry(const Token& token) const {
    static const RE2 entry(
        "(?i)\\b(?:from|in|to) (?:the )?(?:entry|entries|listing) (?:[^;“”]{0,80} )?(?:for|of)\\s*$");
    return RE2::PartialMatch(words_before(token), entry);
  }

  // “Address 03” through “Address 06”.
  void read_range() {
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

  bool read_count() {
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

  bool read_noun() {
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

  bool read_phrase() {
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

  // ---- writing ----

  [[nodiscard]] static std::string printed_country(const std::string& country) {
    constexpr std::size_t longest_abbreviation = 4;  // "UAE", "U.K."
    const bool as_listed = is_upper_case(country) && country.size() > longest_abbreviation;
    return as_listed || country_code(country).empty() ? country : canonical_country(country);
  }

  [[nodiscard]] EntryInstruction instruction() const {
    EntryInstruction e;
    e.list = *out_.after.target.list;
    e.effective_on = out_.after.effective_on;
    e.words = text::excerpt(item_.text, words_kept);
    e.number = item_.number;
    if (verb_) {
      e.kind = kind_of(*verb_);
      e.is_correction = *verb_ == ListVerb::correct;
    }
    return e;
  }

  void touched(std::string what, ListVerb verb) {
    const AmendmentTarget& t = out_.after.target;
    out_.touched.push_back({t.title, t.part, t.section, std::move(what), std::string(action_of(verb))});
  }

  void finding(std::string code, std::string message, std::string_view excerpt) {
    out_.findings.push_back(
        {Finding::Severity::review, std::move(code), std::move(message), text::excerpt(excerpt, words_kept)});
  }

  void write_name(const PendingName& pending, const std::string& country) {
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
    if (country.empty())
      e.findings.push_back({Finding::Severity::review, "country_missing",
                            "the instruction names no country for the entry",
                            text::excerpt(item_.text, 200)});
    if (!more_countries_.empty())
      e.findings.push_back({Finding::Severity::review, "several_countries",
                            "the instruction names several countries for the entry",
                            text::excerpt(item_.text, 200)});
    out_.entries.push_back(std::move(e));
  }

  void finish_segment() {
    if (!names_.empty()) {
      if (count_ && *count_ != static_cast<int>(names_.size()))
        finding("instruction_count_differs",
                "the instruction counts " + std::to_string(*count_) + " entries and names " +
                    std::to_string(names_.size()),
                item_.text);
      for (const PendingName& n : names_) write_name(n, n.country.empty() ? country_ : n.country);
      for (const std::string& country : more_countries_)
        for (const PendingName& n : names_) write_name(n, country);
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

    partial_ = part_mode_ = chained_ = becomes_next_ = quoted_part_ = false;
    segment_open_ = segment_has_country_ = false;
    country_noun_ = false;
  }

  // A verb without entries: what it changes about the supplement's own text.
  void write_touched() {
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
      finding("unplaced_instruction",
              "the instruction changes the list and names no entry that could be read", item_.text);
    touched(std::move(what), *verb_);
    wrote_ = true;
  }

  // "adding the following entries in alphabetical order under CHINA": the table says which.
  void write_from_table() {
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

  // "removing the entity Foo Bar Co., Ltd.": names without quotation marks, always doubtful.
  bool write_unquoted(const std::string& what) {
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

  void write_scope() {
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

  // Words that look like an instruction about entries and led to nothing must not pass in silence.
  void report_leftovers() {
    if (wrote_ || sub_items_ == SubItems::follow) return;
    if (verb_here_ || in_order_ || country_here_)
      finding("unplaced_instruction", "the instruction could not be read as an act on an entry", item_.text);
  }

  const InstructionItem& item_;
  const ClauseContext& above_;
  const SubItems sub_items_;
  const std::string text_;
  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
  ClauseReading out_;

  std::optional<ListVerb> verb_;
  bool verb_here_ = false;
  bool passive_ = false;
  std::string country_;

  bool country_here_ = false;  // named in this item, before what it governs
  std::vector<std::string> more_countries_;
  bool has_own_target_ = false;
  bool in_order_ = false;
  bool wrote_ = false;
  bool replacing_ = false;  // one country heading by another

  // of the segment
  std::vector<PendingName> names_;
  std::optional<int> count_;
  bool separated_ = false;        // a semicolon stands after the last name or count
  std::size_t segment_verb_ = 0;  // token
  std::size_t segment_start_ = 0;
  bool segment_open_ = false;
  bool segment_has_country_ = false;
  bool country_noun_ = false;  // a noun like "heading" or "destination" has been read
  bool part_mode_ = false;     // quotes are parts of an entry, not names
  bool partial_ = false;
  bool quoted_part_ = false;
  bool chained_ = false;
  bool becomes_next_ = false;
  std::vector<PendingName> scope_;
};

}  // namespace

ClauseReading read_list_clause(const InstructionItem& item, const ClauseContext& above, SubItems sub_items) {
  return ClauseReader(item, above, sub_items).read();
}

}  // namespace entitywatch::parsers
