#include "parsers/entity_cell_name.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/text.hpp"
#include "parsers/entity_cell_words.hpp"

namespace entitywatch::parsers {
namespace {

// Several times the longest name of the lists.
constexpr std::size_t max_name_bytes = 2000;

struct Segment {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool on_new_line = false;
};

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

bool brackets_balance(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth == 0;
}

// The parts between commas, semicolons and line breaks, brackets kept whole.
std::vector<Segment> segments_of(std::string_view text) {
  const bool watch_brackets = brackets_balance(text);
  std::vector<Segment> out;
  Segment now;
  int depth = 0;
  const auto close = [&](std::size_t at) {
    now.end = at;
    while (now.begin < now.end && (text[now.begin] == ' ' || text[now.begin] == '\n')) ++now.begin;
    if (now.begin < now.end) {
      out.push_back(now);
      now.on_new_line = false;
    }
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (watch_brackets) depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth > 0) continue;
    const bool thousands = c == ',' && i > 0 && i + 1 < text.size() && is_ascii_digit(text[i - 1]) &&
                           is_ascii_digit(text[i + 1]);
    if ((c != ',' && c != ';' && c != '\n') || thousands) continue;
    close(i);
    now.begin = i + 1;
    if (c == '\n' && !out.empty()) now.on_new_line = true;
  }
  close(text.size());
  return out;
}

std::string_view part(std::string_view text, const Segment& s) {
  return text.substr(s.begin, s.end - s.begin);
}

bool contains_word(std::string_view text, std::initializer_list<std::string_view> words) {
  const std::vector<std::string> all = words::tokens(text);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return std::find(all.begin(), all.end(), w) != all.end(); });
}

bool is_address_evidence(std::string_view segment) {
  return words::has_digit(segment) || words::has_address_word(segment) || words::is_place(segment);
}

// Units that carry a number: behind two words of a name and before a number they begin an address.
bool is_unit(std::string_view word) {
  constexpr auto units = std::to_array<std::string_view>({"office", "room", "rm", "unit", "flat", "flat/rm",
                                                          "suite", "apt", "no", "po", "box", "building",
                                                          "bldg", "floor", "shop", "house", "block"});
  std::string lower;
  for (const char c : word)
    if (c != '.' && c != ',') lower += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(units.begin(), units.end(), lower) != units.end();
}

struct Word {
  std::size_t begin = 0;
  std::string_view text;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> out;
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n')) ++at;
    const std::size_t begin = at;
    while (at < text.size() && text[at] != ' ' && text[at] != '\n') ++at;
    if (at > begin) out.push_back({begin, text.substr(begin, at - begin)});
  }
  return out;
}

bool is_capitalised(std::string_view word) {
  return !word.empty() &&
         ((word.front() >= 'A' && word.front() <= 'Z') || static_cast<unsigned char>(word.front()) >= 0x80);
}

struct Boundary {
  std::size_t at = 0;  // where the address begins, in the segment
  std::string doubt;
};

// An address that follows a legal form without a comma: "… Co., Ltd. No. 1 Xifei Road". `first` tells that
// the segment is the first of the name, where a leading form ("LLC Alabuga") closes nothing.
std::optional<Boundary> boundary_behind_legal_form(std::string_view segment, bool first) {
  const std::vector<Word> all = words_of(segment);
  std::size_t last_form = all.size();
  for (std::size_t i = first ? 1 : 0; i < all.size(); ++i) {
    const bool form = is_capitalised(all[i].text) &&
                      words::ends_with_legal_form("x " + std::string(all[i].text)) &&
                      all[i].text.front() != '(';
    if (form)
      last_form = i;
    else if (last_form < all.size())
      break;
  }
  if (last_form + 1 >= all.size()) return std::nullopt;
  // The form that numbers or names a part of the company stays with the name.
  const std::size_t at = all[last_form + 1].begin;
  const std::string_view rest = segment.substr(at);
  if (rest.front() == '(' || words::has_organisation_word(rest) || words::is_legal_form(rest) ||
      words::is_place(rest))
    return std::nullopt;
  const std::string_view next = all[last_form + 1].text;
  if (words::has_digit(next) || is_unit(next) || next.front() == '#') return Boundary{at, {}};
  if (!is_address_evidence(rest)) return std::nullopt;
  return Boundary{at, "an address seems to follow the name without a comma"};
}

// "Basha Asmath Shaikh Office M-2": a unit and its number inside the first segment.
std::optional<Boundary> boundary_before_unit(std::string_view segment) {
  const std::vector<Word> all = words_of(segment);
  for (std::size_t i = 2; i + 1 < all.size(); ++i) {
    const std::string_view before = segment.substr(0, all[i].begin);
    const bool numbered = words::has_digit(all[i + 1].text) || is_unit(all[i + 1].text);
    if (is_unit(all[i].text) && numbered && !words::has_organisation_word(before))
      return Boundary{all[i].begin, "an address seems to follow the name without a comma"};
  }
  return std::nullopt;
}

bool repeats_word(std::string_view first, std::string_view segment) {
  const std::vector<std::string> a = words::tokens(first);
  const std::vector<std::string> b = words::tokens(segment);
  return std::any_of(a.begin(), a.end(), [&](const std::string& w) {
    return w.size() > 3 && std::find(b.begin(), b.end(), w) != b.end();
  });
}

enum class Verdict { name, address };
struct Decision {
  Verdict verdict = Verdict::address;
  std::string doubt;
};

// "Tactical Missile Corporation", "Academy of …": what stands behind it may be one of its institutions.
bool is_head_office(std::string_view name) {
  const std::vector<std::string> all = words::tokens(name);
  return !all.empty() && (all.back() == "corporation" || all.back() == "concern" ||
                          all.front() == "academy" || all.front() == "ministry");
}

bool begins_like_organisation(std::string_view segment) {
  const std::vector<std::string> all = words::tokens(segment);
  if (all.empty()) return false;
  constexpr auto first =
      std::to_array<std::string_view>({"institute", "joint", "jsc", "pjsc", "ojsc", "ooo", "oao", "concern"});
  return std::find(first.begin(), first.end(), all.front()) != first.end() ||
         contains_word(segment, {"academy", "ministry", "stock"});
}

// A segment that has a word of organisations, behind a name that no legal form closes.
Decision judge_organisation(std::string_view first, std::string_view segment) {
  const bool address = is_address_evidence(segment);
  if (!words::is_business(first)) {
    const bool person = words::tokens(first).size() >= 2 && words::tokens(first).size() <= 5;
    return {Verdict::address,
            person || address ? "" : "the name may go on with “" + text::excerpt(segment, 60) + "”"};
  }
  const std::string doubt = "“" + text::excerpt(segment, 60) + "” may belong to the name or to the address";
  if (words::ends_with_acronym(first)) return {Verdict::address, doubt};
  if (words::ends_with_acronym(segment)) return {Verdict::name, address ? doubt : ""};
  if (address) return {Verdict::address, doubt};
  const bool clear = words::has_organisation_word(first) && begins_like_organisation(segment);
  return {Verdict::name, clear ? "" : doubt};
}

Decision judge(std::string_view name, std::string_view first, std::string_view segment,
               std::string_view next) {
  const bool organisation = words::has_organisation_word(segment);
  const bool address = is_address_evidence(segment);
  if (words::ends_with_legal_form(name)) {
    const bool unclear = organisation && !address;
    return {Verdict::address, unclear ? "“" + text::excerpt(segment, 60) + "” may belong to the name" : ""};
  }
  if (organisation) return judge_organisation(first, segment);
  if (address) return {Verdict::address, {}};
  // Behind an institution a part without a trace of an address may be one of its institutes.
  const bool city = words::tokens(segment).size() == 1 && words::is_place(next);
  const bool part_of_name = !city && ((words::has_organisation_word(first) && words::is_business(segment)) ||
                                      repeats_word(first, segment));
  if (part_of_name && !words::ends_with_acronym(first))
    return {Verdict::address, "“" + text::excerpt(segment, 60) + "” may belong to the name"};
  const bool heads_others = words::has_organisation_word(first) && !words::ends_with_acronym(first) &&
                            (contains_word(segment, {"and", "of", "for"}) || is_head_office(first));
  if (heads_others) return {Verdict::address, "“" + text::excerpt(segment, 60) + "” may belong to the name"};
  return {Verdict::address, {}};
}

// A number, or an address word and its number, behind the first words of a name: an address may have been
// run on without a comma.
std::string doubt_inside(std::string_view first) {
  const std::vector<Word> all = words_of(first);
  const bool exempt = words::has_organisation_word(first) || words::ends_with_legal_form(first);
  for (std::size_t i = 2; i < all.size(); ++i) {
    const bool number = is_ascii_digit(all[i].text.front()) ||
                        (i + 1 == all.size() && words::has_digit(all[i].text) && all[i].text.back() != ')');
    const bool numbered_place = is_ascii_digit(all[i].text.front()) &&
                                words::has_address_word(all[i - 1].text) &&
                                !all[i - 1].text.starts_with("No");
    if (numbered_place || (number && !exempt)) return "a number in the name may belong to the address";
  }
  return {};
}

// "(PAPL)" in a segment of its own.
bool is_bracketed_acronym(std::string_view segment) {
  return segment.starts_with('(') && segment.ends_with(')') && !words::has_digit(segment) &&
         segment.find(' ') == std::string_view::npos;
}

// The words of a segment are a later segment's too: "48th Research Institute, Kirov, 119 October Prospect,
// Kirov" is the institute of that name in Kirov.
bool recurs(std::string_view text, const std::vector<Segment>& all, std::size_t i) {
  for (std::size_t later = i + 1; later < all.size() && later < i + 8; ++later)
    if (text::equals_ignoring_case(part(text, all[i]), part(text, all[later]))) return true;
  return false;
}

NameSplit make(std::string_view text, std::size_t boundary, std::string doubt) {
  NameSplit out;
  out.name = words::without_closing(text::collapse(text.substr(0, boundary)));
  out.rest = text::trim(text.substr(boundary));
  out.doubt = std::move(doubt);
  // "Yuzhno-Kirinskoye Field, in the Sea of Okhotsk": words that go on, no address.
  const bool goes_on = !out.rest.empty() && out.rest.front() >= 'a' && out.rest.front() <= 'z';
  if (goes_on && !words::has_digit(out.rest) && words::country_at_end(out.rest).empty() &&
      boundary < text.size()) {
    NameSplit whole = make(text, text.size(), {});
    whole.doubt = "what follows the name does not look like an address";
    return whole;
  }
  if (out.doubt.empty() && !out.rest.empty() && !looks_like_address(out.rest))
    out.doubt = "what follows the name does not look like an address";
  return out;
}

// "… including all operating units wherever located. … All addresses located in Belarus."
std::optional<NameSplit> split_description(std::string_view text) {
  if (text.find("wherever located") == std::string_view::npos) return std::nullopt;
  const std::size_t at = text.find("All address");
  if (at == std::string_view::npos) return std::nullopt;
  return make(text, at, {});
}

}  // namespace

bool looks_like_address(std::string_view text) {
  if (words::has_digit(text) || words::has_address_word(text) || !words::country_at_end(text).empty())
    return true;
  const std::vector<Segment> all = segments_of(text);
  return std::any_of(all.begin(), all.end(),
                     [&](const Segment& s) { return words::is_place(part(text, s)); });
}

std::string doubt_in_first(std::string_view text) {
  const std::vector<Segment> all = segments_of(text);
  return all.empty() ? std::string{} : doubt_inside(part(text, all.front()));
}

NameSplit split_first(std::string_view text) {
  const std::vector<Segment> all = segments_of(text);
  std::size_t i = 1;
  while (i < all.size() && !all[i].on_new_line && words::is_legal_form(part(text, all[i]))) ++i;
  if (i >= all.size()) return {words::without_closing(text::collapse(text)), {}, {}};
  return {words::without_closing(text::collapse(text.substr(0, all[i].begin))),
          text::trim(text.substr(all[i].begin)),
          {}};
}

NameSplit split_name(std::string_view text) {
  if (auto description = split_description(text)) return *description;
  const std::vector<Segment> all = segments_of(text);
  if (all.empty()) return {};
  const std::string_view first = part(text, all[0]);
  const bool form_follows = all.size() > 1 && !all[1].on_new_line && words::is_legal_form(part(text, all[1]));
  if (!form_follows) {
    if (const auto inside = boundary_behind_legal_form(first, true))
      return make(text, all[0].begin + inside->at, inside->doubt);
    if (const auto inside = boundary_before_unit(first))
      return make(text, all[0].begin + inside->at, inside->doubt);
  }
  std::string doubt = all.size() > 1 && !form_follows ? doubt_inside(first) : "";

  for (std::size_t i = 1; i < all.size(); ++i) {
    const std::string_view segment = part(text, all[i]);
    if (all[i].on_new_line) return make(text, all[i].begin, doubt);
    if (all[i].begin > max_name_bytes) return make(text, all[i].begin, "no end of the name is in sight");
    if (words::is_legal_form(segment) || is_bracketed_acronym(segment)) continue;
    if (segment.starts_with("and ")) {
      if (doubt.empty()) doubt = "the name may go on with “" + text::excerpt(segment, 60) + "”";
      continue;
    }
    if (const auto inside = boundary_behind_legal_form(segment, false)) {
      const bool form_first = words::is_legal_form(words_of(segment).front().text);
      if (form_first) return make(text, all[i].begin + inside->at, inside->doubt);
    }
    // A part that closes with a legal form and holds nothing of an address goes on with the name:
    // "JLD Technology, Hong Kong Co., Ltd.".
    const std::string_view name = text.substr(0, all[i - 1].end);
    if (words::ends_with_legal_form(segment) && !words::has_digit(segment) &&
        !words::ends_with_legal_form(name))
      continue;
    if (words::is_legal_form(words_of(segment).front().text)) continue;
    Decision decision =
        judge(name, first, segment, i + 1 < all.size() ? part(text, all[i + 1]) : std::string_view{});
    if (doubt.empty()) doubt = decision.doubt;
    if (doubt.empty() && !words::ends_with_legal_form(name) && words::has_organisation_word(first) &&
        !words::ends_with_acronym(first) && recurs(text, all, i))
      doubt = "“" + text::excerpt(segment, 60) + "” stands in the address again and may belong to the name";
    if (decision.verdict == Verdict::address) return make(text, all[i].begin, doubt);
  }
  return make(text, text.size(), doubt);
}

}  // namespace entitywatch::parsers
