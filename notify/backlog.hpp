// What waits for one channel, as far as it is held in memory: a line for each order key, of which only the
// head may leave. Not thread safe. Private to notify/.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/alert.hpp"

namespace entitywatch::notify {

class Backlog {
 public:
  // A pending delivery, new or as someone else changed it; one in flight stays as it is.
  void insert(const Delivery& delivery);
  // The longest due of the heads; its line stands still until settle().
  [[nodiscard]] std::optional<Delivery> take(Time now);
  // The clock was set back by `back`, below zero, to `now`: waits are as long as they were meant to be.
  void follow_clock(Time now, std::chrono::milliseconds back);
  // The one taken, as it is now: back to the head of its line while pending, else gone.
  void settle(const Delivery& delivery);
  // Removes and returns those waiting for which `over` holds, never one in flight.
  template <class Predicate>
  [[nodiscard]] std::vector<Delivery> remove_if(Predicate over);

  [[nodiscard]] bool knows(const std::string& id) const { return known_.contains(id); }
  // Held with the same number of tries and the same next one, or in flight.
  [[nodiscard]] bool holds_as_is(const Delivery& delivery) const;
  [[nodiscard]] std::optional<Time> next_due() const;
  [[nodiscard]] bool has_due(Time now) const {
    return !heads_.empty() && std::get<0>(*heads_.begin()) <= now;
  }
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  using Place = std::pair<Time, std::string>;         // created_at, id
  using Head = std::tuple<Time, Place, std::string>;  // due, its place, the line's key
  struct Line {
    std::map<Place, Delivery> waiting;
    std::string in_flight;  // id; empty: none
  };
  void unhead(const std::string& key, const Line& line);
  void rehead(const std::string& key);

  std::unordered_map<std::string, Line> lines_;
  std::unordered_map<std::string, std::string> known_;  // id -> key
  std::set<Head> heads_;                                // of the lines with none in flight
};

template <class Predicate>
std::vector<Delivery> Backlog::remove_if(Predicate over) {
  std::vector<Delivery> out;
  for (const auto& [key, line] : lines_)
    for (const auto& [place, delivery] : line.waiting)
      if (over(delivery)) out.push_back(delivery);
  for (const Delivery& delivery : out) {
    Line& line = lines_[delivery.order_key];
    unhead(delivery.order_key, line);
    line.waiting.erase({delivery.created_at, delivery.id});
    known_.erase(delivery.id);
    rehead(delivery.order_key);
  }
  return out;
}

}  // namespace entitywatch::notify
