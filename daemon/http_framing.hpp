// Where one HTTP/1 request ends in a stream of bytes. Strict (RFC 9112): what two readers could take
// differently is refused, so that the library that reads the request after us sees the same one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace entitywatch::daemon {

struct FrameLimits {
  std::size_t header_bytes = 16u << 10;
  std::size_t body_bytes = 1 << 20;
};

struct Frame {
  enum class State {
    incomplete_header,
    incomplete_body,
    complete,
    bad,               // 400
    header_too_large,  // 431
    body_too_large,    // 413
    length_unclear,    // 501: a transfer coding other than chunked
  };
  State state = State::incomplete_header;
  std::size_t header_size = 0;    // through the empty line, once that is there
  std::size_t size = 0;           // of the whole request, when complete
  bool expects_continue = false;  // the client waits for "100 Continue" before it sends the body
  bool keep_alive = true;         // the client will go on using the connection
  bool chunked = false;
  std::size_t scanned = 0;      // of a chunked body: up to here it is known
  std::size_t chunk_bytes = 0;  // and that much content it held
};

// Looks at the bytes received so far. `before` is what an earlier look at fewer bytes of the same request
// said: with it no byte of a body is looked at twice, however small the pieces it comes in.
[[nodiscard]] Frame frame(std::string_view received, const FrameLimits& limits, const Frame& before = {});

// The header without the fields we answer ourselves (Expect) or do not serve (Range, Accept-Encoding): the
// library behind would act on them.
[[nodiscard]] std::string without_transfer_fields(std::string_view header);

// The body of a complete request, chunks joined.
[[nodiscard]] std::string body_of(std::string_view request, const Frame& frame);

// The value of a field, trimmed, of a header block; empty when absent.
[[nodiscard]] std::string_view field(std::string_view header, std::string_view name);

}  // namespace entitywatch::daemon
