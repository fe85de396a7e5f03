// The JSON shapes of the interface (HTTP answers, webhook bodies, --json output). One place, so that
// every door shows the same. These shapes are a contract: add to them, do not break them.
#pragma once

#include <nlohmann/json.hpp>

#include "core/alert.hpp"
#include "core/change.hpp"
#include "core/document.hpp"
#include "core/entry.hpp"
#include "core/source_state.hpp"

namespace entitywatch {

// Keys in the order written, as the interface documents them.
using Json = nlohmann::ordered_json;

[[nodiscard]] Json to_json(const Citation& citation);
[[nodiscard]] Json to_json(const Check& check);
[[nodiscard]] Json to_json(const Finding& finding);
[[nodiscard]] Json to_json(const Entry& entry);
[[nodiscard]] Json to_json(const EntryVersion& version);
[[nodiscard]] Json to_json(const DocumentRef& reference);
[[nodiscard]] Json to_json(const Document& document);
[[nodiscard]] Json to_json(const Sighting& sighting);
[[nodiscard]] Json to_json(const Change& change);
[[nodiscard]] Json to_json(const Delivery& delivery);
[[nodiscard]] Json date_or_null(const std::optional<Date>& date);
[[nodiscard]] Json time_or_null(const std::optional<Time>& time);

// Serialised with invalid UTF-8 replaced, never throwing.
[[nodiscard]] std::string dump(const Json& json, int indent = -1);

}  // namespace entitywatch
