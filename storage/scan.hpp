// Typed reads over a View: decode each record, stop at the first that cannot be read.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "storage/archive.hpp"
#include "storage/codec.hpp"
#include "storage/keys.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

// decode(), the error saying which record.
template <class T>
[[nodiscard]] Result<T> decode_at(Table table, std::string_view key, std::string_view value) {
  auto record = decode<T>(value);
  if (!record) record.error().context = describe(table, key);
  return record;
}

template <class T>
[[nodiscard]] Result<std::optional<T>> find(const View& view, Table table, std::string_view key) {
  const auto value = view.get(table, key);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return std::nullopt;
  auto record = decode_at<T>(table, key, **value);
  if (!record) return tl::unexpected(record.error());
  return std::optional<T>{std::move(*record)};
}

// A record that an index points to: damaged when it is not there.
template <class T>
[[nodiscard]] Result<T> find_indexed(const View& view, Table table, std::string_view key) {
  auto record = find<T>(view, table, key);
  if (!record) return tl::unexpected(record.error());
  if (!*record)
    return fail(ErrorCode::damaged,
                "a record that an index names is missing: restore the database from a backup with "
                "`entitywatch restore`",
                describe(table, key));
  return std::move(**record);
}

// Like View::scan; `visit` may fail, which ends the scan with its error. It answers whether to go on.
template <class Visit>
[[nodiscard]] Result<void> scan_rows(const View& view, Table table, std::string_view prefix,
                                     std::string_view from, const Visit& visit) {
  Result<void> outcome;
  const auto scanned = view.scan(table, prefix, from, [&](std::string_view key, std::string_view value) {
    Result<bool> go_on = visit(key, value);
    if (!go_on) outcome = tl::unexpected(go_on.error());
    return go_on && *go_on;
  });
  return scanned ? outcome : scanned;
}

template <class T>
[[nodiscard]] Result<void> scan_records(const View& view, Table table, std::string_view prefix,
                                        std::string_view from, const Visitor<T>& visit) {
  return scan_rows(view, table, prefix, from,
                   [&](std::string_view key, std::string_view value) -> Result<bool> {
                     const auto record = decode_at<T>(table, key, value);
                     if (!record) return tl::unexpected(record.error());
                     return visit(*record);
                   });
}

}  // namespace entitywatch::storage
