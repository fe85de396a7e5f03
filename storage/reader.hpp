// The typed reads of the archive over one view of the store.
#pragma once

#include <memory>

#include "core/result.hpp"
#include "storage/archive.hpp"
#include "storage/records.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

// Where the counters stand; damaged when the store does not say.
[[nodiscard]] Result<Head> read_head(const View& view);

[[nodiscard]] std::unique_ptr<Reader> make_reader(std::unique_ptr<View> view);

}  // namespace entitywatch::storage
