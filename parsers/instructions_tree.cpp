#include "parsers/instructions_tree.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "parsers/instructions_tokens.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

enum class Style { number, letter, roman, capital, capital_roman };
enum class Form { dot, bracket };

// One way to read a mark: "i" is the first roman number and the ninth letter.
struct Mark {
  Style style = Style::number;
  Form form = Form::dot;
  int value = 0;
  bool operator==(const Mark&) const = default;
};

struct Piece {
  std::string text;
  std::string mark;  // as printed without dot or brackets; empty: unnumbered
  Form form = Form::dot;
  std::size_t paragraph = 0;
};

// "i" 1 … "lxxxix" 89; 0 for what is no roman number as it is written.
int roman_value(std::string_view text) {
  constexpr std::array tens{"", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx"};
  constexpr std::array ones{"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
  for (std::size_t ten = 0; ten < tens.size(); ++ten)
    for (std::size_t one = 0; one < ones.size(); ++one)
      if (text == std::string(tens[ten]) + ones[one]) return static_cast<int>(ten * 10 + one);
  return 0;
}

// "a" 1 … "z" 26, "aa" 27, "bb" 28.
int letter_value(std::string_view text) {
  if (text.empty() || text.size() > 3 || text[0] < 'a' || text[0] > 'z') return 0;
  if (std::ranges::any_of(text, [&](char c) { return c != text[0]; })) return 0;
  return static_cast<int>(text.size() - 1) * 26 + (text[0] - 'a' + 1);
}

// Never empty for the mark of a piece: what counts nothing ("no.", "Co.") is no mark.
std::vector<Mark> readings(const std::string& mark, Form form) {
  std::vector<Mark> out;
  if (mark[0] >= '0' && mark[0] <= '9') return {{Style::number, form, std::stoi(mark)}};
  const bool capital = mark[0] <= 'Z';
  std::string lower = mark;
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (const int value = letter_value(lower))
    out.push_back({capital ? Style::capital : Style::letter, form, value});
  if (const int value = roman_value(lower))
    out.push_back({capital ? Style::capital_roman : Style::roman, form, value});
  return out;
}

std::vector<Mark> readings(const Piece& piece) { return readings(piece.mark, piece.form); }

// Cuts one paragraph at the marks of its items: "a. Under X …; and b. Under Y …".
void cut(std::string_view text, std::size_t paragraph, std::vector<Piece>& out) {
  static const RE2 first(
      "^(?:■|•|\\*)?\\s*(\\(?)(\\d{1,3}|[a-z]{1,3}|[ivxl]{1,8}|[A-Z]|[IVXL]{1,8})([.)])\\s+");
  static const RE2 glued("^(\\()(\\d{1,3}|[a-z]{1,2}|[ivxl]{1,8}|[A-Z])(\\))\\s*(?:[A-Z(]|by )");
  static const RE2 inner(
      "([;:.,]|  )\\s*(?:(?:and|or)\\s+)?(\\(?)(\\d{1,3}|[a-z]{1,2}|[ivxl]{1,8}|[A-Z])([.)])\\s+"
      "(By|Under|UNDER|In|Adding|Revising|Removing|Redesignating|Correcting|Amending|Deleting|Add|Revise|"
      "Remove|"
      "by|under|adding|revising|removing)\\s");
  // A quotation becomes blanks: two of them part as a semicolon does, since names end with theirs inside.
  const std::string masked = mask_quotes(text);
  const std::string_view view(masked);
  std::size_t start = 0;
  Piece piece{{}, {}, Form::dot, paragraph};
  const auto mark_of = [](const re2::StringPiece& bracket, const re2::StringPiece& mark) {
    return std::pair(std::string(mark), bracket.empty() ? Form::dot : Form::bracket);
  };
  const auto read_first = [&](std::size_t at) {
    std::string bracket, mark, close;
    const re2::StringPiece rest = re2_view(view.substr(at));
    re2::StringPiece groups[4];
    if (!first.Match(rest, 0, rest.size(), RE2::ANCHOR_START, groups, 4) &&
        !glued.Match(rest, 0, rest.size(), RE2::ANCHOR_START, groups, 4))
      return at;
    if ((groups[3] == ")") == groups[1].empty()) return at;
    if (readings(std::string(groups[2]), Form::dot).empty()) return at;
    std::tie(piece.mark, piece.form) = mark_of(groups[1], groups[2]);
    return at + static_cast<std::size_t>(groups[3].data() + 1 - rest.data());
  };
  start = read_first(0);
  std::size_t search = start;
  re2::StringPiece groups[6];
  while (inner.Match(re2_view(view), search, view.size(), RE2::UNANCHORED, groups, 6)) {
    const bool capital_verb = groups[5][0] >= 'A' && groups[5][0] <= 'Z';
    const std::size_t keyword = static_cast<std::size_t>(groups[5].data() - view.data());
    search = keyword;
    if ((groups[4] == ")") == groups[2].empty() || (groups[1] == "," && !capital_verb)) continue;
    if (readings(std::string(groups[3]), Form::dot).empty()) continue;
    const std::size_t end = static_cast<std::size_t>(groups[2].data() - view.data());
    piece.text = text::trim(text.substr(start, end - start));
    for (const std::string_view joint : {" and", " or"})
      if (piece.text.ends_with(joint))
        piece.text = text::trim(piece.text.substr(0, piece.text.size() - joint.size()));
    out.push_back(piece);
    std::tie(piece.mark, piece.form) = mark_of(groups[2], groups[3]);
    start = keyword;
  }
  piece.text = text::trim(text.substr(start));
  // "(a)(1) By adding": the outer mark introduces nothing but the inner one.
  if (const std::size_t after = piece.mark.empty() ? 0 : read_first(text.size() - piece.text.size());
      after > text.size() - piece.text.size() && piece.text.starts_with("(")) {
    piece.text = text::trim(text.substr(after));
  }
  out.push_back(piece);
}

struct Level {
  Mark mark;
  std::size_t item = 0;
  std::string label;
};

bool asks_for_children(std::string_view text) {
  return text.ends_with(':') || text.ends_with("by") || text.ends_with(',');
}

// Which reading of an ambiguous mark fits: one that follows on an open level, else one that begins a new
// level. "i" after "h" may do either: then the next mark of the same kind decides ("ii" or "j").
class Chooser {
 public:
  explicit Chooser(const std::vector<Piece>& pieces) : pieces_(pieces) {}

  [[nodiscard]] Mark choose(std::size_t at, const std::vector<Level>& open, bool wants_children) const {
    const std::vector<Mark> all = readings(pieces_[at]);
    if (all.size() == 1) return all[0];
    const auto follows = std::ranges::find_if(all, [&](const Mark& m) { return continues(m, open); });
    const auto begins = std::ranges::find_if(all, [](const Mark& m) { return m.value == 1; });
    if (follows != all.end() && begins != all.end() && *follows != *begins)
      return prefers_new_level(at, *begins, *follows, wants_children) ? *begins : *follows;
    if (follows != all.end()) return *follows;
    if (begins != all.end()) return *begins;
    return all[0];
  }

 private:
  static bool continues(const Mark& m, const std::vector<Level>& open) {
    return std::ranges::any_of(open, [&](const Level& l) {
      return l.mark.style == m.style && l.mark.form == m.form && l.mark.value + 1 == m.value;
    });
  }

  [[nodiscard]] bool prefers_new_level(std::size_t at, const Mark& begins, const Mark& follows,
                                       bool wants_children) const {
    for (std::size_t i = at + 1; i < pieces_.size(); ++i) {
      if (pieces_[i].mark.empty()) continue;
      for (const Mark& m : readings(pieces_[i])) {
        if (m.form != begins.form) continue;
        if (m.style == begins.style && m.value == 2) return true;
        if (m.style == follows.style && m.value == follows.value + 1) return false;
      }
      if (readings(pieces_[i]).front().style == Style::number) break;
    }
    return wants_children;
  }

  const std::vector<Piece>& pieces_;
};

// Closes the open levels that end before `mark`; false: it opens an instruction of its own ("3.").
bool close_levels(std::vector<Level>& open, const Mark& mark, bool wants_children) {
  const auto same_kind = [&](const Level& l) {
    return l.mark.style == mark.style && l.mark.form == mark.form;
  };
  const bool number = mark.style == Style::number && mark.form == Form::dot;
  // "1." under an item that asks for more is a sub-item, and the "2." after it too.
  if (number && mark.value == 1 && !open.empty() && wants_children) return true;
  for (std::size_t i = open.size(); i-- > 0;)
    if (same_kind(open[i]) && open[i].mark.value + 1 == mark.value && (i > 0 || !number)) {
      open.resize(i);
      return true;
    }
  if (number) {
    open.clear();
    return false;
  }
  const auto same = std::ranges::find_if(open, same_kind);
  open.erase(same, open.end());
  return true;
}

bool is_top_level(std::string_view text) {
  static const RE2 top(
      "(?i)^(?:effective [a-z]+ \\d{1,2}, \\d{4}, )?(?:amend |in |the "
      "authority|authority|supplement|section|§|part \\d|"
      "add |revise |remove )[^:]*(?:supplement|section|§|part|authority)");
  return RE2::PartialMatch(re2_view(text), top);
}

bool goes_on_with_list(std::string_view text) {
  return text.starts_with("“") || text.starts_with("and “") || text.starts_with("or “") ||
         text.starts_with("; ") || text.starts_with("and ”");
}

}  // namespace

std::vector<InstructionItem> number_items(const std::vector<AmendmentParagraph>& paragraphs) {
  std::vector<Piece> pieces;
  for (std::size_t p = 0; p < paragraphs.size(); ++p) {
    const std::string text = tidy_instruction(paragraphs[p].text);
    if (!text.empty()) cut(text, p, pieces);
  }
  const Chooser chooser(pieces);
  std::vector<InstructionItem> out;
  std::vector<Level> open;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    const AmendmentParagraph& source = paragraphs[piece.paragraph];
    InstructionItem item{piece.text, {}, std::nullopt, false, source.title, source.part};
    const bool wants_children = !out.empty() && asks_for_children(out.back().text);
    if (piece.mark.empty() || readings(piece).empty()) {
      if (is_top_level(piece.text)) {
        open.clear();
      } else if (!out.empty()) {
        item.continues = goes_on_with_list(piece.text);
        // Without a number of its own it hangs on the last item when that waits for more, else beside it.
        item.parent = item.continues || wants_children ? out.size() - 1 : out.back().parent;
        item.number = out.back().number;
      }
      out.push_back(std::move(item));
      continue;
    }
    const Mark mark = chooser.choose(i, open, wants_children);
    const bool top = !close_levels(open, mark, wants_children);
    if (!open.empty()) item.parent = open.back().item;
    item.number = open.empty() ? piece.mark : open.back().label + "." + piece.mark;
    // Letters without a number above them belong to the last paragraph that opens an instruction.
    if (open.empty() && !top)
      for (std::size_t j = out.size(); j-- > 0 && !item.parent;)
        if (!out[j].parent) item.parent = j;
    open.push_back({mark, out.size(), item.number});
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace entitywatch::parsers
