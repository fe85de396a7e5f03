#include "daemon/http_memory.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t longest_request = 2048;
constexpr std::size_t longest_answer = 256u << 10;
constexpr std::size_t beside = 200;  // what a place takes beside its text, roughly

// Only a request without a body on a connection that stays: all it says lies in its header, every byte of
// which is part of the key, the token it carries among them.
bool may_come_again(std::string_view request, const Frame& frame) {
  return frame.keep_alive && !frame.chunked && frame.size == frame.header_size &&
         request.size() <= longest_request && (request.starts_with("GET ") || request.starts_with("HEAD "));
}

std::string key_of(std::string_view request, const Peer& peer) {
  std::string key;
  key.reserve(peer.local.size() + 1 + request.size());
  key.append(peer.local).append(1, ' ').append(request);
  return key;
}

}  // namespace

std::shared_ptr<const HttpMemory::Kept> HttpMemory::find(std::string_view request, const Frame& frame,
                                                         const Peer& peer,
                                                         const std::shared_ptr<const HttpAccess>& access) {
  if (!may_come_again(request, frame)) return nullptr;
  const std::string key = key_of(request, peer);
  const std::scoped_lock lock(mutex_);
  const auto at = places_.find(key);
  if (at == places_.end()) return nullptr;
  if (at->second.access == access && api_.stands(at->second.standing)) return at->second.kept;
  held_ -= key.size() + at->second.kept->bytes.size() + beside;
  places_.erase(at);
  return nullptr;
}

void HttpMemory::keep(std::string_view request, const Frame& frame, const Peer& peer,
                      const std::shared_ptr<const HttpAccess>& access, const HttpAnswer& answer) {
  if (!answer.stands || answer.source || !answer.keep_alive || answer.bytes.size() > longest_answer) return;
  if (!may_come_again(request, frame) || !api_.stands(*answer.stands)) return;
  std::string key = key_of(request, peer);
  const std::size_t size = key.size() + answer.bytes.size() + beside;
  auto kept = std::make_shared<const Kept>(Kept{answer.status, answer.bytes});
  const std::scoped_lock lock(mutex_);
  if (held_ + size > room_) {
    places_.clear();
    held_ = 0;
  }
  // Of two workers that answered the same, the first has kept it.
  if (places_.try_emplace(std::move(key), Place{*answer.stands, access, std::move(kept)}).second)
    held_ += size;
}

}  // namespace entitywatch::daemon
