// Answers that still stand, kept as they went out: the very same request gets the very same bytes, without
// asking anew. The same request is the same to the byte, headers and token among them, on the same address,
// under the same tokens and names. What an answer rests on is said by whoever made it (`Standing`: the state
// of the archive and the day); an answer that rests on anything else says nothing and is not kept. Whether it
// still stands is asked of the Api each time, so nothing is given that a commit has overtaken.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/api.hpp"
#include "daemon/http_access.hpp"
#include "daemon/http_framing.hpp"
#include "daemon/http_message.hpp"

namespace entitywatch::daemon {

// Thread safe.
class HttpMemory {
 public:
  // `api` outlives this. Answers are kept up to about `bytes` together, then all are forgotten.
  HttpMemory(const Api& api, std::size_t bytes) : api_(api), room_(bytes) {}

  struct Kept {
    int status = 200;
    std::string bytes;
  };
  // nullptr: to be asked. `access` is what is in force now: an answer given under other tokens or names is
  // none.
  [[nodiscard]] std::shared_ptr<const Kept> find(std::string_view request, const Frame& frame,
                                                 const Peer& peer,
                                                 const std::shared_ptr<const HttpAccess>& access);
  // Keeps the answer where it says that it stands and the request is one that may come again.
  void keep(std::string_view request, const Frame& frame, const Peer& peer,
            const std::shared_ptr<const HttpAccess>& access, const HttpAnswer& answer);

 private:
  struct Place {
    Standing standing;
    std::shared_ptr<const HttpAccess> access;
    std::shared_ptr<const Kept> kept;
  };
  const Api& api_;
  const std::size_t room_;
  std::mutex mutex_;
  std::size_t held_ = 0;  // bytes of keys and answers
  std::unordered_map<std::string, Place> places_;
};

}  // namespace entitywatch::daemon
