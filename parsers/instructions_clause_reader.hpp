// The reader of one item that amends a list; instructions_clause.hpp is its door.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/instructions_clause.hpp"
#include "parsers/instructions_tokens.hpp"
#include "parsers/instructions_words.hpp"

namespace entitywatch::parsers {

struct PendingName {
  std::string name;
  std::string country;
  bool country_given = false;  // by this item's own words
  bool placed_after = false;   // by a country that stands behind it
  std::string becomes;
  std::vector<Finding> findings;
};

// Reads the tokens left to right. A segment is what one verb governs; it is written out when the next
// verb, or the next country with names already read, begins.
class ClauseReader {
 public:
  ClauseReader(const InstructionItem& item, const ClauseContext& above, SubItems sub_items);
  ClauseReading read();

 private:
  // The words that name the supplement are no part of the clause.
  void skip_target();
  void step();

  // A capitalised word among names that is part of none: perhaps a name without quotation marks.
  void note_unread(const Token& token);
  void read_separator();

  // ---- countries ----

  bool read_under();

  // What comes after a country: names or counts it governs, a verb that begins anew, or neither.
  enum class Follows { objects, verb, nothing };
  [[nodiscard]] Follows what_follows(std::size_t from) const;

  // A country before its entries ("Under X, adding “A”") holds until the next one; a country after them
  // ("removing “A” under X") holds for those before it.
  void enter_country(const FoundCountry& found);

  // A country that stands without "under": the object of the verb ("a country listing for ITALY",
  // "Removing the entry for SAUDI ARABIA") or, before any verb, the scope of what follows.
  bool read_country();

  // "the entry for Saudi Arabia"
  [[nodiscard]] bool entry_for_before() const;
  void object_country(const FoundCountry& found);

  // "an entry for RUSSIA, “X”": the country only says where.
  [[nodiscard]] bool entries_follow(std::size_t from) const;

  // "removing X and adding Y in its place": said from the verb at `verb` (a token) to the next but one.
  [[nodiscard]] bool replaced_in_place(std::size_t verb) const;

  // ---- verbs ----

  bool read_verb();
  [[nodiscard]] bool entry_noun_soon() const;

  // ---- names, counts, nouns ----

  void read_quote();

  // What stands right before a token.
  [[nodiscard]] std::string_view words_before(const Token& token) const;

  // "In the entry for “X”," before any verb.
  [[nodiscard]] bool opens_scope(const Token& token) const;
  [[nodiscard]] bool part_of_entry(const Token& token) const;

  // “Address 03” through “Address 06”.
  void read_range();
  bool read_count();
  bool read_noun();
  bool read_phrase();

  // ---- writing ----

  [[nodiscard]] EntryInstruction instruction() const;
  void touched(std::string what, ListVerb verb);
  void finding(std::string code, std::string message, std::string_view excerpt);

  // A doubt about the entries written since `first`; where there are none, about the document.
  void doubt_entries(std::size_t first, const std::string& code, const std::string& message,
                     std::string_view excerpt);
  void write_name(const PendingName& pending, const std::string& country);
  enum class Joined { no, yes };
  void finish_segment(Joined joined = Joined::no);

  // A verb without entries: what it changes about the supplement's own text.
  void write_touched();

  // "adding the following entries in alphabetical order under CHINA": the table says which.
  void write_from_table();

  // "removing the entity Foo Bar Co., Ltd.": names without quotation marks, always doubtful.
  bool write_unquoted(const std::string& what);
  void write_scope();

  // Words that look like an instruction about entries and led to nothing must not pass in silence.
  void report_leftovers();
  const InstructionItem& item_;
  const ClauseContext& above_;
  const SubItems sub_items_;
  const std::string text_;
  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
  ClauseReading out_;
  std::optional<ListVerb> verb_;
  bool verb_here_ = false;
  bool passive_ = false;
  std::string country_;
  bool country_here_ = false;  // named in this item, before what it governs
  std::vector<std::string> more_countries_;
  bool has_own_target_ = false;
  bool in_order_ = false;
  bool wrote_ = false;
  std::string unread_;
  bool kind_uncertain_ = false;  // two verbs joined govern the names
  bool replacing_ = false;       // one country heading by another

  // of the segment
  std::vector<PendingName> names_;
  std::optional<int> count_;
  bool separated_ = false;        // a semicolon stands after the last name or count
  std::size_t segment_verb_ = 0;  // token
  std::size_t segment_start_ = 0;
  bool segment_open_ = false;
  bool segment_has_country_ = false;
  bool country_noun_ = false;  // a noun like "heading" or "destination" has been read
  bool part_mode_ = false;     // quotes are parts of an entry, not names
  bool partial_ = false;
  bool quoted_part_ = false;
  bool chained_ = false;
  bool becomes_next_ = false;
  std::vector<PendingName> scope_;
};

}  // namespace entitywatch::parsers
