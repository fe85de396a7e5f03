// An entry is one row of a list: one party under one country. "Entities" and "entries" differ: one
// entity under three countries is three entries.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/lists.hpp"
#include "core/time.hpp"

namespace entitywatch {

// A Federal Register citation, "84 FR 54004, 10/9/19". `page` 0: printed as a placeholder and not yet
// filled in. `repaired`: the printed form was malformed and read with certainty all the same
// ("77 FR 231164/18/12." is read as page 23116); where certainty is lacking the citation is left out of
// the reading and a finding says so.
struct Citation {
  int volume = 0;
  int page = 0;
  std::optional<Date> date;
  bool repaired = false;
  bool operator==(const Citation&) const = default;
};

// A self-check made while reading or tracking: what the publisher states against what was found.
// Values are whole numbers or text, printed as such in JSON.
struct Check {
  std::string name;  // "stated_alias_count", "stated_entries", "instruction_in_table", …
  std::string expected;
  std::string found;
  bool ok = false;
  std::string detail;  // where, in the publisher's words; may be empty
  bool operator==(const Check&) const = default;
};

// Something that could not be understood or does not fit: never dropped, always attached to what it
// concerns. `review` findings mark the changes they concern for human review.
struct Finding {
  enum class Severity { note, review };
  Severity severity = Severity::review;
  std::string code;     // stable, snake_case: "unplaced_instruction", "row_without_instruction", …
  std::string message;  // one sentence for a person
  std::string excerpt;  // the publisher's words it is about, at most a few hundred characters
  bool operator==(const Finding&) const = default;
};

// The cells of the row as printed, white space collapsed; lines of a cell are separated by '\n'.
struct RawCells {
  std::string entity;
  std::string license_requirement;
  std::string license_review_policy;
  std::string citation;
  bool operator==(const RawCells&) const = default;
};

// What a publisher prints about a party: the reading of one row. Text is UTF-8 with white space
// collapsed, otherwise as printed; normalising for comparison is core/compare's business.
struct Listing {
  std::string country;       // as the list prints it, "CHINA, PEOPLE'S REPUBLIC OF"
  std::string country_code;  // ISO 3166-1 alpha-2, empty where none fits
  std::string name;          // no closing punctuation
  std::vector<std::string> aliases;    // a.k.a.; no leading dash, no closing full stop, in printed order
  std::vector<std::string> former_names;  // f.k.a., offered as aliases for search too
  std::vector<std::string> addresses;  // single addresses, joining "; and" and cross-references left out
  std::vector<std::string> cross_references;  // countries named in "(See alternate addresses under …)"
  std::string license_requirement;
  std::string license_review_policy;
  std::string requirement_form;  // the small set of meanings, e.g. "all-items"; empty: not reduced
  std::string policy_form;       // e.g. "presumption-of-denial"
  std::vector<Citation> citations;
  std::vector<int> footnotes;  // designations 1..5, ascending
  std::string parent;          // the institution a subordinate one hangs on; empty: none
  std::vector<std::string> programs;  // of lists that carry them (CSL); else empty
  std::string remarks;                // standard order, title, dates of lists that carry them; else empty
  std::optional<Date> start_date;     // of lists that carry one (DPL, CSL)
  std::optional<Date> end_date;
  RawCells raw;
  std::vector<Check> checks;      // of this row
  std::vector<Finding> findings;  // of this row
  bool operator==(const Listing&) const = default;
};

enum class EntryStatus { listed, pending, removed };
[[nodiscard]] std::string_view to_string(EntryStatus status);
[[nodiscard]] std::optional<EntryStatus> parse_entry_status(std::string_view text);

// A tracked entry: a listing with an identity that survives renames, new addresses and new sources.
struct Entry {
  std::string id;  // 20 hex digits, from list, country and name at first sight
  ListId list = ListId::entity_list;
  Listing listing;                           // as last known, whether in force yet or not
  EntryStatus status = EntryStatus::listed;  // pending: announced, not yet effective
  std::string source;                        // that last shaped it
  Time first_seen{};
  Time last_confirmed{};  // when a source last showed it anew or changed; see Archive for later proofs
  std::optional<Date> effective_on;  // of the status it has
  std::string document;              // number of the document that last changed it, may be empty
  std::uint64_t versions = 0;        // how many versions are stored
  bool operator==(const Entry&) const = default;
};

// One state of an entry with its two times: when it takes (or took) effect, and when we learned it.
// Versions are only ever appended; `as_of` and `known_at` are answered from them.
struct EntryVersion {
  std::string entry_id;
  std::uint64_t number = 0;  // 1, 2, 3 … within the entry
  EntryStatus status = EntryStatus::listed;  // listed or removed as of effective_on
  std::optional<Date> effective_on;          // nullopt: in force before the first reading
  Time known_at{};
  std::string change_id;  // empty: recorded by a baseline
  Listing listing;
  std::string source;    // that said so
  std::string document;  // number of the document that made it so; empty: known from a list alone
  std::optional<Date> as_of;  // of the snapshot that showed it
  bool past = false;  // learned as history: gives way to what was known to follow it
  bool operator==(const EntryVersion&) const = default;
};

}  // namespace entitywatch
