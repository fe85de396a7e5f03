// The file and command channels, on real files and programs.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "channels_under_test.hpp"
#include "core/text.hpp"
#include "notify/program.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

namespace {

const Time now = samples::at("2019-10-09T12:48:00Z");

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "entitywatch-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::string contents(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

std::unique_ptr<Channel> file_channel(const std::string& path) {
  ChannelConfig config = fakes::config_of("file");
  config.path = path;
  fakes::World world;
  return world.channel(config);
}

Outcome run(const std::vector<std::string>& command,
            std::chrono::milliseconds timeout = std::chrono::seconds{10}) {
  ChannelConfig config = fakes::config_of("command");
  config.command = command;
  DeliveryOptions options;
  options.timeout = timeout;
  fakes::World world;
  return world.channel(config, options)
      ->deliver(samples::additions(3), fakes::delivery("d", "c", "k", now), now);
}

}  // namespace

TEST_CASE("each alert is one line of JSON, appended") {
  const Folder folder;
  const std::string path = folder.file("alerts.jsonl");
  const auto channel = file_channel(path);
  for (const std::size_t count : {1u, 28u})
    CHECK(channel->deliver(samples::additions(count), {}, now).kind == Outcome::Kind::delivered);
  const std::vector<std::string> lines = text::split(contents(path), '\n');
  REQUIRE(lines.size() == 3);
  CHECK(lines[2].empty());
  CHECK(Json::parse(lines[1])["data"]["changes"].size() == 28);
  CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::others_all) ==
        std::filesystem::perms::none);
}

TEST_CASE("a line torn by a crash does not spoil the next one") {
  const Folder folder;
  const std::string path = folder.file("alerts.jsonl");
  std::ofstream(path) << "{\"torn\": ";
  CHECK(file_channel(path)->deliver(samples::additions(1), {}, now).kind == Outcome::Kind::delivered);
  const std::vector<std::string> lines = text::split(contents(path), '\n');
  CHECK(lines[0] == "{\"torn\": ");
  CHECK(Json::parse(lines[1])["type"] == "entitywatch.alert");
}

TEST_CASE("a file that cannot be written is tried again, and a rotated one is made anew") {
  const Folder folder;
  const Outcome outcome =
      file_channel(folder.file("no/such/folder/alerts.jsonl"))->deliver(samples::additions(1), {}, now);
  CHECK(outcome.kind == Outcome::Kind::retry);
  CHECK(outcome.response.excerpt.find("No such file") != std::string::npos);
  const std::string path = folder.file("alerts.jsonl");
  const auto channel = file_channel(path);
  static_cast<void>(channel->deliver(samples::additions(1), {}, now));
  std::filesystem::rename(path, folder.file("alerts.1"));
  static_cast<void>(channel->deliver(samples::additions(1), {}, now));
  CHECK(text::split(contents(path), '\n').size() == 2);
}

TEST_CASE("several channels on one file do not mix their lines") {
  const Folder folder;
  const std::string path = folder.file("alerts.jsonl");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        const auto channel = file_channel(path);
        for (int n = 0; n < 10; ++n) static_cast<void>(channel->deliver(samples::additions(5), {}, now));
      });
  }
  const std::vector<std::string> lines = text::split(contents(path), '\n');
  REQUIRE(lines.size() == 41);
  for (std::size_t i = 0; i < 40; ++i) CHECK(Json::accept(lines[i]));
}

TEST_CASE("a command reads the alert on its standard input") {
  const Folder folder;
  const std::string path = folder.file("got");
  CHECK(run({"tee", path}).kind == Outcome::Kind::delivered);
  CHECK(Json::parse(contents(path))["data"]["changes"].size() == 3);
  CHECK(run({"true"}).response.excerpt == "exit status 0");  // need not read it
}

TEST_CASE("a command's arguments pass through no shell") {
  const Folder folder;
  const std::string path = folder.file("pwned");
  const Outcome outcome = run({"echo", "$(touch " + path + ")", "; touch " + path, "`id`"});
  CHECK(outcome.kind == Outcome::Kind::delivered);
  CHECK(outcome.response.excerpt == "exit status 0: $(touch " + path + ") ; touch " + path + " `id`");
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a command that fails is tried again and says how") {
  CHECK(run({"false"}).response.excerpt == "exit status 1");
  CHECK(run({"false"}).kind == Outcome::Kind::retry);
  const Outcome said = run({"sh", "-c", "echo trouble >&2; exit 7"});
  CHECK(said.kind == Outcome::Kind::retry);
  CHECK(said.response.excerpt == "exit status 7: trouble");
  CHECK(run({"sh", "-c", "kill -9 $$"}).response.excerpt == "ended by signal 9");
  const Outcome missing = run({"/nonexistent/program"});
  CHECK(missing.kind == Outcome::Kind::retry);
  CHECK(missing.response.excerpt.find("No such file") != std::string::npos);
}

TEST_CASE("a command that hangs, floods or leaves children behind is bounded") {
  const auto begun = std::chrono::steady_clock::now();
  const Outcome hung = run({"sleep", "60"}, std::chrono::milliseconds{200});
  CHECK(hung.kind == Outcome::Kind::retry);
  CHECK(hung.response.excerpt.find("did not end in time") != std::string::npos);
  const Outcome flood = run({"sh", "-c", "yes | head -c 5000000"});
  CHECK(flood.kind == Outcome::Kind::delivered);
  CHECK(flood.response.excerpt.size() <= 300);
  CHECK(run({"sh", "-c", "sleep 60 & exit 0"}).kind == Outcome::Kind::delivered);
  CHECK(run({"sh", "-c", "trap '' TERM HUP; sleep 60 & wait"}, std::chrono::milliseconds{200}).kind ==
        Outcome::Kind::retry);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{20});
}

TEST_CASE("a program inherits no open file and a small environment") {
  ::setenv("ENTITYWATCH_TEST_SECRET", "do-not-pass", 1);
  const Folder folder;
  const std::ofstream open_file(folder.file("open"));
  const auto files = run_program({"ls", "-l", "/proc/self/fd"}, "", {}, std::chrono::seconds{10});
  REQUIRE(files);
  CHECK(files->output.find("entitywatch-alert") != std::string::npos);  // its standard input
  CHECK(files->output.find(folder.file("open")) == std::string::npos);
  const auto environment =
      run_program({"env"}, "", {{"ENTITYWATCH_ALERT_ID", "a1"}}, std::chrono::seconds{10});
  REQUIRE(environment);
  CHECK(environment->output.find("ENTITYWATCH_ALERT_ID=a1") != std::string::npos);
  CHECK(environment->output.find("do-not-pass") == std::string::npos);
  ::unsetenv("ENTITYWATCH_TEST_SECRET");
}

TEST_CASE("a program gets a large input whole") {
  const auto counted = run_program({"wc", "-c"}, std::string(3'000'000, 'x'), {}, std::chrono::seconds{10});
  REQUIRE(counted);
  CHECK(text::trim(counted->output) == "3000000");
}
