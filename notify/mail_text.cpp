#include "notify/mail_text.hpp"

#include <algorithm>

#include "notify/words.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::size_t most_addresses = 12;
constexpr std::size_t fewest_items = 4;

ShownItems selection(const Summary& summary, std::size_t most, std::size_t in_full) {
  const std::vector<bool> chosen = fair_share(summary, most);
  const std::vector<bool> detailed = fair_share(summary, in_full);
  ShownItems out;
  const Item* last = nullptr;
  for (std::size_t i = 0; i < summary.items.size(); ++i) {
    if (!chosen[i]) continue;
    const Item& item = summary.items[i];
    const bool begins = last == nullptr || last->action != item.action || last->list != item.list;
    out.items.push_back({&item, detailed[i], begins});
    last = &item;
  }
  out.left = summary.items.size() - out.items.size();
  return out;
}

bool complete(const ShownItems& shown) {
  return shown.left == 0 &&
         std::all_of(shown.items.begin(), shown.items.end(), [](const ShownItem& i) { return i.in_full; });
}

}  // namespace

MailBody fitted(const Summary& summary, const MailLimits& limits,
                const std::function<std::string(const ShownItems&)>& render) {
  std::size_t most = limits.most_items;
  std::size_t in_full = limits.most_in_full;
  while (true) {
    const ShownItems shown = selection(summary, most, in_full);
    MailBody body{render(shown), complete(shown)};
    if (body.text.size() <= limits.bytes || most <= fewest_items) return body;
    // Names are worth more than details.
    if (in_full > fewest_items)
      in_full = in_full * 3 / 4;
    else
      most = most * 3 / 4;
  }
}

std::vector<std::string> first_addresses(const std::vector<std::string>& addresses) {
  std::vector<std::string> out = addresses;
  if (out.size() <= most_addresses) return out;
  out.resize(most_addresses);
  out.push_back("and " + counted(addresses.size() - most_addresses, "more address", "more addresses"));
  return out;
}

std::size_t group_size(const Summary& summary, const Item& item) {
  const auto same = std::find_if(summary.groups.begin(), summary.groups.end(), [&](const Group& g) {
    return g.action == item.action && g.list == item.list;
  });
  return same == summary.groups.end() ? 1 : same->count;
}

}  // namespace entitywatch::notify
