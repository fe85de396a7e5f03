// kill -9 at named steps and at random; no change and no alert may be lost, no id may change.
//   kills --steps N [--control validators-first|mark-first]   N times at each step
//   kills --random N [--seed S]                               N times at any moment
// --control: watch_child leaves out a safeguard; status 0 when the loss was noticed.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "storage/archive.hpp"
#include "tests/faults/arguments.hpp"
#include "tests/faults/world.hpp"
#include "tests/support/edition.hpp"

namespace {

using namespace entitywatch;
using namespace entitywatch::faults;
using test::LoopbackAnswer;
using test::LoopbackRequest;

constexpr int rows_at_first = 40;
constexpr int rounds_a_database = 150;  // editions are of days, and each grows

struct Figures {
  int kills = 0;
  int lost_changes = 0;
  int lost_alerts = 0;
  int doubled = 0;  // changes told under two ids, or by two alerts
  int refused_opens = 0;
  int repeated = 0;  // deliveries that came more than once: allowed
  std::string first;
  [[nodiscard]] int bad() const { return lost_changes + lost_alerts + doubled + refused_opens; }
};

// What came, as the receiver knows it.
class Receiver {
 public:
  // The process to kill when a call has come and before it is answered; 0: none.
  std::atomic<pid_t> victim{0};

  LoopbackAnswer take(const LoopbackRequest& request) {
    const auto json = nlohmann::json::parse(request.body);
    {
      const std::scoped_lock lock(mutex_);
      const std::string id = request.header("webhook-id");
      ++calls_[id];
      for (const auto& change : json["data"]["changes"]) {
        alerts_[change["entry"]["name"]].insert(id);
        changes_[change["entry"]["name"]].insert(change["id"].get<std::string>());
      }
    }
    if (const pid_t pid = victim.exchange(0); pid > 0) ::kill(pid, SIGKILL);
    LoopbackAnswer answer;
    answer.status = 204;
    return answer;
  }
  void judge(const std::string& name, Figures& figures) {
    const std::scoped_lock lock(mutex_);
    if (alerts_[name].empty()) {
      ++figures.lost_alerts;
      if (figures.first.empty()) figures.first = name + ": nobody was told";
    }
    if (alerts_[name].size() > 1 || changes_[name].size() > 1) {
      ++figures.doubled;
      if (figures.first.empty()) figures.first = name + ": told under several ids";
    }
  }
  void clear(Figures& figures) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, count] : calls_) figures.repeated += count - 1;
    calls_.clear();
    alerts_.clear();
    changes_.clear();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> calls_;
  std::map<std::string, std::set<std::string>> alerts_;
  std::map<std::string, std::set<std::string>> changes_;
};

class Run {
 public:
  Run(std::string child, std::string control) : child_(std::move(child)), control_(std::move(control)) {
    server_.set("/hook", [this](const LoopbackRequest& request) { return receiver_.take(request); });
  }

  void start_over() {
    if (next_ > 0) settle();
    folder_.clear();
    rows_.clear();
    next_ = 0;
    day_ = 0;
    for (int n = 0; n < rows_at_first; ++n)
      rows_.push_back(test::entity_row(fmt::format("Baseline {:03} Marine", n)));
    publish();
    finish();
  }

  // One more row, and a daemon that dies at the step.
  void kill_at(const std::string& step) {
    add();
    const pid_t pid = spawn(1, step == "post sent" ? "" : step, step == "post sent");
    int status = 0;
    ::waitpid(pid, &status, 0);
    receiver_.victim = 0;
    if (!WIFSIGNALED(status)) throw std::runtime_error("the step " + step + " was not reached");
    ++figures_.kills;
    finish();
  }

  void kill_within(std::chrono::microseconds time, bool add_a_row) {
    if (add_a_row) add();
    const pid_t pid = spawn(0, "", false);
    ::usleep(static_cast<useconds_t>(time.count()));
    ::kill(pid, SIGKILL);
    int status = 0;
    ::waitpid(pid, &status, 0);
    ++figures_.kills;
    if (WIFSIGNALED(status)) return;
    ++figures_.refused_opens;
    if (figures_.first.empty()) figures_.first = "the daemon ended by itself";
  }

  // Everything works again: all must have come out, once.
  void settle() {
    finish();
    judge();
    receiver_.clear(figures_);
  }

  [[nodiscard]] Figures& figures() { return figures_; }
  [[nodiscard]] int rounds() const { return next_; }

 private:
  void add() {
    rows_.push_back(test::entity_row(test::party_name(next_++)));
    publish();
  }
  void publish() { test::publish_edition(server_, day_++, test::part_744(rows_)); }

  pid_t spawn(int rounds, const std::string& die, bool kill_on_call) {
    std::vector<std::string> words{child_, folder_.path(), server_.url(), server_.url("/hook"),
                                   std::to_string(rounds)};
    if (!die.empty()) words.insert(words.end(), {"--die", die});
    if (!control_.empty()) words.insert(words.end(), {"--control", control_});
    std::vector<char*> argv;
    for (std::string& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    pid_t pid = 0;
    posix_spawn_file_actions_t quiet;
    ::posix_spawn_file_actions_init(&quiet);
    ::posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const int failed = ::posix_spawn(&pid, child_.c_str(), &quiet, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&quiet);
    if (failed != 0) throw std::runtime_error("cannot start " + child_);
    if (kill_on_call) receiver_.victim = pid;
    return pid;
  }

  void finish() {
    // Two rounds: a delivery that was being tried when the process died is due again at once.
    const pid_t pid = spawn(2, "", false);
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    ++figures_.refused_opens;
    if (figures_.first.empty()) figures_.first = "the daemon could not go on";
  }

  void judge() {
    const auto archive =
        storage::Archive::open({.directory = folder_.path(), .read_only = true, .must_exist = true});
    if (!archive) {
      ++figures_.refused_opens;
      return;
    }
    std::map<std::string, int> seen;
    const auto reader = (*archive)->reader();
    const auto read = reader->changes(0, [&](const Change& c) { return ++seen[c.entry->listing.name] > 0; });
    const auto chain = (*archive)->verify_chain();
    if (!read || !chain || !chain->ok) ++figures_.refused_opens;
    for (int n = 0; n < next_; ++n) {
      const std::string name = test::party_name(n);
      if (!seen.contains(name)) {
        ++figures_.lost_changes;
        if (figures_.first.empty()) figures_.first = name + ": no change is stored";
      } else if (seen[name] > 1) {
        ++figures_.doubled;
      }
      receiver_.judge(name, figures_);
    }
  }

  std::string child_;
  std::string control_;
  Folder folder_;
  Receiver receiver_;
  std::vector<std::string> rows_;
  int next_ = 0;
  int day_ = 0;
  Figures figures_;
  test::LoopbackServer server_;  // last: ends before what its handler uses
};

int report(const Figures& f, const std::string& what, bool control, double seconds) {
  fmt::print(
      "{} kills {}{}, {:.0f} s: lost changes {}, lost alerts {}, doubled {}, refused opens {} ({} deliveries "
      "repeated)\n",
      f.kills, what, control ? " without a safeguard" : "", seconds, f.lost_changes, f.lost_alerts, f.doubled,
      f.refused_opens, f.repeated);
  if (!f.first.empty()) fmt::print("the first: {}\n", f.first);
  return (f.bad() > 0) == control ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  const std::string child =
      std::filesystem::path(std::filesystem::read_symlink("/proc/self/exe")).parent_path() / "watch_child";
  const std::string control = arguments.text("control");
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  if (const auto count = arguments.number("random", 0); count > 0) {
    Run run(child, control);
    std::mt19937_64 random(arguments.number("seed", 1));
    const auto longest = arguments.number("longest", 120'000);
    for (std::uint64_t n = 0; n < count; ++n) {
      if (n % rounds_a_database == 0) run.start_over();
      run.kill_within(std::chrono::microseconds{random() % longest}, random() % 2 == 0);
      if (n % 1000 == 999)
        fmt::print(stderr, "{} kills, {:.0f} s, bad {}\n", n + 1, seconds(), run.figures().bad());
    }
    run.settle();
    return report(run.figures(), "at random", !control.empty(), seconds());
  }
  int status = 0;
  for (const std::string step :
       {"fetched", "parsed", "committed", "sending", "post sent", "answered", "marked"}) {
    // Without a safeguard only its own step must lose something.
    if (control == "validators-first" && step != "parsed") continue;
    if (control == "mark-first" && step != "sending") continue;
    Run run(child, control);
    run.start_over();
    for (std::uint64_t n = 0; n < arguments.number("steps", 3); ++n) run.kill_at(step);
    run.settle();
    status = std::max(status, report(run.figures(), "at " + step, !control.empty(), seconds()));
  }
  return status;
}
