// An address run together with the alias before it. Internal to the entity cell.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace entitywatch::parsers {

struct GluedAddress {
  std::string alias;
  std::string address;  // empty where only a doubt is to be told
  std::string doubt;    // empty where the parting is certain
};

// "Koksokhimtrans Ltd. Rakhmanovskiy lane, 4, bld.1, Moscow 127994, Russia": where a full stop parts an
// alias from the address behind it.
[[nodiscard]] std::optional<GluedAddress> part_at_full_stop(std::string_view alias);

// As above, or at a comma: for the last alias of a cell that has no address otherwise.
[[nodiscard]] std::optional<GluedAddress> part_from_address(std::string_view alias);

}  // namespace entitywatch::parsers
