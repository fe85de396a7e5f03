// Every operation of a workload fails in turn, once and from then on: opening, reading, writing, syncing,
// renaming and removing files.
//   nth_failure [--step N] [--control]
// --step N: only every Nth operation. --control: operations say they were done and were not, which must be
// noticed as lost, wrong or damaged; status 0 when it was.
#include <fmt/format.h>

#include <map>

#include "tests/faults/arguments.hpp"
#include "tests/faults/world.hpp"

namespace {

using namespace entitywatch;
using namespace entitywatch::faults;

// What became of one failing operation.
struct Outcome {
  bool struck = false;
  int refused_opens = 0;
  int refused_commits = 0;
  int refused_reads = 0;
  std::string said_damaged;  // while the disk failed: what was said
  bool damaged_after = false;
  Verdict verdict;
  std::array<std::uint64_t, operation_names.size()> counts{};  // of the workload

  [[nodiscard]] std::string kind() const {
    if (!struck) return "not reached";
    if (damaged_after) return "DAMAGED AFTERWARDS";
    if (verdict.lost > 0) return "LOST";
    if (verdict.wrong > 0) return "WRONG";
    if (refused_opens > 0) return "open refused, whole afterwards";
    if (refused_commits > 0) return "commit refused, whole afterwards";
    if (refused_reads > 0) return "read refused, whole afterwards";
    return "unnoticed, whole";
  }
};

class Workload {
 public:
  explicit Workload(Disk& disk) : disk_(disk) {}

  Outcome run() {
    session(5, false);
    session(4, true);
    session(2, false);
    outcome_.struck = disk_.files->struck();
    outcome_.counts = disk_.files->counts();
    disk_.files->set(std::nullopt);
    judge();
    return outcome_;
  }

 private:
  void note(int& count, const Error& error) {
    ++count;
    if (error.code == ErrorCode::damaged) outcome_.said_damaged = error.describe();
  }

  // One life of the daemon: open, commits, perhaps a compaction, reading, end.
  void session(int commits, bool compact) {
    auto archive = open_archive(disk_, folder_.path());
    if (!archive) {
      note(outcome_.refused_opens, archive.error());
      archive = open_archive(disk_, folder_.path());  // as a supervisor would start it again
      if (!archive) return note(outcome_.refused_opens, archive.error());
    }
    for (int i = 0; i < commits; ++i) commit(**archive);
    if (compact)
      if (auto done = (*archive)->compact(); !done) note(outcome_.refused_reads, done.error());
    read(**archive);
  }

  // Tried again as the next poll would; a commit that failed may be there all the same.
  void commit(storage::Archive& archive) {
    for (int turn = 0; turn < 2; ++turn) {
      told_.attempted = told_.acknowledged + 1;
      const auto done = commit_next(archive, told_.attempted);
      if (done) {
        told_.acknowledged = told_.attempted;
        return;
      }
      note(outcome_.refused_commits, done.error());
      const auto there = archive.reader()->document(storage_name(told_.attempted));
      if (there && *there) {
        told_.acknowledged = told_.attempted;
        return;
      }
    }
  }

  static std::string storage_name(int n) { return fmt::format("document-{:06}", n); }

  void read(const storage::Archive& archive) {
    const auto reader = archive.reader();
    for (int n = 1; n <= told_.acknowledged; ++n) {
      const auto found = reader->document(storage_name(n));
      if (!found) {
        note(outcome_.refused_reads, found.error());
      } else if (!*found) {
        ++outcome_.verdict.wrong;
      }
    }
  }

  void judge() {
    auto archive = open_archive(disk_, folder_.path());
    if (!archive) {
      outcome_.damaged_after = told_.acknowledged > 0 || archive.error().code == ErrorCode::damaged;
      outcome_.verdict.first = archive.error().describe();
      return;
    }
    const int wrong = outcome_.verdict.wrong;
    outcome_.verdict = check(**archive, told_, Depth::everything);
    outcome_.verdict.wrong += wrong;
    if (!outcome_.verdict.good()) return;
    const int next = outcome_.verdict.present + 1;
    if (!commit_next(**archive, next)) ++outcome_.verdict.wrong;
    outcome_.verdict = check(**archive, {next, next}, Depth::everything);
  }

  Disk& disk_;
  Folder folder_;
  Told told_;
  Outcome outcome_;
};

std::array<std::uint64_t, operation_names.size()> count_operations() {
  Disk disk;
  const Outcome clean = Workload(disk).run();
  if (!clean.verdict.good())
    throw std::runtime_error("the workload fails without a fault: " + clean.verdict.first);
  return clean.counts;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  const bool control = arguments.flag("control");
  const std::uint64_t step = arguments.number("step", 1);
  const auto counts = count_operations();
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // each kind as it is done, in a long run
  int bad = 0;
  int runs = 0;
  int misnamed = 0;
  std::string first;
  for (std::size_t kind = 0; kind < operation_names.size(); ++kind) {
    for (const Times times : {Times::once, Times::from_then_on}) {
      std::map<std::string, int> outcomes;
      for (std::uint64_t nth = 1; nth <= counts[kind]; nth += step) {
        Disk disk;
        Workload workload(disk);
        const How how = control ? How::lie : nth % 3 == 0 ? How::no_space : How::io_error;
        disk.files->set(Fault{static_cast<Operation>(kind), nth, times, how});
        const Outcome outcome = workload.run();
        ++runs;
        if (!outcome.said_damaged.empty()) {
          ++misnamed;
          fmt::print("called damaged: {} {} {}: {}\n", operation_names[kind], nth,
                     times == Times::once ? "once" : "from then on", outcome.said_damaged);
        }
        const bool fault = outcome.damaged_after || !outcome.verdict.good();
        bad += fault ? 1 : 0;
        if (fault && first.empty())
          first = fmt::format("{} {} {}: {}: {}", operation_names[kind], nth,
                              times == Times::once ? "once" : "from then on", outcome.kind(),
                              outcome.verdict.first);
        ++outcomes[outcome.kind()];
      }
      for (const auto& [outcome, count] : outcomes)
        fmt::print("{:<6} {:<14} {:<36} {:>6}\n", operation_names[kind],
                   times == Times::once ? "once" : "from then on", outcome, count);
    }
  }
  fmt::print("{} runs{}: lost, wrong or damaged afterwards {}; called damaged while the disk failed {}\n",
             runs, control ? " on a disk that lies" : "", bad, misnamed);
  if (!first.empty()) fmt::print("the first: {}\n", first);
  return (bad > 0) == control ? 0 : 1;
}
