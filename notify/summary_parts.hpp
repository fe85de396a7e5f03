// The parts summarize() is put together from: facts, headline, warnings. Private to notify/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "notify/summary.hpp"

namespace entitywatch::notify {

// "84 FR 54002", "document 2026-01234, not yet published", "no rule known, seen in the eCFR".
[[nodiscard]] std::string authority_of(const Change& change);
// The page of the document all changes share; empty where they share none.
[[nodiscard]] std::string read_url_of(const std::vector<Change>& changes);

// Failed checks and review findings of the document and its changes, each once.
[[nodiscard]] std::vector<std::string> warnings_of(const AlertView& view, const std::vector<Item>& items);

// These read what summarize() has filled in so far: items, groups, warnings, URLs.
[[nodiscard]] std::vector<Fact> facts_of(const AlertView& view, const Summary& summary, Date today);
[[nodiscard]] std::string headline_of(const AlertView& view, const Summary& summary);
[[nodiscard]] std::string lead_of(const AlertView& view, const Summary& summary, Date today);
[[nodiscard]] std::string subject_of(const AlertView& view, const Summary& summary);

// The value all items have in this field; nullopt where they differ.
[[nodiscard]] std::optional<std::string> shared_value(const std::vector<Item>& items,
                                                      std::string Item::*field);
// The one value among the items that have any; empty where they differ.
[[nodiscard]] std::string shared_term(const std::vector<Item>& items, std::string Item::*field);

// "China 60, Pakistan 10"; "China" where all are of one; "6 destinations: China 60, … and 2 more".
[[nodiscard]] std::string destinations(const std::vector<Item>& items, std::size_t most_named);
// "October 9, 2019, in force"; several dates with how many changes each.
[[nodiscard]] std::string effective_words(const std::vector<Change>& changes, Date today);

}  // namespace entitywatch::notify
