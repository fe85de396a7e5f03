#include <catch2/catch_test_macros.hpp>

#include "notify/http_outcome.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;
using std::chrono::seconds;

namespace {

const Time now = samples::at("2026-03-04T10:11:12Z");

Outcome of(int status, Receiver receiver, std::vector<std::pair<std::string, std::string>> headers = {}) {
  return outcome_of(HttpResponse{status, std::move(headers), "body"}, receiver, now, {});
}

}  // namespace

TEST_CASE("what each status means to a webhook and to a chat") {
  using Kind = Outcome::Kind;
  for (const int status : {200, 201, 202, 204, 299}) {
    CHECK(of(status, Receiver::webhook).kind == Kind::delivered);
    CHECK(of(status, Receiver::chat).kind == Kind::delivered);
  }
  for (const int status :
       {100, 301, 302, 304, 307, 308, 401, 402, 405, 408, 409, 413, 418, 422, 429, 500, 502, 503, 504, 599}) {
    CHECK(of(status, Receiver::webhook).kind == Kind::retry);
    CHECK(of(status, Receiver::chat).kind == Kind::retry);
  }
  for (const int status : {400, 403, 404}) {
    CHECK(of(status, Receiver::webhook).kind == Kind::retry);
    CHECK(of(status, Receiver::chat).kind == Kind::rejected);
  }
  CHECK(of(410, Receiver::webhook).kind == Kind::channel_disabled);
  CHECK(of(410, Receiver::chat).kind == Kind::channel_disabled);
}

TEST_CASE("no answer is tried again and says why, without the address") {
  const Outcome outcome = outcome_of(
      fail(ErrorCode::timeout, "no answer from https://hooks.example/services/SECRETSECRET within 20 s"),
      Receiver::chat, now, {"https://hooks.example/services/SECRETSECRET"});
  CHECK(outcome.kind == Outcome::Kind::retry);
  CHECK(outcome.response.status == 0);
  CHECK(outcome.response.excerpt == "timeout: no answer from [redacted] within 20 s");
}

TEST_CASE("a redirect names where it wanted to go, not its path") {
  const Outcome outcome =
      of(302, Receiver::webhook, {{"location", "https://elsewhere.example/new/secret/path"}});
  CHECK(outcome.response.excerpt ==
        "redirects are not followed; the address is now https://elsewhere.example/[redacted]");
}

TEST_CASE("Retry-After in seconds and as a date") {
  CHECK(parse_retry_after("120", now) == seconds{120});
  CHECK(parse_retry_after(" 0 ", now) == seconds{0});
  CHECK(parse_retry_after("Wed, 04 Mar 2026 10:12:12 GMT", now) == seconds{60});
  CHECK(parse_retry_after("Wednesday, 04-Mar-26 10:12:12 GMT", now) == seconds{60});
  CHECK(parse_retry_after("Wed Mar  4 10:12:12 2026", now) == seconds{60});
  CHECK(parse_retry_after("Wed, 04 Mar 2026 10:00:00 GMT", now) == seconds{0});
  CHECK(parse_retry_after("999999999999999999999", now).value() <= std::chrono::hours{24 * 367});
  for (const char* bad :
       {"", "soon", "-5", "1.5", "Wed, 31 Feb 2026 10:12:12 GMT", "Wed, 04 Xxx 2026 10:12:12 GMT"})
    CHECK_FALSE(parse_retry_after(bad, now));
  CHECK(of(503, Receiver::webhook, {{"retry-after", "7"}}).retry_after == seconds{7});
  CHECK_FALSE(of(200, Receiver::webhook, {{"retry-after", "7"}}).retry_after);
}
