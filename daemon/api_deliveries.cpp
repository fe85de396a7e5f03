#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "core/text.hpp"
#include "daemon/api_params.hpp"
#include "daemon/cursor.hpp"

namespace entitywatch::daemon {

ApiResponse answer::deliveries(const Ask& ask) {
  const auto limit = limit_parameter(ask.request);
  if (!limit) return problem_of(limit.error());
  std::optional<DeliveryStatus> status;
  if (const std::string value = text_parameter(ask.request, "status"); !value.empty()) {
    status = parse_delivery_status(value);
    if (!status)
      return problem(400, "Bad Request",
                     fmt::format("status: '{}' is not one of pending, delivered, dead",
                                 text::excerpt(text::sanitize(value), 40)));
  }
  const std::string channel = text_parameter(ask.request, "channel");
  const std::string subscription = text_parameter(ask.request, "subscription");
  const std::string alert = text_parameter(ask.request, "alert");
  const auto order = order_parameter(ask.request);
  if (!order) return problem_of(order.error());
  const bool newest_first = *order == Order::newest;
  const CursorKind kind = newest_first ? CursorKind::deliveries_newest : CursorKind::deliveries;
  std::string last;
  if (const std::string cursor = text_parameter(ask.request, "cursor"); !cursor.empty()) {
    auto place = decode_cursor(kind, cursor);
    if (!place) return problem_of(place.error());
    last = std::move(*place);
    if (!last.empty()) {
      const auto there = ask.reader.delivery(last);
      if (!there) return problem_of(there.error());
      if (!*there) return not_found("delivery", last);
    }
  }

  std::deque<Delivery> found;
  const auto scanned = ask.reader.deliveries(newest_first ? "" : last, [&](const Delivery& delivery) {
    if (newest_first && delivery.id == last) return false;
    const bool wanted = (!status || delivery.status == *status) &&
                        (channel.empty() || delivery.channel == channel) &&
                        (subscription.empty() || delivery.subscription == subscription) &&
                        (alert.empty() || delivery.alert_id == alert);
    if (!wanted) return true;
    found.push_back(delivery);
    if (newest_first && found.size() > *limit) found.pop_front();
    return newest_first || found.size() < *limit;
  });
  if (!scanned) return problem_of(scanned.error());
  if (newest_first) std::reverse(found.begin(), found.end());
  Json items = Json::array();
  for (const Delivery& delivery : found) items.push_back(to_json(delivery));
  if (!found.empty()) last = found.back().id;
  return answer_json(Json{{"deliveries", std::move(items)}, {"next_cursor", encode_cursor(kind, last)}});
}

ApiResponse answer::redeliver(const Ask& ask) {
  const std::string& id = ask.path[0];
  const auto found = ask.reader.delivery(id);
  if (!found) return problem_of(found.error());
  if (!*found) return not_found("delivery", id);
  if (!ask.actions.redeliver)
    return problem(409, "Conflict",
                   "sending again needs the running daemon, or a database opened for writing");
  const auto reopened = ask.actions.redeliver(id);
  if (!reopened && reopened.error().code == ErrorCode::invalid_argument)
    return problem(409, "Conflict", reopened.error().describe());
  if (!reopened) return problem_of(reopened.error());
  const auto now = ask.archive.reader()->delivery(id);
  if (!now) return problem_of(now.error());
  return answer_json(to_json(*now ? **now : **found), 202);
}

}  // namespace entitywatch::daemon
