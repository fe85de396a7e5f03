// The archive on any Store: what Archive::open does once it has RocksDB's, and what a second engine or a
// test does with its own.
#pragma once

#include <memory>
#include <vector>

#include "core/result.hpp"
#include "storage/archive.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

// The layout written; a store with a higher one is refused. Every lower one is read, and brought to this one
// by the first opening for writing.
//  1: the first
//  2: evidence may rest on an earlier reading (StoredEvidence::base)
inline constexpr unsigned format_version = 2;

// What an empty archive holds.
[[nodiscard]] std::vector<Write> initial_content();
// refused: a newer format; damaged: no archive, or its head, its last links and its counters disagree.
[[nodiscard]] Result<void> check_content(const View& view);
// Brings a store that passed check_content() to format_version, in one batch; an older program refuses it
// from then on.
[[nodiscard]] Result<void> migrate(Store& store);
// `store` holds initial_content() at least, and passed check_content().
[[nodiscard]] std::unique_ptr<Archive> make_archive(std::unique_ptr<Store> store);

}  // namespace entitywatch::storage
