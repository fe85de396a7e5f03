// [[channels]]: where alerts go.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "core/text.hpp"
#include "daemon/config_parts.hpp"

namespace entitywatch::daemon {
namespace {

using notify::ChannelConfig;

constexpr std::array<std::string_view, 9> types{"webhook",    "slack", "teams",   "discord", "mattermost",
                                                "googlechat", "email", "command", "file"};

std::size_t base64_bytes(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  const bool ok = std::all_of(text.begin(), text.end(),
                              [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; });
  return ok ? text.size() * 3 / 4 : 0;
}

void check_secret(TableReader& table, std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  const std::string key = table.has("secret") ? "secret" : "secret_file";
  if (secret.substr(0, prefix.size()) != prefix) {
    table.problem(key,
                  "does not start with whsec_; a secret is whsec_ and the base64 of 24 to 64 random bytes");
    return;
  }
  const std::size_t bytes = base64_bytes(secret.substr(prefix.size()));
  if (bytes < 24 || bytes > 64)
    table.problem(key,
                  "is not whsec_ and the base64 of 24 to 64 bytes; make one with: "
                  "printf 'whsec_%s\\n' \"$(head -c 32 /dev/urandom | base64)\"");
}

void read_http_channel(TableReader& table, ChannelConfig& channel) {
  if (const auto url = table.secret("url")) {
    channel.url = *url;
    // The URL of a chat channel is a secret: the message must not show it.
    if (!is_http_url(*url))
      table.problem(table.has("url") ? "url" : "url_file",
                    "is not a URL; give one that starts with https:// or http:// and names a host");
  } else if (!table.has("url") && !table.has("url_file")) {
    table.problem("url", fmt::format("is missing; a {} channel needs url or url_file", channel.type));
  }
  if (channel.type != "webhook") return;
  channel.secrets = table.secrets("secret").value_or(std::vector<std::string>{});
  for (const std::string& secret : channel.secrets) check_secret(table, secret);
}

bool is_mail_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < address.size() &&
         std::none_of(address.begin(), address.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '<' || c == '>' || c == ',';
         });
}

void read_smtp_url(TableReader& table, ChannelConfig& channel) {
  const auto smtp = table.string("smtp");
  if (!smtp) {
    if (!table.has("smtp"))
      table.problem("smtp",
                    "is missing; an email channel needs smtp = \"smtps://host:465\" or \"smtp://host:587\"");
    return;
  }
  channel.smtp = *smtp;
  const bool smtps = text::starts_with_ignoring_case(*smtp, "smtps://");
  const std::string_view host = smtps ? std::string_view(*smtp).substr(8)
                                : text::starts_with_ignoring_case(*smtp, "smtp://")
                                    ? std::string_view(*smtp).substr(7)
                                    : std::string_view();
  if (host.empty() || host.front() == ':' || host.front() == '/' || host.find(' ') != std::string_view::npos)
    table.problem("smtp", "is not a mail server; write smtps://host:465, or smtp://host:587 for STARTTLS");
  else if (host.find('@') != std::string_view::npos)
    table.problem("smtp", "holds a user name; give username and password_file instead");
}

void read_email_channel(TableReader& table, ChannelConfig& channel) {
  read_smtp_url(table, channel);
  channel.from = table.string("from").value_or("");
  if (!is_mail_address(channel.from))
    table.problem("from", "must be one mail address, such as \"entitywatch@example.org\"");
  channel.to = table.strings("to").value_or(std::vector<std::string>{});
  if (channel.to.empty()) table.problem("to", "must name at least one mail address");
  for (const std::string& address : channel.to)
    if (!is_mail_address(address)) table.problem("to", fmt::format("\"{}\" is not a mail address", address));
  channel.username = table.secret("username").value_or("");
  channel.password = table.secret("password").value_or("");
  if (channel.username.empty() != channel.password.empty() &&
      (table.has("username") != (table.has("password") || table.has("password_file"))))
    table.problem("username", "and password belong together; give both or neither");
  constexpr std::array<std::string_view, 2> tls{"", "none"};
  channel.tls = table.word("tls", tls).value_or("");
}

void read_by_type(TableReader& table, ChannelConfig& channel) {
  if (channel.type == "command") {
    channel.command = table.strings("command").value_or(std::vector<std::string>{});
    if (channel.command.empty() || channel.command.front().empty())
      table.problem("command", "must name a program, such as [\"/usr/local/bin/alert\", \"--now\"]");
    return;
  }
  if (channel.type == "file") {
    channel.path = table.string("path").value_or("");
    if (channel.path.empty()) table.problem("path", "must name the file alerts are appended to");
    return;
  }
  if (channel.type == "email")
    read_email_channel(table, channel);
  else
    read_http_channel(table, channel);
  channel.allow_private_network = table.boolean("allow_private_network").value_or(false);
  channel.ca_file = table.resolve(table.string("ca_file").value_or(""));
  std::error_code ignored;
  if (!channel.ca_file.empty() && !std::filesystem::is_regular_file(channel.ca_file, ignored))
    table.problem("ca_file", fmt::format("{} is not a file; name the authority's certificate in PEM form",
                                         channel.ca_file));
}

std::optional<ChannelConfig> read_channel(TableReader& table) {
  ChannelConfig channel;
  channel.name = table.string("name").value_or("");
  if (channel.name.empty()) table.problem("name", "is missing; subscriptions refer to a channel by its name");
  const auto type = table.word("type", types);
  if (!table.has("type")) table.problem("type", fmt::format("is missing; one of {}", fmt::join(types, ", ")));
  // Which other keys are right depends on the type: without a known one they cannot be judged.
  if (!type || std::find(types.begin(), types.end(), *type) == types.end()) return std::nullopt;
  channel.type = *type;
  read_by_type(table, channel);
  table.finish();
  return channel;
}

}  // namespace

std::vector<ChannelConfig> read_channels(TableReader& root) {
  std::vector<ChannelConfig> all;
  std::set<std::string> names;
  root.tables("channels", [&](const toml::table& found, std::string path) {
    TableReader table(found, std::move(path), root.places(), root.problems());
    auto channel = read_channel(table);
    const std::string name = found["name"].value_or(std::string());
    if (!name.empty() && !names.insert(name).second)
      table.problem("name",
                    fmt::format("\"{}\" names another channel already; give each its own name", name));
    if (!channel) {
      // Kept by name, so that what refers to it is not reported as a second fault.
      channel.emplace();
      channel->name = name;
    }
    all.push_back(std::move(*channel));
  });
  return all;
}

std::vector<std::string> read_channel_names(TableReader& table, std::string_view key,
                                            const std::vector<ChannelConfig>& channels) {
  auto names = table.strings(key).value_or(std::vector<std::string>{});
  std::vector<std::string_view> known;
  for (const ChannelConfig& c : channels) known.push_back(c.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = nearest_word(name, known);
    table.problem(key, fmt::format("\"{}\" is not a channel; {}", name,
                                   near.empty() ? "add [[channels]] with that name"
                                                : fmt::format("did you mean \"{}\"?", near)));
  }
  return names;
}

}  // namespace entitywatch::daemon
