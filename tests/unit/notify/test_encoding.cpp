#include <catch2/catch_test_macros.hpp>

#include "core/text.hpp"
#include "notify/encoding.hpp"
#include "notify/signature.hpp"
#include "reading.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

TEST_CASE("base64 goes there and back, and refuses what is not base64") {
  for (const std::string& bytes : {std::string("f"), std::string("fo"), std::string("foo"),
                                  std::string("foob\0r", 6), std::string(100, '\xff')})
    CHECK(base64_decode(base64_encode(bytes)) == bytes);
  CHECK(base64_encode("foobar") == "Zm9vYmFy");
  for (const char* bad : {"", "Zg", "Zg=", "Z===", "Zm9v YmFy", "Zm9v\n", "====", "Zg==Zg=="})
    CHECK_FALSE(base64_decode(bad));
}

TEST_CASE("base64 lines are 76 characters wide") {
  const std::string lines = base64_lines(std::string(200, 'x'));
  for (const std::string& line : text::split(lines, '\n')) CHECK(line.size() <= 77);
  CHECK(lines.ends_with("\r\n"));
}

TEST_CASE("HMAC-SHA256 agrees with RFC 4231, test case 2") {
  const std::string mac = hmac_sha256("Jefe", "what do ya want for nothing?");
  CHECK(base64_encode(mac) == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}

TEST_CASE("quoted-printable reads back, keeps to 76 characters and plain ASCII") {
  const std::string original =
      "Größe = 1; " + std::string(200, 'a') + "\n.dot\ntrailing space \nÜber—“quoted”\n\ntab\there";
  const std::string encoded = quoted_printable(original);
  for (const std::string& line : text::split(encoded, '\n')) CHECK(line.size() <= 77);
  for (const char c : encoded) CHECK(static_cast<unsigned char>(c) < 0x80);
  CHECK(encoded.find("\n.") == std::string::npos);
  CHECK(reading::quoted_printable(encoded) == original + "\n");
}

TEST_CASE("header text: plain ASCII stays, all else becomes encoded words that read back") {
  CHECK(header_text("Entity List: 28 added (China)", 9) == "Entity List: 28 added (China)");
  const std::string subject =
      "Entity List: 28 added — “Hangzhou Hikvision Digital Technology Co., Ltd.” "
      "杭州海康威视数字技术股份有限公司 and more of the same";
  const std::string encoded = header_text(subject, 9);
  for (const std::string& line : text::split(encoded, '\n')) CHECK(line.size() <= 77);
  CHECK(reading::encoded_words(encoded) == subject);
}

TEST_CASE("header text carries no line break and no forged encoded word into the header") {
  const std::string encoded = header_text("Acme\r\nBcc: victim@example.com\r\n\r\nbody", 9);
  CHECK(encoded == "Acme Bcc: victim@example.com body");
  const std::string forged = header_text("=?utf-8?q?hidden?=", 9);
  CHECK(forged.find("hidden") == std::string::npos);
  CHECK(reading::encoded_words(forged) == "=?utf-8?q?hidden?=");
}

TEST_CASE("the published vector of Standard Webhooks") {
  const auto key = webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  REQUIRE(key);
  CHECK(webhook_signature({*key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("while a secret rotates, each key signs") {
  const std::string both = webhook_signature({std::string(24, 'a'), std::string(24, 'b')}, "id", 1, "body");
  const std::vector<std::string> parts = text::split(both, ' ');
  REQUIRE(parts.size() == 2);
  CHECK(parts[0] == webhook_signature({std::string(24, 'a')}, "id", 1, "body"));
  CHECK(parts[1] == webhook_signature({std::string(24, 'b')}, "id", 1, "body"));
}

TEST_CASE("a webhook secret that cannot be one is refused without being repeated") {
  for (const std::string& bad :
       {std::string("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), std::string("whsec_not base64!"),
        "whsec_" + base64_encode(std::string(23, 'x')), "whsec_" + base64_encode(std::string(65, 'x')),
        std::string("whsec_")}) {
    const auto key = webhook_key(bad);
    REQUIRE_FALSE(key);
    CHECK(key.error().code == ErrorCode::invalid_config);
    if (bad.size() > 8) CHECK(key.error().message.find(bad.substr(6)) == std::string::npos);
  }
  CHECK(webhook_key("whsec_" + base64_encode(std::string(64, 'x'))));
  CHECK(webhook_key(" whsec_" + base64_encode(std::string(24, 'x')) + "\n"));
}
