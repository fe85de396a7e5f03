// Cursors: where a listing goes on. Opaque to clients; inside, the kind of listing and the last place seen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace entitywatch::daemon {

// What a cursor belongs to; one listing's cursor is refused by another.
enum class CursorKind : char {
  changes = 'c',           // by seq
  changes_newest = 'n',    // by seq, downwards
  updates = 'u',           // by position
  entries = 'e',           // by list and id
  entries_by_name = 'N',   // by folded name and id
  documents = 'd',         // by number
  documents_newest = 'D',  // by day and number, downwards
  deliveries = 'o',
  deliveries_newest = 'O',
  names = 's',  // sources, subscriptions
};

// URL-safe, without padding. Carries a checksum, so that a shortened or altered one is told apart.
[[nodiscard]] std::string encode_cursor(CursorKind kind, std::string_view place);
[[nodiscard]] std::string encode_cursor(CursorKind kind, std::uint64_t place);

// invalid_argument when it is not a cursor of ours or belongs to another listing.
[[nodiscard]] Result<std::string> decode_cursor(CursorKind kind, std::string_view cursor);
[[nodiscard]] Result<std::uint64_t> decode_number_cursor(CursorKind kind, std::string_view cursor);

}  // namespace entitywatch::daemon
