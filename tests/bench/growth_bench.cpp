// What a year of daily polls adds to the history: real lists, altered by a few rows on the days on which such lists
// change, through the pipeline.
//   growth_bench PART-744.xml CSL.csv DPL.txt [DAYS]
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <zstd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>

#include "daemon/pipeline.hpp"

using namespace entitywatch;
using Steady = std::chrono::steady_clock;

namespace {

std::string slurp(const char* path) {
  std::ifstream in(path, std::ios::binary);
  std::string out{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (out.empty()) throw std::runtime_error(fmt::format("{} cannot be read", path));
  return out;
}

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().describe());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// Text in which letters may change without harm to the format around it.
class Publication {
 public:
  Publication(std::string bytes, std::string_view from, std::uint64_t seed) : bytes_(std::move(bytes)), random_(seed) {
    bool markup = false;
    std::size_t letters = 0;  // of the word so far, all of one case; codes of countries and lists are shorter
    const std::size_t begin = bytes_.find(from);
    for (std::size_t i = begin + 1; i < bytes_.size(); ++i) {
      const char c = bytes_[i];
      if (c == '<' || c == '&') markup = true;
      const bool goes_on = (is_lower(c) && is_lower(bytes_[i - 1])) || (is_upper(c) && is_upper(bytes_[i - 1]));
      letters = goes_on ? letters + 1 : 0;
      if (!markup && letters >= 4) places_.push_back(i);
      if (c == '>' || c == ';') markup = false;
    }
    if (places_.empty()) throw std::runtime_error("a list without words to change");
  }
  void change(int rows) {
    for (int i = 0; i < rows; ++i) {
      char& c = bytes_[places_[random_() % places_.size()]];
      c = c == 'z' ? 'a' : c == 'Z' ? 'A' : static_cast<char>(c + 1);
    }
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
  static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

  std::string bytes_;
  std::mt19937_64 random_;
  std::vector<std::size_t> places_;
};

struct Source {
  std::string name;
  ObservationKind kind;
  std::string key;
  std::string type;
  Publication publication;
  int every;  // days
  int rows;   // altered then
  std::uint64_t readings = 0;
  std::uint64_t bytes = 0;
  std::uint64_t alone = 0;  // compressed each by itself
  std::uint64_t held = 0;
  double milliseconds = 0;
};

std::uint64_t compressed(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  return ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return fmt::print(stderr, "usage: growth_bench PART-744.xml CSL.csv DPL.txt [DAYS]\n"), 2;
  spdlog::set_level(spdlog::level::off);
  const int days = argc > 4 ? std::atoi(argv[4]) : 365;
  const std::string directory = "growth_bench.db";
  std::filesystem::remove_all(directory);
  const SystemClock clock;
  const auto archive = need(storage::Archive::open({.directory = directory}));
  const auto pipeline = need(daemon::Pipeline::create(*archive, clock, {}));
  std::vector<Source> sources;
  // About as often as these lists were amended in recent years.
  sources.push_back({"ecfr", ObservationKind::ecfr_part, "part-744", "text/xml", {slurp(argv[1]), "Supplement No. 4", 1}, 5, 15});
  sources.push_back({"csl", ObservationKind::csl, "list", "text/csv", {slurp(argv[2]), "\n", 2}, 1, 20});
  sources.push_back({"dpl", ObservationKind::dpl, "list", "text/plain", {slurp(argv[3]), "\n", 3}, 7, 2});
  const Date first = *parse_iso_date("2025-01-01");
  const auto read = [&](Source& s, int day) {
    Observation o{s.name, s.kind, s.key, first + std::chrono::days{day}, Time{first} + std::chrono::days{day}, {}};
    o.parts.push_back({"body", "https://example.org/" + s.name, s.type, {{"etag", fmt::format("\"{}\"", day)}}, s.publication.bytes()});
    ++s.readings;
    s.bytes += s.publication.bytes().size();
    s.alone += compressed(s.publication.bytes());
    SourceState after;
    after.name = s.name;
    after.has_baseline = true;
    const auto start = Steady::now();
    s.held += need(pipeline->observe(o, after)).held ? 1 : 0;
    s.milliseconds += std::chrono::duration<double, std::milli>(Steady::now() - start).count();
  };
  for (Source& s : sources) read(s, 0);
  need(archive->compact());
  const std::uint64_t baseline = archive->disk_bytes();
  for (Source& s : sources) s.readings = s.bytes = s.alone = 0;
  for (int day = 1; day <= days; ++day)
    for (Source& s : sources)
      if (day % s.every == 0) {
        s.publication.change(s.rows);
        read(s, day);
      }
  const std::uint64_t grown = archive->disk_bytes();
  need(archive->compact());
  const std::uint64_t year = archive->disk_bytes();
  for (const SourceState& s : need(archive->reader()->sources()))
    if (s.held) fmt::print("{} is held: {}\n", s.name, s.held->reason);
  std::uint64_t changes = 0;
  need(archive->reader()->changes(0, [&](const Change&) { return ++changes > 0; }));
  std::uint64_t alone = 0;
  for (const Source& s : sources) {
    alone += s.alone;
    fmt::print("{:<5} {:>4} changed readings of {:>9} bytes, {} rows altered each, {} held, {:.0f} ms each; each compressed by itself {:>11} bytes\n", s.name, s.readings,
               s.publication.bytes().size(), s.rows, s.held, s.milliseconds / static_cast<double>(std::max<std::uint64_t>(s.readings, 1)), s.alone);
  }
  fmt::print("history after the first readings {} bytes; {} days later {} bytes ({} before compaction), {} changes\n", baseline, days, year, grown, changes);
  // What the last compaction saves may be more than a few days add.
  const double growth = static_cast<double>(year) - static_cast<double>(baseline);
  const auto readings = static_cast<double>(sources[0].readings + sources[1].readings + sources[2].readings);
  fmt::print("growth {:.0f} bytes: {:.0f} a changed reading, {:.0f} a change; the readings compressed one by one would be {} bytes alone, the growth {:.4f} of them\n", growth,
             growth / readings, growth / static_cast<double>(std::max<std::uint64_t>(changes, 1)), alone, growth / static_cast<double>(alone));
  const auto start = Steady::now();
  const auto report = need(archive->verify_chain());
  fmt::print("verify of {} links and {} pieces of evidence: {:.1f} s, {}\n", report.links, report.evidence, std::chrono::duration<double>(Steady::now() - start).count(),
             report.ok ? "holds" : report.problem);
  std::filesystem::remove_all(directory);
  return report.ok ? 0 : 1;
}
