// A program of the user's own: the alert as JSON on its standard input, exit status 0 for success.
#include <fmt/format.h>

#include "notify/kinds.hpp"
#include "notify/payload.hpp"
#include "notify/program.hpp"
#include "notify/redact.hpp"

namespace entitywatch::notify {
namespace {

class CommandChannel final : public Channel {
 public:
  CommandChannel(ChannelConfig config, std::chrono::milliseconds timeout)
      : config_(std::move(config)), timeout_(timeout), secrets_(secrets_of(config_)) {}

  Outcome deliver(const AlertView& view, const Delivery& delivery, Time) override {
    const auto result = run_program(config_.command, alert_body(view, 0),
                                    {{"ENTITYWATCH_ALERT_ID", view.alert.id},
                                     {"ENTITYWATCH_CHANNEL", config_.name},
                                     {"ENTITYWATCH_ATTEMPT", std::to_string(delivery.attempts + 1)}},
                                    timeout_);
    Outcome out;
    if (!result) {
      out.response.excerpt = redacted_excerpt(result.error().describe(), secrets_);
      return out;
    }
    if (result->exit_code == 0) out.kind = Outcome::Kind::delivered;
    const std::string end = result->signal != 0 ? fmt::format("ended by signal {}", result->signal)
                                                : fmt::format("exit status {}", result->exit_code);
    out.response.excerpt =
        redacted_excerpt(result->output.empty() ? end : end + ": " + result->output, secrets_);
    return out;
  }

  std::string preview(const AlertView& view, Time) const override {
    return dump(Json::parse(alert_body(view, 0), nullptr, false), 2);
  }

  Pace pace() const override { return {4, false}; }

 private:
  ChannelConfig config_;
  std::chrono::milliseconds timeout_;
  std::vector<std::string> secrets_;
};

}  // namespace

MadeChannel make_command(const ChannelConfig& config, const Transports&, const DeliveryOptions& options) {
  if (config.command.empty() || config.command[0].empty())
    return bad_key(config, "command",
                   "give the program and its arguments as a list, [\"/usr/local/bin/notify\", \"--now\"]");
  return std::make_unique<CommandChannel>(config, options.timeout);
}

}  // namespace entitywatch::notify
