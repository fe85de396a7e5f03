// A list that rules have changed day after day, tracked and committed as the daemon does it, and the list of
// any day recomputed from nothing but the log of changes: how the versions of entries are kept and asked is
// no part of the recomputation.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "daemon/api.hpp"
#include "storage/archive.hpp"

namespace entitywatch::test {

// What identifies an entry on a day: its name, and how its license requirement then read.
using ListOnDay = std::map<std::string, std::string>;

struct LongHistory {
  Date first;          // of the first reading; rules begin the day after
  ListOnDay baseline;  // as first read
  std::size_t rules = 0;
};

// A first reading of `rows` entries, then a rule a day that adds, revises and removes some, at once or from a
// day to come. The archive is empty before.
[[nodiscard]] LongHistory write_history(storage::Archive& archive, std::size_t rows, std::size_t days);

// The answers of `/v1/entries`, page by page with 1,000 entries each; `as_of` empty: as it stands, `known_at`
// empty: as far as is known.
[[nodiscard]] std::vector<std::string> asked_pages(const daemon::Api& api, const std::string& as_of,
                                                   const std::string& known_at = "");
[[nodiscard]] ListOnDay list_of(const std::vector<std::string>& pages);

// The whole log, as `/v1/changes` tells it.
[[nodiscard]] std::vector<Json> change_log(const daemon::Api& api);

// The list in force on the day by the first reading and every change that had begun by then; of those, where
// `known_at` is given, the ones detected until then.
[[nodiscard]] ListOnDay recomputed(const LongHistory& history, const std::vector<Json>& log,
                                   const std::string& day, const std::string& known_at = "");

}  // namespace entitywatch::test
