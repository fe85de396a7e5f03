#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "daemon/cli_describe.hpp"
#include "daemon/cli_queries.hpp"
#include "daemon/commands.hpp"
#include "daemon/evidence_commands.hpp"
#include "daemon/version.hpp"

using namespace entitywatch::daemon;

namespace {

struct Call {
  CommandOptions options;
  std::vector<std::string> sources;
  std::vector<std::string> paths;
  std::string channel;
  std::string change;
  std::string channel_type = "email";
  std::string directory;
  std::string output;
  bool alert = false;
  bool again = false;
  std::string source;
  std::string shell;
  std::string from;
  std::string to;
  std::function<int()> run;
};

CLI::App* command(CLI::App& app, Call& call, const char* name, const char* help, std::function<int()> run) {
  CLI::App* sub = app.add_subcommand(name, help);
  sub->add_option("--config", call.options.config_path, "configuration file (default /etc/entitywatch/entitywatch.toml, else built-in defaults)");
  sub->callback([&call, run = std::move(run)] { call.run = run; });
  return sub;
}

void add_daemon_commands(CLI::App& app, Call& call) {
  const CommandOptions& o = call.options;
  command(app, call, "run", "the daemon: poll, track, alert, serve", [&] { return run_daemon(o); });
  command(app, call, "poll", "one pass over every source, or those named; deliver what is due", [&] { return poll(o, call.sources); })
      ->add_option("sources", call.sources, "sources to poll");
  command(app, call, "replay", "push archived files through the same pipeline in date order", [&] { return replay_files(o, call.paths); })
      ->add_option("paths", call.paths, "files and folders: Federal Register XML, eCFR XML, CSL, DPL")
      ->required();
  CLI::App* backfill = command(app, call, "backfill", "load a range of history from the Federal Register without alerting; resumable",
                               [&] { return backfill_history(o, call.from, call.to, call.again ? Revisit::every_document : Revisit::changed_listings); });
  backfill->add_option("--from", call.from, "first day of publication; the Federal Register reaches back to 1997")->required();
  backfill->add_option("--to", call.to, "last day of publication (default today)");
  backfill->add_flag("--again", call.again, "ask for every document again, and record what was replaced in place since");
  command(app, call, "check-config", "validate the configuration, naming file, line, key and the mend", [&] { return check_config(o); });
  command(app, call, "reread", "read documents again from stored bytes, as a newer reader does; records what it reads otherwise", [&] { return reread(o, call.alert ? Telling::subscribers : Telling::nobody); })
      ->add_flag("--alert", call.alert, "tell subscribers of what is read otherwise");
  command(app, call, "verify", "recompute the evidence chain and re-derive stored changes from stored bytes", [&] { return verify(o); });
  CLI::App* evidence = command(app, call, "evidence", "the signed evidence of one change as a file that anybody can check", [&] { return export_evidence(o, call.change, call.output); });
  evidence->add_option("change", call.change, "id of the change")->required();
  evidence->add_option("--output", call.output, "where to; - for standard output (default evidence-ID.tar.gz here)");
  command(app, call, "evidence-key", "the public key that evidence is signed for, and its fingerprint", [&] { return show_evidence_key(o); });
  command(app, call, "backup", "a consistent copy of the database, while the daemon runs or without it", [&] { return backup(o, call.directory); })
      ->add_option("directory", call.directory, "where to: absent or empty")
      ->required();
  command(app, call, "restore", "a backup back to the data directory, which must be absent or empty", [&] { return restore(o, call.directory); })
      ->add_option("directory", call.directory, "the backup")
      ->required();
  CLI::App* alerts = app.add_subcommand("alerts", "try channels and look at alerts before they count");
  alerts->require_subcommand(1);
  command(*alerts, call, "test", "send a sample alert through one channel and report what the far side said", [&] { return test_channel(o, call.channel); })
      ->add_option("channel", call.channel, "name of the channel")
      ->required();
  CLI::App* preview = command(*alerts, call, "preview", "what a channel would show for a change", [&] { return preview_alert(o, call.change, call.channel_type); });
  preview->add_option("change", call.change, "id of the change")->required();
  preview->add_option("--channel", call.channel_type, "type of channel: webhook, slack, email, …");
}

int describe(const CLI::App& app, const std::string& shell) {
  const std::string text = shell == "bash" ? bash_completion(app) : shell == "zsh" ? zsh_completion(app) : manual_page(app);
  std::fputs(text.c_str(), stdout);
  return 0;
}

void add_description_command(CLI::App& app, Call& call) {
  CLI::App* sub = app.add_subcommand("completion", "print the completion script of a shell, or the manual page");
  sub->add_option("shell", call.shell, "bash, zsh, or man for the manual page")->required()->check(CLI::IsMember({"bash", "zsh", "man"}));
  sub->callback([&] { call.run = [&] { return describe(app, call.shell); }; });
}

int run(int argc, char** argv) {
  CLI::App app{"entitywatch: what changed on the United States' export-control lists, first and for certain", "entitywatch"};
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  Call call;
  add_daemon_commands(app, call);
  add_query_commands(app, call.options, call.run);
  add_description_command(app, call);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  return call.run();
}

// A list that a full disk cut short must not pass for the whole list. A reader that went away wanted no more.
int whole_output(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  pollfd reader{STDOUT_FILENO, POLLOUT, 0};
  if (::poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR) != 0) return status;
  std::fputs("entitywatch: not all of the output could be written: is there room where it goes?\n", stderr);
  return 1;
}

// Secrets reach neither a core file nor a debugger of the same user. Root's can still look.
void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // its search for leaks traces the process
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory_private();
  // Evidence, watchlists and backups are the owner's alone, whoever starts the program.
  ::umask(S_IRWXG | S_IRWXO);
  try {
    return whole_output(run(argc, argv));
  } catch (const std::exception& e) {
    if (std::ferror(stdout) != 0) return whole_output(1);
    std::fprintf(stderr, "entitywatch: internal error: %s\n", e.what());
    return 1;
  }
}
