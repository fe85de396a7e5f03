#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "channels_under_test.hpp"
#include "notify/mail_message.hpp"
#include "reading.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

namespace {

const Time now = samples::at("2019-10-09T12:48:00Z");

reading::Part mail(const AlertView& view) { return reading::message(fakes::sent("email", view, now)); }

ChannelConfig three() {
  ChannelConfig config = fakes::config_of("email");
  config.to = {"a@example.com", "Bea <b@example.com>", "c@example.com"};
  return config;
}

}  // namespace

TEST_CASE("the headers of a mail") {
  const reading::Part message = mail(samples::additions(28));
  CHECK(message.header("date") == "Wed, 09 Oct 2019 12:48:00 +0000");
  CHECK(message.header("from") == "Entity Watch <entitywatch@example.com>");
  CHECK(message.header("to") == "compliance@example.com");
  CHECK(reading::encoded_words(message.header("subject")) == "Entity List: 28 added (China) — 84 FR 54002");
  CHECK(message.header("auto-submitted") == "auto-generated");
  CHECK(message.header("list-id") == "entitywatch <china-additions.entitywatch.example.com>");
  CHECK(message.header("mime-version") == "1.0");
  CHECK(message.header("message-id").ends_with("@example.com>"));
}

TEST_CASE("the Message-ID is the alert's: the same on every try, another for another alert") {
  AlertView view = samples::additions(2);
  const std::string first = mail(view).header("message-id");
  CHECK(reading::message(fakes::sent("email", view, now + std::chrono::hours{5})).header("message-id") ==
        first);
  view.alert.id = "another";
  CHECK(mail(view).header("message-id") != first);
}

TEST_CASE("what follows on a document joins its thread") {
  const reading::Part first = mail(samples::additions(2));
  const reading::Part update = mail(samples::update());
  CHECK(!first.header("references").empty());
  CHECK(update.header("references") == first.header("references"));
  CHECK(update.header("in-reply-to") == first.header("references"));
  CHECK(first.header("in-reply-to").empty());
  CHECK(mail(samples::ecfr_only()).header("references").empty());
}

TEST_CASE("text and HTML say the same, and carry letters of every script") {
  AlertView view = samples::additions(1);
  view.changes[0].entry->listing.aliases = {"杭州海康威视", "Größe & <Söhne>"};
  const reading::Part message = mail(view);
  CHECK(message.header("content-type").starts_with("multipart/alternative"));
  REQUIRE(message.parts.size() == 2);
  const std::string plain = message.find("text/plain")->body;
  const std::string html = message.find("text/html")->body;
  CHECK(plain.find("杭州海康威视; Größe & <Söhne>") != std::string::npos);
  CHECK(html.find("杭州海康威视; Größe &amp; &lt;Söhne&gt;") != std::string::npos);
  for (const char* part : {"84 FR 54002", "October 9, 2019", "November 8, 2019", "verified"}) {
    CHECK(plain.find(part) != std::string::npos);
    CHECK(html.find(part) != std::string::npos);
  }
}

TEST_CASE("mailboxes") {
  CHECK(parse_mailbox("a@b")->address == "a@b");
  CHECK(parse_mailbox(" \"Doe, Jane\" <jane@example.com> ")->name == "Doe, Jane");
  CHECK(parse_mailbox("Jané <jane@example.com>")->name == "Jané");
  for (const char* bad :
       {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b, c@d", "a@b\r\nBcc: x@y", "<a@b", "a@b>", "x\ny <a@b>"})
    CHECK_FALSE(parse_mailbox(bad));
  ChannelConfig config = fakes::config_of("email");
  config.from = "Überwachung, Amt <ü@example.com>";
  config.from = "Überwachung <watch@example.com>";
  config.to = {"\"Doe, Jane\" <jane@example.com>"};
  fakes::World world;
  const reading::Part message = reading::message(world.channel(config)->preview(samples::additions(1), now));
  CHECK(reading::encoded_words(message.header("from")) == "Überwachung <watch@example.com>");
  CHECK(message.header("to") == "\"Doe, Jane\" <jane@example.com>");
}

TEST_CASE("the session is told what the configuration says") {
  fakes::World world;
  ChannelConfig config = three();
  config.username = "user";
  config.password = "pass";
  config.tls = "none";
  static_cast<void>(world.channel(config)->deliver(samples::additions(1), {}, now));
  const MailRequest& request = world.mail.requests.at(0);
  CHECK(request.smtp_url == "smtps://mail.example:465");
  CHECK(request.from == "entitywatch@example.com");
  CHECK(request.recipients == std::vector<std::string>{"a@example.com", "b@example.com", "c@example.com"});
  CHECK_FALSE(request.require_tls);
  CHECK(request.username == "user");
}

TEST_CASE("each recipient has its own fate") {
  fakes::World world;
  const auto channel = world.channel(three());
  Delivery delivery;

  SECTION("all reached") {
    const Outcome outcome = channel->deliver(samples::additions(1), delivery, now);
    CHECK(outcome.kind == Outcome::Kind::delivered);
    CHECK(outcome.warning.empty());
    CHECK(outcome.done_recipients.size() == 3);
  }
  SECTION("one is to be tried again, and only that one is") {
    world.mail.answers = {{"b@example.com", 451}};
    Outcome outcome = channel->deliver(samples::additions(1), delivery, now);
    CHECK(outcome.kind == Outcome::Kind::retry);
    CHECK(outcome.response.status == 451);
    CHECK(outcome.done_recipients == std::vector<std::string>{"a@example.com", "c@example.com"});
    delivery.done_recipients = outcome.done_recipients;
    delivery.attempts = 1;
    world.mail.answers.clear();
    outcome = channel->deliver(samples::additions(1), delivery, now);
    CHECK(world.mail.requests.at(1).recipients == std::vector<std::string>{"b@example.com"});
    CHECK(outcome.kind == Outcome::Kind::delivered);
  }
  SECTION("one refused for good: delivered, and operators hear of it") {
    world.mail.answers = {{"b@example.com", 550}};
    const Outcome outcome = channel->deliver(samples::additions(1), delivery, now);
    CHECK(outcome.kind == Outcome::Kind::delivered);
    CHECK(outcome.warning.find("b@example.com") != std::string::npos);
    CHECK(outcome.response.excerpt.starts_with("2 of 3 recipients reached"));
  }
  SECTION("refused first, reached later: the refused one is not tried again") {
    world.mail.answers = {{"b@example.com", 550}, {"c@example.com", 421}};
    Outcome outcome = channel->deliver(samples::additions(1), delivery, now);
    CHECK(outcome.kind == Outcome::Kind::retry);
    delivery.done_recipients = outcome.done_recipients;
    delivery.attempts = 1;
    world.mail.answers = {{"c@example.com", 554}};
    outcome = channel->deliver(samples::additions(1), delivery, now);
    CHECK(world.mail.requests.at(1).recipients == std::vector<std::string>{"c@example.com"});
    CHECK(outcome.kind == Outcome::Kind::delivered);  // a@ was reached
  }
  SECTION("all refused") {
    world.mail.answers = {{"a@example.com", 550}, {"b@example.com", 551}, {"c@example.com", 553}};
    CHECK(channel->deliver(samples::additions(1), delivery, now).kind == Outcome::Kind::rejected);
  }
  SECTION("redelivered: those who refused are asked again, those reached are spared") {
    delivery.done_recipients = {"a@example.com", "refused b@example.com", "refused c@example.com"};
    const Outcome outcome = channel->deliver(samples::additions(1), delivery, now);
    CHECK(world.mail.requests.at(0).recipients == std::vector<std::string>{"b@example.com", "c@example.com"});
    CHECK(outcome.kind == Outcome::Kind::delivered);
    CHECK(outcome.done_recipients.size() == 3);
  }
  SECTION("no session") {
    world.mail.session_error = Error{ErrorCode::unavailable, "the mail server refused user:pass", ""};
    const Outcome outcome = channel->deliver(samples::additions(1), delivery, now);
    CHECK(outcome.kind == Outcome::Kind::retry);
    CHECK(outcome.response.status == 0);
    CHECK(outcome.done_recipients.empty());
  }
}
