#include "parsers/fr_regtext.hpp"

#include <re2/re2.h>

#include <charconv>

#include "core/lists.hpp"
#include "core/text.hpp"
#include "parsers/instructions_target.hpp"
#include "parsers/instructions_tokens.hpp"

namespace entitywatch::parsers {
namespace {

// The list a heading or an instruction names: "Supplement No. 4 to Part 744—Entity List".
std::optional<ListId> list_named(std::string_view words, int title, std::string_view part) {
  const std::string masked = mask_quotes(tidy_instruction(words));
  for (const AmendmentTarget& target : find_targets(masked, title, part))
    if (target.list) return target.list;
  return std::nullopt;
}

bool names_a_place(std::string_view words, int title, std::string_view part) {
  const std::string masked = mask_quotes(tidy_instruction(words));
  for (const AmendmentTarget& target : find_targets(masked, title, part))
    if (!target.section.empty()) return true;
  return false;
}

class Walker {
 public:
  FrAmendments read(const FrNode& root) {
    walk(root, false);
    return std::move(out_);
  }

 private:
  void walk(const FrNode& node, bool in_regtext) {
    for (const FrNode& child : node.children) {
      if (child.is_text() || child.is("PREAMB") || child.is("AUTH")) continue;
      if (child.is("REGTEXT")) {
        enter(child);
        walk(child, true);
        leave();
      } else if (child.is("AMDPAR") || child.is("INSTR")) {
        add(running_text(child));
        among_instructions_ = true;
      } else if (child.is("P") || child.is("FP")) {
        if (in_regtext) read_paragraph(running_text(child));
      } else if (child.is("HD") || child.is("PART")) {
        read_heading(running_text(child), in_regtext);
      } else if (child.is("GPOTABLE")) {
        read_table(child);
      } else {
        if (child.is("SECTION") || child.is("STARS") || child.is("SUBPART") || child.is("APPENDIX"))
          among_instructions_ = false;
        walk(child, in_regtext);
      }
    }
  }

  void enter(const FrNode& regtext) {
    const std::string_view title = regtext.attribute("TITLE");
    title_ = 15;
    std::from_chars(title.data(), title.data() + title.size(), title_);
    part_ = std::string(regtext.attribute("PART"));
    heading_list_.reset();
    among_instructions_ = false;
  }

  void leave() {
    among_instructions_ = false;
    heading_list_.reset();
    title_ = 15;
    part_.clear();
  }

  void add(std::string words) {
    if (const auto list = list_named(words, title_, part_))
      instruction_list_ = list;
    else if (names_a_place(words, title_, part_))
      instruction_list_.reset();
    if (!words.empty()) out_.paragraphs.push_back({std::move(words), title_, part_});
  }

  // In some rules only the first paragraph of an instruction is an AMDPAR, its sub-items are plain
  // paragraphs.
  void read_paragraph(std::string words) {
    static const RE2 item(
        "^(?:\\(?(?:\\d{1,2}|[a-z]{1,2}|[ivxl]{1,8}|[A-Z])[.)])\\s*(?:\\([a-z0-9]{1,3}\\)\\s*)?(?:By|Under|"
        "UNDER|In|Adding|Revising|Removing|Redesignating|Correcting|Add|Revise|Remove|by|under|adding|"
        "revising|removing)\\b");
    // And at times that first one is a plain paragraph too.
    static const RE2 opening(
        "(?i)^\\d{1,2}\\.\\s+(?:effective [^,]+, \\d{4}, )?(?:amend |revise |add |in |the )?supplement "
        "nos?\\.? ?\\d+ (?:to|of) part \\d{3}\\b[^.]{0,60}"
        "(?:is|are|amended|by|under|:)");
    if (RE2::PartialMatch(words, opening) || (among_instructions_ && RE2::PartialMatch(words, item))) {
      add(std::move(words));
      among_instructions_ = true;
    } else {
      among_instructions_ = false;
    }
  }

  void read_heading(const std::string& words, bool in_regtext) {
    if (in_regtext) among_instructions_ = false;
    if (const auto list = list_named(words, title_, part_))
      heading_list_ = list;
    else if (names_a_place(words, title_, part_))
      heading_list_.reset();
  }

  void read_table(const FrNode& node) {
    among_instructions_ = false;
    const auto list = heading_list_                     ? heading_list_
                      : part_.empty() || part_ == "744" ? instruction_list_
                                                        : std::nullopt;
    if (auto table = read_list_table(node, list)) out_.tables.push_back(std::move(*table));
  }

  FrAmendments out_;
  int title_ = 15;
  std::string part_;
  std::optional<ListId> heading_list_;
  std::optional<ListId> instruction_list_;
  bool among_instructions_ = false;
};

}  // namespace

FrAmendments read_amendments(const FrNode& root) { return Walker().read(root); }

}  // namespace entitywatch::parsers
