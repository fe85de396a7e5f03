#include "parsers/instructions.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/instructions_clause.hpp"
#include "parsers/instructions_target.hpp"
#include "parsers/instructions_tokens.hpp"
#include "parsers/instructions_tree.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

// "Effective October 9, 2019, supplement no. 4 …": the date of this instruction and those under it.
std::optional<Date> own_effective_date(std::string_view text) {
  static const RE2 effective("(?i)^\\s*(?:further )?effective(?: on)?\\s+([A-Z][a-z]+\\.? \\d{1,2}, \\d{4})");
  std::string date;
  if (!RE2::PartialMatch(re2_view(text), effective, &date)) return std::nullopt;
  return parse_printed_date(date);
}

bool changes_nothing(std::string_view masked) {
  static const RE2 continues("(?i)\\bcontinues? to read\\b");
  return RE2::PartialMatch(re2_view(masked), continues);
}

struct ItemState {
  std::vector<AmendmentTarget> targets;
  std::optional<ClauseContext> list;  // set where the target is a list
  std::optional<Date> effective_on;
};

class Reader {
 public:
  explicit Reader(std::vector<InstructionItem> items) : items_(std::move(items)), states_(items_.size()) {}

  InstructionReading read() {
    for (std::size_t i = 0; i < items_.size(); ++i) read_item(i);
    drop_announcements();
    return std::move(out_);
  }

 private:
  [[nodiscard]] SubItems sub_items(std::size_t of) const {
    for (std::size_t i = of + 1; i < items_.size(); ++i)
      if (items_[i].parent == of) return SubItems::follow;
    return SubItems::none;
  }

  void read_item(std::size_t i) {
    const InstructionItem& item = items_[i];
    ItemState& state = states_[i];
    const std::string masked = mask_quotes(item.text);
    if (item.parent) state = states_[*item.parent];
    if (const auto date = own_effective_date(masked)) state.effective_on = date;
    if (const std::string corrected = corrected_document(masked); !corrected.empty())
      add_relation({"corrects", corrected});
    std::vector<AmendmentTarget> own = find_targets(masked, item.title, item.part);
    if (!own.empty() && takes_over(own, state)) {
      state.targets = std::move(own);
      state.list.reset();
      const auto list =
          std::ranges::find_if(state.targets, [](const AmendmentTarget& t) { return t.list.has_value(); });
      if (list != state.targets.end()) {
        state.list = ClauseContext{*list, {}, std::nullopt, false, std::nullopt};
        note_several_lists(state.targets, item);
      }
    }
    if (state.list) {
      state.list->effective_on = state.effective_on;
      ClauseReading clause = read_list_clause(item, *state.list, sub_items(i));
      state.list = std::move(clause.after);
      std::ranges::move(clause.entries, std::back_inserter(out_.entries));
      std::ranges::move(clause.touched, std::back_inserter(out_.touched));
      std::ranges::move(clause.findings, std::back_inserter(out_.findings));
      return;
    }
    if (changes_nothing(masked)) return;
    for (const AmendmentTarget& target : state.targets)
      for (Touched& t : touched_by(item.text, target, sub_items(i)))
        if (std::ranges::find(out_.touched, t) == out_.touched.end()) out_.touched.push_back(std::move(t));
  }

  // A sub-item of a list's instruction mentions sections only in passing.
  static bool takes_over(const std::vector<AmendmentTarget>& own, const ItemState& above) {
    if (above.targets.empty()) return true;
    const bool names_a_place =
        std::ranges::any_of(own, [](const AmendmentTarget& t) { return !t.section.empty() || t.authority; });
    if (!names_a_place) return false;
    if (!above.list) return true;
    return own.front().section.starts_with("Supplement") && own.front().section != above.list->target.section;
  }

  void add_relation(Relation relation) {
    if (std::ranges::find(out_.relations, relation) == out_.relations.end())
      out_.relations.push_back(std::move(relation));
  }

  void note_several_lists(const std::vector<AmendmentTarget>& targets, const InstructionItem& item) {
    const auto lists =
        std::ranges::count_if(targets, [](const AmendmentTarget& t) { return t.list.has_value(); });
    if (lists > 1)
      out_.findings.push_back({Finding::Severity::review, "several_lists",
                               "one instruction amends several lists", text::excerpt(item.text, 300)});
  }

  // "by adding 28 entities:" above items that name them is no instruction of its own.
  void drop_announcements() {
    const auto named_below = [&](const EntryInstruction& e) {
      return (e.count || e.from_table) &&
             std::ranges::any_of(out_.entries, [&](const EntryInstruction& other) {
               return !other.count && !other.name.empty() && other.kind == e.kind && other.list == e.list &&
                      other.number.starts_with(e.number + ".");
             });
    };
    std::vector<EntryInstruction> kept;
    for (const EntryInstruction& e : out_.entries)
      if (!named_below(e)) kept.push_back(e);
    out_.entries = std::move(kept);
  }

  std::vector<InstructionItem> items_;
  std::vector<ItemState> states_;
  InstructionReading out_;
};

}  // namespace

InstructionReading read_instructions(const std::vector<AmendmentParagraph>& paragraphs) {
  // Far beyond any instruction ever printed; what is longer is no instruction.
  constexpr std::size_t longest = 200'000;
  std::vector<AmendmentParagraph> readable;
  std::vector<Finding> findings;
  for (const AmendmentParagraph& p : paragraphs) {
    if (p.text.size() <= longest)
      readable.push_back(p);
    else
      findings.push_back({Finding::Severity::review, "unplaced_instruction",
                          "a paragraph is too long to be an instruction", text::excerpt(p.text, 300)});
  }
  InstructionReading out = Reader(number_items(readable)).read();
  std::ranges::move(findings, std::back_inserter(out.findings));
  return out;
}

}  // namespace entitywatch::parsers
