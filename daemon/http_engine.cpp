#include "daemon/http_engine.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto drain_time = 1s;
constexpr auto stuck_after = 5min;  // without any request being looked at or taken up

std::size_t affordable_connections(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  // The other half is for the database and for what we fetch and deliver.
  return std::clamp<std::size_t>(limit.rlim_cur / 2, 16, wanted);
}

}  // namespace

HttpEngine::HttpEngine(const Api& api, HttpOptions options, HttpAccess access, Listener listener)
    : api_(api),
      options_(std::move(options)),
      limits_{options_.max_header_bytes, options_.max_body_bytes},
      listener_(std::move(listener)),
      max_connections_(affordable_connections(options_.max_connections)),
      access_(std::make_shared<const HttpAccess>(std::move(access))),
      memory_(api, options_.max_remembered_bytes),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Result<void> HttpEngine::begin() {
  if (epoll_.get() < 0 || wake_.get() < 0)
    return fail(ErrorCode::io, "the HTTP endpoint cannot wait for connections: no descriptors are left");
  for (const int fd : {listener_.socket.get(), wake_.get()}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
      return fail(ErrorCode::io, "the HTTP endpoint cannot wait for connections");
  }
  for (std::size_t i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { work(); });
  waiter_ = std::jthread([this] { wait_loop(); });
  return {};
}

void HttpEngine::wake() {
  ++news_count_;
  news_ = true;
  ::eventfd_write(wake_.get(), 1);
}

void HttpEngine::stop() {
  {
    const Lock lock(mutex_);
    if (stopping_.exchange(true)) return;
    wind_down_until_ = steady_clock::now() + 1s;
  }
  wake();
  waiter_ = {};
  has_work_.notify_all();
  workers_.clear();
  connections_.clear();
  listener_.socket.reset();
  if (!listener_.unix_path.empty()) ::unlink(listener_.unix_path.c_str());
}

void HttpEngine::await(const Lock&, Connection& c, Phase phase, Monotonic deadline) {
  c.phase = phase;
  c.deadline = deadline;
  epoll_event event{};
  event.events = EPOLLONESHOT | (phase == Phase::writing ? EPOLLOUT : EPOLLIN | EPOLLRDHUP);
  event.data.fd = c.socket.get();
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, c.socket.get(), &event);
}

// With what has arrived so far: on to a worker, a refusal, or more waiting. c.deadline is that of the header.
void HttpEngine::advance(const Lock& lock, Connection& c) {
  if (c.in.empty()) return await(lock, c, Phase::reading, c.deadline);
  const bool had_header = c.request.state == Frame::State::incomplete_body;
  c.request = frame(c.in, limits_, c.request);
  switch (c.request.state) {
    case Frame::State::complete:
      if (is_better_with_worker() || !answer_from_memory(lock, c)) give_to_worker(lock, c);
      return;
    case Frame::State::incomplete_header:
      return await(lock, c, Phase::reading, c.deadline);
    case Frame::State::incomplete_body:
      if (!had_header) c.deadline = steady_clock::now() + options_.body_timeout;
      if (c.request.expects_continue && !std::exchange(c.told_to_continue, true)) {
        c.out = "HTTP/1.1 100 Continue\r\n\r\n";
        if (send_pending(c).sent != Sent::all) return close(lock, c.socket.get());
      }
      return await(lock, c, Phase::reading, c.deadline);
    case Frame::State::bad:
      return refuse(lock, c, 400, "Bad Request", "this is not a request of HTTP/1.0 or 1.1");
    case Frame::State::header_too_large:
      return refuse(lock, c, 431, "Request Header Fields Too Large",
                    fmt::format("a header may have {} bytes", limits_.header_bytes));
    case Frame::State::body_too_large:
      return refuse(lock, c, 413, "Content Too Large",
                    fmt::format("a body may have {} bytes", limits_.body_bytes));
    case Frame::State::length_unclear:
      return refuse(lock, c, 501, "Not Implemented", "of transfer codings only chunked is known here");
  }
}

// A client alone that asks one thing after the other is answered soonest by a worker that stays with it: the
// kernel wakes who sleeps on one socket where its client runs, and who waits for many somewhere else.
bool HttpEngine::is_better_with_worker() const { return lone_ && idle_workers_ > 1 && queue_.empty(); }

// A remembered answer costs less than handing the request over. What came behind the request is a worker's.
bool HttpEngine::answer_from_memory(const Lock& lock, Connection& c) {
  if (!recall(c)) return false;
  const auto now = steady_clock::now();
  if (c.close_after) {
    close(lock, c.socket.get());
  } else if (!c.out.empty()) {
    await(lock, c, Phase::writing, now + options_.write_timeout);
  } else if (c.in.empty()) {
    await(lock, c, Phase::reading, now + options_.idle_timeout);
  } else {
    c.deadline = now + options_.header_timeout;
    c.request = frame(c.in, limits_);
    c.request.state == Frame::State::complete ? give_to_worker(lock, c) : advance(lock, c);
  }
  return true;
}

void HttpEngine::give_to_worker(const Lock& lock, Connection& c) {
  if (!c.source && queue_.size() >= options_.max_queue)
    return refuse(lock, c, 503, "Service Unavailable",
                  "too many requests wait already; try again in a moment");
  c.phase = Phase::working;
  if (queue_.empty()) queue_moved_.touch();
  queue_.push_back(&c);
  queued_ = queue_.size();
  if (idle_workers_ > 0) has_work_.notify_one();
}

void HttpEngine::refuse(const Lock& lock, Connection& c, int status, std::string_view title,
                        std::string_view detail) {
  count(status);
  c.out += plain_refusal(status, title, detail);
  if (send_pending(c).sent != Sent::all) return close(lock, c.socket.get());
  // Closing now would reset the connection under a client that is still sending, and it would never read why.
  ::shutdown(c.socket.get(), SHUT_WR);
  c.in.clear();
  await(lock, c, Phase::draining, steady_clock::now() + drain_time);
}

void HttpEngine::close(const Lock&, int fd) {
  const auto at = connections_.find(fd);
  if (at == connections_.end()) return;
  Connection& c = *at->second;
  if (c.source) --(c.is_stream ? streams_ : transfers_);
  if (const auto same = by_client_.find(c.peer.client); same != by_client_.end() && --same->second == 0)
    by_client_.erase(same);
  connections_.erase(at);
}

std::string HttpEngine::metrics() const {
  std::string out =
      "# HELP entitywatch_http_answers_total Answers by class of status.\n# TYPE "
      "entitywatch_http_answers_total counter\n";
  for (std::size_t i = 2; i < answers_.size(); ++i)
    out += fmt::format("entitywatch_http_answers_total{{class=\"{}xx\"}} {}\n", i, answers_[i].load());
  const auto one = [&](std::string_view name, std::string_view type, std::string_view help,
                       std::uint64_t value) {
    out += fmt::format(
        "# HELP entitywatch_http_{0} {2}\n# TYPE entitywatch_http_{0} {1}\nentitywatch_http_{0} {3}\n", name,
        type, help, value);
  };
  std::size_t open = 0;
  {
    const Lock lock(mutex_);
    open = connections_.size();
  }
  one("connections", "gauge", "Open connections.", open);
  one("streams", "gauge", "Open event streams.", streams_);
  one("transfers", "gauge", "Exports under way.", transfers_);
  one("connections_total", "counter", "Connections accepted.", accepted_);
  one("recalled_total", "counter", "Answers that still stood and were given again as they were.", recalled_);
  one("cut_off_total", "counter", "Connections closed because they stalled, or because there was no room.",
      cut_off_);
  Exposition times;
  times.family("http_answer_duration_seconds", "histogram",
               "Making an answer; those given again are not counted.");
  answer_times_.write(times, "http_answer_duration_seconds", "");
  return out + std::move(times).take();
}

bool HttpEngine::alive() const {
  return waiter_moved_.idle() < stuck_after && (queued_ == 0 || queue_moved_.idle() < stuck_after);
}

}  // namespace entitywatch::daemon
