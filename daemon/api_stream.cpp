// Server-sent events: the history as it grows. https://html.spec.whatwg.org/multipage/server-sent-events.html
#include <fmt/format.h>

#include "daemon/api_changes.hpp"
#include "daemon/cursor.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::chrono::seconds heartbeat{15};
constexpr std::size_t events_a_piece = 50;

std::string event_of(const Change& change) {
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", encode_cursor(CursorKind::updates, change.position),
                     change.revision > 1 ? "update" : "change", dump(to_json(change)));
}

class ChangeStream final : public BodySource {
 public:
  ChangeStream(const storage::Archive& archive, const Clock& clock, ChangeFilter filter, std::uint64_t after)
      : archive_(archive),
        clock_(clock),
        filter_(std::move(filter)),
        after_(after),
        last_sign_(clock.now()) {}

  Piece next() override {
    Piece piece{greeting(), After::wait};
    const auto reader = archive_.reader();
    if (reader->last_position() > after_) {
      const auto page = history_page(*reader, filter_, HistoryOrder::updates, after_, events_a_piece);
      if (!page) return {std::move(piece.bytes), After::failed};
      for (const Change& change : page->changes) piece.bytes += event_of(change);
      if (!page->changes.empty()) piece.after = After::more;
      after_ = page->last;
    }
    if (!piece.bytes.empty()) {
      last_sign_ = clock_.now();
    } else if (clock_.now() - last_sign_ >= heartbeat) {
      last_sign_ = clock_.now();
      piece.bytes = ": still here\n\n";
    }
    return piece;
  }

 private:
  // An id before the first event, so that a client cut off early goes on from here and misses nothing.
  std::string greeting() {
    if (greeted_) return {};
    greeted_ = true;
    return fmt::format("retry: 3000\nid: {}\n\n", encode_cursor(CursorKind::updates, after_));
  }

  const storage::Archive& archive_;
  const Clock& clock_;
  const ChangeFilter filter_;
  std::uint64_t after_;
  Time last_sign_;
  bool greeted_ = false;
};

// Last-Event-ID wins over `cursor`: a browser that reconnects repeats the address it was given at first.
Result<std::uint64_t> start_of(const Ask& ask, const ChangeFilter& filter) {
  const std::string given =
      ask.request.last_event_id.empty() ? text_parameter(ask.request, "cursor") : ask.request.last_event_id;
  if (given.empty()) return filter.since ? 0 : ask.reader.last_position();
  if (const auto place = decode_number_cursor(CursorKind::changes, given)) return *place;
  return decode_number_cursor(CursorKind::updates, given);
}

}  // namespace

ApiResponse answer::change_stream(const Ask& ask) {
  auto filter = change_filter(ask.request);
  if (!filter) return problem_of(filter.error());
  const auto after = start_of(ask, *filter);
  if (!after) return problem_of(after.error());
  ApiResponse out;
  out.content_type = "text/event-stream";
  out.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  out.source = std::make_shared<ChangeStream>(ask.archive, ask.clock, std::move(*filter), *after);
  return out;
}

}  // namespace entitywatch::daemon
