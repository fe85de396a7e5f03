// What a stranger needs to hold one stored change against the chain, without this program.
#pragma once

#include <optional>
#include <string_view>

#include "core/result.hpp"
#include "storage/archive.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

// not in the archive: nullopt. damaged: the chain does not vouch for what is stored.
[[nodiscard]] Result<std::optional<ChangeProof>> prove_change(const View& view, std::string_view change_id);

}  // namespace entitywatch::storage
