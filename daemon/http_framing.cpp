#include "daemon/http_framing.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace entitywatch::daemon {
namespace {

using State = Frame::State;

constexpr std::size_t longest_chunk_line = 256;
constexpr std::size_t most_fields = 100;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_token(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

struct Field {
  std::string_view name;
  std::string_view value;
  std::string_view line;  // with its line end
};

// Takes the next line off `rest`; nullopt at the empty line that ends the header.
template <class Visit>
bool each_field(std::string_view header, Visit visit) {
  std::size_t at = header.find("\r\n") + 2;
  while (at < header.size()) {
    const std::size_t end = header.find("\r\n", at);
    if (end == std::string_view::npos) return false;
    if (end == at) return true;
    const std::string_view line = header.substr(at, end - at);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    if (!visit(
            Field{line.substr(0, colon), trimmed(line.substr(colon + 1)), header.substr(at, end + 2 - at)}))
      return false;
    at = end + 2;
  }
  return false;
}

struct Head {
  std::optional<std::size_t> length;
  bool chunked = false;
  bool unknown_coding = false;
  bool expects_continue = false;
  bool keep_alive = true;
};

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool read_field(const Field& f, Head& head) {
  if (!is_token(f.name)) return false;  // also a space before the colon, and a folded line
  if (f.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) return false;
  if (equal(f.name, "content-length")) {
    const auto length = number(f.value, 10);
    if (!length || head.length) return false;
    head.length = length;
  } else if (equal(f.name, "transfer-encoding")) {
    if (head.chunked || head.unknown_coding) return false;
    (equal(f.value, "chunked") ? head.chunked : head.unknown_coding) = true;
  } else if (equal(f.name, "expect")) {
    head.expects_continue = equal(f.value, "100-continue");
  } else if (equal(f.name, "connection")) {
    if (equal(f.value, "close")) head.keep_alive = false;
    if (equal(f.value, "keep-alive")) head.keep_alive = true;
  }
  return true;
}

std::optional<Head> read_head(std::string_view header) {
  const std::string_view line = header.substr(0, header.find("\r\n"));
  Head head;
  if (line.ends_with(" HTTP/1.0")) {
    head.keep_alive = false;
  } else if (!line.ends_with(" HTTP/1.1")) {
    return std::nullopt;
  }
  // Exactly "method target version": with more spaces two readers may see two targets.
  if (std::count(line.begin(), line.end(), ' ') != 2 || !is_token(line.substr(0, line.find(' '))))
    return std::nullopt;
  if (std::any_of(line.begin(), line.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    return std::nullopt;
  std::size_t fields = 0;
  std::size_t hosts = 0;
  const bool well_formed = each_field(header, [&](const Field& f) {
    if (equal(f.name, "host")) ++hosts;
    return ++fields <= most_fields && read_field(f, head);
  });
  if (!well_formed || hosts > 1 || (hosts == 0 && line.ends_with(" HTTP/1.1"))) return std::nullopt;
  // Both a length and chunks: the classic way to smuggle a second request past one of two readers.
  if (head.length && (head.chunked || head.unknown_coding)) return std::nullopt;
  return head;
}

// Goes on where an earlier look at a chunked body stopped: at the line that begins a chunk.
Frame chunked_frame(Frame out, std::string_view received, const FrameLimits& limits) {
  const auto end_with = [&](State state) {
    out.state = state;
    return out;
  };
  // Lines of one byte each are lawful, and so would be a body many times the size of what it holds.
  if (received.size() > out.header_size + 2 * limits.body_bytes + 4096)
    return end_with(State::body_too_large);
  while (true) {
    const std::size_t end = received.find("\r\n", out.scanned);
    const std::size_t length = (end == std::string_view::npos ? received.size() : end) - out.scanned;
    if (length > longest_chunk_line) return end_with(State::bad);
    if (end == std::string_view::npos) return end_with(State::incomplete_body);
    const std::string_view line = received.substr(out.scanned, length);
    const auto size = number(trimmed(line.substr(0, line.find(';'))), 16);
    if (!size) return end_with(State::bad);
    if (*size > limits.body_bytes || out.chunk_bytes + *size > limits.body_bytes)
      return end_with(State::body_too_large);
    const std::size_t close = end + 2 + *size;
    if (received.size() < close + 2) return end_with(State::incomplete_body);
    // After the last chunk too: trailers are not served.
    if (received.substr(close, 2) != "\r\n") return end_with(State::bad);
    out.chunk_bytes += *size;
    out.scanned = close + 2;
    if (*size == 0) {
      out.size = out.scanned;
      return end_with(State::complete);
    }
  }
}

Frame body_frame(Frame out, std::string_view received, const FrameLimits& limits) {
  if (out.chunked) return chunked_frame(out, received, limits);
  out.state = received.size() >= out.size ? State::complete : State::incomplete_body;
  return out;
}

}  // namespace

Frame frame(std::string_view received, const FrameLimits& limits, const Frame& before) {
  if (before.state == State::incomplete_body) return body_frame(before, received, limits);
  Frame out;
  const std::size_t end = received.substr(0, limits.header_bytes).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (received.size() >= limits.header_bytes) out.state = State::header_too_large;
    return out;
  }
  out.header_size = end + 4;
  const auto head = read_head(received.substr(0, out.header_size));
  if (!head) {
    out.state = State::bad;
    return out;
  }
  out.expects_continue = head->expects_continue;
  out.keep_alive = head->keep_alive;
  out.chunked = head->chunked;
  out.scanned = out.header_size;
  out.size = out.header_size + head->length.value_or(0);
  if (head->unknown_coding) {
    out.state = State::length_unclear;
  } else if (head->length.value_or(0) > limits.body_bytes) {
    out.state = State::body_too_large;
  } else {
    return body_frame(out, received, limits);
  }
  return out;
}

std::string without_transfer_fields(std::string_view header) {
  std::string out(header.substr(0, header.find("\r\n") + 2));
  static_cast<void>(each_field(header, [&](const Field& f) {
    const bool ours = equal(f.name, "expect") || equal(f.name, "range") || equal(f.name, "accept-encoding");
    if (!ours) out += f.line;
    return true;
  }));
  return out + "\r\n";
}

std::string body_of(std::string_view request, const Frame& frame) {
  if (!frame.chunked) return std::string(request.substr(frame.header_size, frame.size - frame.header_size));
  std::string out;
  out.reserve(frame.chunk_bytes);
  for (std::size_t at = frame.header_size; at < frame.size;) {
    const std::size_t end = request.find("\r\n", at);
    const std::string_view line = request.substr(at, end - at);
    const std::size_t size = number(trimmed(line.substr(0, line.find(';'))), 16).value_or(0);
    out += request.substr(end + 2, size);
    at = end + 2 + size + 2;
  }
  return out;
}

std::string_view field(std::string_view header, std::string_view name) {
  std::string_view out;
  static_cast<void>(each_field(header, [&](const Field& f) {
    if (equal(f.name, name)) out = f.value;
    return true;
  }));
  return out;
}

}  // namespace entitywatch::daemon
