#include <arpa/inet.h>
#include <netinet/in.h>

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/json.hpp"
#include "daemon/address_rules.hpp"
#include "daemon/delivery_transport.hpp"
#include "daemon/smtp_dialogue.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/loopback_server.hpp"

using namespace entitywatch;
using namespace entitywatch::daemon;
using namespace entitywatch::test;
using namespace std::chrono_literals;

namespace {

bool is_private(const std::string& text) {
  sockaddr_storage storage{};
  if (text.find(':') == std::string::npos) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    REQUIRE(inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1);
    std::memcpy(&storage, &v4, sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    REQUIRE(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1);
    std::memcpy(&storage, &v6, sizeof v6);
  }
  return is_private_address(reinterpret_cast<const sockaddr&>(storage));
}

notify::HttpRequest to(const std::string& url) {
  notify::HttpRequest request;
  request.url = url;
  request.headers = {{"Content-Type", "application/json"}, {"webhook-id", "msg_1"}};
  request.body = R"({"type":"entitywatch.alert"})";
  request.allow_private_network = true;
  request.timeout = 5s;
  return request;
}

}  // namespace

TEST_CASE("addresses deliveries do not go to") {
  for (const char* text : {"127.0.0.1",
                           "127.255.0.9",
                           "10.1.2.3",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "169.254.169.254",
                           "100.64.0.1",
                           "100.127.255.255",
                           "0.0.0.0",
                           "224.0.0.1",
                           "255.255.255.255",
                           "192.0.2.1",
                           "::1",
                           "::",
                           "fe80::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "ff02::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "64:ff9b::a9fe:a9fe",
                           "2002:7f00:1::",
                           "2001:db8::1",
                           "::127.0.0.1"})
    CHECK((is_private(text) ? "" : text) == std::string());
  for (const char* text : {"8.8.8.8", "172.32.0.1", "172.15.0.1", "100.128.0.1", "1.1.1.1", "11.0.0.1",
                           "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"})
    CHECK((is_private(text) ? text : "") == std::string());
}

TEST_CASE("hosts that are this machine") {
  for (const char* host :
       {"localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "[::ffff:127.0.0.1]"})
    CHECK(is_loopback_host(host));
  for (const char* host :
       {"", "example.org", "127.0.0.1.example.org", "128.0.0.1", "localhost.example.org", "[::2]", "0.0.0.0"})
    CHECK_FALSE(is_loopback_host(host));
}

TEST_CASE("a delivery posts headers and body and gives back any status") {
  LoopbackServer server;
  LoopbackAnswer answer;
  answer.status = 410;
  answer.body = "gone";
  answer.headers = {{"Retry-After", "7"}};
  server.set("/hook", answer);
  CurlHttpTransport transport("entitywatch/1.2.3");
  const auto response = transport.post(to(server.url("/hook")));
  REQUIRE(response);
  CHECK(response->status == 410);
  CHECK(response->body == "gone");
  CHECK(std::count(response->headers.begin(), response->headers.end(),
                   std::pair<std::string, std::string>("retry-after", "7")) == 1);
  const LoopbackRequest request = server.requests().at(0);
  CHECK(request.method == "POST");
  CHECK(request.body == R"({"type":"entitywatch.alert"})");
  CHECK(request.header("webhook-id") == "msg_1");
  CHECK(request.header("content-type") == "application/json");
  CHECK(request.header("user-agent") == "entitywatch/1.2.3");
  CHECK(request.header("expect").empty());
}

TEST_CASE("deliveries keep their connection") {
  LoopbackServer server;
  server.set("/hook", LoopbackAnswer{});
  CurlHttpTransport transport("t");
  for (int i = 0; i < 10; ++i) REQUIRE(transport.post(to(server.url("/hook"))));
  CHECK(server.connections() == 1);
}

TEST_CASE("a large delivery arrives whole") {
  LoopbackServer server;
  server.set("/hook", LoopbackAnswer{});
  CurlHttpTransport transport("t");
  notify::HttpRequest request = to(server.url("/hook"));
  request.body = std::string(256u << 10, 'x') + std::string("\0end", 4);
  REQUIRE(transport.post(request));
  CHECK(server.requests().at(0).body == request.body);
}

TEST_CASE("private addresses are refused at connect time, however they are written") {
  LoopbackServer server;
  server.set("/hook", LoopbackAnswer{});
  CurlHttpTransport transport("t");
  const std::string port = std::to_string(server.port());
  // A connection that a trusted channel keeps open is not lent to one that is not.
  REQUIRE(transport.post(to(server.url("/hook"))));
  server.forget_requests();
  for (const std::string host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1",
                                 "127.1", "0.0.0.0", "some.localhost"}) {
    INFO(host);
    notify::HttpRequest request = to("http://" + host + ":" + port + "/hook");
    request.allow_private_network = false;
    const auto response = transport.post(request);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == ErrorCode::refused);
    CHECK(response.error().message.find("allow_private_network = true") != std::string::npos);
  }
  CHECK(server.hits() == 0);
}

TEST_CASE("a redirect is an answer, not an instruction") {
  LoopbackServer server;
  LoopbackAnswer answer;
  answer.status = 307;
  answer.headers = {{"Location", server.url("/elsewhere")}};
  server.set("/hook", answer);
  CurlHttpTransport transport("t");
  const auto response = transport.post(to(server.url("/hook")));
  REQUIRE(response);
  CHECK(response->status == 307);
  CHECK(server.hits("/elsewhere") == 0);
}

TEST_CASE("of a long answer the first 64 KiB are kept") {
  LoopbackServer server;
  LoopbackAnswer answer;
  answer.status = 500;
  answer.body = std::string(1u << 20, 'x');
  server.set("/hook", answer);
  CurlHttpTransport transport("t");
  const auto response = transport.post(to(server.url("/hook")));
  REQUIRE(response);
  CHECK(response->status == 500);
  CHECK(response->body.size() == 64u << 10);
}

TEST_CASE("a receiver that stalls costs the timeout and no more") {
  LoopbackServer server;
  LoopbackAnswer answer;
  answer.body = std::string(100, 'x');
  answer.transfer = Transfer::stalled;
  server.set("/hook", answer);
  CurlHttpTransport transport("t");
  notify::HttpRequest request = to(server.url("/hook?token=hidden"));
  request.timeout = 150ms;
  const auto response = transport.post(request);
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::timeout);
  CHECK(response.error().describe().find("hidden") == std::string::npos);
}

TEST_CASE("what is not a web address is not delivered to") {
  CurlHttpTransport transport("t");
  for (const char* url : {"", "file:///etc/passwd", "smtp://127.0.0.1/", "not a url"}) {
    const auto response = transport.post(to(url));
    REQUIRE_FALSE(response);
    CHECK(response.error().code == ErrorCode::refused);
  }
  notify::HttpRequest request = to("http://127.0.0.1:1/");
  request.headers.emplace_back("X", "a\r\nY: b");
  CHECK(transport.post(request).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("an SMTP dialogue gives each recipient its own reply") {
  SmtpDialogue d(3);
  d.received("220 ready\r\n");
  d.sent("EHLO me\r\n");
  d.received("250-host\r\n");
  d.received("250 STARTTLS\r\n");
  d.sent("MAIL FROM:<a@b>\r\n");
  d.received("250 ok\r\n");
  d.sent("RCPT TO:<one@b>\r\n");
  d.received("550-no\r\n");
  d.received("550 such user\r\n");
  d.sent("RCPT TO:<two@b>\r\n");
  d.received("250 ok\r\n");
  d.sent("DATA\r\n");
  d.received("354 go on\r\n");
  d.received("250 queued\r\n");
  CHECK(d.recipients()[0].status == 550);
  CHECK(d.recipients()[0].text == "such user");
  CHECK(d.recipients()[1].status == 250);
  CHECK(d.recipients()[2].status == 0);
  CHECK(d.message().status == 250);
  CHECK(d.message().text == "queued");
}

namespace {

class MailServer {
 public:
  explicit MailServer(const std::vector<std::string>& options = {}) : process_(command(options)) {
    const auto first = process_.line(10s);
    REQUIRE(first);
    port_ = Json::parse(*first).at("port").get<int>();
  }
  [[nodiscard]] std::string url(const std::string& scheme = "smtp",
                                const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ":" + std::to_string(port_);
  }
  [[nodiscard]] Json message() {
    const auto line = process_.line(5s);
    REQUIRE(line);
    return Json::parse(*line);
  }
  [[nodiscard]] bool is_silent() { return !process_.line(50ms); }

 private:
  static std::vector<std::string> command(const std::vector<std::string>& options) {
    std::vector<std::string> words{"/usr/bin/python3",
                                   ENTITYWATCH_SOURCE_DIR "/tests/support/mail_server.py"};
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }
  ChildProcess process_;
  int port_ = 0;
};

// A certificate of its own authority, for localhost, mail.localhost and 127.0.0.1.
class Certificate {
 public:
  Certificate() {
    std::string name = (std::filesystem::temp_directory_path() / "ew-cert-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    ChildProcess openssl(
        {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=entitywatch test", "-addext",
         "subjectAltName=DNS:localhost,DNS:mail.localhost,IP:127.0.0.1", "-keyout", key(), "-out", file()});
    REQUIRE(openssl.wait() == 0);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string file() const { return folder_ / "cert.pem"; }
  [[nodiscard]] std::string key() const { return folder_ / "key.pem"; }
  [[nodiscard]] std::vector<std::string> options(const std::string& tls) const {
    return {"--tls", tls, "--cert", file(), "--key", key()};
  }

 private:
  std::filesystem::path folder_;
};

notify::MailRequest mail(const std::string& url, std::vector<std::string> recipients) {
  notify::MailRequest request;
  request.smtp_url = url;
  request.allow_private_network = true;
  request.from = "entitywatch@example.org";
  request.recipients = std::move(recipients);
  request.message = "From: entitywatch@example.org\r\nSubject: test\r\n\r\nfirst\r\n.hidden dot\r\nlast\r\n";
  request.timeout = 5s;
  return request;
}

}  // namespace

TEST_CASE("mail reaches those who take it, and each recipient has a result") {
  MailServer server;
  CurlMailTransport transport;
  const auto results = transport.send(
      mail(server.url(), {"a@example.org", "nobody@example.org", "later@example.org", "b@example.org"}));
  REQUIRE(results);
  REQUIRE(results->size() == 4);
  CHECK((*results)[0].status == 250);
  CHECK((*results)[1].status == 550);
  CHECK((*results)[1].text == "5.1.1 no such user");
  CHECK((*results)[2].status == 451);
  CHECK((*results)[3].status == 250);
  CHECK((*results)[3].recipient == "b@example.org");
  const Json message = server.message();
  CHECK(message["from"] == "entitywatch@example.org");
  CHECK(message["to"] == Json::array({"a@example.org", "b@example.org"}));
  CHECK(message["data"].get<std::string>().find("\r\n.hidden dot\r\nlast") != std::string::npos);
  CHECK(message["tls"] == false);

  SECTION("a second mail goes over the same connection") {
    REQUIRE(transport.send(mail(server.url(), {"c@example.org"})));
    CHECK(server.message()["peer"] == message["peer"]);
  }
  SECTION("when all are refused nothing is sent and all are told apart") {
    const auto refused = transport.send(mail(server.url(), {"later@example.org", "nobody@example.org"}));
    REQUIRE(refused);
    CHECK((*refused)[0].status == 451);
    CHECK((*refused)[1].status == 550);
    CHECK(server.is_silent());
  }
  SECTION("a message refused after DATA is delivered to no one") {
    const auto refused = transport.send(mail(server.url(), {"poison@example.org", "nobody@example.org"}));
    REQUIRE(refused);
    CHECK((*refused)[0].status == 554);
    CHECK((*refused)[1].status == 550);
    CHECK(server.is_silent());
  }
}

TEST_CASE("mail is encrypted by STARTTLS and by smtps, and the certificate is checked") {
  const Certificate certificate;
  CurlMailTransport transport;
  SECTION("STARTTLS, insisted on for a host that is not this machine by name") {
    MailServer server(certificate.options("starttls"));
    notify::MailRequest request = mail(server.url("smtp", "mail.localhost"), {"a@example.org"});
    const auto untrusted = transport.send(request);
    REQUIRE_FALSE(untrusted);
    CHECK(untrusted.error().message.find("ca_file") != std::string::npos);
    CHECK(server.is_silent());
    request.ca_file = certificate.file();
    const auto results = transport.send(request);
    REQUIRE(results);
    CHECK(results->at(0).status == 250);
    CHECK(server.message()["tls"] == true);
  }
  SECTION("smtps with an account") {
    auto options = certificate.options("smtps");
    options.insert(options.end(), {"--user", "watch", "--password", "s3 cret"});
    MailServer server(options);
    notify::MailRequest request = mail(server.url("smtps", "localhost"), {"a@example.org"});
    request.ca_file = certificate.file();
    request.username = "watch";
    request.password = "wrong";
    const auto refused = transport.send(request);
    REQUIRE_FALSE(refused);
    INFO(refused.error().describe());
    CHECK(refused.error().message.find("535") != std::string::npos);
    CHECK(refused.error().message.find("wrong") == std::string::npos);
    request.password = "s3 cret";
    REQUIRE(transport.send(request));
    const Json message = server.message();
    CHECK(message["tls"] == true);
    CHECK(message["user"] == "watch");
  }
}

TEST_CASE("without STARTTLS mail is not sent in the clear") {
  MailServer server;
  CurlMailTransport transport;
  notify::MailRequest request = mail(server.url("smtp", "mail.localhost"), {"a@example.org"});
  const auto refused = transport.send(request);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::refused);
  CHECK(refused.error().message.find("STARTTLS") != std::string::npos);
  CHECK(server.is_silent());
  request.require_tls = false;
  REQUIRE(transport.send(request));
  CHECK(server.message()["tls"] == false);
}

TEST_CASE("mail servers on private addresses are refused unless the channel says so") {
  MailServer server;
  CurlMailTransport transport;
  notify::MailRequest request = mail(server.url(), {"a@example.org"});
  request.allow_private_network = false;
  const auto refused = transport.send(request);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::refused);
  CHECK(server.is_silent());
}

TEST_CASE("an address cannot carry a command") {
  CurlMailTransport transport;
  CHECK(transport.send(mail("smtp://127.0.0.1:1", {"a@b>\r\nRCPT TO:<c@d"})).error().code ==
        ErrorCode::invalid_argument);
  CHECK(transport.send(mail("smtp://127.0.0.1:1", {})).error().code == ErrorCode::invalid_argument);
  CHECK(transport.send(mail("http://127.0.0.1:1", {"a@b"})).error().code == ErrorCode::refused);
}
