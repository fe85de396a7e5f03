#include <algorithm>

#include "notify/summary.hpp"

namespace entitywatch::notify {
namespace {

std::size_t group_of(const Summary& summary, const Item& item) {
  const auto same = std::find_if(summary.groups.begin(), summary.groups.end(), [&](const Group& g) {
    return g.action == item.action && g.list == item.list;
  });
  return static_cast<std::size_t>(same - summary.groups.begin());
}

// How many of each group: small groups whole, what they leave goes to the larger ones.
std::vector<std::size_t> shares(std::vector<std::size_t> sizes, std::size_t most) {
  std::vector<std::size_t> out(sizes.size(), 0);
  while (most != 0) {
    const auto open = static_cast<std::size_t>(
        std::count_if(sizes.begin(), sizes.end(), [](std::size_t s) { return s != 0; }));
    if (open == 0) break;
    const std::size_t each = std::max<std::size_t>(1, most / open);
    for (std::size_t i = 0; i < sizes.size() && most != 0; ++i) {
      const std::size_t taken = std::min({each, sizes[i], most});
      out[i] += taken;
      sizes[i] -= taken;
      most -= taken;
    }
  }
  return out;
}

}  // namespace

std::vector<bool> fair_share(const Summary& summary, std::size_t most) {
  std::vector<bool> chosen(summary.items.size(), false);
  std::vector<std::size_t> sizes(summary.groups.size() + 1, 0);
  for (std::size_t i = 0; i < summary.items.size(); ++i) {
    if (summary.items[i].watchlist.empty()) {
      ++sizes[group_of(summary, summary.items[i])];
    } else if (most != 0) {
      chosen[i] = true;
      --most;
    }
  }
  std::vector<std::size_t> left = shares(std::move(sizes), most);
  for (std::size_t i = 0; i < summary.items.size(); ++i) {
    std::size_t& room = left[group_of(summary, summary.items[i])];
    if (!summary.items[i].watchlist.empty() || room == 0) continue;
    chosen[i] = true;
    --room;
  }
  return chosen;
}

}  // namespace entitywatch::notify
