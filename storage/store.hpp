// The narrow store under the archive: point read, ordered scan, snapshot, atomic synced batch. A second
// engine can stand behind it. Keys and values are bytes; keys compare bytewise.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace entitywatch::storage {

// One table of the store (a column family in RocksDB). storage/keys.hpp says what each holds.
enum class Table : std::uint8_t {
  meta,
  evidence,
  observations,
  documents,
  entries,
  versions,
  source_rows,
  changes,
  change_index,
  alerts,
  deliveries,
  delivery_index,
  sources,
  subscriptions,
  chain,
};
inline constexpr std::size_t table_count = 15;

struct Write {
  Table table;
  std::string key;
  std::optional<std::string> value;  // nullopt deletes
};

// Return false to stop a scan.
using ScanVisitor = std::function<bool(std::string_view key, std::string_view value)>;

// A consistent view. Many may exist at once, each used by one thread at a time; keep them short-lived.
class View {
 public:
  virtual ~View() = default;
  [[nodiscard]] virtual Result<std::optional<std::string>> get(Table table, std::string_view key) const = 0;
  // Ascending from `from` (inclusive) while keys start with `prefix`.
  [[nodiscard]] virtual Result<void> scan(Table table, std::string_view prefix, std::string_view from,
                                          const ScanVisitor& visit) const = 0;
  // Descending from `before` (exclusive; empty: the end) while keys start with `prefix`.
  [[nodiscard]] virtual Result<void> scan_back(Table table, std::string_view prefix, std::string_view before,
                                               const ScanVisitor& visit) const = 0;
};

// Whether a copy has its own blocks on disk, or shares those of files that are never written again.
enum class Blocks { own, shared };

// Thread safe. One process may have it open for writing.
class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual std::unique_ptr<View> view() const = 0;
  // A number that only rises: two views taken while it stands at one number show the same.
  [[nodiscard]] virtual std::uint64_t state() const = 0;
  // All of it or nothing, durable on return.
  [[nodiscard]] virtual Result<void> write(const std::vector<Write>& batch) = 0;
  // A consistent copy into an empty or absent directory, while in use.
  [[nodiscard]] virtual Result<void> checkpoint(const std::string& directory, Blocks blocks) = 0;
  // Rewrites the files without what was replaced or removed; writes and reads go on meanwhile.
  [[nodiscard]] virtual Result<void> compact() = 0;
  // Approximate bytes on disk.
  [[nodiscard]] virtual std::uint64_t disk_bytes() const = 0;
};

}  // namespace entitywatch::storage
