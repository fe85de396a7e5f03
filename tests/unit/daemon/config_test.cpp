#include "daemon/config.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/text.hpp"
#include "notify/channel.hpp"

using namespace entitywatch;
using namespace entitywatch::daemon;
using namespace std::chrono_literals;

namespace {

// The message of a configuration that must be refused.
std::string refusal(std::string_view toml, const std::string& file = "test.toml") {
  const auto config = parse_config(toml, file);
  REQUIRE_FALSE(config);
  CHECK(config.error().code == ErrorCode::invalid_config);
  return config.error().message;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "ew-config-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return (path_ / name).string();
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  ~Environment() { unsetenv(name_); }

 private:
  const char* name_;
};

constexpr std::string_view secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

}  // namespace

TEST_CASE("without a file every source is on with the interface's defaults") {
  const Config config = default_config();
  REQUIRE(config.sources.size() == 6);
  CHECK(config.sources[0].name == "federal_register");
  CHECK(config.sources[0].base_url == "https://www.federalregister.gov");
  CHECK(config.sources[0].poll == 15min);
  CHECK(config.sources[0].lookback == 24h * 30);
  CHECK(config.sources[0].agencies == std::vector<std::string>{"industry-and-security-bureau"});
  CHECK(config.sources[1].poll == 5min);
  CHECK(config.sources[2].base_url == "https://www.ecfr.gov");
  CHECK(config.sources[5].url == "https://www.bis.gov/news-updates");
  for (const SourceConfig& s : config.sources) {
    CHECK(s.enabled);
    CHECK(s.timeout == 30s);
    CHECK(s.max_bytes == 64u << 20);
  }
  CHECK(config.daemon.listen == "127.0.0.1:8744");
  CHECK(config.operators.after == 3);
  CHECK(config.delivery.give_up == 24h * 5);
}

TEST_CASE("an empty file means the defaults") {
  const auto config = parse_config("", "empty.toml");
  REQUIRE(config);
  CHECK(config->sources.size() == 6);
  CHECK(config->file == "empty.toml");
}

TEST_CASE("the interface's example is read as it is written") {
  TempDir dir;
  dir.write("grc.secret", std::string(secret) + "\n");
  dir.write("slack.url", "https://hooks.slack.example/services/T0/B0/x\n");
  dir.write("vendors.csv", "name\nAcme\n");
  const std::string file = dir.write("entitywatch.toml", R"(
[daemon]
data_dir = "/var/lib/entitywatch"
listen   = "127.0.0.1:8744"
log_level = "info"

[sources.federal_register]
enabled  = true
base_url = "http://127.0.0.1:9000/"
poll     = "1s"
agencies = ["industry-and-security-bureau"]
timeout  = "5s"
max_bytes = "2MB"

[[channels]]
name = "grc"
type = "webhook"
url  = "https://hooks.example/entitywatch"
secret_file = "grc.secret"

[[channels]]
name = "compliance-slack"
type = "slack"
url_file = "slack.url"
allow_private_network = true

[[channels]]
name = "mail"
type = "email"
smtp = "smtps://mail.example:465"
from = "entitywatch@example"
to   = ["compliance@example"]

[[subscriptions]]
name      = "china-additions"
channels  = ["compliance-slack", "mail"]
lists     = ["entity-list"]
kinds     = ["added", "removed", "revised"]
countries = ["cn", "HK"]
match     = ["semiconductor*"]
watchlist = "vendors.csv"
digest    = "daily 08:00 America/New_York"

[delivery]
first_retry = "250ms"

[operators]
channels = ["mail"]
after = 2
)");
  const auto config = load_config(file);
  INFO((config ? std::string() : config.error().message));
  REQUIRE(config);
  const SourceConfig* fr = find_source(*config, "federal_register");
  REQUIRE(fr != nullptr);
  CHECK(fr->base_url == "http://127.0.0.1:9000");
  CHECK(fr->poll == 1s);
  CHECK(fr->timeout == 5s);
  CHECK(fr->max_bytes == 2u << 20);
  CHECK(config->sources.size() == 6);
  REQUIRE(config->channels.size() == 3);
  CHECK(config->channels[0].secrets == std::vector<std::string>{std::string(secret)});
  CHECK(config->channels[1].url == "https://hooks.slack.example/services/T0/B0/x");
  CHECK(config->channels[1].allow_private_network);
  CHECK(config->channels[2].to == std::vector<std::string>{"compliance@example"});
  REQUIRE(config->subscriptions.size() == 1);
  const notify::Subscription& s = config->subscriptions[0];
  CHECK(s.lists == std::vector<ListId>{ListId::entity_list});
  CHECK(s.countries == std::vector<std::string>{"CN", "HK"});
  CHECK(s.watchlist == dir / "vendors.csv");
  CHECK(config->delivery.first_retry == 250ms);
  CHECK(config->operators.after == 2);
}

TEST_CASE("an unknown key is refused with its line and the nearest known key") {
  const std::string message = refusal("[daemon]\ndata_dir = \"/x\"\nlog_levle = \"info\"\n");
  CHECK(message == "test.toml:3: daemon.log_levle: is not a known key; did you mean \"log_level\"?");
}

TEST_CASE("an unknown source is refused with the nearest known one") {
  CHECK(contains(
      refusal("[sources.federal_registry]\npoll = \"1m\"\n"),
      "test.toml:1: sources.federal_registry: is not a known key; did you mean \"federal_register\"?"));
}

TEST_CASE("every problem of a file is named, in the file's order") {
  const std::string message = refusal(R"([daemon]
log_level = "loud"
data_dir = 7

[sources.ecfr]
poll = "6 hours"
base_url = "www.ecfr.gov"

[[channels]]
name = "grc"
type = "webhok"

[[subscriptions]]
name = "s"
channels = ["grcc"]
lists = ["entity list"]
kinds = ["aded"]
countries = ["China"]
digest = "dayly"
)");
  const auto lines = text::split(message, '\n');
  REQUIRE(lines.size() == 10);
  CHECK(contains(lines[0], "test.toml:2: daemon.log_level: \"loud\" is not known"));
  CHECK(contains(lines[1], "test.toml:3: daemon.data_dir: must be a string, not a whole number"));
  CHECK(contains(lines[2], "test.toml:6: sources.ecfr.poll: is not an interval"));
  CHECK(contains(lines[3], "test.toml:7: sources.ecfr.base_url: is not a URL"));
  CHECK(contains(lines[4],
                 "test.toml:11: channels[1].type: \"webhok\" is not known; did you mean \"webhook\"?"));
  CHECK(contains(
      lines[5], "test.toml:15: subscriptions[1].channels: \"grcc\" is not a channel; did you mean \"grc\"?"));
  CHECK(contains(lines[6], "\"entity list\" is not known; did you mean \"entity-list\"?"));
  CHECK(contains(lines[7], "\"aded\" is not known; did you mean \"added\"?"));
  CHECK(contains(lines[8], "\"China\" is not a two-letter ISO 3166-1 code; write \"CN\""));
  CHECK(contains(lines[9], "\"dayly\" is not a digest"));
}

TEST_CASE("what is not TOML is refused with its line") {
  CHECK(contains(refusal("[daemon]\nlisten = \n"), "test.toml:2: is not TOML here"));
}

TEST_CASE("intervals") {
  CHECK(parse_interval("250ms") == 250ms);
  CHECK(parse_interval("30s") == 30s);
  CHECK(parse_interval("5m") == 5min);
  CHECK(parse_interval("6h") == 6h);
  CHECK(parse_interval("1d") == 24h);
  for (const char* wrong : {"", "s", "5", "5 m", "-5m", "5mm", "1.5h", "99999999999999999999s", "999999999d"})
    CHECK_FALSE(parse_interval(wrong));
}

TEST_CASE("a poll interval below a second is refused") {
  CHECK(
      contains(refusal("[sources.ecfr]\npoll = \"999ms\"\n"), "sources.ecfr.poll: is shorter than 1000 ms"));
}

TEST_CASE("sources can be chosen one by one") {
  const auto config =
      parse_config("[sources]\ndefaults = false\n[sources.ecfr]\n[sources.dpl]\nenabled = false\n", "t");
  REQUIRE(config);
  REQUIRE(config->sources.size() == 2);
  CHECK(config->sources[0].name == "ecfr");
  CHECK(config->sources[0].enabled);
  CHECK_FALSE(config->sources[1].enabled);
}

TEST_CASE("a further source names the program that reads it") {
  const auto config =
      parse_config("[sources.dpl_mirror]\nkind = \"dpl\"\nurl = \"http://127.0.0.1/dpl.csv\"\n", "t");
  REQUIRE(config);
  const SourceConfig* mirror = find_source(*config, "dpl_mirror");
  REQUIRE(mirror != nullptr);
  CHECK(mirror->kind == "dpl");
  CHECK(mirror->url == "http://127.0.0.1/dpl.csv");
}

TEST_CASE("a key of another kind of source or channel is refused") {
  CHECK(
      contains(refusal("[sources.ecfr]\nagencies = [\"x\"]\n"), "sources.ecfr.agencies: is not a known key"));
  CHECK(contains(refusal("[[channels]]\nname=\"f\"\ntype=\"file\"\npath=\"/x\"\nsmtp=\"smtp://h\"\n"),
                 "channels[1].smtp: is not a known key"));
}

TEST_CASE("a listener others can reach needs a token") {
  CHECK(contains(refusal("[daemon]\nlisten = \"0.0.0.0:8744\"\n"),
                 "daemon.listen: \"0.0.0.0:8744\" can be reached from other machines"));
  TempDir dir;
  const std::string token = dir.write("token", "s3cret\n");
  const auto config =
      parse_config("[daemon]\nlisten = \"0.0.0.0:8744\"\ntoken_file = \"" + token + "\"\n", "t");
  REQUIRE(config);
  CHECK(config->daemon.token == "s3cret");
  CHECK(config->daemon.token_file == token);
  for (const char* local : {"127.0.0.1:0", "[::1]:8744", "localhost:80", "unix:/run/x.sock"})
    CHECK(parse_config("[daemon]\nlisten = \"" + std::string(local) + "\"\n", "t"));
  for (const char* wrong : {"8744", ":8744", "unix:", "127.0.0.1:99999", "::1:8744"})
    CHECK(contains(refusal("[daemon]\nlisten = \"" + std::string(wrong) + "\"\n"), "is not an address"));
}

TEST_CASE("secrets") {
  TempDir dir;
  const std::string head = "[[channels]]\nname = \"a\"\ntype = \"webhook\"\nurl = \"https://x.example\"\n";

  SECTION("several, newest first, while one rotates") {
    const std::string file = dir.write("s", std::string(secret) + "\n" + std::string(secret) + "\n");
    const auto config = parse_config(head + "secret_file = \"" + file + "\"\n", "t");
    REQUIRE(config);
    CHECK(config->channels[0].secrets.size() == 2);
  }
  SECTION("from systemd's credentials before the folder of the file") {
    dir.write("grc.secret", std::string(secret) + "\n");
    const Environment credentials("CREDENTIALS_DIRECTORY", dir / "");
    const auto config = parse_config(head + "secret_file = \"grc.secret\"\n", "/nowhere/t.toml");
    REQUIRE(config);
    CHECK(config->channels[0].secrets[0] == secret);
  }
  SECTION("both forms at once are refused") {
    CHECK(contains(refusal(head + "secret = \"" + std::string(secret) + "\"\nsecret_file = \"x\"\n"),
                   "channels[1].secret_file: stands beside secret; keep one of the two"));
  }
  SECTION("an absent or empty file is refused by name") {
    CHECK(contains(refusal(head + "secret_file = \"/nowhere/s\"\n"),
                   "/nowhere/s cannot be read: No such file"));
    CHECK(contains(refusal(head + "secret_file = \"" + dir.write("e", "\n") + "\"\n"), "is empty"));
  }
  SECTION("a value never shows in a message") {
    const std::string wrong = refusal(head + "secret = \"hunter2-hunter2\"\n");
    CHECK(contains(wrong, "does not start with whsec_"));
    CHECK_FALSE(contains(wrong, "hunter2"));
    const std::string url =
        refusal("[[channels]]\nname=\"a\"\ntype=\"slack\"\nurl=\"hooks.example/T0/hunter2\"\n");
    CHECK(contains(url, "channels[1].url: is not a URL"));
    CHECK_FALSE(contains(url, "hunter2"));
  }
  SECTION("too short a secret is refused") {
    CHECK(contains(refusal(head + "secret = \"whsec_c2hvcnQ=\"\n"), "base64 of 24 to 64 bytes"));
  }
  SECTION("only the line break at the end of a password is taken off") {
    const std::string file = dir.write("p", " pass word \r\n");
    const auto config = parse_config(
        "[[channels]]\nname=\"m\"\ntype=\"email\"\nsmtp=\"smtp://h:25\"\nfrom=\"a@b\"\nto=[\"c@d\"]\n"
        "username=\"u\"\npassword_file=\"" +
            file + "\"\n",
        "t");
    REQUIRE(config);
    CHECK(config->channels[0].password == " pass word ");
  }
}

TEST_CASE("every type of channel that exists can be configured") {
  for (const std::string_view type : notify::channel_types()) {
    const auto config =
        parse_config("[[channels]]\nname = \"a\"\ntype = \"" + std::string(type) + "\"\n", "t");
    if (!config) CHECK_FALSE(contains(config.error().message, "is not known"));
  }
  CHECK(contains(refusal("[[channels]]\nname = \"a\"\ntype = \"fax\"\n"), "\"fax\" is not known"));
}

TEST_CASE("mail channels") {
  const std::string head = "[[channels]]\nname=\"m\"\ntype=\"email\"\n";
  CHECK(contains(refusal(head + "smtp=\"mail.example\"\nfrom=\"a@b\"\nto=[\"c@d\"]\n"),
                 "channels[1].smtp: is not a mail server"));
  CHECK(contains(refusal(head + "smtp=\"smtp://h\"\nfrom=\"nobody\"\nto=[]\n"),
                 "channels[1].from: must be one mail address"));
  CHECK(contains(refusal(head + "smtp=\"smtp://h\"\nfrom=\"a@b\"\nto=[]\n"),
                 "channels[1].to: must name at least one"));
  CHECK(contains(refusal(head + "smtp=\"smtp://u:p@h\"\nfrom=\"a@b\"\nto=[\"c@d\"]\n"), "holds a user name"));
  CHECK(contains(refusal(head + "smtp=\"smtp://h\"\nfrom=\"a@b\"\nto=[\"c@d\\nRCPT\"]\n"),
                 "is not a mail address"));
  CHECK(contains(refusal(head + "smtp=\"smtp://h\"\nfrom=\"a@b\"\nto=[\"c@d\"]\ntls=\"off\"\n"),
                 "channels[1].tls"));
}

TEST_CASE("names are used once") {
  CHECK(contains(refusal("[[channels]]\nname=\"f\"\ntype=\"file\"\npath=\"/"
                         "x\"\n[[channels]]\nname=\"f\"\ntype=\"file\"\npath=\"/y\"\n"),
                 "test.toml:6: channels[2].name: \"f\" names another channel already"));
}

TEST_CASE("editorial changes cannot be subscribed to") {
  CHECK(contains(refusal("[[subscriptions]]\nname=\"s\"\nkinds=[\"editorial\"]\n"),
                 "are recorded and never alerted"));
}

TEST_CASE("digests") {
  for (const char* right :
       {"immediate", "hourly", "daily 08:00", "daily 08:00 America/New_York", "weekly Monday 08:00 UTC",
        "weekly mon 08:00"})
    CHECK(parse_config("[[subscriptions]]\nname=\"s\"\ndigest=\"" + std::string(right) + "\"\n", "t"));
  for (const char* wrong :
       {"", "daily", "daily 25:00", "daily 08:00 Mars/Base", "weekly 08:00", "daily 08:00 ../../etc/passwd"})
    CHECK(contains(refusal("[[subscriptions]]\nname=\"s\"\ndigest=\"" + std::string(wrong) + "\"\n"),
                   "is not a digest"));
}

TEST_CASE("documents and quiet hours of a subscription") {
  const auto config = parse_config(
      "[[subscriptions]]\nname=\"s\"\ndocuments=[\"2026-*\"]\nquiet_hours=\"22:00-07:00 America/New_York\"\n"
      "quiet_override=false\n",
      "t");
  REQUIRE(config);
  const notify::Subscription& s = config->subscriptions.at(0);
  CHECK(s.documents == std::vector<std::string>{"2026-*"});
  CHECK(s.quiet_hours == "22:00-07:00 America/New_York");
  CHECK_FALSE(s.quiet_override);
  for (const char* wrong : {"22:00", "22:00-22:00", "22:00-25:00", "22:00-07:00 Mars/Base"})
    CHECK(contains(refusal("[[subscriptions]]\nname=\"s\"\nquiet_hours=\"" + std::string(wrong) + "\"\n"),
                   "is not a span of hours"));
}

TEST_CASE("what is kept, how often files are rewritten and the signing key are configured") {
  const Config plain = default_config();
  CHECK(plain.database.cache_bytes == 32u << 20);
  CHECK(plain.database.keep_deliveries == 0ms);
  CHECK(plain.database.compact == 24h * 7);
  CHECK(plain.evidence.signing_key.empty());
  const TempDir dir;
  dir.write("key.pem", "-----BEGIN PRIVATE KEY-----\n");
  const auto config = parse_config(
      "[database]\ncache=\"64MB\"\nkeep_deliveries=\"400d\"\ncompact=\"1d\"\n[evidence]\nsigning_key_file=\"key.pem\"\n",
      dir / "t.toml");
  REQUIRE(config);
  CHECK(config->database.cache_bytes >= 64'000'000);
  CHECK(config->database.keep_deliveries == 24h * 400);
  CHECK(config->database.compact == 24h);
  CHECK(contains(config->evidence.signing_key, "PRIVATE KEY"));
  CHECK(contains(refusal("[database]\ncache=\"1KB\"\n"), "database.cache"));
  CHECK(contains(refusal("[database]\nkeep_deliveries=\"1h\"\n"), "database.keep_deliveries"));
  CHECK(contains(refusal("[database]\ncompakt=\"1d\"\n"), "compact"));
  CHECK(contains(refusal("[evidence]\nsigning_key_file=\"nowhere.pem\"\n"), "signing_key_file"));
}

TEST_CASE("a file that cannot be read is named") {
  const auto config = load_config("/nowhere/entitywatch.toml");
  REQUIRE_FALSE(config);
  CHECK(contains(config.error().message, "/nowhere/entitywatch.toml: cannot be read: No such file"));
}

TEST_CASE("a value of a wrong type is refused by its place, what it is and the mend") {
  struct Wrong {
    const char* toml;
    const char* key;
    const char* said;
  };
  const Wrong cases[] = {
      {"[daemon]\ndata_dir = 7\n", "daemon.data_dir", "must be a string, not a whole number"},
      {"[daemon]\ndata_dir = 7.5\n", "daemon.data_dir", "must be a string, not a fractional number"},
      {"[daemon]\ndata_dir = true\n", "daemon.data_dir", "must be a string, not true or false"},
      {"[daemon]\ndata_dir = 2026-01-01\n", "daemon.data_dir", "must be a string, not a date or time"},
      {"[daemon]\ndata_dir = [\"/a\"]\n", "daemon.data_dir", "must be a string, not an array"},
      {"[daemon]\n[daemon.data_dir]\na = 1\n", "daemon.data_dir", "must be a string, not a table"},
      {"[sources.ecfr]\nenabled = \"yes\"\n", "sources.ecfr.enabled", "must be true or false without quotes"},
      {"[sources.ecfr]\npoll = 900\n", "sources.ecfr.poll", "is not an interval"},
      {"[sources.ecfr]\nmax_bytes = true\n", "sources.ecfr.max_bytes", "is not a size"},
      {"[sources.ecfr]\nmax_bytes = 0\n", "sources.ecfr.max_bytes", "is not a size"},
      {"[sources.ecfr]\nmax_bytes = \"64 parsecs\"\n", "sources.ecfr.max_bytes", "is not a size"},
      {"[sources.ecfr]\nmax_bytes = \"5 GB\"\n", "sources.ecfr.max_bytes", "is not a size"},
      // 2^64 bytes and one GB: nothing of it may be lost on the way to "too large".
      {"[sources.ecfr]\nmax_bytes = \"17179869185 GB\"\n", "sources.ecfr.max_bytes", "is not a size"},
      {"[sources.federal_register]\nagencies = 5\n", "sources.federal_register.agencies", "must be an array of strings"},
      {"[sources.federal_register]\nagencies = [5]\n", "sources.federal_register.agencies",
       "holds a whole number where a string belongs"},
      {"[operators]\nafter = \"three\"\n", "operators.after", "must be a whole number from"},
      {"[operators]\nafter = 0\n", "operators.after", "must be a whole number from"},
      {"daemon = 5\n", "daemon", "must be a table, not a whole number; write [daemon]"},
  };
  for (const Wrong& wrong : cases) {
    INFO(wrong.toml);
    const std::string message = refusal(wrong.toml);
    CAPTURE(message);
    CHECK(contains(message, wrong.key));
    CHECK(contains(message, wrong.said));
    CHECK(contains(message, "test.toml:"));
  }
}

TEST_CASE("sizes are powers of 1024, whichever way they are spelled") {
  const auto bytes = [](const std::string& written) {
    const auto config = parse_config("[sources.ecfr]\nmax_bytes = " + written + "\n", "test.toml");
    REQUIRE(config);
    for (const SourceConfig& source : config->sources)
      if (source.name == "ecfr") return source.max_bytes;
    return std::uint64_t{0};
  };
  CHECK(bytes("1") == 1);
  CHECK(bytes("\"7\"") == 7);
  CHECK(bytes("\"7 B\"") == 7);
  CHECK(bytes("\"3k\"") == 3u << 10);
  CHECK(bytes("\"3 KiB\"") == 3u << 10);
  CHECK(bytes("\"3MB\"") == 3u << 20);
  CHECK(bytes("\"4 GiB\"") == std::uint64_t{4} << 30);
}
