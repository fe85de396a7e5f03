#include "mutate.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace entitywatch::mutations {
namespace {

enum Cell { country, entity, requirement, policy, citation };

using Change = std::function<bool(std::vector<Piece>&, Dice&)>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// The row with one cell's inner XML replaced.
std::string with_cell(const Row& row, std::string_view xml, std::size_t cell, const std::string& inner) {
  const Row::Cell& old = row.cells[cell];
  std::string out(xml.substr(row.begin, old.begin - row.begin));
  out += inner;
  return out += xml.substr(old.begin + old.inner.size(), row.end - old.begin - old.inner.size());
}

// A mutation that alters the pieces of one of `cells`, whichever the dice say first.
auto in_cells(std::vector<std::size_t> cells, Change change) {
  return [cells = std::move(cells), change = std::move(change)](const Row& row, std::string_view xml,
                                                                Dice& dice) -> std::optional<std::string> {
    const std::size_t first = dice.below(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t cell = cells[(first + i) % cells.size()];
      std::vector<Piece> pieces = pieces_of(row.cells[cell].inner);
      if (!change(pieces, dice)) continue;
      std::string inner = joined(pieces);
      if (inner != row.cells[cell].inner) return with_cell(row, xml, cell, inner);
    }
    return std::nullopt;
  };
}

// Places in the text where `fits`.
template <class Fits>
std::vector<std::size_t> places(const std::string& shape, std::size_t from, std::size_t to, Fits fits) {
  std::vector<std::size_t> out;
  for (std::size_t i = from; i < std::min(to, shape.size()); ++i)
    if (fits(i)) out.push_back(i);
  return out;
}

std::optional<std::size_t> pick(const std::vector<std::size_t>& from, Dice& dice) {
  if (from.empty()) return std::nullopt;
  return from[dice.below(from.size())];
}

void put(std::vector<Piece>& pieces, std::size_t at, const std::string& text) {
  pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(at), Piece{Piece::Kind::character, text});
}

// Where the whole of `words` stands, any case when asked.
std::optional<std::size_t> find_words(const std::string& shape, std::string_view words) {
  const std::size_t at = shape.find(words);
  return at == std::string::npos ? std::nullopt : std::optional(at);
}

bool replace_words(std::vector<Piece>& pieces, std::string_view words, const std::string& by) {
  const auto at = find_words(shape_of(pieces), words);
  if (!at) return false;
  pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(*at),
               pieces.begin() + static_cast<std::ptrdiff_t>(*at + words.size()));
  put(pieces, *at, by);
  return true;
}

// ---- substance ----

bool another_digit(std::vector<Piece>& pieces, Dice& dice) {
  const std::string shape = shape_of(pieces);
  // "the following 13 aliases" counts what stands there and says nothing of its own.
  const auto counts = [&](std::size_t i) { return shape.substr(i, 9).find("alias") != std::string::npos; };
  const auto at = pick(
      places(shape, 0, shape.size(), [&](std::size_t i) { return is_digit(shape[i]) && !counts(i); }), dice);
  if (!at) return false;
  pieces[*at].text =
      std::string(1, static_cast<char>('0' + (shape[*at] - '0' + 1 + static_cast<int>(dice.below(9))) % 10));
  return true;
}

bool another_letter(std::vector<Piece>& pieces, const std::string& shape, std::size_t to, Dice& dice) {
  const auto at = pick(places(shape, 0, to, [&](std::size_t i) { return is_letter(shape[i]); }), dice);
  if (!at) return false;
  const char old = shape[*at];
  const char base = old >= 'a' ? 'a' : 'A';
  pieces[*at].text =
      std::string(1, static_cast<char>(base + (old - base + 1 + static_cast<int>(dice.below(25))) % 26));
  return true;
}

bool letter_of_the_name(std::vector<Piece>& pieces, Dice& dice) {
  const std::string shape = shape_of(pieces);
  return another_letter(pieces, shape, shape.find_first_of(",(\x01"), dice);
}

bool letter_anywhere(std::vector<Piece>& pieces, Dice& dice) {
  const std::string shape = shape_of(pieces);
  const std::size_t comma = shape.find(',');
  if (comma == std::string::npos) return false;
  // Behind the name and outside the words that only introduce aliases.
  std::vector<std::size_t> all =
      places(shape, comma, shape.size(), [&](std::size_t i) { return is_letter(shape[i]); });
  std::erase_if(all, [&](std::size_t i) {
    const std::size_t from = i < 40 ? 0 : i - 40;
    const std::string near = shape.substr(from, 80);
    for (const char* words :
         {"k.a", "lias", "ollowing", "and", "or", "See", "see", "lternate", "ddress", "under"})
      if (near.find(words) != std::string::npos) return true;
    return false;
  });
  const auto at = pick(all, dice);
  if (!at) return false;
  const char old = shape[*at];
  const char base = old >= 'a' ? 'a' : 'A';
  pieces[*at].text =
      std::string(1, static_cast<char>(base + (old - base + 1 + static_cast<int>(dice.below(25))) % 26));
  return true;
}

bool is_dash(const std::string& inner, std::size_t at) {
  for (const std::string_view form : {"—", "&#x2014;", "&#8212;"})
    if (inner.compare(at, form.size(), form) == 0) return true;
  return false;
}

// Aliases stand a line each, "—Name;".
std::optional<std::string> alias_added(const Row& row, std::string_view xml, Dice& dice) {
  static constexpr std::array names{"Zorvex Industrial Group", "Quillmar Optics", "Hadrune Shipping Lines",
                                    "VXQ Trading"};
  const std::string& inner = row.cells[entity].inner;
  const std::size_t colon = inner.find(":<br/>");
  if (colon == std::string::npos || inner.find("alias") > colon) return std::nullopt;
  std::string changed = inner;
  changed.insert(colon + 6, "—" + std::string(names[dice.below(names.size())]) + ";<br/>");
  return with_cell(row, xml, entity, changed);
}

std::optional<std::string> alias_removed(const Row& row, std::string_view xml, Dice&) {
  const std::string& inner = row.cells[entity].inner;
  const std::size_t colon = inner.find(":<br/>");
  if (colon == std::string::npos || inner.find("alias") > colon) return std::nullopt;
  const std::size_t end = inner.find("<br/>", colon + 6);
  if (end == std::string::npos || !is_dash(inner, colon + 6) || inner[end - 1] != ';') return std::nullopt;
  std::string changed = inner;
  changed.erase(colon + 6, end - colon - 1);
  return with_cell(row, xml, entity, changed);
}

std::optional<std::string> row_added(const Row& row, std::string_view xml, Dice& dice) {
  const std::string number = std::to_string(1000 + dice.below(8000));
  const std::string own(xml.substr(row.begin, row.end - row.begin));
  return own +
         "\n<TR>\n<TD class=\"left border-right-single\"> </TD>\n<TD class=\"left "
         "border-right-single\">Mutated Works No. " +
         number + ", " + number +
         " Invented Street, Newtown</TD>\n<TD class=\"left border-right-single\">For all items subject to "
         "the EAR. (See § 744.11 of the EAR)</TD>\n"
         "<TD class=\"left border-right-single\">Presumption of denial</TD>\n<TD class=\"left\">91 FR 12345, "
         "4/1/26.</TD>\n</TR>";
}

std::optional<std::string> row_removed(const Row& row, std::string_view, Dice&) {
  // The first row under a country carries the country's name for those after it.
  return row.names_country ? std::nullopt : std::optional(std::string());
}

std::optional<std::string> control_number(const Row& row, std::string_view xml, Dice& dice) {
  for (const std::size_t cell : {std::size_t{policy}, std::size_t{requirement}}) {
    std::vector<Piece> pieces = pieces_of(row.cells[cell].inner);
    const std::string shape = shape_of(pieces);
    const auto is_number = [&](std::size_t i) {
      return i + 4 < shape.size() && is_digit(shape[i]) && shape[i + 1] >= 'A' && shape[i + 1] <= 'E' &&
             is_digit(shape[i + 2]) && is_digit(shape[i + 3]) && is_digit(shape[i + 4]);
    };
    if (const auto at = pick(places(shape, 0, shape.size(), is_number), dice)) {
      pieces[*at + 4].text = shape[*at + 4] == '9' ? "1" : "9";
      if (pieces[*at + 4].text == std::string(1, shape[*at + 4])) pieces[*at + 4].text = "5";
      return with_cell(row, xml, cell, joined(pieces));
    }
  }
  return with_cell(row, xml, requirement, row.cells[requirement].inner + ", except ECCN 5A992.c");
}

std::optional<std::string> other_requirement(const Row& row, std::string_view xml, Dice& dice) {
  static constexpr std::array words{"For all items subject to the EAR except food and medicine",
                                    "For all items on the CCL", "For items classified under ECCN 3A001 only",
                                    "All items subject to the EAR. (See § 744.99 of the EAR)"};
  return with_cell(row, xml, requirement, words[dice.below(words.size())]);
}

std::optional<std::string> other_policy(const Row& row, std::string_view xml, Dice& dice) {
  static constexpr std::array words{"Presumption of approval", "Case-by-case review for EAR99 items only",
                                    "Policy of denial without exception", "See § 744.99 of the EAR"};
  return with_cell(row, xml, policy, words[dice.below(words.size())]);
}

std::optional<std::string> citation_added(const Row& row, std::string_view xml, Dice& dice) {
  const std::string more = " 91 FR " + std::to_string(20000 + dice.below(60000)) + ", 4/1/26.";
  return with_cell(row, xml, citation, row.cells[citation].inner + more);
}

// ---- editorial ----

bool closing_stop(std::vector<Piece>& pieces, Dice&) {
  std::size_t last = pieces.size();
  while (last > 0 && (pieces[last - 1].kind == Piece::Kind::tag || pieces[last - 1].text == " " ||
                      pieces[last - 1].text == "\n"))
    --last;
  if (last == 0) return false;
  if (pieces[last - 1].text == ".") {
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(last - 1));
  } else {
    put(pieces, last, ".");
  }
  return true;
}

// A mark that does not part two digits.
auto is_mark(const std::string& shape, std::string_view marks) {
  return [&shape, marks](std::size_t i) {
    const bool inside = i > 0 && i + 1 < shape.size() && is_digit(shape[i - 1]) && is_digit(shape[i + 1]);
    return marks.find(shape[i]) != std::string_view::npos && !inside;
  };
}

bool other_mark(std::vector<Piece>& pieces, Dice& dice) {
  const std::string shape = shape_of(pieces);
  const auto at = pick(places(shape, 0, shape.size(), is_mark(shape, ",;.:")), dice);
  if (!at) return false;
  static constexpr std::array marks{",", ";", ".", ""};
  // Dropping it must not run two digits together.
  const bool parts_digits =
      *at > 0 && *at + 2 < shape.size() && is_digit(shape[*at - 1]) && is_digit(shape[*at + 2]);
  const std::string by = marks[dice.below(parts_digits ? 3 : 4)];
  pieces[*at].text = by == std::string(1, shape[*at]) ? " ," : by;
  return true;
}

bool other_dash(std::vector<Piece>& pieces, Dice& dice) {
  std::vector<std::size_t> dashes;
  static constexpr std::array<std::string_view, 4> forms{"—", "–", "-", "‑"};
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (std::find(forms.begin(), forms.end(), pieces[i].text) != forms.end()) dashes.push_back(i);
  const auto at = pick(dashes, dice);
  if (!at) return false;
  const std::string old = pieces[*at].text;
  do pieces[*at].text = forms[dice.below(forms.size())];
  while (pieces[*at].text == old);
  return true;
}

bool other_break(std::vector<Piece>& pieces, Dice& dice) {
  std::vector<std::size_t> breaks;
  std::vector<std::size_t> spaces;
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    if (pieces[i].text == "<br/>") breaks.push_back(i);
    if (pieces[i].text == " ") spaces.push_back(i);
  }
  const bool join = !breaks.empty() && dice.below(2) == 0;
  const auto at = pick(join ? breaks : spaces, dice);
  if (!at) return false;
  pieces[*at].text = join ? " " : "<br/>";
  return true;
}

bool other_space(std::vector<Piece>& pieces, Dice& dice) {
  std::vector<std::size_t> spaces;
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i)
    if (pieces[i].text == " ") spaces.push_back(i);
  const auto at = pick(spaces, dice);
  if (!at) return false;
  static constexpr std::array forms{"  ", "\u00a0", "\u2009", "\n", " \u200b"};
  pieces[*at].text = forms[dice.below(forms.size())];
  return true;
}

bool other_quote(std::vector<Piece>& pieces, Dice& dice) {
  static constexpr std::array<std::array<std::string_view, 3>, 2> families{
      {{"\"", "“", "”"}, {"'", "’", "‘"}}};
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    for (std::size_t f = 0; f < families.size(); ++f)
      if (std::find(families[f].begin(), families[f].end(), pieces[i].text) != families[f].end())
        found.emplace_back(i, f);
  if (found.empty()) return false;
  const auto [at, family] = found[dice.below(found.size())];
  const std::string old = pieces[at].text;
  do pieces[at].text = families[family][dice.below(3)];
  while (pieces[at].text == old);
  return true;
}

// Where a word begins, at random.
std::optional<std::size_t> a_word(const std::string& shape, Dice& dice) {
  return pick(places(shape, 0, shape.size(),
                     [&](std::size_t i) { return is_letter(shape[i]) && (i == 0 || !is_letter(shape[i - 1])); }),
              dice);
}

bool other_case(std::vector<Piece>& pieces, Dice& dice) {
  const std::string shape = shape_of(pieces);
  const auto at = a_word(shape, dice);
  if (!at) return false;
  const bool whole = dice.below(2) == 0;
  for (std::size_t i = *at; i < shape.size() && is_letter(shape[i]) && (whole || i == *at); ++i)
    pieces[i].text = std::string(1, static_cast<char>(shape[i] ^ 0x20));
  return true;
}

bool markup(std::vector<Piece>& pieces, Dice& dice) {
  const std::string shape = shape_of(pieces);
  const auto at = a_word(shape, dice);
  if (!at) return false;
  std::size_t end = *at;
  while (end < shape.size() && is_letter(shape[end])) ++end;
  const bool italic = dice.below(2) == 0;
  put(pieces, end, italic ? "</I>" : "</E>");
  put(pieces, *at, italic ? "<I>" : "<E T=\"03\">");
  return true;
}

bool encoding(std::vector<Piece>& pieces, Dice& dice) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (pieces[i].kind == Piece::Kind::character && pieces[i].text.size() == 1 &&
        is_letter(pieces[i].text[0]))
      all.push_back(i);
  const auto at = pick(all, dice);
  if (!at) return false;
  pieces[*at].text = "&#" + std::to_string(static_cast<int>(pieces[*at].text[0])) + ";";
  return true;
}

// Forms of the same phrase that stand side by side in the publication itself.
bool other_phrase(std::vector<Piece>& pieces, Dice& dice) {
  static constexpr std::array<std::pair<const char*, const char*>, 16> pairs{{
      {"For all items", "All items"},
      {"EAR. (See", "EAR (See"},
      {"EAR (See", "EAR, see"},
      {"of the EAR)", "of the EAR.)"},
      {"(See ", "(see "},
      {"subject to the EAR", "Subject to the EAR"},
      {"744.11 of the EAR", "744.11of the EAR"},
      {"of the EAR)", "of EAR)"},
      {"EAR99", "EAR 99"},
      {"Policy of denial", "Policy of Denial"},
      {"case-by-case", "case by case"},
      {"Case-by-case", "Case-By-Case"},
      {"See ", "Se "},
      {"Presumption of denial", "Presumption of denial."},
      {"744.21(b)", "744.2l(b)"},
      {"on a case-by-case basis", "on a case by-case basis"},
  }};
  const std::size_t first = dice.below(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& [from, to] = pairs[(first + i) % pairs.size()];
    if (replace_words(pieces, from, to)) return true;
  }
  return false;
}

}  // namespace

const std::vector<Mutation>& mutations() {
  static const std::vector<Mutation> all{
      {"digit in the entity cell", Nature::substance, in_cells({entity}, another_digit)},
      {"letter in the name", Nature::substance, in_cells({entity}, letter_of_the_name)},
      {"letter in alias or address", Nature::substance, in_cells({entity}, letter_anywhere)},
      {"alias added", Nature::substance, alias_added},
      {"alias removed", Nature::substance, alias_removed},
      {"control number", Nature::substance, control_number},
      {"row added", Nature::substance, row_added},
      {"row removed", Nature::substance, row_removed},
      {"requirement changed", Nature::substance, other_requirement},
      {"policy changed", Nature::substance, other_policy},
      {"citation added", Nature::substance, citation_added},
      {"digit in requirement or policy", Nature::substance, in_cells({requirement, policy}, another_digit)},
      {"closing full stop", Nature::editorial,
       in_cells({entity, requirement, policy, citation}, closing_stop)},
      {"punctuation", Nature::editorial, in_cells({entity, requirement, policy}, other_mark)},
      {"dash", Nature::editorial, in_cells({entity, policy}, other_dash)},
      {"line break", Nature::editorial, in_cells({entity, requirement, policy}, other_break)},
      {"space", Nature::editorial, in_cells({entity, requirement, policy, citation}, other_space)},
      {"quotes", Nature::editorial, in_cells({entity}, other_quote)},
      {"case of licence words", Nature::editorial, in_cells({requirement, policy}, other_case)},
      {"markup", Nature::editorial, in_cells({entity, requirement, policy}, markup)},
      {"character reference", Nature::editorial, in_cells({entity, requirement, policy}, encoding)},
      {"spelling of a licence phrase", Nature::editorial, in_cells({requirement, policy}, other_phrase)},
  };
  return all;
}

}  // namespace entitywatch::mutations
