// Where a request ends, told the same however the bytes come.
#include "daemon/http_framing.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "daemon/http_response.hpp"

namespace entitywatch::daemon {
namespace {

using State = Frame::State;

TEST_CASE("a request has the same end in whatever pieces it comes", "[framing]") {
  const std::string request = GENERATE(as<std::string>{}, "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                                       "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
                                       "POST /x HTTP/1.1\r\nhost:a\r\ntransfer-encoding: "
                                       "CHUNKED\r\n\r\n3\r\nhel\r\n2;ext=\"q\"\r\nlo\r\n0\r\n\r\n");
  const std::string followed = request + "GET /next HTTP/1.1\r\n";
  Frame so_far;
  for (std::size_t n = 0; n < request.size(); ++n) {
    so_far = frame(std::string_view(followed).substr(0, n), {}, so_far);
    REQUIRE((so_far.state == State::incomplete_header || so_far.state == State::incomplete_body));
  }
  so_far = frame(followed, {}, so_far);
  CHECK(so_far.state == State::complete);
  CHECK(so_far.size == request.size());
  const Frame at_once = frame(followed, {});
  CHECK(at_once.size == request.size());
  if (request.front() == 'P') CHECK(body_of(followed, at_once) == "hello");
}

TEST_CASE("limits hold before the bytes are there", "[framing]") {
  const FrameLimits limits{100, 10};
  CHECK(frame("GET /" + std::string(200, 'x'), limits).state == State::header_too_large);
  CHECK(frame("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", limits).state ==
        State::body_too_large);
  CHECK(
      frame("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", limits).state ==
      State::bad);
  CHECK(frame("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n", limits).state ==
        State::body_too_large);
  CHECK(frame("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n6\r\n", limits)
            .state == State::body_too_large);
  CHECK(frame("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", limits)
            .state == State::body_too_large);
  CHECK(frame("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(300, 'x'),
              limits)
            .state == State::bad);
}

TEST_CASE("a body of very many very small chunks is too large as well", "[framing]") {
  std::string request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 2000; ++i) request += "1;" + std::string(200, 'x') + "\r\ny\r\n";
  CHECK(frame(request, {16384, 10000}).state == State::body_too_large);
}

TEST_CASE("what we answer ourselves is not shown to the library", "[framing]") {
  const std::string header =
      "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nRANGE: bytes=0-1\r\nAccept-encoding: gzip\r\nX: "
      "y\r\n\r\n";
  CHECK(without_transfer_fields(header) == "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n");
  CHECK(field(header, "accept-encoding") == "gzip");
  CHECK(field(header, "missing").empty());
}

TEST_CASE("gzip is taken from those who offer it", "[http]") {
  CHECK(accepts_gzip("gzip"));
  CHECK(accepts_gzip("br;q=1.0, GZIP;q=0.5"));
  CHECK(accepts_gzip("*"));
  CHECK_FALSE(accepts_gzip(""));
  CHECK_FALSE(accepts_gzip("identity"));
  CHECK_FALSE(accepts_gzip("gzip;q=0"));
  CHECK_FALSE(accepts_gzip("gzip; q=0.0, *"));
  CHECK_FALSE(accepts_gzip("*;q=0"));
}

}  // namespace
}  // namespace entitywatch::daemon
