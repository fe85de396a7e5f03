#include <catch2/catch_test_macros.hpp>

#include "channels_under_test.hpp"
#include "core/text.hpp"
#include "notify/signature.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

namespace {

const Time now = samples::at("2019-10-09T12:48:00.500Z");

std::string header(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return {};
}

}  // namespace

TEST_CASE("a webhook carries the alert's id, the time of the try and a signature over both and the body") {
  fakes::World world;
  const auto channel = world.channel("webhook");
  const AlertView view = samples::additions(2);
  const Outcome outcome = channel->deliver(view, fakes::delivery("d", "c", "k", now), now);
  CHECK(outcome.kind == Outcome::Kind::delivered);
  const HttpRequest& request = world.http.requests.at(0);
  CHECK(request.url == fakes::secret_url);
  CHECK(header(request, "Content-Type") == "application/json");
  CHECK(header(request, "webhook-id") == view.alert.id);
  CHECK(header(request, "webhook-timestamp") == "1570625280");
  const auto key = webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  CHECK(header(request, "webhook-signature") ==
        webhook_signature({*key}, view.alert.id, 1570625280, request.body));
  CHECK_FALSE(request.allow_private_network);
}

TEST_CASE("two secrets sign twice, none not at all") {
  fakes::World world;
  ChannelConfig config = fakes::config_of("webhook");
  config.secrets.push_back("whsec_" + std::string("YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"));
  static_cast<void>(world.channel(config)->deliver(samples::additions(1), {}, now));
  CHECK(text::split(header(world.http.requests.at(0), "webhook-signature"), ' ').size() == 2);
  config.secrets.clear();
  static_cast<void>(world.channel(config)->deliver(samples::additions(1), {}, now));
  CHECK(header(world.http.requests.at(1), "webhook-signature").empty());
}

TEST_CASE("the body is the same on every try, and as the interface gives it") {
  const AlertView view = samples::watched_additions(28, 3);
  const std::string first = fakes::sent("webhook", view, now);
  CHECK(fakes::sent("webhook", view, now + std::chrono::hours{3}) == first);
  const Json body = Json::parse(first);
  CHECK(body["type"] == "entitywatch.alert");
  CHECK(body["timestamp"] == "2019-10-09T12:47:00Z");
  const Json& data = body["data"];
  CHECK(data["alert_id"] == view.alert.id);
  CHECK(data["subscription"] == "china-additions");
  CHECK(data["document"]["number"] == "2019-22210");
  CHECK(data["source"] == "federal_register");
  CHECK(data["summary"] == "Entity List: 28 added (China)");
  CHECK(data["counts"] == Json{{"added", 28}});
  CHECK(data["verification"] == "verified");
  CHECK(data["changes"].size() == 28);
  CHECK(data["changes"][0] == to_json(view.changes[0]));
  CHECK(data["more"] == 0);
  CHECK(data["watchlist_matches"][0]["counterparty_id"] == "V-1017");
}

TEST_CASE(
    "an alert without a document says null, one to be reviewed says so, operators' notices have their type") {
  CHECK(Json::parse(fakes::sent("webhook", samples::ecfr_only(), now))["data"]["document"].is_null());
  CHECK(Json::parse(fakes::sent("webhook", samples::review(), now))["data"]["verification"] == "review");
  const Json notice = Json::parse(fakes::sent("webhook", samples::operator_notice(), now));
  CHECK(notice["type"] == "entitywatch.operator");
  CHECK(notice["data"]["subject"] == "ecfr has been failing for 3 polls");
}
