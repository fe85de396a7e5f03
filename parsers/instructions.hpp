// Amendment instructions as a grammar: numbering gives structure, country and supplement are inherited,
// verbs carry entry names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/document.hpp"
#include "core/reading.hpp"

namespace entitywatch::parsers {

// One amendatory paragraph, inline markup removed, white space collapsed, page marks taken out.
struct AmendmentParagraph {
  std::string text;
  int title = 15;    // of the REGTEXT around it
  std::string part;  // of the REGTEXT around it, may be empty
};

// An instruction about one entry (or one country listing) of a list.
struct EntryInstruction {
  OperationKind kind = OperationKind::add;
  ListId list = ListId::entity_list;
  std::string country;       // as printed, capitals kept
  std::string name;          // as quoted, outer punctuation removed; empty for country listings
  std::optional<int> count;  // "adding 28 entities": no names given, the table has them
  std::optional<Date> effective_on;
  bool is_correction = false;
  std::string words;  // of the paragraph it stands in

  // The name the instruction's own words give the entry from now on ("to read “Y”"); empty: none.
  std::string becomes;
  // Alters a part of the entry in words (an alias, an address, a column): no row need follow.
  bool partial = false;
  // Neither named nor counted: the entries are those the table prints under the country.
  bool from_table = false;

  std::string number;             // the numbering it stands under, "2.b.i"
  std::vector<Finding> findings;  // what is doubtful about this one
};

struct InstructionReading {
  std::vector<EntryInstruction> entries;  // in order
  std::vector<Touched> touched;           // everything else the instructions touch
  std::vector<Relation> relations;
  std::vector<Finding> findings;  // what could not be placed
};

[[nodiscard]] InstructionReading read_instructions(const std::vector<AmendmentParagraph>& paragraphs);

}  // namespace entitywatch::parsers
