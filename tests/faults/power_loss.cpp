// The power goes at a random operation, again and again; what was not synced is lost.
//   power_loss --cycles N [--seed S] [--pages] [--control]
// --pages: unsynced pages turn to zeros instead of a cut. --control: the disk ignores syncs, so that commits
// must be lost: status 0 when that was noticed.
#include <fmt/format.h>

#include <chrono>
#include <fstream>

#include "storage/directory.hpp"
#include "tests/faults/arguments.hpp"
#include "tests/faults/world.hpp"

namespace {

using namespace entitywatch;
using namespace entitywatch::faults;

constexpr int cycles_a_database = 50;

struct Figures {
  int cycles = 0;
  int cut_while_opening = 0;
  int commits = 0;
  int lost = 0;
  int wrong = 0;
  int refused = 0;
  std::string first;
};

// It is not synced: it stands where the last sync of the machine left it, or is torn.
void lose_mark(const std::string& directory, const std::string& before, std::mt19937_64& random) {
  const std::string file = directory + "/HIGHWATER";
  if (!std::filesystem::exists(file)) return;
  switch (random() % 4) {
    case 0:
      std::ofstream(file, std::ios::binary) << before;
      break;
    case 1:
      std::filesystem::resize_file(file, 0);
      break;
    default:
      break;
  }
}

std::string mark_of(const std::string& directory) {
  std::ifstream in(directory + "/HIGHWATER", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class Run {
 public:
  Run(std::uint64_t seed, Loss loss, bool honest) : random_(seed), loss_(loss), honest_(honest) {}

  Figures play(int cycles) {
    while (figures_.cycles < cycles) {
      folder_.clear();
      disk_ = Disk{};
      told_ = {};
      if (!open_archive(disk_, folder_.path())) break;
      if (!honest_) disk_.files->ignore_syncs();
      for (int i = 0; i < cycles_a_database && figures_.cycles < cycles; ++i)
        if (!cycle(i + 1 == cycles_a_database ? Depth::everything : Depth::last_few)) break;
    }
    return figures_;
  }

 private:
  // False: this database cannot go on.
  bool cycle(Depth depth) {
    ++figures_.cycles;
    const std::string mark = mark_of(folder_.path());
    // Most losses within the work, some within opening, which writes too.
    disk_.files->lose_power_at(1 + random_() % 900);
    if (auto archive = open_archive(disk_, folder_.path())) {
      work(**archive);
    } else {
      ++figures_.cut_while_opening;
    }
    disk_.files->restore_power(random_, loss_);
    lose_mark(folder_.path(), mark, random_);
    return judge(depth);
  }

  void work(storage::Archive& archive) {
    for (int i = 0; i < 40; ++i) {
      told_.attempted = told_.acknowledged + 1;
      if (!commit_next(archive, told_.attempted)) return;
      told_.acknowledged = told_.attempted;
      ++figures_.commits;
      if (random_() % 16 == 0 && !archive.compact()) return;
    }
  }

  bool judge(Depth depth) {
    const auto archive = open_archive(disk_, folder_.path());
    if (!archive) {
      ++figures_.refused;
      if (figures_.first.empty()) figures_.first = archive.error().describe();
      return false;
    }
    const auto verdict = check(**archive, told_, depth);
    figures_.lost += verdict.lost;
    figures_.wrong += verdict.wrong;
    if (figures_.first.empty()) figures_.first = verdict.first;
    told_ = {verdict.present, verdict.present};
    return verdict.good();
  }

  std::mt19937_64 random_;
  Loss loss_;
  bool honest_;
  Folder folder_;
  Disk disk_;
  Told told_;
  Figures figures_;
};

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  const bool control = arguments.flag("control");
  const auto start = std::chrono::steady_clock::now();
  const Figures f =
      Run(arguments.number("seed", 1), arguments.flag("pages") ? Loss::pages : Loss::cut, !control)
          .play(static_cast<int>(arguments.number("cycles", 200)));
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print(
      "{} power losses ({} while opening) with unsynced bytes {}{}, {} commits, {:.0f} s: lost {}, wrong {}, "
      "refused opens {}\n",
      f.cycles, f.cut_while_opening, arguments.flag("pages") ? "zeroed by page" : "cut",
      control ? " by a disk that ignores syncs" : "", f.commits, seconds, f.lost, f.wrong, f.refused);
  if (!f.first.empty()) fmt::print("the first: {}\n", f.first);
  const bool bad = f.lost + f.wrong + f.refused > 0;
  return bad == control ? 0 : 1;
}
