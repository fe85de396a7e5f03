// One request in, one answer out, with the HTTP library between: it reads the request line and the header and
// writes the head of the answer. It never sees a socket.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/api.hpp"
#include "daemon/http_access.hpp"
#include "daemon/http_framing.hpp"

namespace entitywatch::daemon {

// How a connection came to us.
struct Peer {
  std::string client;       // address; empty on a unix socket
  std::string local;        // address it came in on; empty on a unix socket
  std::string listen_host;  // as configured
};

struct HttpAnswer {
  int status = 500;
  std::string bytes;                   // head, and the body when it has no source
  std::shared_ptr<BodySource> source;  // what follows
  bool chunked = false;    // how the source's pieces are sent; otherwise the end of the connection ends them
  bool is_stream = false;  // of events: without an end
  bool keep_alive = true;
  std::optional<Standing> stands;  // of an answer that may be given again
};

// Used by one thread.
class HttpMessages {
 public:
  explicit HttpMessages(const Api& api);
  ~HttpMessages();
  // `request` is complete by `frame`.
  [[nodiscard]] HttpAnswer answer(std::string_view request, const Frame& frame, const Peer& peer,
                                  const HttpAccess& access);

 private:
  class Library;
  std::unique_ptr<Library> library_;
};

// An answer made without reading the request: it could not be read, or there is no room for it. Says that the
// connection ends.
[[nodiscard]] std::string plain_refusal(int status, std::string_view title, std::string_view detail);

}  // namespace entitywatch::daemon
