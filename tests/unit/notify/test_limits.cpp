// What each receiver allows, measured on what goes over the wire: 1, 28, 140 and 500 entries, plain ones
// and such with the longest cells seen.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "channels_under_test.hpp"
#include "core/text.hpp"
#include "notify/escape.hpp"
#include "notify/payload.hpp"
#include "notify/signature.hpp"
#include "reading.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

namespace {

const Time now = samples::at("2019-10-09T12:48:00Z");

enum class Size { ordinary, bulky, chinese };

AlertView made(std::size_t count, Size size) {
  AlertView view = samples::watched_additions(count, count / 2);
  if (size == Size::ordinary) return view;
  for (Change& change : view.changes) {
    Listing& l = change.entry->listing;
    for (int i = 0; i < 40; ++i)
      l.aliases.push_back(size == Size::bulky
                              ? "Alias *number* " + std::to_string(i) + " of a long _name_ <with> & marks"
                              : "杭州海康威视数字技术股份有限公司");
    for (int i = 0; i < 30; ++i)
      l.addresses.push_back(
          std::to_string(i) +
          " Some Very Long Road, Building 7, Room 1203, Nanshan District, Shenzhen 518000, China");
    l.name += size == Size::bulky ? std::string(300, '*') : "杭州海康威视数字技术股份有限公司";
    l.license_requirement += change.id + std::string(800, '_');
    change.note = std::string(500, '`');
    change.review = true;
    change.checks.push_back({"stated_alias_count", "2", "42", false, std::string(400, '<')});
    change.findings.push_back(
        {Finding::Severity::review, "x", std::string(400, '~') + change.id, std::string(400, '|')});
    view.alert.matches.push_back({change.id, std::string(100, '#'), "V", 0.9, l.name});
  }
  return view;
}

}  // namespace

TEST_CASE("every channel keeps its receiver's limits") {
  const std::size_t count = GENERATE(1u, 28u, 140u, 500u);
  const Size size = GENERATE(Size::ordinary, Size::bulky, Size::chinese);
  const AlertView view = made(count, size);
  const std::string left_words = "more";
  CAPTURE(count, static_cast<int>(size));

  SECTION("slack: 50 blocks, 3,000 characters a section, 150 in the header") {
    const Json message = Json::parse(fakes::sent("slack", view, now));
    REQUIRE(message["blocks"].size() <= 50);
    for (const Json& block : message["blocks"]) {
      if (block["type"] == "header") CHECK(characters(block["text"]["text"].get<std::string>()) <= 150);
      if (block["type"] == "section") CHECK(characters(block["text"]["text"].get<std::string>()) <= 3000);
      if (block["type"] == "section") CHECK_FALSE(block["text"]["text"].get<std::string>().empty());
    }
    CHECK(characters(message["text"].get<std::string>()) <= 3000);
  }
  SECTION("teams: 28 KB") {
    const std::string body = fakes::sent("teams", view, now);
    CHECK(body.size() <= 28 * 1024);
    CHECK(Json::parse(body)["attachments"][0]["content"]["type"] == "AdaptiveCard");
  }
  SECTION("discord: 2,000 / 256 / 4,096 / 6,000") {
    const Json message = Json::parse(fakes::sent("discord", view, now));
    CHECK(characters(message["content"].get<std::string>()) <= 2000);
    REQUIRE(message["embeds"].size() <= 10);
    const Json& embed = message["embeds"][0];
    CHECK(characters(embed["title"].get<std::string>()) <= 256);
    CHECK(characters(embed["description"].get<std::string>()) <= 4096);
    CHECK(characters(embed["title"].get<std::string>()) +
              characters(embed["description"].get<std::string>()) <=
          6000);
  }
  SECTION("mattermost and google chat: 4,000 characters") {
    CHECK(characters(Json::parse(fakes::sent("mattermost", view, now))["text"].get<std::string>()) <= 4000);
    CHECK(characters(Json::parse(fakes::sent("googlechat", view, now))["text"].get<std::string>()) <= 4000);
  }
  SECTION("webhook: 256 KB, and what is left out is counted and linked") {
    const std::string body = fakes::sent("webhook", view, now);
    CHECK(body.size() <= webhook_body_limit);
    const Json data = Json::parse(body)["data"];
    const std::size_t shown = data["changes"].size();
    CHECK(shown + data["more"].get<std::size_t>() == count);
    CHECK(data["counts"]["added"] == count);
    CHECK(data.contains("changes_url") == (shown < count));
    if (shown < count) CHECK(data["changes_url"] == "http://127.0.0.1:8744/v1/changes?document=2019-22210");
    for (std::size_t i = 0; i < shown; ++i) CHECK(data["changes"][i]["id"] == view.changes[i].id);
  }
  SECTION("email: bodies that clients show whole, lines under 998 bytes, all of it in the CSV") {
    const std::string raw = fakes::sent("email", view, now);
    for (const std::string& line : text::split(raw, '\n')) REQUIRE(line.size() <= 998);
    const reading::Part mail = reading::message(raw);
    const reading::Part* html = mail.find("text/html");
    const reading::Part* plain = mail.find("text/plain");
    REQUIRE(html != nullptr);
    REQUIRE(plain != nullptr);
    CHECK(html->body.size() < 102'000);
    CHECK(plain->body.size() < 102'000);
    const reading::Part* csv = mail.find("text/csv");
    if (count >= 140) {
      REQUIRE(csv != nullptr);
      CHECK(static_cast<std::size_t>(std::count(csv->body.begin(), csv->body.end(), '\n')) == count + 1);
    }
    if (count == 1) CHECK(csv == nullptr);
  }
  SECTION("file and command: everything, on one line") {
    const std::string line = fakes::sent("file", view, now);
    CHECK(std::count(line.begin(), line.end(), '\n') == 1);
    CHECK(Json::parse(line)["data"]["changes"].size() == count);
  }
}

TEST_CASE("what a chat message leaves out is counted, and the watchlist match is among what it shows") {
  const std::string type = GENERATE("slack", "teams", "discord", "mattermost", "googlechat");
  const AlertView view = samples::watched_additions(500, 400);
  const std::string body = fakes::sent(type, view, now);
  CAPTURE(type, body);
  CHECK(body.find("Prefecture 401 Public") != std::string::npos);
  CHECK(body.find("500 added") != std::string::npos);
  CHECK(body.find(" more") != std::string::npos);
  CHECK(body.find("http://127.0.0.1:8744/#/documents/2019-22210") != std::string::npos);
  CHECK(body.find("federalregister.gov/documents/2019/10/09/2019-22210") != std::string::npos);
}

TEST_CASE("the twenty-eight of one rule are all named in every chat") {
  const std::string type = GENERATE("slack", "teams", "discord", "mattermost", "googlechat");
  const std::string body = fakes::sent(type, samples::additions(28), now);
  for (std::size_t i = 1; i <= 28; ++i)
    CHECK(body.find("Prefecture " + std::to_string(i) + " Public") != std::string::npos);
}
