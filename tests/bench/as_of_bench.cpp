// The list on each of many days: time beside a scan of the list as it stands, and every day held against one
// recomputed from the log of changes: as_of_bench [DAYS] [ROWS]. Status 1 when a day differs.
#include <fmt/format.h>
#include <stdlib.h>
#include <time.h>

#include <chrono>
#include <filesystem>

#include "daemon/config.hpp"
#include "tests/support/long_history.hpp"

namespace {

using namespace entitywatch;
// Of this thread, so that what else the machine does is not counted.
double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t days = argc > 1 ? std::stoul(argv[1]) : 1000;
  const std::size_t rows = argc > 2 ? std::stoul(argv[2]) : 3400;
  std::string directory = (std::filesystem::temp_directory_path() / "as-of-bench-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) return 1;
  std::size_t wrong = 0;
  {
    storage::ArchiveOptions options;
    options.directory = directory + "/db";
    auto archive = storage::Archive::open(options);
    if (!archive) return fmt::print(stderr, "{}\n", archive.error().describe()), 1;
    const test::LongHistory history = test::write_history(**archive, rows, days);
    const SystemClock clock;
    const daemon::Api api(**archive, daemon::default_config(), clock, {});
    const std::vector<Json> log = test::change_log(api);
    fmt::print("{} entries at first, {} rules, {} changes\n", rows, history.rules, log.size());
    double asked = 0;
    double now = 0;
    double slowest = 0;
    for (std::size_t d = 1; d <= days; ++d) {
      const std::string day = format_date(history.first + std::chrono::days{d});
      auto start = processor_seconds();
      const std::vector<std::string> then = test::asked_pages(api, day);
      const double took = processor_seconds() - start;
      start = processor_seconds();
      static_cast<void>(test::asked_pages(api, ""));
      const double plain = processor_seconds() - start;
      asked += took;
      now += plain;
      slowest = std::max(slowest, took / plain);
      if (test::list_of(then) != test::recomputed(history, log, day)) ++wrong;
    }
    const auto each = [&](double seconds) { return seconds * 1000 / static_cast<double>(days); };
    fmt::print("as of a day {:.1f} ms, the list as it stands {:.1f} ms: {:.2f} x, at worst {:.2f} x\n",
               each(asked), each(now), asked / now, slowest);
    fmt::print("{} of {} days differ from what the log of changes says\n", wrong, days);
  }
  std::filesystem::remove_all(directory);
  return wrong == 0 ? 0 : 1;
}
