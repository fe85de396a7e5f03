#include "parsers/entity_cell_blocks.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/entity_cell_aliases.hpp"
#include "parsers/entity_cell_words.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

const RE2& subordinate_line() {
  static const RE2 re(R"((?i)^subordinate\s+(?:institut?\w*|entit\w+)\s*:?\s*(.*)$)");
  return re;
}
const RE2& affiliates_line() {
  static const RE2 re(R"((?i)^affiliated\s+entit\w+\s*:\s*(.*)$)");
  return re;
}
const RE2& shared_line() {
  static const RE2 re(
      R"((?i)^the following address(?:es)? (?:apply|applies) to the entity and (?:to )?(?:the |its )?[^:]*:\s*(.*)$)");
  return re;
}
const RE2& heading_line() {
  static const RE2 re(R"((?i)^the following (.+?) entities\s*:$)");
  return re;
}
// "…; and the following four subordinate entities:" closes one party and opens a list of dash lines.
const RE2& open_list_line() {
  static const RE2 re(R"((?i)^(.*?)[\s;,.]+and the following (?:\w[\w-]*\s+)?subordinate\s+\w+\s*:$)");
  return re;
}
// "… 13th Research Institute (CETC 13) subordinate institution:" with the name on the next line.
const RE2& open_parent_line() {
  static const RE2 re(R"((?i)\ssubordinate\s+institut?ion\s*:$)");
  return re;
}

bool starts_with_dash(std::string_view line) {
  return line.starts_with("—") || line.starts_with("–") || line.starts_with("-");
}

std::string without_dash(const std::string& line) {
  if (line.starts_with("—") || line.starts_with("–")) return text::trim(line.substr(3));
  return line.starts_with("-") ? text::trim(line.substr(1)) : line;
}

// Under "Affiliated entities:" every line is a party of its own, but for those that go on with the alias
// list or give the address of the party before.
bool continues_affiliate(const CellBlock& block, std::string_view line) {
  if (starts_with_dash(line)) return true;
  if (block.lines.empty()) return false;
  const std::string_view last = block.lines.back();
  if (last.ends_with(';') || last.ends_with(" and")) return true;
  if (!opens_alias_list(block.lines.front())) return false;
  bool has_alias = false;
  for (std::size_t i = 1; i < block.lines.size(); ++i)
    has_alias = has_alias || starts_with_dash(block.lines[i]);
  const bool has_address = !words::country_at_end(last).empty();
  return !has_alias || !has_address;
}

// In a list of dash lines a dash opens the next party, unless the one before still lacks aliases it states.
bool lacks_aliases(const CellBlock& block) {
  const auto aliases = read_aliases(text::join(block.lines, "\n"));
  if (!aliases || !aliases->stated) return false;
  std::size_t listed = 0;
  for (std::size_t i = 1; i < block.lines.size(); ++i) listed += starts_with_dash(block.lines[i]) ? 1 : 0;
  return listed < static_cast<std::size_t>(*aliases->stated);
}

// Whether a line could open anything of the above: most cells hold one party, and this is cheap.
bool may_part(const std::string& line) {
  return line.find("ubordinate") != std::string::npos || line.find("ffiliated") != std::string::npos ||
         line.find("he following") != std::string::npos || line.find("SUBORDINATE") != std::string::npos;
}

}  // namespace

bool opens_block(std::string_view line) {
  const re2::StringPiece view = re2_view(line);
  return RE2::FullMatch(view, subordinate_line()) || RE2::FullMatch(view, affiliates_line()) ||
         RE2::FullMatch(view, shared_line());
}

CellBlocks part_blocks(const std::vector<std::string>& lines) {
  if (std::none_of(lines.begin(), lines.end(), may_part)) return {{{lines, false, false}}, {}, {}};
  enum class Mode { party, affiliates, shared, heading, listed };
  CellBlocks out;
  out.blocks.emplace_back();
  Mode mode = Mode::party;
  const auto open = [&](const std::string& first) {
    out.blocks.push_back({{}, true, mode == Mode::heading});
    if (!first.empty()) out.blocks.back().lines.push_back(first);
  };
  for (const std::string& line : lines) {
    std::string rest;
    CellBlock& now = out.blocks.back();
    if (RE2::FullMatch(line, subordinate_line(), &rest)) {
      mode = Mode::party;
      open(rest);
    } else if (RE2::FullMatch(line, affiliates_line(), &rest)) {
      mode = Mode::affiliates;
      if (!rest.empty()) open(rest);
    } else if (RE2::FullMatch(line, shared_line(), &rest)) {
      mode = Mode::shared;
      if (!rest.empty()) out.shared_lines.push_back(rest);
    } else if (out.blocks.size() == 1 && now.lines.empty() && RE2::FullMatch(line, heading_line(), &rest)) {
      mode = Mode::heading;
      out.heading_parent = rest;
    } else if (mode != Mode::shared && !now.lines.empty() && RE2::FullMatch(line, open_list_line(), &rest)) {
      now.lines.push_back(rest);
      mode = Mode::listed;
    } else if (mode == Mode::listed && starts_with_dash(line)) {
      if (out.blocks.size() == 1 || !lacks_aliases(now))
        open(without_dash(line));
      else
        now.lines.push_back(line);
    } else if (mode == Mode::shared) {
      out.shared_lines.push_back(line);
    } else if (mode == Mode::heading && !line.empty()) {
      open(without_dash(clean_alias(line)));
    } else if (mode == Mode::affiliates && !line.empty()) {
      if (out.blocks.size() == 1 || !continues_affiliate(now, line))
        open(line);
      else
        now.lines.push_back(line);
    } else if (!now.lines.empty() && RE2::PartialMatch(now.lines.back(), open_parent_line()) &&
               !line.empty()) {
      now.lines.back() += " " + without_dash(line);
    } else {
      now.lines.push_back(line);
    }
  }
  return out;
}

}  // namespace entitywatch::parsers
