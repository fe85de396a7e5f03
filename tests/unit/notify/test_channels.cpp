#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "channels_under_test.hpp"
#include "core/text.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

namespace {

const Time now = samples::at("2019-10-09T12:48:00Z");

Error refusal(const ChannelConfig& config) {
  fakes::World world;
  const auto made = make_channel(config, {world.http, world.mail}, {});
  return made ? Error{} : made.error();
}

}  // namespace

TEST_CASE("the table makes every kind of channel") {
  const auto types = channel_types();
  CHECK(std::vector<std::string_view>(types.begin(), types.end()) ==
        std::vector<std::string_view>{"webhook", "slack", "teams", "discord", "mattermost", "googlechat",
                                      "email", "command", "file"});
  fakes::World world;
  for (const std::string_view type : types) CHECK(world.channel(std::string(type)) != nullptr);
}

TEST_CASE("a configuration that cannot work is refused, naming channel and key, not the secret") {
  const auto names = [](const ChannelConfig& config, const std::string& key) {
    const Error error = refusal(config);
    CAPTURE(error.message);
    CHECK(error.code == ErrorCode::invalid_config);
    CHECK(error.message.starts_with("channel '" + config.name + "': " + key + ": "));
  };
  ChannelConfig config = fakes::config_of("pigeon");
  names(config, "type");
  for (const char* type : {"webhook", "slack", "teams", "discord", "mattermost", "googlechat"})
    for (const char* url :
         {"", "hooks.example", "ftp://hooks.example/x", "https://hooks.example/a b", "javascript:x"}) {
      config = fakes::config_of(type);
      config.url = url;
      names(config, "url");
    }
  config = fakes::config_of("webhook");
  config.secrets = {"plain-secret-that-is-long-enough-for-anybody"};
  names(config, "secret");
  CHECK(refusal(config).message.find("plain-secret") == std::string::npos);
  config = fakes::config_of("email");
  config.smtp = "mail.example:25";
  names(config, "smtp");
  config = fakes::config_of("email");
  config.from = "a@b\r\nBcc: c@d";
  names(config, "from");
  config = fakes::config_of("email");
  config.to = {};
  names(config, "to");
  config.to = {"a@b, c@d"};
  names(config, "to");
  config = fakes::config_of("email");
  config.tls = "maybe";
  names(config, "tls");
  config = fakes::config_of("command");
  config.command = {};
  names(config, "command");
  config = fakes::config_of("file");
  config.path = "";
  names(config, "path");
}

TEST_CASE("chat channels post JSON to their address and pass on what the configuration allows") {
  const std::string type = GENERATE("slack", "teams", "discord", "mattermost", "googlechat");
  fakes::World world;
  ChannelConfig config = fakes::config_of(type);
  config.allow_private_network = true;
  config.ca_file = "/etc/ca.pem";
  DeliveryOptions options;
  options.timeout = std::chrono::milliseconds{1234};
  const auto channel = world.channel(config, options);
  world.http.answers = {HttpResponse{404, {}, std::string("no_service at ") + fakes::secret_url}};
  const Outcome outcome = channel->deliver(samples::additions(3), {}, now);
  CHECK(outcome.kind == Outcome::Kind::rejected);
  CHECK(outcome.response.excerpt == "no_service at [redacted]");
  const HttpRequest& request = world.http.requests.at(0);
  CHECK(request.url == fakes::secret_url);
  CHECK(request.allow_private_network);
  CHECK(request.ca_file == "/etc/ca.pem");
  CHECK(request.timeout == options.timeout);
  CHECK(Json::parse(request.body).is_object());
  CHECK(channel->pace().in_flight == 1);
  CHECK(channel->pace().shared_limit);
}

TEST_CASE("every chat says the same: what, how many, since when, by which authority, whether checked") {
  const std::string type = GENERATE("slack", "teams", "discord", "mattermost", "googlechat");
  const std::string body = fakes::sent(type, samples::watched_additions(28, 5), now);
  CAPTURE(type);
  for (const char* part :
       {"Entity List: 28 added (China)", "Effective October 9, 2019, in force", "84 FR 54002", "verified",
        "On your watchlist", "V-1017", "97 %", "Addition of Certain Entities", "November 8, 2019"})
    CHECK(body.find(part) != std::string::npos);
  const std::string review = fakes::sent(type, samples::review(), now);
  CHECK(review.find("Needs review") != std::string::npos);
  CHECK(review.find("4 expected, 3 found") != std::string::npos);
}

TEST_CASE("previews show no secret") {
  fakes::World world;
  for (const std::string_view type : channel_types()) {
    const std::string shown = world.channel(std::string(type))->preview(samples::additions(3), now);
    CHECK(shown.find("kXs8eCrEtToKeN") == std::string::npos);
    CHECK(shown.find("MfKQ9r8GKYqrTwj") == std::string::npos);
    CHECK(shown.size() > 200);
  }
}

TEST_CASE("a sample alert can be sent through every channel") {
  AlertView view;
  view.alert.id = "sample1";
  view.alert.kind = Alert::Kind::sample;
  view.alert.subject = "This is a test of the channel";
  view.alert.text = "Nothing happened.";
  for (const char* type : {"webhook", "slack", "teams", "discord", "mattermost", "googlechat", "file"})
    CHECK(fakes::sent(type, view, now).find("This is a test of the channel") != std::string::npos);
  CHECK(Json::parse(fakes::sent("webhook", view, now))["data"]["sample"] == true);
}
