#include "core/alert.hpp"

namespace entitywatch {

std::string_view to_string(DeliveryStatus status) {
  switch (status) {
    case DeliveryStatus::pending: return "pending";
    case DeliveryStatus::delivered: return "delivered";
    case DeliveryStatus::dead: return "dead";
  }
  return "pending";
}

std::optional<DeliveryStatus> parse_delivery_status(std::string_view text) {
  for (DeliveryStatus s : {DeliveryStatus::pending, DeliveryStatus::delivered, DeliveryStatus::dead})
    if (to_string(s) == text) return s;
  return std::nullopt;
}

}  // namespace entitywatch
