// The workers: they answer requests that are there in full, and make the pieces of long answers.
#include <poll.h>

#include "daemon/http_engine.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::size_t read_at_once = 64u << 10;
constexpr std::size_t bytes_of_one_turn = 1 << 20;
constexpr int turns_of_one_client = 32;  // requests answered before others have a turn
constexpr auto linger =
    300us;  // a worker waits this long for the next request before it lets a connection go

}  // namespace

void HttpEngine::work() {
  HttpMessages messages(api_);
  while (true) {
    Connection* c = nullptr;
    {
      Lock lock(mutex_);
      ++idle_workers_;
      has_work_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      --idle_workers_;
      if (queue_.empty()) return;
      c = queue_.front();
      queue_.pop_front();
      queued_ = queue_.size();
      queue_moved_.touch();
    }
    serve(messages, *c);
  }
}

// Answers what is there, and what follows on the same connection while nobody else waits.
void HttpEngine::serve(HttpMessages& messages, Connection& c) {
  int turn = 0;
  do {
    c.seen_news = news_count_;
    if (!c.source) answer_request(messages, c);
    if (c.source) pump(c);
    if (c.source || !c.out.empty() || c.close_after || !next_request(c)) break;
  } while (++turn < turns_of_one_client || (queued_ == 0 && lone_));
  hand_back(c);
}

// Gives the answer that is remembered for the request at hand; false when there is none that stands.
bool HttpEngine::recall(Connection& c) {
  if (c.requests + 1 >= options_.max_requests || stopping_) return false;
  const std::string_view request = std::string_view(c.in).substr(0, c.request.size);
  const auto kept = memory_.find(request, c.request, c.peer, access_.get());
  if (!kept) return false;
  ++c.requests;
  c.in.erase(0, c.request.size);
  c.request = {};
  c.told_to_continue = false;
  c.out += kept->bytes;
  count(kept->status);
  ++recalled_;
  if (send_pending(c).sent == Sent::failed) {
    c.out.clear();
    c.close_after = true;
  }
  return true;
}

void HttpEngine::answer_request(HttpMessages& messages, Connection& c) {
  if (recall(c)) return;
  if (++c.requests >= options_.max_requests || stopping_) c.request.keep_alive = false;
  const std::string_view request = std::string_view(c.in).substr(0, c.request.size);
  const auto access = access_.get();
  const auto begun = steady_clock::now();
  HttpAnswer answer = messages.answer(request, c.request, c.peer, *access);
  answer_times_.note(steady_clock::now() - begun);
  memory_.keep(request, c.request, c.peer, access, answer);
  c.in.erase(0, c.request.size);
  c.request = {};
  c.told_to_continue = false;
  c.out += answer.bytes;
  c.close_after = !answer.keep_alive;
  c.source = std::move(answer.source);
  c.chunked = answer.chunked;
  c.is_stream = answer.is_stream;
  c.source_since = steady_clock::now();
  if (c.source && !admit_source(c)) answer.status = 503;
  count(answer.status);
  // A refused or finished answer goes out here; one with a source is sent by pump.
  if (!c.source && send_pending(c).sent == Sent::failed) {
    c.out.clear();
    c.close_after = true;
  }
}

// Streams and exports are few: each holds its place, and exports a snapshot, for as long as the client likes.
bool HttpEngine::admit_source(Connection& c) {
  std::atomic<std::size_t>& taken = c.is_stream ? streams_ : transfers_;
  if (++taken <= (c.is_stream ? options_.max_streams : options_.max_transfers)) return true;
  --taken;
  c.source.reset();
  c.out = plain_refusal(
      503, "Service Unavailable",
      c.is_stream ? "too many event streams are open; page through /v1/changes with a cursor instead"
                  : "too many exports are under way; try again in a moment");
  c.close_after = true;
  return false;
}

// Sends pieces until the client is slow, nothing is left, or others deserve a turn.
void HttpEngine::pump(Connection& c) {
  std::size_t made = 0;
  while (true) {
    const SendResult result = send_pending(c);
    if (result.sent == Sent::part && c.out.size() - c.sent > 0) return;
    BodySource::After after = BodySource::After::failed;
    if (result.sent == Sent::all) {
      try {
        after = append_piece(c);
      } catch (const std::exception&) {
        after = BodySource::After::failed;
      }
    }
    made += c.out.size();
    const bool over = after == BodySource::After::end || after == BodySource::After::failed;
    if (over) {
      --(c.is_stream ? streams_ : transfers_);
      c.source.reset();
      if (after == BodySource::After::failed) {
        c.out.clear();
        c.sent = 0;
        c.close_after = true;
      } else if (send_pending(c).sent == Sent::failed) {
        c.close_after = true;
        c.out.clear();
      }
      return;
    }
    if (after == BodySource::After::wait) {
      static_cast<void>(send_pending(c));
      return;
    }
    if (made >= bytes_of_one_turn && queued_ > 0) return;
  }
}

// True when another request is there in full. A client that asks one thing after the other is waited for a
// moment: handing its connection to and fro costs more than most answers.
bool HttpEngine::next_request(Connection& c) {
  if (c.in.empty() && queued_ == 0 && idle_workers_ > 0) {
    pollfd waiting{c.socket.get(), POLLIN, 0};
    const timespec patience{0, std::chrono::nanoseconds(linger).count()};
    if (::ppoll(&waiting, 1, &patience, nullptr) <= 0) return false;
    if (receive(c, read_at_once) == Received::closed) {
      c.close_after = true;
      return false;
    }
  }
  if (c.in.empty()) return false;
  c.request = frame(c.in, limits_, c.request);
  if (c.request.state == Frame::State::complete) return true;
  c.request = {};  // looked at afresh by whoever waits for the rest
  return false;
}

void HttpEngine::hand_back(Connection& c) {
  const Lock lock(mutex_);
  const auto now = steady_clock::now();
  if (!c.out.empty()) return await(lock, c, Phase::writing, now + options_.write_timeout);
  if (c.close_after) return close(lock, c.socket.get());
  if (c.source && stopping_ && now > wind_down_until_) return close(lock, c.socket.get());
  if (c.source) {
    // A stream without news waits; an export that gave others a turn goes on behind them.
    if (c.is_stream && c.seen_news == news_count_) return await(lock, c, Phase::waiting, {});
    return give_to_worker(lock, c);
  }
  c.deadline = now + (c.in.empty() ? options_.idle_timeout : options_.header_timeout);
  advance(lock, c);
}

}  // namespace entitywatch::daemon
