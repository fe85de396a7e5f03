#include "parsers/entity_cell_running.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/text.hpp"
#include "parsers/entity_cell_glued.hpp"
#include "parsers/entity_cell_name.hpp"
#include "parsers/entity_cell_words.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

bool is_former(std::string_view marker) {
  return !marker.empty() && (marker.front() == 'f' || marker.front() == 'F');
}

struct Marker {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string word;
};

std::vector<Marker> markers_in(std::string_view text) {
  static const RE2 re(R"((?i)[\s,;(]+()" + also_known_words() + R"()[\s,:]*)");
  std::vector<Marker> out;
  const re2::StringPiece input = re2_view(text);
  std::size_t from = 0;
  std::array<re2::StringPiece, 2> groups;
  while (re.Match(input, from, input.size(), RE2::UNANCHORED, groups.data(), 2)) {
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    from = begin + groups[0].size();
    // "Aka" with a capital may be a name.
    if (groups[1] == "Aka" || groups[1] == "Dba") continue;
    out.push_back({begin, from, std::string(groups[1])});
  }
  return out;
}

// "Shipyard 'Bay;' Bay JSC": the printer draws the joint of two names into the quotation before it.
std::string joints_outside_quotes(std::string_view names) {
  static const RE2 drawn_in(R"(;(['’”"])(\s|$))");
  std::string out(names);
  RE2::GlobalReplace(&out, drawn_in, R"(\1;\2)");
  return out;
}

bool share_word(std::string_view a, std::string_view b) {
  const std::vector<std::string> left = words::tokens(a);
  const std::vector<std::string> right = words::tokens(b);
  return std::any_of(left.begin(), left.end(), [&](const std::string& w) {
    return w.size() > 1 && w != "and" && w != "of" && w != "the" && w != "for" &&
           std::find(right.begin(), right.end(), w) != right.end();
  });
}

// "Mark Ong and Matti Chong" are two, "Center for Scientific Studies and Research" is one: "and" joins names
// where both sides resemble each other or the name they are aliases of, or where both are persons.
bool joins_names(std::string_view left, std::string_view right, std::string_view head) {
  if (left.find(" of ") != std::string_view::npos || left.find(" for ") != std::string_view::npos)
    return false;
  if (words::tokens(left).size() < 2 || words::tokens(right).size() < 2) return false;
  const bool like_head =
      head.find(" and ") == std::string_view::npos && share_word(left, head) && share_word(right, head);
  if (share_word(left, right) || like_head) return true;
  return !words::is_business(left) && !words::is_business(right);
}

// Several names in one place: "Lin Rongnan, Steven Lim and Yong Nam Lim".
std::vector<std::string> part_names(std::string_view text, AliasReading& out) {
  std::string flat = clean_alias(text);
  if (flat.empty()) return {};
  const std::size_t joint = flat.rfind(" and ");
  if (joint == std::string::npos) return {flat};
  std::vector<std::string> names;
  for (const std::string& piece : text::split(flat.substr(0, joint), ',')) {
    const std::string one = text::trim(piece);
    if (!names.empty() && words::is_legal_form(one))
      names.back() += ", " + one;
    else if (!one.empty())
      names.push_back(one);
  }
  names.push_back(flat.substr(joint + 5));
  if (names.size() < 2 || !joins_names(names[names.size() - 2], names.back(), out.head)) return {flat};
  out.doubts.push_back("“" + text::excerpt(flat, 120) + "” is read as " + std::to_string(names.size()) +
                       " names");
  return names;
}

// The last alias of a running text, with what follows it: "UM Airlines, UM Air, 7, Shulyavskaya Str., Kiev".
void read_running_tail(std::string_view tail, std::string_view marker, AliasReading& out) {
  const auto take = [&](std::string_view text) {
    for (std::string& name : part_names(text, out)) add_alias(out, marker, std::move(name));
  };
  if (auto stop = part_at_full_stop(tail)) {
    take(stop->alias);
    if (!stop->doubt.empty()) out.doubts.push_back(stop->doubt);
    out.rest = stop->address;
    return;
  }
  NameSplit split = split_name(tail);
  const NameSplit first = split_first(tail);
  if (split.name.size() > first.name.size())
    split = first;  // parts that would continue a name are aliases here
  take(split.name);
  if (split.rest != first.rest && !split.doubt.empty())
    out.doubts.push_back(split.doubt);
  else if (std::string inside = doubt_in_first(tail); !inside.empty() && !first.rest.empty())
    out.doubts.push_back(std::move(inside));
  bool listed = false;
  std::string closed = split.name;
  while (!split.rest.empty()) {
    // A further alias where an address should begin.
    const NameSplit next = split_first(split.rest);
    const bool organisation = words::has_organisation_word(next.name);
    const bool evident =
        words::has_digit(next.name) || words::is_place(next.name) ||
        (words::has_address_word(next.name) && !organisation && !words::ends_with_acronym(next.name));
    const bool alias =
        !evident && !next.rest.empty() && (words::is_business(next.name) || share_word(next.name, out.head));
    if (!alias) {
      if (!evident && !words::ends_with_legal_form(closed))
        out.doubts.push_back("“" + text::excerpt(next.name, 60) +
                             "” may be an alias or the beginning of the address");
      break;
    }
    take(next.name);
    closed = next.name;
    listed = true;
    split.rest = next.rest;
  }
  out.rest = split.rest;
  if (listed) out.doubts.push_back("aliases and address stand in one line without a joint");
}

}  // namespace

std::optional<AliasReading> read_running_aliases(std::string_view text) {
  const std::vector<Marker> markers = markers_in(text);
  if (markers.empty() || markers.front().begin == 0) return std::nullopt;
  AliasReading out;
  out.head = std::string(text.substr(0, markers.front().begin));
  const std::string_view opening =
      text.substr(markers.front().begin, markers.front().end - markers.front().begin);
  std::size_t end = text.size();
  const bool bracketed = opening.find('(') != std::string_view::npos;
  if (bracketed) {
    int depth = 1;
    std::size_t at = markers.front().end;
    for (; at < text.size() && depth > 0; ++at) depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (depth > 0) out.doubts.push_back("a bracket is not closed");
    end = depth == 0 ? at - 1 : text.size();
  }
  for (std::size_t i = 0; i < markers.size() && markers[i].begin < end; ++i) {
    const bool last = i + 1 == markers.size() || markers[i + 1].begin >= end;
    const std::string_view piece =
        text.substr(markers[i].end, (last ? end : markers[i + 1].begin) - markers[i].end);
    if (last && !bracketed) {
      read_running_tail(piece, markers[i].word, out);
    } else {
      for (const std::string& one : text::split(joints_outside_quotes(piece), ';'))
        for (std::string& name : part_names(one, out)) add_alias(out, markers[i].word, std::move(name));
    }
  }
  if (bracketed) out.rest = text::trim(text.substr(std::min(end + 1, text.size())));
  while (bracketed && (out.rest.starts_with(',') || out.rest.starts_with('.')))
    out.rest = text::trim(std::string_view(out.rest).substr(1));
  return out;
}

void add_alias(AliasReading& out, std::string_view marker, std::string alias) {
  if (alias.empty()) return;
  (is_former(marker) ? out.former_names : out.aliases).push_back(std::move(alias));
}

const std::string& also_known_words() {
  // "a.k.a.", "a.k.a", "aka", "f.k.a.", "d.b.a." and what they abbreviate.
  static const std::string words =
      R"((?:[af]\.\s?k\.\s?a\b\.?|d\.\s?b\.\s?a\b\.?|n\.\s?k\.\s?a\b\.?|\baka\b\.?|\bfka\b\.?|\bdba\b\.?)"
      R"(|\b[af]/k/a\b|also known as|formerly known as|doing business as))";
  return words;
}

}  // namespace entitywatch::parsers
