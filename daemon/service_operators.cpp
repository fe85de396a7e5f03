// The service's part in what operators hear.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "core/hash.hpp"
#include "daemon/api_actions.hpp"
#include "daemon/database_path.hpp"
#include "daemon/service.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::chrono::milliseconds ping_timeout{10'000};

std::string disabled_name(std::string_view channel) { return fmt::format("channel {} disabled", channel); }

bool has_channel(const Config& config, std::string_view name) {
  return std::any_of(config.channels.begin(), config.channels.end(),
                     [&](const notify::ChannelConfig& c) { return c.name == name; });
}

bool mentions(const Config& config, std::string_view host) {
  const auto holds = [&](const std::string& url) { return url.find(host) != std::string::npos; };
  return std::any_of(
             config.sources.begin(), config.sources.end(),
             [&](const SourceConfig& s) { return s.enabled && (holds(s.url) || holds(s.base_url)); }) ||
         std::any_of(config.channels.begin(), config.channels.end(),
                     [&](const notify::ChannelConfig& c) { return holds(c.url) || holds(c.smtp); });
}

std::string_view after_word(std::string_view text) {
  return text.substr(std::min(text.size(), text.find(' ') + 1));
}

}  // namespace

Result<void> Service::set_up_operators() {
  const auto send = [this](const Notice& n) {
    return pipeline_->tell_operators(n.source, n.subject, n.text, n.dedup_key);
  };
  auto desk =
      OperatorDesk::create(*archive_, clock_, send, [this](const Notice& n) { return send_directly(n); });
  if (!desk) return tl::unexpected(desk.error());
  desk_ = std::move(*desk);
  desk_->keep_only([this](std::string_view trouble) { return is_watched(config_, trouble); });
  return {};
}

// Whether a trouble that was told of can still last under this configuration.
bool Service::is_watched(const Config& config, std::string_view trouble) const {
  const std::string_view what = after_word(trouble);
  if (trouble.starts_with("source ")) {
    const SourceConfig* source = find_source(config, what);
    return source != nullptr && source->enabled;
  }
  if (trouble.starts_with("certificate ")) return mentions(config, what.substr(0, what.rfind(':')));
  if (!trouble.starts_with("channel ")) return true;
  if (has_channel(config, what)) return true;
  const std::string_view channel = what.substr(0, what.rfind(' '));
  const auto disabled = archive_->reader()->note(channel_disabled_note(channel));
  return has_channel(config, channel) && disabled && disabled->has_value();
}

void Service::channel_trouble(const std::string& channel, bool failing, const std::string& reason) {
  const std::string name = "channel " + channel;
  auto told = failing ? desk_->begin(name, {}, fmt::format("Channel {} is failing", channel), reason)
                      : desk_->end(name, fmt::format("Channel {} works again", channel), reason);
  if (!told) spdlog::error("operators: {}", told.error().describe());
}

void Service::channel_disabled(const std::string& channel, const std::string& subject,
                               const std::string& text) {
  if (auto told = desk_->begin(disabled_name(channel), {}, subject, text); !told)
    spdlog::error("operators: {}", told.error().describe());
}

void Service::channel_reopened(std::string_view delivery_id) {
  const auto delivery = archive_->reader()->delivery(delivery_id);
  if (!delivery || !*delivery) return;
  const std::string& channel = (*delivery)->channel;
  auto told = desk_->end(disabled_name(channel), fmt::format("Channel {} is open again", channel),
                         "A delivery to it was sent again by hand.");
  if (!told) spdlog::error("operators: {}", told.error().describe());
}

// Past the outbox, because the database takes nothing: tried once, and better than silence.
Result<void> Service::send_directly(const Notice& notice) {
  std::vector<notify::ChannelConfig> mine;
  notify::DeliveryOptions options;
  {
    const std::scoped_lock lock(parts_);
    options = config_.delivery;
    for (const notify::ChannelConfig& channel : config_.channels)
      if (std::find(config_.operators.channels.begin(), config_.operators.channels.end(), channel.name) !=
          config_.operators.channels.end())
        mine.push_back(channel);
  }
  const Time now = clock_.now();
  notify::AlertView view;
  view.alert.id = stable_id({"operator", notice.source, notice.dedup_key});
  view.alert.kind = Alert::Kind::operator_notice;
  view.alert.source = notice.source;
  view.alert.created_at = view.alert.not_before = now;
  view.alert.subject = notice.subject;
  view.alert.text = notice.text;
  std::string failures;
  std::size_t delivered = 0;
  for (const notify::ChannelConfig& config : mine) {
    auto channel = notify::make_channel(config, {*http_transport_, *mail_transport_}, options);
    if (!channel) return tl::unexpected(channel.error());
    Delivery delivery;
    delivery.id = notify::delivery_id(view.alert.id, config.name);
    delivery.alert_id = view.alert.id;
    delivery.channel = config.name;
    const notify::Outcome outcome = (*channel)->deliver(view, delivery, now);
    if (outcome.kind == notify::Outcome::Kind::delivered)
      ++delivered;
    else
      failures +=
          fmt::format("{}{}: {}", failures.empty() ? "" : "; ", config.name, outcome.response.excerpt);
  }
  if (delivered == 0 && !mine.empty())
    return fail(ErrorCode::unavailable, "no operator could be told: " + failures);
  return {};
}

RoundsWorld Service::rounds_world() {
  const auto try_database = [this]() -> Result<void> {
    if (auto read = archive_->reader()->note("last round"); !read) return tl::unexpected(read.error());
    return archive_->put_note("last round", format_time(clock_.now()));
  };
  const auto sources_well = [this] {
    std::vector<SourceConfig> sources;
    {
      const std::scoped_lock lock(parts_);
      sources = config_.sources;
    }
    return alive() &&
           std::all_of(sources.begin(), sources.end(), [this](const SourceConfig& source) {
             const auto state = archive_->reader()->source(source.name);
             return !source.enabled ||
                    (state && *state && source_status(**state, source, clock_.now()) == "ok");
           });
  };
  const auto ping = [this](const std::string& url) -> Result<void> {
    notify::HttpRequest request;
    request.url = url;
    request.allow_private_network = true;  // named by the operators themselves
    request.timeout = ping_timeout;
    const auto answer = http_transport_->get(request);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status / 100 == 2) return {};
    return fail(ErrorCode::unavailable, fmt::format("the answer was HTTP {}", answer->status));
  };
  const auto room = [directory = database_directory(config_)] { return free_bytes_at(directory); };
  return {*desk_, certificates_, clock_, room, try_database, sources_well, ping};
}

void Service::make_rounds(const std::stop_token& stop) {
  Rounds rounds(rounds_world());
  std::mutex mutex;
  std::condition_variable_any waiting;
  while (!stop.stop_requested()) {
    rounds_moved_.touch();
    OperatorsConfig config;
    {
      const std::scoped_lock lock(parts_);
      config = config_.operators;
    }
    // The wait comes first: sources that have just started are not well yet.
    std::unique_lock lock(mutex);
    waiting.wait_for(lock, stop, config.check, [] { return false; });
    if (stop.stop_requested()) return;
    revise_watchlists();
    database_works_ = rounds.look(config);
    if (database_works_) rounds.beat(config);
  }
}

void Service::make_round() {
  rounds_moved_.touch();
  if (auto loaded = load_screener(); loaded)
    revise_watchlists();
  else
    spdlog::error("watchlists: {}", loaded.error().describe());
  Rounds(rounds_world()).look(config_.operators);
}

void Service::send_heartbeat() {
  rounds_moved_.touch();
  Rounds(rounds_world()).beat(config_.operators);
}

}  // namespace entitywatch::daemon
