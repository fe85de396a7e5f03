// Which changes and entries a question asks for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/change.hpp"
#include "daemon/api_params.hpp"

namespace entitywatch::daemon {

struct ChangeFilter {
  std::optional<Time> since;  // inclusive, by detected_at
  std::optional<Time> until;  // exclusive
  std::vector<ListId> lists;
  std::vector<ChangeKind> kinds;
  std::vector<std::string> countries;
  std::string document;  // its number or its citation
  std::vector<std::string> words;
  // Announced for a day after this one and not called off; nullopt: whenever they take effect.
  std::optional<Date> pending_on{};
  bool open = false;  // only discrepancies that last
};

[[nodiscard]] Result<ChangeFilter> change_filter(const ApiRequest& request);
[[nodiscard]] bool matches(const ChangeFilter& filter, const Change& change);

struct EntryFilter {
  std::vector<ListId> lists;
  std::vector<std::string> countries;
  std::vector<std::string> words;
};

[[nodiscard]] Result<EntryFilter> entry_filter(const ApiRequest& request);
// The list alone: cheap, before the state of the entry is worked out.
[[nodiscard]] bool wants_list(const EntryFilter& filter, ListId list);
[[nodiscard]] bool matches(const EntryFilter& filter, const Listing& listing);

}  // namespace entitywatch::daemon
