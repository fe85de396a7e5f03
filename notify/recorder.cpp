#include "notify/recorder.hpp"

#include <utility>

namespace entitywatch::notify {

Result<void> Recorder::record(const Delivery& delivery) {
  Ticket ticket{&delivery, false, {}};
  std::unique_lock lock(mutex_);
  queue_.push_back(&ticket);
  while (!ticket.done) {
    if (writing_)
      written_.wait(lock, [&] { return ticket.done || !writing_; });
    else
      write(lock);
  }
  return ticket.result;
}

void Recorder::write(std::unique_lock<std::mutex>& lock) {
  writing_ = true;
  const std::vector<Ticket*> batch = std::exchange(queue_, {});
  lock.unlock();
  std::vector<Delivery> deliveries;
  deliveries.reserve(batch.size());
  for (const Ticket* ticket : batch) deliveries.push_back(*ticket->delivery);
  const Result<void> result =
      deliveries.size() == 1 ? store_.record(deliveries.front()) : store_.record_many(deliveries);
  lock.lock();
  writing_ = false;
  for (Ticket* ticket : batch) {
    ticket->result = result;
    ticket->done = true;
  }
  written_.notify_all();
}

}  // namespace entitywatch::notify
