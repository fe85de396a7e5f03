// The bodies of a mail: plain text and HTML, from the same summary. Both keep to a size that mail clients
// show whole; what is left out is counted, attached as CSV and linked.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "notify/summary.hpp"

namespace entitywatch::notify {

struct MailLimits {
  std::size_t bytes = 90'000;     // Gmail clips messages beyond 102 KB
  std::size_t most_in_full = 60;  // with aliases, addresses and differences
  std::size_t most_items = 200;
  bool attached = false;  // a CSV file with all of them goes along
};

struct MailBody {
  std::string text;
  bool complete = true;  // false: items are left out or shown by name only
};

// The items a body shows, in order.
struct ShownItem {
  const Item* item = nullptr;
  bool in_full = false;
  bool begins_group = false;  // a heading goes before it
};
struct ShownItems {
  std::vector<ShownItem> items;
  std::size_t left = 0;
};

// Renders with as many items as the limits allow, with fewer until it fits `limits.bytes`.
[[nodiscard]] MailBody fitted(const Summary& summary, const MailLimits& limits,
                              const std::function<std::string(const ShownItems&)>& render);

// The first addresses of an item, and how many more there are.
[[nodiscard]] std::vector<std::string> first_addresses(const std::vector<std::string>& addresses);

// How many items the group of this one has.
[[nodiscard]] std::size_t group_size(const Summary& summary, const Item& item);

[[nodiscard]] MailBody plain_text(const Summary& summary, const MailLimits& limits);
[[nodiscard]] MailBody html_text(const Summary& summary, const MailLimits& limits);

}  // namespace entitywatch::notify
