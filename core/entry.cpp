#include "core/entry.hpp"

namespace entitywatch {

std::string_view to_string(EntryStatus status) {
  switch (status) {
    case EntryStatus::listed: return "listed";
    case EntryStatus::pending: return "pending";
    case EntryStatus::removed: return "removed";
  }
  return "listed";
}

std::optional<EntryStatus> parse_entry_status(std::string_view text) {
  for (EntryStatus s : {EntryStatus::listed, EntryStatus::pending, EntryStatus::removed})
    if (to_string(s) == text) return s;
  return std::nullopt;
}

}  // namespace entitywatch
