// How two readings of a list years apart pair up: which entries are the same, renamed, gone and new, with a
// sample of each to be judged by eye.
//
//   entitywatch-pairs OLD NEW [--show N] [--seed N]     each the eCFR's part 744, a CSL or a DPL file
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include "core/identity.hpp"
#include "core/text.hpp"
#include "parsers/csl.hpp"
#include "parsers/dpl.hpp"
#include "parsers/ecfr.hpp"

namespace {

using namespace entitywatch;

Result<std::vector<Listing>> rows_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::io, path + " cannot be read");
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  std::vector<ListReading> lists;
  if (auto part = parsers::read_ecfr_part(bytes)) {
    lists = std::move(part->lists);
  } else if (auto csl = parsers::read_csl(bytes); csl && !csl->lists.empty()) {
    lists = std::move(csl->lists);
  } else {
    auto dpl = parsers::read_dpl(bytes);
    if (!dpl) return tl::unexpected(dpl.error());
    return std::move(dpl->rows);
  }
  for (ListReading& list : lists)
    if (list.list == ListId::entity_list) return std::move(list.rows);
  return fail(ErrorCode::malformed, path + " holds no Entity List");
}

std::string shown(const Listing& l) {
  std::string out = l.name + " [" + l.country + "]";
  if (!l.aliases.empty()) out += " aka " + text::excerpt(text::join(l.aliases, "; "), 120);
  out += " | " + text::excerpt(text::join(l.addresses, "; "), 110);
  for (const Citation& c : l.citations) out += fmt::format(" | {} FR {}", c.volume, c.page);
  if (l.start_date) out += " | from " + format_date(*l.start_date);
  return out;
}

template <class T>
std::vector<T> sample(std::vector<T> all, std::size_t count, std::mt19937_64& dice) {
  for (std::size_t i = 0; i + 1 < all.size(); ++i) std::swap(all[i], all[i + dice() % (all.size() - i)]);
  all.resize(std::min(all.size(), count));
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> files;
  std::size_t show = 50;
  std::uint64_t seed = 1;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--show") == 0 && i + 1 < argc) {
      show = std::strtoull(argv[++i], nullptr, 10);
    } else if (std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else {
      files.emplace_back(argv[i]);
    }
  }
  if (files.size() != 2) {
    fmt::print(stderr, "usage: entitywatch-pairs OLD NEW [--show N] [--seed N]\n");
    return 2;
  }
  const auto old_rows = rows_of(files[0]);
  const auto new_rows = rows_of(files[1]);
  if (!old_rows || !new_rows) {
    fmt::print(stderr, "{}\n", (old_rows ? new_rows : old_rows).error().describe());
    return 2;
  }
  std::vector<const Listing*> before;
  std::vector<const Listing*> after;
  for (const Listing& l : *old_rows) before.push_back(&l);
  for (const Listing& l : *new_rows) after.push_back(&l);
  const Matching m = match_rows(before, after);
  std::vector<Match> by_name;
  std::vector<Match> renamed;
  for (const Match& p : m.pairs) (p.reason == "name" ? by_name : renamed).push_back(p);
  fmt::print("{} before, {} after: {} paired by name, {} renamed, {} gone, {} new\n", before.size(), after.size(), by_name.size(), renamed.size(), m.gone.size(),
             m.fresh.size());
  std::mt19937_64 dice(seed);
  for (const auto& [title, pairs] : {std::pair("paired by name", by_name), std::pair("renamed", renamed)}) {
    fmt::print("\n== {}\n", title);
    for (const Match& p : sample(pairs, show, dice)) fmt::print("({})\n  - {}\n  + {}\n", p.reason, shown(*before[p.before]), shown(*after[p.after]));
  }
  fmt::print("\n== gone\n");
  for (const std::size_t g : sample(m.gone, show, dice)) fmt::print("  - {}\n", shown(*before[g]));
  fmt::print("\n== new\n");
  for (const std::size_t n : sample(m.fresh, show, dice)) fmt::print("  + {}\n", shown(*after[n]));
  return 0;
}
