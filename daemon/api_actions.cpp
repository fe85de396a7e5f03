#include "daemon/api_actions.hpp"

#include <fmt/format.h>

#include "core/commit.hpp"

namespace entitywatch::daemon {

std::string channel_disabled_note(std::string_view channel) {
  return fmt::format("channel {} disabled", channel);
}

Result<void> reopen_delivery(storage::Archive& archive, const Clock& clock, std::string_view id) {
  const auto found = archive.reader()->delivery(id);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return fail(ErrorCode::not_found, fmt::format("there is no delivery '{}'", id));
  Delivery delivery = **found;
  if (delivery.status != DeliveryStatus::dead)
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("delivery {} is {}; only a dead one can be sent again", id, to_string(delivery.status)));
  auto reopened = archive.put_note(channel_disabled_note(delivery.channel), std::nullopt);
  if (!reopened) return reopened;

  delivery.status = DeliveryStatus::pending;
  delivery.attempts = 0;
  delivery.first_attempt_at.reset();
  delivery.next_attempt_at = clock.now();
  Commit commit;
  commit.deliveries.push_back(std::move(delivery));
  const auto receipt = archive.commit(commit);
  if (!receipt) return tl::unexpected(receipt.error());
  return {};
}

ApiActions archive_actions(storage::Archive& archive, const Clock& clock) {
  ApiActions out;
  out.redeliver = [&archive, &clock](std::string_view id) { return reopen_delivery(archive, clock, id); };
  out.put_subscription = [&archive](std::string_view name, std::string_view json) {
    return archive.put_subscription(name, json);
  };
  out.delete_subscription = [&archive](std::string_view name) { return archive.delete_subscription(name); };
  return out;
}

}  // namespace entitywatch::daemon
