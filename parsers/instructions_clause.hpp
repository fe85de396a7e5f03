// One numbered item of an instruction that amends a list: verbs, countries, names and counts, in whatever
// order the rule puts them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parsers/instructions.hpp"
#include "parsers/instructions_target.hpp"
#include "parsers/instructions_tree.hpp"

namespace entitywatch::parsers {

enum class ListVerb { add, revise, correct, remove, redesignate };

// What an item hands down to the items under it.
struct ClauseContext {
  AmendmentTarget target;  // target.list is set
  std::string country;
  std::optional<ListVerb> verb;
  bool names_are_parts = false;  // "In the entry for “X”:" stands above: quotes are parts of that entry
  std::optional<Date> effective_on;
};

struct ClauseReading {
  std::vector<EntryInstruction> entries;
  std::vector<Touched> touched;
  std::vector<Finding> findings;
  ClauseContext after;  // for the items below
};

[[nodiscard]] ClauseReading read_list_clause(const InstructionItem& item, const ClauseContext& above,
                                             SubItems sub_items);

}  // namespace entitywatch::parsers
