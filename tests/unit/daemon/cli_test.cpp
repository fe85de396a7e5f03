// The query commands as a person calls them: without a daemon, beside one, on bad calls, and their tables.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/api_actions.hpp"
#include "daemon/cli_queries.hpp"
#include "daemon/cli_table.hpp"
#include "daemon/http_server.hpp"
#include "tests/support/api_world.hpp"
#include "tests/support/child_process.hpp"

namespace entitywatch::daemon {
namespace {

constexpr const char* holder_directory = "ENTITYWATCH_TEST_HOLDER";

struct Ran {
  int status = 0;
  std::string out;
  std::string err;
};

// Points a standard stream at a file while it lives.
class Captured {
 public:
  Captured(std::FILE* stream, std::string file) : stream_(stream), file_(std::move(file)) {
    std::fflush(stream_);
    saved_ = ::dup(::fileno(stream_));
    std::FILE* to = std::fopen(file_.c_str(), "w");
    REQUIRE(to != nullptr);
    ::dup2(::fileno(to), ::fileno(stream_));
    std::fclose(to);
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() { restore(); }
  std::string text() {
    restore();
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

 private:
  void restore() {
    if (saved_ < 0) return;
    std::fflush(stream_);
    ::dup2(saved_, ::fileno(stream_));
    ::close(saved_);
    saved_ = -1;
  }
  std::FILE* stream_;
  std::string file_;
  int saved_ = -1;
};

struct Commands : test::ApiWorld {
  Commands() {
    fill();
    write_config("127.0.0.1:1");
  }
  void write_config(const std::string& listen) const {
    std::ofstream(scratch.path("config.toml"))
        << "[daemon]\ndata_dir = \"" << scratch.path(".") << "\"\nlisten = \"" << listen
        << "\"\n[[channels]]\nname = \"grc\"\ntype = \"webhook\"\nurl = \"https://hooks.example/\"\n"
        << "secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n";
  }
  // Lets go of the database, as when no daemon runs.
  void leave() {
    api.reset();
    archive.reset();
  }
  // Hands the database to another process that serves it, as a daemon would: see the hidden case below.
  void serve_elsewhere() {
    leave();
    ::setenv(holder_directory, scratch.path("db").c_str(), 1);
    holder = std::make_unique<test::ChildProcess>(
        std::vector<std::string>{std::filesystem::read_symlink("/proc/self/exe").string(), "[.holder]"});
    while (const auto line = holder->line(std::chrono::seconds{20}))
      if (line->rfind("port ", 0) == 0) {
        write_config("127.0.0.1:" + line->substr(5));
        return;
      }
    FAIL("no daemon came up");
  }
  [[nodiscard]] Ran run(std::vector<std::string> words) const {
    CLI::App app{"entitywatch"};
    app.require_subcommand(1);
    CommandOptions options;
    std::function<int()> chosen;
    add_query_commands(app, options, chosen);
    words.insert(words.end(), {"--config", scratch.path("config.toml")});
    std::reverse(words.begin(), words.end());
    Ran ran;
    try {
      app.parse(words);
    } catch (const CLI::ParseError&) {
      ran.status = 2;
      return ran;
    }
    Captured out(stdout, scratch.path("out"));
    Captured err(stderr, scratch.path("err"));
    ran.status = chosen();
    ran.out = out.text();
    ran.err = err.text();
    return ran;
  }
  std::unique_ptr<test::ChildProcess> holder;
};

// Run by other cases in a process of its own, with the database's directory in the environment.
TEST_CASE("holder", "[.holder]") {
  const char* directory = std::getenv(holder_directory);
  REQUIRE(directory != nullptr);
  storage::ArchiveOptions where;
  where.directory = directory;
  const auto archive = storage::Archive::open(where);
  REQUIRE(archive);
  const SystemClock clock;
  Config config = default_config();
  notify::ChannelConfig grc;
  grc.name = "grc";
  grc.type = "webhook";
  config.channels = {grc};
  notify::Subscription known_to_the_holder;
  known_to_the_holder.name = "known-to-the-holder";
  config.subscriptions = {known_to_the_holder};
  const Api api(**archive, config, clock, archive_actions(**archive, clock));
  HttpOptions options;
  options.listen = "127.0.0.1:0";
  const auto server = HttpServer::start(api, options, {});
  REQUIRE(server);
  std::printf("\nport %d\n", (*server)->port());
  std::fflush(stdout);
  ::pause();
}

bool has(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

TEST_CASE_METHOD(Commands, "history is queried without a daemon and beside one, with the same answer",
                 "[cli]") {
  const std::vector<std::vector<std::string>> calls = {
      {"changes", "--json"},
      {"changes", "--kind", "removed", "--json"},
      {"entries", "--q", "béta", "--json"},
      {"entries", "--as-of", "2026-03-09", "--json"},
      {"documents", "--json"},
      {"show", alpha.id, "--json"},
      {"show", "2026-00010", "--json"},
      {"deliveries", "--status", "dead", "--json"},
      {"export", "--format", "csv"},
      {"export", "--format", "jsonl", "--as-of", "2026-03-09"}};
  serve_elsewhere();
  CHECK(has(run({"subscriptions", "list"}).out, "known-to-the-holder"));
  std::vector<Ran> beside;
  for (const auto& call : calls) beside.push_back(run(call));
  CHECK(run({"subscriptions", "add", "--name", "chips"}).status == 0);
  CHECK(run({"subscriptions", "remove", "chips"}).status == 0);
  CHECK(run({"redeliver", "nothing"}).status == 2);
  holder.reset();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    INFO(calls[i][0] << ": " << beside[i].err);
    const Ran alone = run(calls[i]);
    CHECK(beside[i].status == 0);
    CHECK(alone.status == 0);
    CHECK_FALSE(alone.out.empty());
    CHECK(alone.out == beside[i].out);
  }
}

TEST_CASE_METHOD(Commands, "tables show what there is", "[cli]") {
  leave();
  const Ran changes = run({"changes"});
  CHECK(changes.status == 0);
  CHECK(has(changes.out, "Delta Optics"));
  CHECK(has(changes.out, "2026-00010"));
  CHECK(std::count(changes.out.begin(), changes.out.end(), '\n') == 5);
  CHECK_FALSE(has(changes.out, "\x1b"));  // no colour where there is no terminal
  CHECK(has(run({"entries", "--status", "pending", "--as-of", "2026-03-25"}).out, "Epsilon Radar"));
  CHECK(has(run({"documents"}).out, "91 FR 20000"));
  CHECK(has(run({"deliveries"}).out, "delivery-c"));
  CHECK(has(run({"show", alpha.id}).out, "Alpha Werke"));
  CHECK(has(run({"show", "2026-00020"}).out, "removed"));
  const Ran page = run({"changes", "--limit", "2"});
  CHECK(has(page.err, "--cursor"));
  CHECK(has(run({"changes", "--q", "nobody"}).err, "nothing found"));
}

TEST_CASE_METHOD(Commands, "an exit status tells a wrong call from a good one", "[cli]") {
  leave();
  CHECK(run({"changes", "--kind", "invented"}).status == 2);
  CHECK(has(run({"changes", "--kind", "invented"}).err, "added, removed"));
  CHECK(run({"entries", "--as-of", "yesterday"}).status == 2);
  CHECK(run({"changes", "--limit", "0"}).status == 2);
  CHECK(run({"show", "2020-99999"}).status == 2);
  CHECK(run({"redeliver", "nothing"}).status == 2);
  CHECK(run({"redeliver", "delivery-a"}).status == 1);  // delivered already
}

TEST_CASE_METHOD(Commands, "what changes something works without a daemon too", "[cli]") {
  leave();
  CHECK(run({"redeliver", "delivery-c"}).status == 0);
  CHECK(has(run({"deliveries", "--status", "pending"}).out, "delivery-c"));
  CHECK(run({"subscriptions", "add", "--name", "chips", "--channels", "grc", "--kinds", "added,removed"})
            .status == 0);
  CHECK(has(run({"subscriptions", "list"}).out, "chips"));
  CHECK(run({"subscriptions", "add", "--name", "chips"}).status == 1);
  CHECK(run({"subscriptions", "add", "--name", "x", "--digest", "sometimes"}).status == 2);
  CHECK(has(run({"subscriptions", "try", "--name", "x", "--json"}).out, "\"alerts\""));
  const std::string tried = run({"subscriptions", "try", "chips"}).out;
  CHECK(has(tried, "chips: 2 alerts from "));
  CHECK(has(tried, "week of 2026-03-09     1 alert "));
  CHECK(has(run({"subscriptions", "try", "chips", "--since", "2026-03-15"}).out, "chips: 1 alert from 2026-03-15"));
  CHECK(has(run({"subscriptions", "try"}).out, "chips: "));  // every one there is
  CHECK(run({"subscriptions", "try", "nobody"}).status == 2);
  CHECK(run({"subscriptions", "remove", "chips"}).status == 0);
  CHECK(run({"subscriptions", "remove", "chips"}).status == 2);
}

TEST_CASE_METHOD(Commands, "a daemon that holds the database and does not answer is named", "[cli]") {
  serve_elsewhere();
  write_config("127.0.0.1:1");
  CHECK(has(run({"changes"}).out, "Delta Optics"));  // beside it, as it stood when it was opened
  const Ran ran = run({"redeliver", "delivery-c"});
  CHECK(ran.status == 1);
  CHECK(has(ran.err, "does not answer at http://127.0.0.1:1"));
}

TEST_CASE_METHOD(Commands, "a publisher's control characters do not reach the terminal", "[cli]") {
  Commit odd;
  Entry entry = test::entry(ListId::entity_list, "Evil \x1b[2J\x1b]0;x\x07 Ltd");
  odd.entries = {entry};
  odd.versions = {test::version(entry, 1, nullptr, "2026-03-25T06:00:00Z")};
  commit(odd);
  leave();
  for (const Ran& ran : {run({"entries", "--q", "evil"}), run({"show", entry.id})}) {
    CHECK(has(ran.out, "Evil "));
    CHECK_FALSE(has(ran.out, "\x1b"));
    CHECK_FALSE(has(ran.out, "\x07"));
  }
}

TEST_CASE("a table fits the width it is given", "[cli]") {
  const std::vector<Column> columns{{"id"}, {"name", true}, {"text", true}};
  const std::vector<std::vector<std::string>> rows{{"1", "華為技術有限公司", std::string(200, 'x')}, {"22", "Béta", "short\nlines"}};
  const Table narrow = render_table(columns, rows, 40, Colour::off);
  std::istringstream lines(narrow.text);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(line.size() <= 80);  // bytes; wide characters have three and take two cells
  }
  CHECK(has(narrow.text, "…"));
  CHECK(has(narrow.text, "short lines"));
  CHECK(narrow.left_out.empty());
  CHECK(has(render_table(columns, rows, 0, Colour::off).text, std::string(200, 'x')));
  CHECK(has(render_table(columns, rows, 80, Colour::on).text, "\x1b[1m"));
}

TEST_CASE("a table without room leaves out what matters least, and says so", "[cli]") {
  const std::vector<Column> columns{{"id", false, 2}, {"kind", false, 0, Tint::by_word}, {"name", true}, {"note", false, 1}, {"void", false, 9}};
  const std::vector<std::vector<std::string>> rows{{"0123456789012345", "added", "Somebody or other", "twelve chars", ""}};
  const Table narrow = render_table(columns, rows, 24, Colour::off);
  CHECK(narrow.text == "kind   name\nadded  Somebody or other\n");
  CHECK(narrow.left_out == std::vector<std::string>{"id", "note"});
  const Table wide = render_table(columns, rows, 80, Colour::on);
  CHECK(wide.left_out.empty());
  CHECK(has(wide.text, "\x1b[31madded\x1b[0m"));
  CHECK_FALSE(has(wide.text, "void"));  // no cell of it holds anything
}

TEST_CASE("text is broken at spaces and led by its indent", "[cli]") {
  CHECK(wrap("one two three four five", 20, 4) == "one two three\n    four five");
  CHECK(wrap("one two", 0, 4) == "one two");
}

}  // namespace
}  // namespace entitywatch::daemon
