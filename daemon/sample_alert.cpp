#include "daemon/sample_alert.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/hash.hpp"
#include "daemon/no_transport.hpp"

namespace entitywatch::daemon {

notify::AlertView sample_alert(Time now, const std::string& local_url) {
  notify::AlertView view;
  view.local_url = local_url;
  view.alert.kind = Alert::Kind::sample;
  view.alert.id = stable_id({"alert", "sample", format_time(now)});
  view.alert.created_at = now;
  view.alert.not_before = now;
  view.alert.subject = "entitywatch sample alert";
  view.alert.text = "This is a sample. It shows that entitywatch reaches this channel; nothing changed on any list.";
  return view;
}

Result<notify::AlertView> load_preview(const storage::Reader& reader, const Config& config, const std::string& change_id) {
  auto change = reader.change(change_id);
  if (!change) return tl::unexpected(change.error());
  if (!*change) return fail(ErrorCode::not_found, "there is no change " + change_id + "; `entitywatch changes` lists them");
  notify::AlertView view;
  view.local_url = config.daemon.listen.starts_with("unix:") ? "" : "http://" + config.daemon.listen;
  view.alert.id = stable_id({"alert", "preview", change_id});
  view.alert.source = (*change)->source;
  view.alert.created_at = (*change)->detected_at;
  view.alert.not_before = view.alert.created_at;
  view.alert.change_ids = {change_id};
  if ((*change)->document) {
    view.alert.document = (*change)->document->number;
    auto document = reader.document(view.alert.document);
    if (!document) return tl::unexpected(document.error());
    view.document = std::move(*document);
  }
  view.changes.push_back(std::move(**change));
  return view;
}

Result<std::string> preview_text(const notify::AlertView& view, std::string_view channel_type) {
  const auto types = notify::channel_types();
  if (std::find(types.begin(), types.end(), channel_type) == types.end())
    return fail(ErrorCode::invalid_argument, fmt::format("there is no channel type {}; known are: {}", channel_type, fmt::join(types, ", ")));
  NoHttp http;
  NoMail mail;
  notify::ChannelConfig config;
  config.name = "preview";
  config.type = channel_type;
  config.url = "https://receiver.example/";
  config.secrets = {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="};
  config.smtp = "smtps://mail.example:465";
  config.from = "entitywatch@example";
  config.to = {"compliance@example"};
  config.command = {"/bin/true"};
  config.path = "/dev/null";
  auto channel = notify::make_channel(config, {http, mail}, {});
  if (!channel) return tl::unexpected(channel.error());
  return (*channel)->preview(view, view.alert.created_at);
}

}  // namespace entitywatch::daemon
