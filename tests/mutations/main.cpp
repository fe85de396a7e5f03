// Whether tracking tells substance from typography: a published list is altered at random places, row by row,
// and every change of substance has to be told and no other.
//
//   entitywatch-mutations FILE [--count N] [--seed N] [--show N]     FILE: part 744 as the eCFR serves it
//
// Exit status: 0 nothing missed and nothing false, 1 otherwise, 2 the call is wrong.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "core/text.hpp"
#include "mutate.hpp"
#include "parsers/ecfr.hpp"
#include "tests/support/plain_knowledge.hpp"

namespace {

using namespace entitywatch;
namespace mutated = entitywatch::mutations;
using mutated::Dice;
using mutated::Mutation;
using mutated::Nature;
using mutated::Row;

constexpr std::size_t rows_a_batch = 100;  // far from the half of the list at which the brake holds

struct Options {
  std::string file;
  std::size_t count = 1000;
  std::uint64_t seed = 1;
  std::size_t show = 10;
};

std::optional<Options> read_options(int argc, char** argv) {
  Options out;
  for (int i = 1; i < argc; ++i) {
    const auto number = [&](const char* name, auto& value) {
      if (std::strcmp(argv[i], name) != 0 || i + 1 >= argc) return false;
      value = static_cast<std::remove_reference_t<decltype(value)>>(std::strtoull(argv[++i], nullptr, 10));
      return true;
    };
    if (number("--count", out.count) || number("--seed", out.seed) || number("--show", out.show)) continue;
    if (argv[i][0] == '-' || !out.file.empty()) return std::nullopt;
    out.file = argv[i];
  }
  return out.file.empty() ? std::nullopt : std::optional(out);
}

Result<ListReading> entity_list(std::string_view xml) {
  auto part = parsers::read_ecfr_part(xml);
  if (!part) return tl::unexpected(part.error());
  for (ListReading& list : part->lists)
    if (list.list == ListId::entity_list) return std::move(list);
  return fail(ErrorCode::malformed, "there is no Entity List in it");
}

TrackContext context_on(const char* date, Mode mode) {
  TrackContext c;
  c.source = source::ecfr;
  c.as_of = parse_iso_date(date);
  c.seen_at = *c.as_of;
  c.mode = mode;
  return c;
}

struct Score {
  std::size_t tried = 0;
  std::size_t missed = 0;
  std::size_t false_alarms = 0;
};

struct Altered {
  const Mutation* mutation;
  std::size_t row;
  std::string text;
};

class Run {
 public:
  Run(std::string xml, const Options& options)
      : xml_(std::move(xml)), options_(options), dice_(options.seed), rows_(mutated::rows_of(xml_)) {}

  Result<bool> play() {
    const auto reading = entity_list(xml_);
    if (!reading) return tl::unexpected(reading.error());
    baseline_.apply(track_lists(baseline_, {*reading}, context_on("2026-03-25", Mode::baseline)).commit);
    // A printed row that holds several parties, and parties printed alike, are left alone: whose change it
    // was could not be said.
    std::map<std::string, std::vector<std::string>> ids_of;
    for (const SourceRow* row : baseline_.rows(source::ecfr, ListId::entity_list))
      ids_of[key_of(row->listing.raw.entity)].push_back(row->entry_id);
    std::map<std::string, std::size_t> times;
    for (const Row& row : rows_) ++times[key_of(mutated::visible_text(row.cells[1].inner))];
    std::vector<Row> plain;
    for (Row& row : rows_) {
      const std::string key = key_of(mutated::visible_text(row.cells[1].inner));
      const auto ids = ids_of.find(key);
      if (ids == ids_of.end() || ids->second.size() != 1 || times[key] != 1) continue;
      ids_.push_back(ids->second.front());
      plain.push_back(std::move(row));
    }
    fmt::print("{} of {} printed rows hold one party each and are altered\n", plain.size(), rows_.size());
    rows_ = std::move(plain);
    while (tried_ < options_.count)
      if (auto played = batch(std::min(rows_a_batch, options_.count - tried_)); !played)
        return tl::unexpected(played.error());
    return report();
  }

 private:
  static std::string key_of(std::string_view cell) { return text::fold(cell); }

  std::optional<Altered> alter(std::size_t row) {
    const auto nature = (tried_ + chosen_.size()) % 2 == 0 ? Nature::substance : Nature::editorial;
    std::vector<const Mutation*> fitting;
    for (const Mutation& m : mutated::mutations())
      if (m.nature == nature) fitting.push_back(&m);
    // In turn, so that each kind gets its share; the next where the row has no place for it.
    for (std::size_t i = 0; i < fitting.size(); ++i) {
      const Mutation* m = fitting[(turn_[nature] + i) % fitting.size()];
      if (auto text = m->apply(rows_[row], xml_, dice_)) {
        turn_[nature] += i + 1;
        return Altered{m, row, std::move(*text)};
      }
    }
    return std::nullopt;
  }

  Result<void> batch(std::size_t size) {
    chosen_.clear();
    while (chosen_.size() < size) {
      const std::size_t row = dice_.below(rows_.size());
      if (chosen_.contains(row)) continue;
      if (auto altered = alter(row)) chosen_.emplace(row, std::move(*altered));
    }
    std::string changed = xml_;
    for (auto at = chosen_.rbegin(); at != chosen_.rend(); ++at)
      changed.replace(rows_[at->first].begin, rows_[at->first].end - rows_[at->first].begin, at->second.text);
    const auto reading = entity_list(changed);
    if (!reading) return tl::unexpected(reading.error());
    test::PlainKnowledge known = baseline_;
    const Tracked tracked = track_lists(known, {*reading}, context_on("2026-07-18", Mode::live));
    if (tracked.hold) return fail(ErrorCode::implausible, *tracked.hold);
    judge(tracked.commit.new_changes);
    tried_ += size;
    return {};
  }

  void judge(const std::vector<Change>& changes) {
    std::map<std::string, const Change*> told;  // substance, by entry
    std::set<std::string> new_names;
    for (const Change& c : changes) {
      if (c.kind == ChangeKind::editorial) continue;
      told[c.entry->id] = &c;
      if (c.kind == ChangeKind::added) new_names.insert(c.entry->listing.name);
    }
    std::set<std::string> accounted;
    for (const auto& [row, altered] : chosen_) {
      Score& score = scores_[altered.mutation->name];
      ++score.tried;
      const bool is_addition = altered.mutation->name == "row added";
      const auto change = told.find(ids_[row]);
      const bool found = is_addition ? std::any_of(new_names.begin(), new_names.end(),
                                                   [&](const std::string& n) {
                                                     return altered.text.find(n + ",") != std::string::npos;
                                                   })
                                     : change != told.end();
      if (change != told.end()) accounted.insert(change->first);
      if (altered.mutation->nature == Nature::substance && !found)
        show(++score.missed, "missed", altered, nullptr);
      if (altered.mutation->nature == Nature::editorial && found)
        show(++score.false_alarms, "false", altered, change->second);
    }
    // An addition stands for itself or for an altered row that was taken for another party.
    for (const auto& [id, change] : told)
      if (change->kind != ChangeKind::added && !accounted.contains(id)) {
        ++strays_;
        fmt::print("false: {} {} though its row was not altered\n", to_string(change->kind),
                   change->entry->listing.name);
      }
  }

  void show(std::size_t nth, const char* what, const Altered& altered, const Change* change) {
    if (nth > options_.show) return;
    const Row& row = rows_[altered.row];
    fmt::print("{}: {}{}\n  - {}\n  + {}\n", what, altered.mutation->name,
               change == nullptr ? ""
                                 : fmt::format(" told as {} of {}", to_string(change->kind),
                                               fmt::join(change->fields, ", ")),
               xml_.substr(row.begin, row.end - row.begin), altered.text);
  }

  bool report() const {
    Score all;
    for (const Mutation& m : mutated::mutations()) {
      const auto at = scores_.find(m.name);
      const Score s = at == scores_.end() ? Score{} : at->second;
      fmt::print("{:<10} {:<32} {:>4} tried, {} missed, {} false\n",
                 m.nature == Nature::substance ? "substance" : "editorial", m.name, s.tried, s.missed,
                 s.false_alarms);
      all.tried += s.tried;
      all.missed += s.missed;
      all.false_alarms += s.false_alarms;
    }
    fmt::print("{} mutations with seed {}: missed {}, false {}\n", all.tried, options_.seed, all.missed,
               all.false_alarms + strays_);
    return all.missed + all.false_alarms + strays_ == 0;
  }

  const std::string xml_;
  const Options options_;
  Dice dice_;
  std::vector<Row> rows_;
  std::vector<std::string> ids_;  // of the entry that each row is
  test::PlainKnowledge baseline_;
  std::map<std::size_t, Altered> chosen_;
  std::map<Nature, std::size_t> turn_;
  std::map<std::string, Score> scores_;
  std::size_t tried_ = 0;
  std::size_t strays_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options(argc, argv);
  if (!options) {
    fmt::print(stderr, "usage: entitywatch-mutations FILE [--count N] [--seed N] [--show N]\n");
    return 2;
  }
  std::ifstream in(options->file, std::ios::binary);
  if (!in) {
    fmt::print(stderr, "{} cannot be read\n", options->file);
    return 2;
  }
  Run run(std::string(std::istreambuf_iterator<char>(in), {}), *options);
  const auto clean = run.play();
  if (!clean) {
    fmt::print(stderr, "{}\n", clean.error().describe());
    return 2;
  }
  return *clean ? 0 : 1;
}
