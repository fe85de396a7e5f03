#include "notify/backlog.hpp"

namespace entitywatch::notify {
namespace {

Time due_of(const Delivery& delivery) { return delivery.next_attempt_at.value_or(delivery.created_at); }

}  // namespace

void Backlog::unhead(const std::string& key, const Line& line) {
  if (line.waiting.empty()) return;
  const auto& [place, delivery] = *line.waiting.begin();
  heads_.erase({due_of(delivery), place, key});
}

void Backlog::rehead(const std::string& key) {
  const auto line = lines_.find(key);
  if (line == lines_.end() || !line->second.in_flight.empty()) return;
  if (line->second.waiting.empty()) {
    lines_.erase(line);
    return;
  }
  const auto& [place, delivery] = *line->second.waiting.begin();
  heads_.insert({due_of(delivery), place, key});
}

void Backlog::insert(const Delivery& delivery) {
  Line& line = lines_[delivery.order_key];
  if (line.in_flight == delivery.id) return;
  unhead(delivery.order_key, line);
  line.waiting.insert_or_assign({delivery.created_at, delivery.id}, delivery);
  known_[delivery.id] = delivery.order_key;
  rehead(delivery.order_key);
}

void Backlog::follow_clock(Time now, std::chrono::milliseconds back) {
  heads_.clear();
  for (auto& [key, line] : lines_) {
    for (auto& [place, delivery] : line.waiting)
      // What waits for an hour of the day waits for that of the new clock.
      if (delivery.attempts > 0 || delivery.created_at > now)
        delivery.next_attempt_at = due_of(delivery) + back;
    if (line.in_flight.empty() && !line.waiting.empty()) rehead(key);
  }
}

std::optional<Delivery> Backlog::take(Time now) {
  if (!has_due(now)) return std::nullopt;
  const auto [due, place, key] = *heads_.begin();
  heads_.erase(heads_.begin());
  Line& line = lines_[key];
  Delivery delivery = std::move(line.waiting.at(place));
  line.waiting.erase(place);
  line.in_flight = delivery.id;
  return delivery;
}

void Backlog::settle(const Delivery& delivery) {
  Line& line = lines_[delivery.order_key];
  line.in_flight.clear();
  if (delivery.status == DeliveryStatus::pending)
    line.waiting.insert_or_assign({delivery.created_at, delivery.id}, delivery);
  else
    known_.erase(delivery.id);
  rehead(delivery.order_key);
}

bool Backlog::holds_as_is(const Delivery& delivery) const {
  const auto line = lines_.find(delivery.order_key);
  if (line == lines_.end()) return false;
  if (line->second.in_flight == delivery.id) return true;
  const auto held = line->second.waiting.find({delivery.created_at, delivery.id});
  return held != line->second.waiting.end() && held->second.attempts == delivery.attempts &&
         held->second.next_attempt_at == delivery.next_attempt_at;
}

std::optional<Time> Backlog::next_due() const {
  return heads_.empty() ? std::nullopt : std::optional(std::get<0>(*heads_.begin()));
}

}  // namespace entitywatch::notify
