#include "storage/retention.hpp"

#include <map>
#include <string>

#include "core/alert.hpp"
#include "storage/keys.hpp"
#include "storage/scan.hpp"

namespace entitywatch::storage {
namespace {

constexpr std::size_t most_at_once = 5'000;

// When nothing more will happen to it; a pending one has not ended.
bool ended_before(const Delivery& d, Time before) {
  if (d.status == DeliveryStatus::pending) return false;
  return d.delivered_at.value_or(d.next_attempt_at.value_or(d.created_at)) < before;
}

}  // namespace

Result<Forgetting> forgetting(const View& view, Time before) {
  Forgetting out;
  std::map<std::string, bool> alerts;  // whether all deliveries of the alert go
  const auto look = [&](const Delivery& d) {
    const bool goes = out.deliveries < most_at_once && ended_before(d, before);
    const auto [alert, fresh] = alerts.try_emplace(d.alert_id, goes);
    alert->second = alert->second && goes;
    if (!goes) return true;
    ++out.deliveries;
    out.batch.push_back({Table::deliveries, d.id, std::nullopt});
    out.batch.push_back({Table::delivery_index, keys::delivery_by_time(d.created_at, d.id), std::nullopt});
    return true;
  };
  const auto in_order = [&](std::string_view key, std::string_view) -> Result<bool> {
    const auto delivery = find_indexed<Delivery>(view, Table::deliveries, keys::delivery_id(key));
    if (!delivery) return tl::unexpected(delivery.error());
    return look(*delivery);
  };
  if (auto scanned = scan_rows(view, Table::delivery_index, keys::deliveries_by_time, {}, in_order); !scanned)
    return tl::unexpected(scanned.error());
  for (const auto& [id, goes] : alerts)
    if (goes) out.batch.push_back({Table::alerts, id, std::nullopt});
  return out;
}

}  // namespace entitywatch::storage
