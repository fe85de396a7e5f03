#include "parsers/entity_cell_addresses.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/entity_cell_words.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

// The end of a bracket that opens at `open`: the first closing one behind which a text may go on. Publishers
// misplace brackets ("in the United Arab (Emirates)."), so depth alone does not find it.
std::size_t end_of_reference(std::string_view text, std::size_t open) {
  std::size_t fallback = std::string_view::npos;
  for (std::size_t at = text.find(')', open); at != std::string_view::npos; at = text.find(')', at + 1)) {
    if (fallback == std::string_view::npos) fallback = at;
    const std::size_t next = text.find_first_not_of(' ', at + 1);
    if (next == std::string_view::npos ||
        std::string_view(".,;\n").find(text[next]) != std::string_view::npos)
      return at + 1;
  }
  return fallback == std::string_view::npos ? text.size() : fallback + 1;
}

std::vector<std::string> countries_named(std::string_view reference) {
  static const RE2 where(R"((?i)\b(?:under|in|see also|see)\s+(?:the\s+)?(.+))");
  static const RE2 precise(R"((?i)\b(?:under|in)\s+(?:the\s+)?(.+))");
  static const RE2 parts(R"(\s*(?:,\s*and\s+|,\s*|\s+and\s+|\s*&\s*|;\s*))");
  std::string flat = text::collapse(reference);
  std::string list;
  if (!RE2::PartialMatch(flat, precise, &list) && !RE2::PartialMatch(flat, where, &list)) return {};
  if (const std::size_t aside = list.find(" for this "); aside != std::string::npos) list.resize(aside);
  // The outer bracket is the caller's; one that opens inside ("Crimea (Occupied)") stays.
  while (!list.empty() && (list.back() == '.' || list.back() == ' ' || list.back() == ',')) list.pop_back();
  if (std::count(list.begin(), list.end(), '(') < std::count(list.begin(), list.end(), ')')) list.pop_back();
  RE2::GlobalReplace(&list, parts, "\n");
  std::vector<std::string> out;
  for (std::string& piece : text::split(list, '\n')) {
    if (piece.starts_with("the ") || piece.starts_with("The ")) piece.erase(0, 4);
    if (const std::size_t in = piece.rfind(" in "); country_code(piece).empty() && in != std::string::npos)
      piece.erase(0, in + 4);
    if (country_code(piece).empty()) {
      std::string bare = piece;
      std::erase_if(bare, [](char c) { return c == '(' || c == ')'; });
      if (!country_code(bare).empty()) piece = bare;
    }
    if (std::count(piece.begin(), piece.end(), '(') != std::count(piece.begin(), piece.end(), ')'))
      std::erase_if(piece, [](char c) { return c == '(' || c == ')'; });
    while (!piece.empty() && piece.back() == '.' &&
           country_code(piece.substr(0, piece.size() - 1)) != country_code(piece))
      piece.pop_back();
    if (!piece.empty()) out.push_back(std::move(piece));
  }
  return out;
}

std::string_view before_bracket(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == ',')) text.remove_suffix(1);
  if (text.empty() || text.back() != ')') return text;
  const std::size_t open = text.rfind('(');
  return open == std::string_view::npos ? text : text.substr(0, open);
}

// What follows could be an address of its own.
bool begins_address(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" ,");
  if (at == std::string_view::npos) return false;
  const char c = text[at];
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '#' || c == '"' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Lines to one text, ';' where a line break ends an address.
std::string join_lines(std::string_view text) {
  static const RE2 label(R"((?i)^alt(?:ernat(?:e|ive))?\.?\s+address)");
  std::string out;
  for (const std::string& line : text::collapse_lines(text)) {
    if (!out.empty()) {
      const std::string_view before = out;
      const bool stop = before.ends_with('.') && !words::ends_with_abbreviation(before);
      const bool country = !words::country_at_end(before).empty();
      const bool labelled = RE2::PartialMatch(line, label);
      out += (labelled || ((stop || country) && begins_address(line) && before.back() != ';')) ? "; " : " ";
    }
    out += line;
  }
  return out;
}

// What stands between two addresses.
enum class Joint { semicolon, semicolon_and, country_and };

struct Joined {
  std::string text;
  Joint before = Joint::semicolon_and;  // the joint in front of it
};

// A semicolon that parts nothing: "B-1 Blok Kat: 1 No; 114, Yesilkoy", "Hunan Province; China".
bool is_misprint(std::string_view left, const Joined& right) {
  if (right.before != Joint::semicolon) return false;
  return left.ends_with(" No") ||
         text::collapse(words::without_closing(right.text)) == words::country_at_end(right.text);
}

// Addresses parted at semicolons outside brackets and at "and" behind a country.
std::vector<Joined> part_at_joints(const std::string& text) {
  std::vector<Joined> out;
  std::size_t begin = 0;
  int depth = 0;
  Joint before = Joint::semicolon_and;
  const bool balanced =
      std::count(text.begin(), text.end(), '(') == std::count(text.begin(), text.end(), ')');
  const auto take = [&](std::size_t end) {
    Joined piece{text::trim(std::string_view(text).substr(begin, end - begin)), before};
    if (piece.before == Joint::semicolon && piece.text.starts_with("and"))
      piece.before = Joint::semicolon_and;
    if (piece.text.empty() || piece.text == "and") return;
    if (!out.empty() && is_misprint(out.back().text, piece))
      out.back().text += (out.back().text.ends_with(" No") ? " " : ", ") + piece.text;
    else
      out.push_back(std::move(piece));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (balanced) depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth > 0) continue;
    if (text[i] == ';') {
      take(i);
      begin = i + 1;
      before = Joint::semicolon;
    } else if (text.compare(i, 4, " and") == 0 && i + 4 < text.size() &&
               (text[i + 4] == ' ' || text[i + 4] == ',')) {
      const std::string_view left = before_bracket(std::string_view(text).substr(begin, i - begin));
      if (!begins_address(std::string_view(text).substr(i + 4)) || words::country_at_end(left).empty())
        continue;
      take(i);
      begin = i + 4;
      before = Joint::country_and;
    }
  }
  take(text.size());
  return out;
}

std::string clean(std::string_view piece) {
  static const RE2 leading(R"(^(?:(?:and|And)(?:[\s,]+|([0-9A-Z]))|[\s,.:]+))");
  static const RE2 label(
      R"((?i)^(?:alt(?:ernat(?:e|ive))?\.?\s+)?address(?:es)?(?:\s+for\s+[^:]{1,120})?\s*:\s*)");
  std::string out = text::trim(piece);
  std::string kept;
  while (RE2::PartialMatch(out, leading, &kept)) {
    RE2::Replace(&out, leading, "\\1");
    if (!kept.empty()) break;
  }
  RE2::Replace(&out, label, "");
  out = words::without_closing(out);
  return out == "and" ? std::string{} : out;
}

// Addresses that the publisher set without a joint: "… Lahore, Pakistan. 27-G Lorong …" and
// "… Selangor, Malaysia Suite D23 …".
void part_unbroken(const std::string& address, AddressReading& out) {
  static const RE2 unit(R"(^(?:Suite|Room|Rm\.?|Unit|Flat|Office|Building|Bldg\.?|Floor|House|No\.)\s)");
  std::size_t begin = 0;
  for (std::size_t at = address.find(' '); at != std::string::npos; at = address.find(' ', at + 1)) {
    const std::string_view left = std::string_view(address).substr(begin, at - begin);
    const std::string_view right = std::string_view(address).substr(at + 1);
    const bool sentence = left.ends_with('.') && begins_address(right);
    const bool may_be_unit =
        !right.empty() && std::string_view("SRUFOBHN").find(right.front()) != std::string_view::npos;
    if (!sentence && !(may_be_unit && RE2::PartialMatch(re2_view(right), unit))) continue;
    if (left.ends_with(',') || left.find(',') == std::string_view::npos ||
        words::country_at_end(left).empty())
      continue;
    // The second part must have an end of its own; without one it may go on with the first.
    if (words::country_at_end(right).empty()) {
      if (right.find(',') != std::string_view::npos && !right.starts_with("P.O."))
        out.doubt = "words behind the country: “" + text::excerpt(right, 80) + "”";
      continue;
    }
    out.addresses.push_back(words::without_closing(left));
    begin = at + 1;
  }
  out.addresses.push_back(address.substr(begin));
}

// "… Pilot Free Trade Zone and 888 West Huanhu Road, Shanghai": two addresses, or two numbers of one.
bool may_be_two(std::string_view address) {
  static const RE2 joined(
      R"((.*)\band (?:No\.? ?)?(?:\d[\d/-]*[A-Za-z]?),? [^,;]*\b(?:Road|Rd|Street|St|Ave|Avenue|Lane|Highway)\b)");
  std::string left;
  if (address.find("and ") == std::string_view::npos) return false;
  return RE2::PartialMatch(re2_view(address), joined, &left) && words::has_address_word(left) &&
         left.find(',') != std::string::npos;
}

}  // namespace

WithoutReferences take_cross_references(std::string_view text) {
  static const RE2 opening(
      R"((?i)^\(\s*(?:see\b|also see\b|for (?:alternate|additional|other) address|alternate address|refer to\b))");
  static const RE2 bare(
      R"((?i)(?:^|[.;]\s+)see (?:also )?(?:alternate|additional|other) address[^.\n]*\.?\s*$)");
  WithoutReferences out;
  std::string rest(text);
  for (std::size_t at = rest.find('('); at != std::string::npos; at = rest.find('(', at)) {
    const std::string_view tail = std::string_view(rest).substr(at);
    if (!RE2::PartialMatch(re2_view(tail), opening)) {
      ++at;
      continue;
    }
    const std::size_t end = end_of_reference(rest, at);
    std::string inside = rest.substr(at + 1, end - at - 1);
    if (!inside.empty() && inside.back() == ')') inside.pop_back();
    for (std::string& country : countries_named(inside)) out.references.push_back(std::move(country));
    std::size_t begin = at;
    while (begin > 0 && rest[begin - 1] == ' ') --begin;
    std::size_t behind = end;
    // A full stop behind the bracket closes what stood before it.
    if (behind < rest.size() && rest[behind] == '.' && begin > 0 && rest[begin - 1] == '.') ++behind;
    rest.erase(begin, behind - begin);
    at = begin;
  }
  if (rest.find("address") != std::string::npos && RE2::PartialMatch(rest, bare)) {
    std::string before = rest;
    if (RE2::Replace(&before, bare, "")) {
      for (std::string& country : countries_named(std::string_view(rest).substr(before.size())))
        out.references.push_back(std::move(country));
      rest = before;
    }
  }
  out.text = std::move(rest);
  return out;
}

AddressReading split_addresses(std::string_view text) {
  AddressReading out;
  for (const Joined& piece : part_at_joints(join_lines(text))) {
    const std::string address = clean(piece.text);
    if (address.empty()) continue;
    if (piece.before == Joint::semicolon && !out.addresses.empty()) {
      const std::string& left = out.addresses.back();
      const bool ended =
          !words::country_at_end(left).empty() || words::has_digit(left.substr(left.find_last_of(" ,") + 1));
      if (!ended) out.doubt = "“" + text::excerpt(address, 80) + "” may go on with the address before it";
    }
    part_unbroken(address, out);
    if (may_be_two(address)) out.doubt = "“" + text::excerpt(address, 120) + "” may be two addresses";
  }
  return out;
}

}  // namespace entitywatch::parsers
