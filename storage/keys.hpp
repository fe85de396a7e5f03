// Where each thing lies. Numbers in keys are big-endian and text inside a key is escaped and closed, so
// that bytewise order is the order promised by the archive. docs/storage-format.md shows every key.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/lists.hpp"
#include "core/time.hpp"
#include "storage/digest.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

// In the order of Table; on disk as names of column families (meta in the one called "default").
inline constexpr std::array<std::string_view, table_count> table_names{
    "meta",       "evidence",       "observations", "documents",     "entries",
    "versions",   "source_rows",    "changes",      "change_index",  "alerts",
    "deliveries", "delivery_index", "sources",      "subscriptions", "chain"};
[[nodiscard]] constexpr std::string_view name_of(Table table) {
  return table_names[static_cast<std::size_t>(table)];
}
// "documents 2019-22210": for messages; bytes that do not print are shown in hex.
[[nodiscard]] std::string describe(Table table, std::string_view key);

}  // namespace entitywatch::storage

namespace entitywatch::storage::keys {

// 8 bytes, in numeric order.
[[nodiscard]] std::string number(std::uint64_t value);
// The number that the last 8 bytes of a key or value hold; nullopt when it is shorter.
[[nodiscard]] std::optional<std::uint64_t> last_number(std::string_view bytes);
// 8 bytes, in chronological order, before 1970 too.
[[nodiscard]] std::string time(Time value);
// Text that is followed by more: zero bytes escaped, closed by two zero bytes; no such text is a prefix of
// another, and their order is that of the texts.
[[nodiscard]] std::string text(std::string_view value);
// The least key greater than `key`.
[[nodiscard]] std::string after(std::string_view key);

// meta
inline constexpr std::string_view format = "format";
inline constexpr std::string_view head = "head";
[[nodiscard]] std::string note(std::string_view name);
[[nodiscard]] std::string evidence_base(std::string_view source, std::string_view key, std::string_view role);

// observations
inline constexpr std::string_view observations = "o";
[[nodiscard]] std::string observation(std::uint64_t number);
[[nodiscard]] std::string observations_with(const Digest& sha256);
[[nodiscard]] std::string observation_with(const Digest& sha256, std::uint64_t number);

// entries
inline constexpr std::string_view entries = "l";
[[nodiscard]] std::string entries_of(ListId list);
[[nodiscard]] std::string entry(ListId list, std::string_view id);
[[nodiscard]] std::string entry_list(std::string_view id);

// versions
[[nodiscard]] std::string versions_of(std::string_view entry_id);
[[nodiscard]] std::string version(std::string_view entry_id, std::uint64_t number);

// source_rows
[[nodiscard]] std::string source_rows_of(std::string_view source);
[[nodiscard]] std::string source_row(std::string_view source, ListId list, std::string_view entry_id);

// change_index
inline constexpr std::string_view positions = "p";
[[nodiscard]] std::string change_id(std::string_view id);
[[nodiscard]] std::string position(std::uint64_t position);
[[nodiscard]] std::string changes_of_document(std::string_view number);
[[nodiscard]] std::string change_of_document(std::string_view number, std::uint64_t seq);
[[nodiscard]] std::string changes_of_entry(std::string_view entry_id);
[[nodiscard]] std::string change_of_entry(std::string_view entry_id, std::uint64_t seq);

// delivery_index: the id is what follows the prefix byte and the 8 bytes of time.
inline constexpr std::string_view deliveries_by_time = "t";
inline constexpr std::string_view deliveries_due = "d";
[[nodiscard]] std::string delivery_by_time(Time created_at, std::string_view id);
[[nodiscard]] std::string delivery_due(Time due_at, std::string_view id);
// What a row under deliveries_due holds.
struct WaitingValue {
  Time created_at{};
  std::string channel;
};
[[nodiscard]] std::string waiting_value(Time created_at, std::string_view channel);
[[nodiscard]] std::optional<WaitingValue> waiting_value(
    std::string_view value);  // nullopt: an older, empty row
[[nodiscard]] std::string_view delivery_id(std::string_view index_key);
[[nodiscard]] std::optional<Time> delivery_time(std::string_view index_key);

}  // namespace entitywatch::storage::keys
