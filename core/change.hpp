// A change is one thing that happened to one entry, or to a document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/decision.hpp"
#include "core/document.hpp"
#include "core/entry.hpp"

namespace entitywatch {

// `effective`: what was announced earlier has taken effect on its day.
enum class ChangeKind { added, removed, withdrawn, revised, corrected, editorial, document, discrepancy, effective };
[[nodiscard]] std::string_view to_string(ChangeKind kind);
[[nodiscard]] std::optional<ChangeKind> parse_change_kind(std::string_view text);

// One source seeing the event. The first raised the change; later ones confirm, complete or contradict.
struct Sighting {
  std::string source;
  std::string role;      // "first", "confirms", "completes", "contradicts"; of a discrepancy also "resolves"
  Time seen_at{};
  std::string document;  // number, where the source is a document
  std::optional<Date> as_of;  // of a snapshot source
  std::string note;           // what it added or disputed; may be empty
  std::string sha256;         // of the bytes it rests on
  bool operator==(const Sighting&) const = default;
};

struct Evidence {
  std::string sha256;
  std::string url;
  Time fetched_at{};
  bool operator==(const Evidence&) const = default;
};

struct Change {
  std::string id;           // 32 hex digits; the same on every retry, restart and node
  std::uint64_t seq = 0;    // position in the history, given by the archive; never changes
  std::uint64_t revision = 1;  // raised when something learned later is filled in
  std::uint64_t position = 0;  // where `updates=true` and the stream show it; equals seq at revision 1
  ChangeKind kind = ChangeKind::added;
  std::optional<ListId> list;
  std::optional<Entry> entry;   // after the change; of a removal: as it last was
  std::optional<Entry> before;  // of a revision: before it
  std::vector<std::string> fields;  // of a revision: name, aliases, addresses, license_requirement, …
  std::optional<DocumentRef> document;
  std::optional<Date> effective_on;
  Time detected_at{};
  std::string source;
  std::vector<Sighting> sightings;
  bool review = false;  // "verification": "review" when a self-check did not hold
  std::vector<Check> checks;
  std::vector<Finding> findings;
  Evidence evidence;
  std::string note;  // "seen only in the eCFR; no rule is known for it" and the like
  std::vector<Decision> decisions;  // of a revision or an editorial change: field by field, with the rule that decided
  bool operator==(const Change&) const = default;
};

// Sources other than the first that confirmed or completed it, in the order they did, each once.
[[nodiscard]] std::vector<std::string> confirmed_by(const Change& change);

// Of a discrepancy: the sources have not come to agree since.
[[nodiscard]] bool is_open(const Change& discrepancy);

}  // namespace entitywatch
