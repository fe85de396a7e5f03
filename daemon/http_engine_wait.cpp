// The thread that waits: arrivals, requests as they trickle in, answers that a client is slow to take.
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

#include "daemon/http_engine.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::size_t read_at_once = 64u << 10;
constexpr std::size_t most_drained = 4u << 20;
constexpr auto sweep_every = 100ms;

bool is_local(const Peer& peer) { return peer.client.empty() || is_loopback_name(peer.client); }

}  // namespace

void HttpEngine::wait_loop() {
  std::array<epoll_event, 128> events;
  while (true) {
    waiter_moved_.touch();
    const int n = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                               static_cast<int>(sweep_every.count()));
    lone_ = n <= 1;
    bool arrivals = false;
    for (int i = 0; i < n; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener_.socket.get()) {
        arrivals = true;
      } else if (fd == wake_.get()) {
        eventfd_t ignored = 0;
        ::eventfd_read(fd, &ignored);
      } else {
        on_ready(fd);
      }
    }
    // After the events, so that a new connection never takes the number of one that an event still names.
    if (arrivals) take_arrivals();
    sweep();
    if (wind_down()) return;
  }
}

void HttpEngine::take_arrivals() {
  for (int i = 0; i < 256; ++i) {
    auto arrival = accept_next(listener_);
    if (!arrival) {
      const bool out_of_descriptors = errno == EMFILE || errno == ENFILE;
      const Lock lock(mutex_);
      if (out_of_descriptors) close_oldest(lock);
      return;
    }
    ++accepted_;
    const Lock lock(mutex_);
    const int fd = arrival->socket.get();
    auto connection = std::make_unique<Connection>(std::move(arrival->socket), std::move(arrival->peer));
    Connection& c = *connection;
    const bool room = !stopping_ && make_room(lock, c.peer);
    if (!room) {
      ++cut_off_;
      continue;
    }
    ++by_client_[c.peer.client];
    connections_.emplace(fd, std::move(connection));
    epoll_event event{};
    event.events = EPOLLONESHOT;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
      close(lock, fd);
      continue;
    }
    // Most clients have sent their request by now: one look saves a round through the kernel.
    c.deadline = steady_clock::now() + options_.header_timeout;
    on_request_bytes(lock, c);
  }
}

// Room for one more: where there is none, whoever has kept us waiting longest makes it.
bool HttpEngine::make_room(const Lock& lock, const Peer& peer) {
  if (!is_local(peer)) {
    const auto same = by_client_.find(peer.client);
    if (same != by_client_.end() && same->second >= options_.max_per_client) return false;
  }
  if (connections_.size() < max_connections_) return true;
  return close_oldest(lock);
}

bool HttpEngine::close_oldest(const Lock& lock) {
  const Connection* oldest = nullptr;
  for (const auto& [fd, c] : connections_) {
    const bool expendable = c->phase == Phase::reading || c->phase == Phase::draining;
    if (expendable && (oldest == nullptr || c->deadline < oldest->deadline)) oldest = c.get();
  }
  if (oldest == nullptr) return false;
  ++cut_off_;
  close(lock, oldest->socket.get());
  return true;
}

void HttpEngine::on_ready(int fd) {
  const Lock lock(mutex_);
  const auto at = connections_.find(fd);
  if (at == connections_.end()) return;
  Connection& c = *at->second;
  switch (c.phase) {
    case Phase::reading:
      return on_request_bytes(lock, c);
    case Phase::writing:
      return on_writable(lock, c);
    case Phase::waiting:
      return on_stream_bytes(lock, c);
    case Phase::draining:
      return on_drain(lock, c);
    case Phase::working:
      return;
  }
}

void HttpEngine::on_request_bytes(const Lock& lock, Connection& c) {
  const bool was_idle = c.in.empty();
  if (receive(c, read_at_once) == Received::closed) return close(lock, c.socket.get());
  if (was_idle && !c.in.empty()) c.deadline = steady_clock::now() + options_.header_timeout;
  advance(lock, c);
}

void HttpEngine::on_writable(const Lock& lock, Connection& c) {
  const SendResult result = send_pending(c);
  if (result.sent == Sent::failed) return close(lock, c.socket.get());
  if (result.sent == Sent::part)
    return await(lock, c, Phase::writing,
                 result.progress ? steady_clock::now() + options_.write_timeout : c.deadline);
  if (c.source) {
    const bool too_long = !c.is_stream && steady_clock::now() - c.source_since > options_.transfer_timeout;
    return too_long ? close(lock, c.socket.get()) : give_to_worker(lock, c);
  }
  if (c.close_after) return close(lock, c.socket.get());
  c.deadline = steady_clock::now() + (c.in.empty() ? options_.idle_timeout : options_.header_timeout);
  advance(lock, c);
}

// Nothing is expected from the client of a stream but its end.
void HttpEngine::on_stream_bytes(const Lock& lock, Connection& c) {
  c.in.clear();
  if (receive(c, read_at_once) == Received::closed) return close(lock, c.socket.get());
  c.in.clear();
  await(lock, c, Phase::waiting, {});
}

void HttpEngine::on_drain(const Lock& lock, Connection& c) {
  const Received received = receive(c, read_at_once);
  c.drained += c.in.size();
  c.in.clear();
  if (received == Received::closed || c.drained > most_drained) return close(lock, c.socket.get());
  await(lock, c, Phase::draining, c.deadline);
}

void HttpEngine::sweep() {
  const auto now = steady_clock::now();
  const bool news = news_.exchange(false);
  if (!news && now < next_sweep_) return;
  const Lock lock(mutex_);
  if (news || now >= next_tick_) {
    look_for_news(lock);
    next_tick_ = now + options_.stream_tick;
  }
  if (now < next_sweep_) return;
  next_sweep_ = now + sweep_every;
  std::vector<int> late;
  std::size_t held = 0;
  for (const auto& [fd, c] : connections_) {
    if (c->phase == Phase::reading) held += c->in.size();
    const bool bounded = c->phase != Phase::working && c->phase != Phase::waiting;
    if (bounded && c->deadline < now) late.push_back(fd);
  }
  // Many half-sent bodies at once are no honest load.
  for (bool closed = true; held > options_.max_half_sent_bytes && closed; held /= 2)
    closed = close_oldest(lock);
  for (const int fd : late) {
    Connection& c = *connections_.at(fd);
    if (c.phase != Phase::reading || !c.in.empty()) ++cut_off_;
    // A request that stopped half way is told so; a connection that was merely idle is closed.
    if (c.phase == Phase::reading && !c.in.empty()) {
      refuse(lock, c, 408, "Request Timeout", "the request did not arrive in time");
    } else {
      close(lock, fd);
    }
  }
}

void HttpEngine::look_for_news(const Lock& lock) {
  for (const auto& [fd, c] : connections_)
    if (c->phase == Phase::waiting) give_to_worker(lock, *c);
}

// True when everything is closed, or the time for it is over.
bool HttpEngine::wind_down() {
  const Lock lock(mutex_);
  if (!stopping_) return false;
  if (listener_.socket.get() >= 0) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_.socket.get(), nullptr);
  std::vector<int> done;
  for (const auto& [fd, c] : connections_)
    if (c->phase == Phase::reading || c->phase == Phase::waiting || c->phase == Phase::draining)
      done.push_back(fd);
  for (const int fd : done) {
    Connection& c = *connections_.at(fd);
    if (c.phase == Phase::waiting && c.chunked) {
      c.out += "0\r\n\r\n";
      static_cast<void>(send_pending(c));
    }
    close(lock, fd);
  }
  return connections_.empty() || steady_clock::now() > wind_down_until_;
}

}  // namespace entitywatch::daemon
