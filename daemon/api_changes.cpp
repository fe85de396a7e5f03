#include "daemon/api_changes.hpp"

#include <algorithm>
#include <limits>

#include "daemon/cursor.hpp"

namespace entitywatch::daemon {
namespace {

// Collects matches in the order they are visited.
class Collector {
 public:
  Collector(const ChangeFilter& filter, std::size_t limit) : filter_(filter), limit_(limit) {}

  // False when the page is complete.
  bool take(const Change& change, std::uint64_t place) {
    if (done()) return false;
    page_.last = place;
    ++scanned_;
    if (matches(filter_, change)) page_.changes.push_back(change);
    return !done();
  }
  [[nodiscard]] bool done() const {
    return page_.changes.size() >= limit_ || (!page_.changes.empty() && scanned_ >= scan_budget);
  }
  [[nodiscard]] HistoryPage page(std::uint64_t at_least) && {
    page_.last = std::max(page_.last, at_least);
    return std::move(page_);
  }
  [[nodiscard]] HistoryPage& page() { return page_; }

 private:
  const ChangeFilter& filter_;
  const std::size_t limit_;
  std::size_t scanned_ = 0;
  HistoryPage page_;
};

// The store scans upwards only: downwards goes window by window, each collected and turned around.
Result<HistoryPage> newest_first(const storage::Reader& reader, const ChangeFilter& filter,
                                 std::uint64_t below, std::size_t limit) {
  Collector collector(filter, limit);
  std::uint64_t high = std::min(below, reader.last_seq() + 1);
  std::uint64_t width = std::max<std::uint64_t>(limit, 64);
  while (high > 1 && !collector.done()) {
    const std::uint64_t low = high > width + 1 ? high - width : 1;
    std::vector<Change> window;
    const auto scanned = reader.changes(low - 1, [&](const Change& change) {
      if (change.seq >= high) return false;
      window.push_back(change);
      return true;
    });
    if (!scanned) return tl::unexpected(scanned.error());
    for (auto at = window.rbegin(); at != window.rend(); ++at)
      if (!collector.take(*at, at->seq)) break;
    if (!collector.done()) collector.page().last = low;
    high = low;
    width = std::min<std::uint64_t>(width * 2, 4096);
  }
  HistoryPage page = std::move(collector).page(0);
  if (page.last == 0) page.last = std::min<std::uint64_t>(below, 1);
  return page;
}

std::optional<HistoryOrder> order_of(const ApiRequest& request, bool updates) {
  const std::string order = text_parameter(request, "order");
  if (updates)
    return order.empty() || order == "oldest" ? std::optional(HistoryOrder::updates) : std::nullopt;
  if (order.empty() || order == "oldest") return HistoryOrder::oldest;
  if (order == "newest") return HistoryOrder::newest;
  return std::nullopt;
}

CursorKind cursor_kind(HistoryOrder order) {
  switch (order) {
    case HistoryOrder::oldest:
      return CursorKind::changes;
    case HistoryOrder::newest:
      return CursorKind::changes_newest;
    case HistoryOrder::updates:
      return CursorKind::updates;
  }
  return CursorKind::changes;
}

}  // namespace

Result<HistoryPage> history_page(const storage::Reader& reader, const ChangeFilter& filter,
                                 HistoryOrder order, std::uint64_t after, std::size_t limit) {
  if (order == HistoryOrder::newest) return newest_first(reader, filter, after, limit);
  Collector collector(filter, limit);
  const bool by_position = order == HistoryOrder::updates;
  const bool indexed =
      !by_position && !filter.document.empty() && filter.document.find(' ') == std::string::npos;
  const auto visit = [&](const Change& change) {
    if (indexed && change.seq <= after) return true;
    return collector.take(change, by_position ? change.position : change.seq);
  };
  const auto scanned = indexed       ? reader.changes_of_document(filter.document, visit)
                       : by_position ? reader.updates(after, visit)
                                     : reader.changes(after, visit);
  if (!scanned) return tl::unexpected(scanned.error());
  return std::move(collector).page(after);
}

namespace answer {

ApiResponse changes(const Ask& ask) {
  auto filter = change_filter(ask.request);
  if (!filter) return problem_of(filter.error());
  const auto pending = flag_parameter(ask.request, "pending");
  if (!pending) return problem_of(pending.error());
  if (*pending) filter->pending_on = ask.today();
  const auto open = flag_parameter(ask.request, "open");
  if (!open) return problem_of(open.error());
  filter->open = *open;
  const auto limit = limit_parameter(ask.request);
  if (!limit) return problem_of(limit.error());
  const auto updates = flag_parameter(ask.request, "updates");
  if (!updates) return problem_of(updates.error());
  const auto order = order_of(ask.request, *updates);
  if (!order) return problem(400, "Bad Request", "order: oldest or newest; with updates=true oldest only");

  std::uint64_t after = *order == HistoryOrder::newest ? std::numeric_limits<std::uint64_t>::max() : 0;
  if (const std::string cursor = text_parameter(ask.request, "cursor"); !cursor.empty()) {
    const auto place = decode_number_cursor(cursor_kind(*order), cursor);
    if (!place) return problem_of(place.error());
    after = *place;
  }
  const auto page = history_page(ask.reader, *filter, *order, after, *limit);
  if (!page) return problem_of(page.error());

  Json items = Json::array();
  for (const Change& change : page->changes) items.push_back(to_json(change));
  return answer_json(
      Json{{"changes", std::move(items)}, {"next_cursor", encode_cursor(cursor_kind(*order), page->last)}});
}

ApiResponse change(const Ask& ask) {
  const auto found = ask.reader.change(ask.path[0]);
  if (!found) return problem_of(found.error());
  if (!*found) return not_found("change", ask.path[0]);
  return answer_standing(ask, to_json(**found));
}

}  // namespace answer
}  // namespace entitywatch::daemon
