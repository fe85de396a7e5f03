// One connection and what has come and is to go over it. Plain state: who may touch it when is the server's
// business.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "daemon/api.hpp"
#include "daemon/http_framing.hpp"
#include "daemon/http_message.hpp"

namespace entitywatch::daemon {

using Monotonic = std::chrono::steady_clock::time_point;

// Closes what it holds.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }
  void reset();

 private:
  int release();
  int fd_;
};

enum class Phase {
  reading,   // a request is awaited or trickling in
  working,   // a worker has it: nobody else touches it
  writing,   // the client is slow to take the answer
  waiting,   // an event stream without news
  draining,  // refused: what the client still sends is thrown away, so that it gets to read why
};

struct Connection {
  Connection(Descriptor descriptor, Peer its_peer)
      : socket(std::move(descriptor)), peer(std::move(its_peer)) {}

  Descriptor socket;
  Peer peer;
  Phase phase = Phase::reading;
  Monotonic deadline{};  // of the phase; working and waiting have none
  std::string in;
  Frame request;  // of what `in` begins with
  bool told_to_continue = false;
  std::string out;
  std::size_t sent = 0;  // of `out`
  std::shared_ptr<BodySource> source;
  bool chunked = false;
  bool is_stream = false;
  Monotonic source_since{};
  std::uint64_t seen_news = 0;  // count of commits its stream has looked at
  bool close_after = false;
  std::size_t requests = 0;
  std::size_t drained = 0;
};

enum class Received { some, nothing, closed };
// Reads what is there, at most `limit` bytes, without waiting.
[[nodiscard]] Received receive(Connection& connection, std::size_t limit);

enum class Sent { all, part, failed };
// Sends what the client takes, without waiting. `progress` tells whether it took anything.
struct SendResult {
  Sent sent = Sent::all;
  bool progress = false;
};
[[nodiscard]] SendResult send_pending(Connection& connection);

// Asks the source for a piece and puts it behind what is to go, chunked where the answer said so.
[[nodiscard]] BodySource::After append_piece(Connection& connection);

}  // namespace entitywatch::daemon
