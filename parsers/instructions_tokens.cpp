#include "parsers/instructions_tokens.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <span>

#include "core/countries.hpp"
#include "core/text.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::string_view open_quote = "“";
constexpr std::string_view close_quote = "”";
constexpr auto npos = std::string_view::npos;

bool at(std::string_view text, std::size_t i, std::string_view what) {
  return text.substr(i, what.size()) == what;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t i = text.find(from); i != npos; i = text.find(from, i + to.size()))
    text.replace(i, from.size(), to);
}

// Straight quotation marks open after white space, an opening bracket or a dash, and close otherwise.
std::string curl_straight_quotes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '"') {
      out += text[i];
      continue;
    }
    const bool opens = i == 0 || text[i - 1] == ' ' || text[i - 1] == '(' || out.ends_with("—");
    out += opens && i + 1 < text.size() && text[i + 1] != ' ' ? open_quote : close_quote;
  }
  return out;
}

// Single curly quotation marks around a name, in a paragraph that has no double ones. An apostrophe is
// not a quotation: the closing mark is followed by a separator or the end.
std::string promote_single_quotes(std::string text) {
  if (text.find(open_quote) != npos || text.find(close_quote) != npos) return text;
  static const RE2 single("‘([^‘“”]+?)’([;,.:]|\\s|$)");
  RE2::GlobalReplace(&text, single, "“\\1”\\2");
  return text;
}

bool any_of_words(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

constexpr std::string_view connectives[] = {
    "and",       "or",      "the",      "a",       "an",       "entry", "entries",      "for",
    "following", "entity",  "entities", "listing", "listings", "in",    "alphabetical", "order",
    "by",        "to",      "of",       "under",   "as",       "well",  "its",          "from",
    "with",      "persons", "person",   "on",      "read",     "reads", "follows",
};
bool is_connective(std::string_view lower) { return any_of_words(connectives, lower); }

bool starts_upper_or_digit(std::string_view word) {
  if (word.empty()) return false;
  const auto c = static_cast<unsigned char>(word[0]);
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

constexpr std::string_view keywords[] = {
    "under",      "by",   "in",         "adding",   "removing",      "revising",
    "correcting", "add",  "remove",     "revise",   "redesignating", "amending",
    "the",        "and",  "supplement", "section",  "part",          "for",
    "entity",     "list", "from",       "deleting", "inserting",
};
// A capitalised word that can be a part of a name standing outside its quotation marks.
bool is_stray_name_word(const Token& token) {
  return token.kind == Token::Kind::word && starts_upper_or_digit(token.text) &&
         !any_of_words(keywords, token.lower);
}

void add_word(std::vector<Token>& out, std::string_view text, std::size_t begin) {
  std::size_t first = 0;
  std::size_t last = text.size();
  while (first < last && (text[first] == '(' || text[first] == '[')) {
    out.push_back({Token::Kind::mark, "(", {}, begin + first, begin + first + 1, {}});
    ++first;
  }
  std::vector<Token> tail;
  constexpr std::string_view marks = ";:,.)]";
  while (last > first && marks.find(text[last - 1]) != npos) {
    --last;
    const char mark = text[last] == ']' ? ')' : text[last];
    tail.push_back({Token::Kind::mark, std::string(1, mark), {}, begin + last, begin + last + 1, {}});
  }
  if (last > first) {
    const std::string_view word = text.substr(first, last - first);
    std::string lower(word);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    out.push_back({Token::Kind::word, std::string(word), lower, begin + first, begin + last, {}});
  }
  out.insert(out.end(), tail.rbegin(), tail.rend());
}

void add_words(std::vector<Token>& out, std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t i = begin;
  while (i < end) {
    while (i < end && text[i] == ' ') ++i;
    std::size_t stop = i;
    while (stop < end && text[stop] != ' ' && !(stop > i && at(text, stop, "—"))) ++stop;
    if (stop > i) add_word(out, text.substr(i, stop - i), i);
    i = std::max(stop, i + 1);
  }
}

// A closing mark without an opening one: the name starts after the last separator or "entries for".
void close_without_open(std::vector<Token>& out, std::string_view text, std::size_t close) {
  std::size_t last = out.size();
  while (last > 0 && out[last - 1].kind == Token::Kind::mark) --last;
  std::size_t first = 0;
  for (std::size_t i = last; i-- > 0;) {
    const Token& t = out[i];
    const bool boundary = t.is_quote() || t.is_mark(';') || t.is_mark(':') || t.is_word("order") ||
                          (t.is_word("for") && i > 0 && (is_connective(out[i - 1].lower)));
    if (boundary) {
      first = i + 1;
      break;
    }
  }
  while (first < out.size() && (out[first].kind == Token::Kind::mark || is_connective(out[first].lower)))
    ++first;
  if (first >= out.size()) return;
  const std::size_t begin = out[first].begin;
  out.resize(first);
  out.push_back({Token::Kind::quote,
                 std::string(text.substr(begin, close - begin)),
                 {},
                 begin,
                 close + close_quote.size(),
                 "the opening quotation mark is missing"});
}

// The double quotation marks of a text, found once.
struct QuoteMark {
  std::size_t at;
  bool opens;
};

std::vector<QuoteMark> quote_marks(std::string_view text) {
  std::vector<QuoteMark> out;
  for (std::size_t i = text.find("\xE2\x80"); i != npos; i = text.find("\xE2\x80", i + 1)) {
    if (at(text, i, open_quote)) out.push_back({i, true});
    if (at(text, i, close_quote)) out.push_back({i, false});
  }
  return out;
}

struct Closing {
  std::size_t mark;  // which closes; or the next opening one, where the closing is missing
  bool missing;
};

// Which mark closes the quotation that mark `m` opens.
Closing closing_of(const std::vector<QuoteMark>& marks, std::size_t m) {
  const auto opens = [&](std::size_t i) { return i < marks.size() && marks[i].opens; };
  const auto closes = [&](std::size_t i) { return i < marks.size() && !marks[i].opens; };
  if (closes(m + 1)) return {m + 1, false};
  // A second opening mark first: a quotation inside the name when two closings follow, else a lost closing.
  if (opens(m + 1) && closes(m + 2) && closes(m + 3)) return {m + 3, false};
  return {m + 1, true};
}

// The words before a quotation that belong into it: “Chengdu Suanze “Technology Co.”.
void pull_in_words_before(std::vector<Token>& tokens, std::size_t q, std::string_view text) {
  std::size_t first = q;
  while (first > 0 && is_stray_name_word(tokens[first - 1])) --first;
  if (first == q || first == 0) return;
  const Token& before = tokens[first - 1];
  const bool after_names = before.is_quote() || before.is_mark(';') || before.is_mark(',') ||
                           before.is_word("and") || before.is_word("for");
  const std::string_view words = text.substr(tokens[first].begin, tokens[q - 1].end - tokens[first].begin);
  if (!after_names || !country_code(words).empty()) return;
  Token joined = tokens[q];
  joined.text = std::string(words) + " " + text::trim(joined.text);
  joined.begin = tokens[first].begin;
  joined.repair = "the opening quotation mark is misplaced";
  tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(first),
               tokens.begin() + static_cast<std::ptrdiff_t>(q) + 1);
  tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(first), std::move(joined));
}

// The words after a quotation that belong into it: “Chengdu Suanze” Technology Co., Ltd.;
void pull_in_words_after(std::vector<Token>& tokens, std::size_t q, std::string_view text) {
  // A separator inside the quotation ends the name there.
  const std::string inside = text::trim(tokens[q].text);
  if (inside.ends_with(';') || inside.ends_with(',') || inside.ends_with('.')) return;
  std::size_t last = q + 1;
  std::size_t name_end = q;
  while (last < tokens.size() && !tokens[last].is_quote() && !tokens[last].is_mark(';') &&
         !tokens[last].is_mark(':')) {
    if (is_stray_name_word(tokens[last]))
      name_end = last;
    else if (tokens[last].kind == Token::Kind::word)
      break;
    ++last;
  }
  if (name_end == q || !is_stray_name_word(tokens[q + 1])) return;
  const bool abbreviated =
      name_end + 2 < tokens.size() && tokens[name_end + 1].is_mark('.') && tokens[name_end + 2].is_mark(';');
  if (abbreviated) ++name_end;
  const std::string_view words = text.substr(tokens[q + 1].begin, tokens[name_end].end - tokens[q + 1].begin);
  if (!country_code(words).empty()) return;
  tokens[q].text = text::trim(tokens[q].text) + " " + std::string(words);
  tokens[q].end = tokens[name_end].end;
  tokens[q].repair = "the closing quotation mark is misplaced";
  tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(q) + 1,
               tokens.begin() + static_cast<std::ptrdiff_t>(name_end) + 1);
}

bool ends_in_abbreviation(std::string_view name) {
  static constexpr std::string_view abbreviations[] = {
      "ltd",  "co",   "inc", "corp", "pvt", "pte", "bhd",  "sdn", "pty", "dept",
      "intl", "bros", "mfg", "tic",  "san", "sti", "st",   "ind", "est", "univ",
      "inst", "assn", "no",  "jr",   "sr",  "eng", "tech", "trd", "ent"};
  const std::size_t space = name.find_last_of(" ,");
  std::string last(name.substr(space == npos ? 0 : space + 1));
  if (last.ends_with('.')) last.pop_back();
  if (last.find('.') != npos || last.size() == 1) return true;
  return any_of_words(abbreviations, text::fold(last));
}

}  // namespace

std::string tidy_instruction(std::string_view raw) {
  std::string text = text::collapse(text::sanitize(raw));
  replace_all(text, "``", open_quote);
  replace_all(text, "''", close_quote);
  replace_all(text, "„", open_quote);
  replace_all(text, "‟", open_quote);
  replace_all(text, "‘‘", open_quote);
  replace_all(text, "’’", close_quote);
  static const RE2 page_mark("\\(\\s*printed page \\d+\\s*\\)|\\[\\[Page \\d+\\]\\]");
  RE2::GlobalReplace(&text, page_mark, " ");
  return text::collapse(promote_single_quotes(curl_straight_quotes(text)));
}

std::string mask_quotes(std::string_view tidied) {
  std::string out(tidied);
  for (const Token& token : tokenize_instruction(tidied)) {
    if (!token.is_quote()) continue;
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(token.begin),
              out.begin() + static_cast<std::ptrdiff_t>(token.end), ' ');
  }
  return out;
}

std::vector<Token> tokenize_instruction(std::string_view text) {
  const std::vector<QuoteMark> marks = quote_marks(text);
  std::vector<Token> out;
  std::size_t i = 0;
  for (std::size_t m = 0; m < marks.size(); ++m) {
    add_words(out, text, i, marks[m].at);
    if (!marks[m].opens) {
      close_without_open(out, text, marks[m].at);
      i = marks[m].at + close_quote.size();
      continue;
    }
    const std::size_t begin = marks[m].at + open_quote.size();
    const Closing closing = closing_of(marks, m);
    const std::size_t end = closing.mark < marks.size() ? marks[closing.mark].at : text.size();
    i = closing.missing ? end : end + close_quote.size();
    out.push_back({Token::Kind::quote,
                   std::string(text.substr(begin, end - begin)),
                   {},
                   marks[m].at,
                   i,
                   closing.missing ? "the closing quotation mark is missing" : ""});
    m = closing.missing ? closing.mark - 1 : closing.mark;
  }
  add_words(out, text, i, text.size());
  for (std::size_t q = 0; q < out.size(); ++q) {
    if (!out[q].is_quote()) continue;
    const std::size_t before = out.size();
    pull_in_words_before(out, q, text);
    q -= before - out.size();
    if (q + 1 < out.size()) pull_in_words_after(out, q, text);
  }
  return out;
}

std::string name_in_quote(std::string_view quoted) {
  std::string name = text::collapse(quoted);
  const auto strip_word = [&](std::string_view word) {
    if (name.ends_with(word)) {
      name.resize(name.size() - word.size());
      return true;
    }
    return false;
  };
  for (bool again = true; again && !name.empty();) {
    again = false;
    if (constexpr std::string_view marks = " ;,:"; marks.find(name.back()) != npos) {
      name.pop_back();
      again = true;
    } else if (strip_word("; and") || strip_word(", and") || strip_word(" and")) {
      again = true;
    }
  }
  while (name.ends_with("..")) name.pop_back();
  if (name.ends_with('.') && !ends_in_abbreviation(name)) name.pop_back();
  while (!name.empty() && (name.front() == ' ' || name.front() == ',' || name.front() == ';'))
    name.erase(name.begin());
  return name;
}

}  // namespace entitywatch::parsers
