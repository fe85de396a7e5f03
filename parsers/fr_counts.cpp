#include "parsers/fr_counts.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <set>
#include <span>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/fr_numbers.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

struct Word {
  std::string text;  // as printed, without brackets and closing marks
  std::string lower;
  bool opens = false;   // a bracket stands before it
  bool closes = false;  // a bracket stands after it
  bool breaks = false;  // a semicolon or colon after it
  bool comma = false;   // a comma after it
};

bool one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

std::vector<Word> words_of(std::string_view sentence) {
  std::vector<Word> out;
  for (std::string piece : text::split(text::collapse(sentence), ' ')) {
    Word w;
    while (!piece.empty() && (piece[0] == '(' || piece[0] == '[')) {
      w.opens = true;
      piece.erase(0, 1);
    }
    for (bool again = true; again && !piece.empty();) {
      again = false;
      const char last = piece.back();
      if (last == ')' || last == ']') w.closes = again = true;
      if (last == ';' || last == ':') w.breaks = again = true;
      if (last == ',') w.comma = again = true;
      if (last == '.' && piece.find('.') == piece.size() - 1) again = true;
      if (again) piece.pop_back();
    }
    if (piece.empty()) continue;
    w.text = piece;
    w.lower = piece;
    std::ranges::transform(w.lower, w.lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    out.push_back(std::move(w));
  }
  return out;
}

std::vector<std::string> sentences_of(std::string_view summary) {
  static const RE2 uuml("\\[uuml\\]");
  std::string text(summary);
  RE2::GlobalReplace(&text, uuml, "ü");
  std::vector<std::string> out;
  std::size_t start = 0;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const bool end = text[i] == '.' && text[i + 1] == ' ' && text[i + 2] >= 'A' && text[i + 2] <= 'Z' &&
                     i > 1 && !(text[i - 1] >= 'A' && text[i - 1] <= 'Z');  // "U.S. Government"
    if (!end) continue;
    out.push_back(text.substr(start, i + 1 - start));
    start = i + 2;
  }
  out.push_back(text.substr(start));
  return out;
}

std::optional<OperationKind> kind_of(std::string_view lower) {
  const auto is = [&](std::initializer_list<std::string_view> all) {
    return std::ranges::find(all, lower) != all.end();
  };
  if (is({"add", "adds", "adding", "added", "additions", "addition", "transfer", "transfers",
          "transferring"}))
    return OperationKind::add;
  if (is({"revise", "revises", "revising", "revised", "revisions", "revision", "modify", "modifies",
          "modifying", "modified", "modifications", "correct", "corrects", "correcting", "corrected",
          "corrections", "correction", "amends", "amending"}))
    return OperationKind::revise;
  if (is({"remove", "removes", "removing", "removed", "removal", "removals"})) return OperationKind::remove;
  return std::nullopt;
}

std::optional<StatedUnit> unit_of(std::string_view lower) {
  static constexpr std::string_view entities[] = {"entity", "entities", "person",    "persons",
                                                  "party",  "parties",  "companies", "organizations"};
  if (one_of(lower, entities)) return StatedUnit::entities;
  if (lower == "entry" || lower == "entries") return StatedUnit::entries;
  if (lower == "address" || lower == "addresses") return StatedUnit::addresses;
  return std::nullopt;
}

std::optional<ListId> list_in(std::string_view sentence) {
  static const RE2 to_list(
      "(?i)\\b(?:to|on|from|in) the (entity list|unverified list|uvl|(?:military end[- ]user \\(?'?)?meu)");
  static const RE2 any(
      "(?i)\\b(entity list|unverified list|uvl|meu list|military end[- ]user'? (?:\\(meu\\) )?list)");
  const auto id = [](std::string name) -> ListId {
    name = text::fold(name);
    if (name.starts_with("entity")) return ListId::entity_list;
    if (name.starts_with("u")) return ListId::unverified_list;
    return ListId::meu_list;
  };
  std::set<ListId> found;
  std::string name;
  re2::StringPiece rest = re2_view(sentence);
  while (RE2::FindAndConsume(&rest, any, &name)) found.insert(id(name));
  if (found.size() == 1) return *found.begin();
  // "from the MEU List to the Entity List": where it goes to.
  static const RE2 to("(?i)\\bto the (entity list|unverified list|meu list)");
  if (RE2::PartialMatch(re2_view(sentence), to, &name)) return id(name);
  return std::nullopt;
}

struct CountryAt {
  std::string printed;
  std::size_t next = 0;
};

std::optional<CountryAt> country_at(const std::vector<Word>& words, std::size_t first) {
  constexpr std::size_t longest = 7;
  std::optional<CountryAt> best;
  std::string printed;
  for (std::size_t i = first; i < words.size() && i < first + longest; ++i) {
    if (i > first && words[i].opens) break;
    printed += (printed.empty() ? "" : " ") + words[i].text;
    if (!country_code(printed).empty()) best = CountryAt{printed, i + 1};
    if (words[i].comma) printed += ',';
    if (words[i].breaks) break;
  }
  return best;
}

class SentenceReader {
 public:
  SentenceReader(std::string sentence, std::optional<OperationKind> last_kind,
                 std::optional<ListId> last_list, StatedCounts& out)
      : sentence_(std::move(sentence)),
        words_(words_of(sentence_)),
        list_(list_in(sentence_)),
        carried_(last_kind),
        out_(out) {
    if (!list_) list_ = last_list;
  }

  void read() {
    for (at_ = 0; at_ < words_.size();) step();
    const bool speaks_of_revision = std::ranges::any_of(words_, [](const Word& w) {
      return kind_of(w.lower) == OperationKind::revise && !w.lower.starts_with("amend");
    });
    if (speaks_of_revision && !revision_counted_) out_.more_revisions = true;
  }

  [[nodiscard]] std::optional<OperationKind> kind() const { return kind_ ? kind_ : carried_; }
  [[nodiscard]] std::optional<ListId> list() const { return list_; }

 private:
  void step() {
    const Word& w = words_[at_];
    if (read_bracketed_count() || read_number()) return;
    if (const auto kind = kind_of(w.lower)) {
      // "amends the EAR" is the frame of every summary; "amends 27 existing entries" is a count.
      if (!w.lower.starts_with("amend") || number_soon(at_ + 1)) {
        kind_ = kind;
        // "consisting of revisions to one entry": a noun governs no number.
        if (!w.lower.ends_with("ion") && !w.lower.ends_with("ions") && !w.lower.ends_with("val") &&
            !w.lower.ends_with("vals"))
          verb_at_ = at_;
      }
    }
    if (const auto country = country_at(words_, at_); country && starts_upper(w.text)) {
      last_country_ = country->printed;
      at_ = country->next;
      return;
    }
    ++at_;
  }

  static bool starts_upper(std::string_view word) {
    return !word.empty() &&
           ((word[0] >= 'A' && word[0] <= 'Z') || static_cast<unsigned char>(word[0]) >= 0x80);
  }

  [[nodiscard]] bool number_soon(std::size_t from) const {
    return from < words_.size() && number_of(words_[from].lower).has_value();
  }

  // "Canada (2)"
  bool read_bracketed_count() {
    const Word& w = words_[at_];
    if (!w.opens || !w.closes || last_country_.empty()) return false;
    const auto count = number_of(w.lower);
    if (!count) return false;
    add_country(last_country_, *count);
    last_country_.clear();
    ++at_;
    return true;
  }

  void add_country(const std::string& country, int count) {
    if (!kind() || count == 0) return;
    out_.by_country.push_back(
        {*kind(), list_, StatedUnit::entries, count, country, text::excerpt(sentence_, 300)});
    if (*kind() == OperationKind::revise) revision_counted_ = true;
  }

  bool read_number() {
    std::vector<std::string> lower;
    for (std::size_t i = at_; i < words_.size() && i < at_ + 6; ++i) lower.push_back(words_[i].lower);
    const auto number = leading_number(lower);
    if (!number || words_[at_].lower == "zero") return false;
    const std::size_t start = at_;
    at_ += number->words;
    // "thirty-three (33) persons"
    while (at_ < words_.size() && words_[at_].opens && number_of(words_[at_].lower) == number->value) ++at_;
    read_each(number->value) || read_place(start, number->value) || read_total(start, number->value);
    return true;
  }

  // "one is under each of the following destinations: A, B and C", "one each under the destinations of A, B"
  bool read_each(int count) {
    static const RE2 each(
        "(?i)^(?:is |are )?(?:under )?each (?:of|under) (?:the )?(?:following )?destinations?(?: of)?:? ");
    std::string rest;
    std::size_t i = at_;
    for (; i < words_.size() && i < at_ + 9; ++i) rest += words_[i].lower + " ";
    re2::StringPiece view(rest);
    std::string matched;
    if (!RE2::PartialMatch(view, each)) return false;
    i = at_;
    while (i < words_.size() && !words_[i].lower.starts_with("destination")) ++i;
    ++i;
    bool any = false;
    while (i < words_.size()) {
      if (one_of(words_[i].lower, skipped)) {
        ++i;
        continue;
      }
      const auto country = country_at(words_, i);
      if (!country) break;
      add_country(country->printed, count);
      any = true;
      const bool ends = words_[country->next - 1].breaks;
      i = country->next;
      while (i < words_.size() && words_[i].opens && words_[i].closes) ++i;
      if (ends) break;
    }
    at_ = std::max(at_, i);
    return any;
  }

  // "five are under the destination of China", "one entry under France"
  bool read_place(std::size_t start, int count) {
    static constexpr std::string_view between[] = {
        "entity", "entities", "entry", "entries", "person",  "persons",    "existing", "are", "is",
        "being",  "will",     "be",    "listed",  "located", "added",      "removed",  "on",  "the",
        "list",   "of",       "which", "all",     "also",    "unverified", "uvl"};
    if (start > 0 && (words_[start - 1].lower == "from" || words_[start - 1].lower == "for" ||
                      words_[start - 1].lower == "by"))
      return false;
    std::size_t i = at_;
    while (i < words_.size() && i < at_ + 12 && one_of(words_[i].lower, between)) ++i;
    if (i >= words_.size() || words_[i].lower != "under") return false;
    const bool whole_clause = i > at_ && words_[i - 1].breaks;
    ++i;
    while (i < words_.size() && (one_of(words_[i].lower, skipped) || words_[i].lower == "destination")) ++i;
    if (whole_clause || i >= words_.size()) return false;
    const auto country = country_at(words_, i);
    if (!country || !starts_upper(words_[i].text)) return false;
    std::size_t next = country->next;
    while (next < words_.size() && words_[next].opens && words_[next].closes &&
           !number_of(words_[next].lower))
      ++next;
    // Followed by a bracketed number or by another country, the number is the sum.
    if (next < words_.size() && words_[next].opens && number_of(words_[next].lower)) return false;
    std::size_t more = next;
    const bool listed_on = words_[next - 1].comma || (more < words_.size() && words_[more].lower == "and");
    while (more < words_.size() && (words_[more].lower == "and" || words_[more].lower == "the")) ++more;
    if (listed_on && !words_[next - 1].breaks && country_at(words_, more)) return false;
    for (std::size_t k = at_; k < i; ++k)
      if (const auto kind = kind_of(words_[k].lower)) kind_ = kind;
    // "removes one entity under the destination of the UAE" is a total too.
    if (kind_ && governed(start)) {
      const auto unit = unit_in(at_, i);
      if (unit)
        out_.totals.push_back({*kind_, list_near(at_), *unit, count, {}, text::excerpt(sentence_, 300)});
    }
    add_country(country->printed, count);
    at_ = next;
    return true;
  }

  // "adding 10 entities under 13 entries", "removes two entities and one address", "29 entries (26 entities
  // and 3 addresses)"
  bool read_total(std::size_t start, int count) {
    std::size_t i = at_;
    constexpr std::size_t modifiers = 3;
    while (i < words_.size() && i < at_ + modifiers && !unit_of(words_[i].lower) && !words_[i].breaks &&
           !words_[i].comma)
      ++i;
    if (i >= words_.size()) return false;
    const auto unit = unit_of(words_[i].lower);
    if (!unit || !kind_) return false;
    if (!governed(start)) return false;
    if (*unit == StatedUnit::addresses && *kind_ != OperationKind::add && last_total_end_ == 0) return false;
    list_ = list_near(i + 1);
    out_.totals.push_back({*kind_, list_, *unit, count, {}, text::excerpt(sentence_, 300)});
    if (*kind_ == OperationKind::revise) revision_counted_ = true;
    at_ = i + 1;
    last_total_end_ = at_;
    return true;
  }

  [[nodiscard]] std::optional<StatedUnit> unit_in(std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i)
      if (const auto unit = unit_of(words_[i].lower)) return unit;
    return std::nullopt;
  }

  // The list named right after a count ("9 persons from the UVL and … to the Entity List"), else the
  // sentence's.
  [[nodiscard]] std::optional<ListId> list_near(std::size_t from) const {
    std::string words;
    for (std::size_t i = from; i < words_.size() && i < from + 14; ++i) {
      if (kind_of(words_[i].lower) || (i > from + 4 && number_of(words_[i].lower))) break;
      words += words_[i].lower + " ";
    }
    if (const auto near = list_in(words)) return near;
    return list_;
  }

  // Whether the number belongs to the verb: it follows it at once, or follows another number that does.
  [[nodiscard]] bool governed(std::size_t start) const {
    static constexpr std::string_view light[] = {
        "the",        "following",     "a",      "total", "of", "existing", "these", "an",
        "additional", "typographical", "errors", "in",    "to", "entity",   "list",  "unverified",
        "editorial",  "certain",       "minor",  "for"};
    static constexpr std::string_view joints[] = {"under", "and", "or"};
    if (last_total_end_ != 0 && start >= last_total_end_ && start - last_total_end_ <= 1)
      return words_[start].opens || start == last_total_end_ || one_of(words_[start - 1].lower, joints);
    if (!verb_at_ || start <= *verb_at_) return false;
    for (std::size_t i = *verb_at_ + 1; i < start; ++i)
      if (!one_of(words_[i].lower, light)) return false;
    // "for" and "in" lead to a number only after a noun of correction.
    return start == *verb_at_ + 1 || words_[start - 1].lower != "for";
  }

  static constexpr std::string_view skipped[] = {"the", "destinations", "of", "and", "country", "following"};

  std::string sentence_;
  std::vector<Word> words_;
  std::optional<ListId> list_;
  std::optional<OperationKind> carried_;
  StatedCounts& out_;
  std::size_t at_ = 0;
  std::optional<OperationKind> kind_;
  std::optional<std::size_t> verb_at_;
  std::size_t last_total_end_ = 0;
  std::string last_country_;
  bool revision_counted_ = false;
};

}  // namespace

StatedCounts read_stated_counts(std::string_view summary) {
  StatedCounts out;
  std::optional<OperationKind> kind;
  std::optional<ListId> list;
  for (const std::string& sentence : sentences_of(summary)) {
    SentenceReader reader(sentence, kind, list, out);
    reader.read();
    kind = reader.kind();
    list = reader.list();
  }
  return out;
}

}  // namespace entitywatch::parsers
