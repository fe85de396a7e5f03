#include "parsers/entity_cell_aliases.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "parsers/entity_cell_glued.hpp"
#include "parsers/entity_cell_name.hpp"
#include "parsers/entity_cell_running.hpp"
#include "parsers/entity_cell_words.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

const std::string number_word =
    R"((?:\d{1,2}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ](?:one|two|three|four|five|six|seven|eight|nine))"
    R"(|[A-Za-z]+))";
// What ends the words that open a list: a colon, the end of the line, or a comma and the first dash.
const std::string opening_end = R"(([^:\n—–]{0,120}?)(?::|,?\s*(?:\n|$)|,\s*(?:[—–])))";

// "a.k.a., the following three aliases:" with all its slips: "and the following", "the three following",
// "the follow three", "the following the following", "the one alias", "one alias,", "one entity", "aliaes".
const RE2& introducer() {
  static const RE2 re(R"((?i)[\s,;(]*()" + also_known_words() +
                      R"()?[\s,]*\b(?:(?:and|as|including|to include|with)\s+)*(?:the\s+)?(?:()" +
                      number_word + R"()\s+)?follow(?:ing|s)?(?:\s+the\s+following)*\s+(?:()" + number_word +
                      R"()\s+)?(alia\w*|entity|entities|(?:former\s+)?names?)\b)" + opening_end);
  return re;
}
const RE2& short_introducer() {
  static const RE2 re(R"((?i)[\s,;(]*()" + also_known_words() + R"()[\s,]*(?:the\s+)?()" + number_word +
                      R"()()\s+(alia\w*)\b)" + opening_end);
  return re;
}
// "a.k.a," and a list of lines behind it.
const RE2& bare_introducer() {
  static const RE2 re(R"((?i)[\s,;(]*()" + also_known_words() + R"()()()()()[\s,:]*\n\s*[—–-])");
  return re;
}

// Whether any of the above could match: most cells name no alias, and this is cheap.
bool may_name_aliases(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  constexpr auto traces =
      std::to_array<std::string_view>({"k.a", "k. a", "b.a", "b. a", "aka", "fka", "dba", "/k/", "alia",
                                       "follow", "known as", "doing business"});
  return std::any_of(traces.begin(), traces.end(),
                     [&](std::string_view t) { return lower.find(t) != std::string::npos; });
}

struct Introducer {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string marker, number, kind, tail;
};

std::optional<Introducer> find_introducer(std::string_view text) {
  std::optional<Introducer> best;
  for (const RE2* re : {&introducer(), &short_introducer(), &bare_introducer()}) {
    std::array<re2::StringPiece, 6> groups;
    const re2::StringPiece input = re2_view(text);
    if (!re->Match(input, 0, input.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
      continue;
    Introducer found;
    found.begin = static_cast<std::size_t>(groups[0].data() - text.data());
    found.end = found.begin + groups[0].size();
    found.marker = std::string(groups[1]);
    found.number = std::string(groups[2].empty() ? groups[3] : groups[2]);
    found.kind = std::string(groups[4]);
    found.tail = std::string(groups[5]);
    // The dash of the first alias, where it closes the match, belongs to the list.
    const std::string_view matched(groups[0].data(), groups[0].size());
    if (matched.ends_with("—") || matched.ends_with("–"))
      found.end -= 3;
    else if (matched.ends_with("-"))
      found.end -= 1;
    if (found.begin == 0) continue;  // a heading, not a name
    if (!best || found.begin < best->begin) best = std::move(found);
  }
  return best;
}

std::size_t dash_length(std::string_view text) {
  if (text.starts_with("—") || text.starts_with("–") || text.starts_with("−") || text.starts_with("‒") ||
      text.starts_with("―"))
    return 3;
  if (text.starts_with("--")) return 2;
  return text.starts_with("-") && text.size() > 1 ? 1 : 0;
}

// Texts that lost their line breaks: "the following two aliases:—A; and —B. Address". A dash that only a
// joint or a colon precedes opens a line of its own.
std::string lines_at_dashes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view here = text.substr(i);
    // A hyphen opens an alias only right behind a colon or a joint.
    if (here.size() > 1 && here[0] == '-' && here[1] != ' ' &&
        (out.ends_with(": ") || out.ends_with(":") || out.ends_with("; and ") || out.ends_with("; ")))
      out += '\n';
    if (here.starts_with("—") || here.starts_with("–")) {
      std::string_view before = std::string_view(out);
      const bool gap = before.ends_with(' ');
      while (before.ends_with(' ')) before.remove_suffix(1);
      const bool joint = before.empty() || before.ends_with(':') || before.ends_with(';') ||
                         before.ends_with('\n') || before.ends_with("; and") || before.ends_with(", and");
      const bool apart =
          gap && here.size() > 3 && here[3] != ' ' && (before.ends_with('.') || before.ends_with(','));
      if ((joint || apart) && !before.empty() && !before.ends_with('\n')) out += '\n';
      out.append(here.substr(0, 3));
      i += 2;
      continue;
    }
    out += text[i];
  }
  return out;
}

bool list_stays_open(std::string_view line) {
  while (line.ends_with(' ')) line.remove_suffix(1);
  return line.ends_with(';') || line.ends_with(" and") || line.ends_with(',') || line.ends_with(";and");
}

bool has_end_mark(std::string_view line) { return list_stays_open(line) || line.ends_with('.'); }

class ListReader {
 public:
  ListReader(AliasReading& out, std::string_view region) : out_(out) {
    for (const std::string& line : text::split(lines_at_dashes(region), '\n'))
      lines_.push_back(text::collapse(line));
  }

  std::vector<std::string> read() {
    std::size_t at = 0;
    for (; at < lines_.size(); ++at) {
      const std::string& line = lines_[at];
      if (line.empty()) continue;
      if (dash_length(line) > 0) {
        items_.push_back(line);
      } else if (items_.empty()) {
        if (!take_undashed_start(line)) break;
      } else if (list_stays_open(items_.back()) && belongs_to_list(line)) {
        items_.push_back(line);
      } else {
        break;
      }
    }
    for (; at < lines_.size(); ++at) rest_ += (rest_.empty() ? "" : "\n") + lines_[at];
    mend_count();
    unglue();
    out_.rest = text::trim(rest_);
    return std::move(items_);
  }

 private:
  // Aliases on the line of the introducer, or behind it without a dash.
  bool take_undashed_start(const std::string& line) {
    if (!out_.stated || *out_.stated <= 1) {
      if (!out_.stated) return false;
      items_.push_back(line);
      return true;
    }
    std::vector<std::string> pieces = text::split(line, ';');
    const auto stated = static_cast<std::size_t>(*out_.stated);
    if (pieces.size() < stated) {
      items_.push_back(line);
      return true;
    }
    std::string last;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (i + 1 < stated)
        items_.push_back(text::trim(pieces[i]));
      else
        last += (last.empty() ? "" : ";") + pieces[i];
    }
    items_.push_back(text::trim(last));
    return true;
  }

  [[nodiscard]] bool belongs_to_list(std::string_view line) const {
    const bool missing = out_.stated && items_.size() < static_cast<std::size_t>(*out_.stated);
    if (words::has_digit(line) || !words::country_at_end(line).empty() || words::is_place(line)) return false;
    return missing || !words::has_address_word(line);
  }

  // A dash inside an alias that came to stand at the start of a line, or two aliases on one line: only where
  // the stated count then holds.
  void mend_count() {
    if (!out_.stated) return;
    const auto stated = static_cast<std::size_t>(*out_.stated);
    if (items_.size() == stated + 1) {
      for (std::size_t i = 0; i + 1 < items_.size(); ++i) {
        if (has_end_mark(items_[i])) continue;
        items_[i] += items_[i + 1];
        items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        out_.repairs.push_back("a line break inside an alias was taken out to meet the stated count");
        return;
      }
    }
    if (items_.size() + 1 == stated) {
      for (std::size_t i = 0; i < items_.size(); ++i) {
        const std::string body = clean_alias(items_[i]);
        const std::size_t joint = body.find("; ");
        if (joint == std::string::npos || looks_like_address(body.substr(joint))) continue;
        const std::string second = body.substr(joint + 2);
        items_[i] = body.substr(0, joint) + ";";
        items_.insert(items_.begin() + static_cast<std::ptrdiff_t>(i) + 1, second);
        out_.repairs.push_back("two aliases on one line were parted to meet the stated count");
        return;
      }
    }
  }

  void unglue() {
    if (items_.empty()) return;
    const bool alone = text::trim(rest_).empty();
    const std::string last = clean_alias(items_.back());
    const bool open_address = list_stays_open(items_.back()) && !words::country_at_end(last).empty() &&
                              last.find(',') != std::string::npos;
    if (!alone && !open_address) return;
    if (last.find("(Address:") != std::string::npos) return;  // parted below
    std::string_view whole = items_.back();
    whole.remove_prefix(dash_length(whole));
    const auto glue = part_from_address(text::trim(whole));
    if (!glue) return;
    if (!glue->doubt.empty()) out_.doubts.push_back(glue->doubt);
    items_.back() = glue->alias;
    rest_ = glue->address + (alone ? "" : "\n" + rest_);
  }

  AliasReading& out_;
  std::vector<std::string> lines_;
  std::vector<std::string> items_;
  std::string rest_;
};

// "Chelyabinsk-70, (Address: P.O. Box 245, Snezhinsk, Russia); and any nuclear-related entities …".
void take_bracketed_address(std::string& alias, AliasReading& out) {
  static const RE2 re(R"(^(.*?)[\s,]*\(Address:\s*([^)]*)\)[\s;,.]*(.*)$)");
  std::string name, address, more;
  if (!RE2::FullMatch(alias, re, &name, &address, &more)) return;
  out.rest = address + (out.rest.empty() ? "" : "; " + out.rest);
  if (!more.empty()) out.doubts.push_back("words behind the last alias: “" + text::excerpt(more, 120) + "”");
  alias = name;
}

void review_aliases(AliasReading& out) {
  static const RE2 more(R"((?i)\bthe following\b|\bto include the\b|\bsubordinate\b|\s[—–]\S)");
  for (const std::string& alias : out.aliases) {
    if (RE2::PartialMatch(alias, more)) {
      out.doubts.push_back("an alias seems to hold more than a name: “" + text::excerpt(alias, 120) + "”");
    } else if (const NameSplit split = split_name(alias);
               words::has_digit(split.rest) && words::has_address_word(split.rest)) {
      out.doubts.push_back("an alias seems to hold an address: “" + text::excerpt(alias, 120) + "”");
    }
  }
}

// "—Huawei Technology, and to include the following addresses and the following 22 affiliated entities:".
void take_inclusion(std::vector<std::string>& items, AliasReading& out) {
  static const RE2 re(
      R"((?i)^(.*?)[\s,;.]+(?:and\s+)?to include the following (?:addresses and the following\s+)?(?:()" +
      number_word + R"()\s+)?(?:subordinate|affiliated)\b.*$)");
  for (std::string& item : items) {
    std::string name, number;
    if (!RE2::FullMatch(item, re, &name, &number)) continue;
    if (!out.stated_subordinates) out.stated_subordinates = words::number(number);
    item = name;
  }
}

std::optional<AliasReading> read_list(std::string_view text) {
  const auto found = find_introducer(text);
  if (!found) return std::nullopt;
  AliasReading out;
  out.head = std::string(text.substr(0, found->begin));
  out.introducer =
      words::without_closing(text::collapse(text.substr(found->begin, found->end - found->begin)));
  out.stated = words::number(found->number);
  const bool singular = found->kind.size() == 5 || found->kind == "entity" || found->kind == "name";
  if (!out.stated && singular) out.stated = 1;
  static const RE2 subordinates(R"((?i)()" + number_word + R"()\s+(?:subordinate|affiliated)\s)");
  if (std::string number; RE2::PartialMatch(found->tail, subordinates, &number))
    out.stated_subordinates = words::number(number);

  std::vector<std::string> items = ListReader(out, text.substr(found->end)).read();
  take_inclusion(items, out);
  for (const std::string& item : items) {
    std::string alias = clean_alias(item);
    take_bracketed_address(alias, out);
    if (alias.empty()) continue;
    ++out.counted;
    add_alias(out, found->marker, std::move(alias));
  }
  review_aliases(out);
  return out;
}

}  // namespace

bool opens_alias_list(std::string_view text) {
  return may_name_aliases(text) && find_introducer(text).has_value();
}

std::string clean_alias(std::string_view text) {
  static const RE2 joint(R"([\s;,.]*[;,\s](?:and|or)[\s,;.:]*$)");
  std::string out = text::trim(text);
  while (dash_length(out) > 0) out = text::trim(std::string_view(out).substr(dash_length(out)));
  if (out.starts_with("and ")) out = text::trim(std::string_view(out).substr(4));
  // "Co., Ltd. and" keeps the full stop of its abbreviation.
  std::string before = out;
  if (RE2::Replace(&before, joint, "")) {
    const std::string_view tail = std::string_view(out).substr(before.size());
    if (tail.starts_with('.') && words::ends_with_abbreviation(before + ".")) before += '.';
    out = before;
  }
  out = words::without_closing(out);
  // A joint inside the closing quotation mark.
  for (const std::string_view quote : {"”", "'", "\"", "’"}) {
    if (!out.ends_with(quote) || out.size() <= quote.size()) continue;
    std::string body = out.substr(0, out.size() - quote.size());
    if (body.ends_with(',') || body.ends_with(';')) out = words::without_closing(body) + std::string(quote);
  }
  return out;
}

std::optional<AliasReading> read_aliases(std::string_view text) {
  if (!may_name_aliases(text)) return std::nullopt;
  auto list = read_list(text);
  if (!list) return read_running_aliases(text);
  // Former names in brackets before the list: "Gazmash, AO (f.k.a., X), a.k.a., the following two aliases:".
  if (auto head = read_running_aliases(list->head)) {
    for (std::string& name : head->former_names) list->former_names.push_back(std::move(name));
    list->aliases.insert(list->aliases.begin(), head->aliases.begin(), head->aliases.end());
    for (std::string& doubt : head->doubts) list->doubts.push_back(std::move(doubt));
    if (!head->rest.empty())
      list->doubts.push_back("words between name and aliases: “" + text::excerpt(head->rest, 120) + "”");
    list->head = head->head;
  }
  return list;
}

}  // namespace entitywatch::parsers
