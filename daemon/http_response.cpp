#include "daemon/http_response.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "core/hash.hpp"
#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t worth_compressing = 1024;
constexpr int level = 5;

bool is_compressible(std::string_view type) {
  if (type.rfind("text/event-stream", 0) == 0) return false;
  if (type.rfind("text/", 0) == 0) return true;
  for (const std::string_view part : {"json", "xml", "csv", "javascript"})
    if (type.find(part) != std::string_view::npos) return true;
  return false;
}

class GzipSource final : public BodySource {
 public:
  explicit GzipSource(std::shared_ptr<BodySource> plain) : plain_(std::move(plain)) {}
  Piece next() override {
    Piece piece = plain_->next();
    piece.bytes = gzip_.add(piece.bytes);
    if (piece.after == After::end) piece.bytes += gzip_.finish();
    return piece;
  }

 private:
  const std::shared_ptr<BodySource> plain_;
  Gzip gzip_;
};

void add_missing(ApiResponse& response, std::string_view name, std::string_view value) {
  const bool there = std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& header) {
    return text::equals_ignoring_case(header.first, name);
  });
  if (!there) response.headers.emplace_back(name, value);
}

bool has_tag(std::string_view if_none_match, std::string_view tag) {
  if (text::trim(if_none_match) == "*") return true;
  for (const std::string& part : text::split(if_none_match, ',')) {
    std::string given = text::trim(part);
    // Compared weakly (RFC 9110, 8.8.3.2): the same content, however it was coded.
    if (given.rfind("W/", 0) == 0) given.erase(0, 2);
    if (given == tag) return true;
  }
  return false;
}

void validate(ApiResponse& response, const ResponseWishes& wishes) {
  if (response.status != 200 || response.source || (wishes.method != "GET" && wishes.method != "HEAD"))
    return;
  const std::string tag = "\"" + sha256_hex(response.body).substr(0, 32) + "\"";
  response.headers.emplace_back("ETag", "W/" + tag);
  if (wishes.if_none_match.empty() || !has_tag(wishes.if_none_match, tag)) return;
  response.status = 304;
  response.body.clear();
  response.content_type.clear();
}

void compress(ApiResponse& response, const ResponseWishes& wishes) {
  if (!is_compressible(response.content_type)) return;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!accepts_gzip(wishes.accept_encoding)) return;
  if (response.source) {
    response.source = std::make_shared<GzipSource>(std::move(response.source));
  } else if (response.body.size() >= worth_compressing) {
    Gzip gzip;
    std::string packed = gzip.add(response.body);
    packed += gzip.finish();
    response.body = std::move(packed);
  } else {
    return;
  }
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace

struct Gzip::State {
  z_stream stream{};
};

Gzip::Gzip() : state_(std::make_unique<State>()) {
  constexpr int gzip_window = 15 + 16;
  if (deflateInit2(&state_->stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
}

Gzip::~Gzip() { deflateEnd(&state_->stream); }

std::string Gzip::run(std::string_view bytes, int flush) {
  z_stream& z = state_->stream;
  z.next_in = const_cast<Bytef*>(
      reinterpret_cast<const Bytef*>(bytes.data()));  // zlib's input is not const, and not written to
  z.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<Bytef, 16u << 10> buffer;
  do {
    z.next_out = buffer.data();
    z.avail_out = buffer.size();
    deflate(&z, flush);
    out.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - z.avail_out);
  } while (z.avail_out == 0);
  return out;
}

std::string Gzip::add(std::string_view bytes) {
  return bytes.empty() ? std::string() : run(bytes, Z_NO_FLUSH);
}

std::string Gzip::finish() { return run({}, Z_FINISH); }

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<bool> any;
  for (const std::string& part : text::split(accept_encoding, ',')) {
    const std::vector<std::string> words = text::split(part, ';');
    const std::string coding = text::trim(words.front());
    bool wanted = true;
    for (std::size_t i = 1; i < words.size(); ++i) {
      std::string weight = text::trim(words[i]);
      std::erase(weight, ' ');
      if (weight.rfind("q=0", 0) == 0) wanted = weight.find_first_of("123456789") != std::string::npos;
    }
    if (text::equals_ignoring_case(coding, "gzip") || text::equals_ignoring_case(coding, "x-gzip"))
      return wanted;
    if (coding == "*") any = wanted;
  }
  return any.value_or(false);
}

ApiResponse finish_response(ApiResponse response, const ResponseWishes& wishes) {
  validate(response, wishes);
  compress(response, wishes);
  add_missing(response, "Cache-Control", "no-cache");
  add_missing(response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  add_missing(response, "X-Content-Type-Options", "nosniff");
  add_missing(response, "Referrer-Policy", "no-referrer");
  add_missing(response, "Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

}  // namespace entitywatch::daemon
