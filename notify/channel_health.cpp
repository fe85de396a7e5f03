#include "notify/channel_health.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entitywatch::notify {
namespace {

std::string said(const DeliveryResponse& response) {
  if (response.status == 0) return response.excerpt.empty() ? "no answer" : response.excerpt;
  return fmt::format("{} {}", response.status, response.excerpt);
}

}  // namespace

std::optional<Tidings> ChannelHealth::begin_trouble(std::string reason) {
  if (told_) return std::nullopt;
  told_ = true;
  return Tidings{true, std::move(reason)};
}

// Several tries that ran at once and fell together to one hiccup are one failure.
void ChannelHealth::count_failure(Time began, Time ended) {
  if (failures_ != 0 && began < last_failure_) return;
  if (failures_ == 0) first_failure_ = began;
  ++failures_;
  last_failure_ = ended;
  if (probing()) rest_until_ = std::max(rest_until_, ended + rest_wait(failures_, options_));
}

void ChannelHealth::follow_clock(std::chrono::milliseconds back) {
  for (Time* const time : {&first_failure_, &last_failure_, &rest_until_}) *time += back;
}

std::optional<Tidings> ChannelHealth::note(const Outcome& outcome, Time began, Time ended, bool given_up,
                                           Pace pace) {
  switch (outcome.kind) {
    case Outcome::Kind::delivered:
      failures_ = 0;
      rest_until_ = Time{};
      if (!outcome.warning.empty()) return begin_trouble(outcome.warning);
      if (!told_) return std::nullopt;
      told_ = false;
      return Tidings{false, "the channel delivers again"};
    case Outcome::Kind::rejected:
      return begin_trouble("it refused an alert for good: " + said(outcome.response));
    case Outcome::Kind::channel_disabled:
      told_ = true;  // disabling tells operators by itself
      return std::nullopt;
    case Outcome::Kind::retry:
      break;
  }
  const bool slow_down = outcome.response.status == 429 && !given_up;
  if (pace.shared_limit && outcome.retry_after)
    rest_until_ =
        std::max(rest_until_,
                 Time{ended + std::min(*outcome.retry_after, std::chrono::seconds{std::chrono::hours{1}})});
  if (slow_down) return std::nullopt;
  count_failure(began, ended);
  if (given_up) return begin_trouble("it gave up on an alert: " + said(outcome.response));
  // A hiccup is no trouble: it must last.
  const auto lasting = std::min(options_.first_retry * 12, options_.give_up / 4);
  if (failures_ < options_.trouble_after || ended - first_failure_ < lasting) return std::nullopt;
  return begin_trouble(
      fmt::format("{} tries in a row failed, the last with: {}", failures_, said(outcome.response)));
}

}  // namespace entitywatch::notify
