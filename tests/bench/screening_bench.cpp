// Screening against a full scan with Jaro-Winkler, on the Consolidated Screening List of the corpus:
// cost a query at growing numbers of names, recall for disturbed names, memory, build time.
//   screening_bench PATH/consolidated.csv
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <rapidfuzz/distance/JaroWinkler.hpp>

#include "core/screening.hpp"
#include "core/screening_words.hpp"
#include "core/text.hpp"
#include "parsers/csl.hpp"

using namespace entitywatch;
using Steady = std::chrono::steady_clock;

namespace {

double microseconds(Steady::time_point since) { return std::chrono::duration<double, std::micro>(Steady::now() - since).count(); }

std::vector<ScreenParty> real_parties(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto csl = parsers::read_csl(bytes);
  std::vector<ScreenParty> out;
  if (!csl) return out;
  for (const ListReading& list : csl->lists)
    for (const Listing& l : list.rows) {
      Entry e;
      e.id = std::to_string(out.size());
      e.list = list.list;
      e.listing = l;
      out.push_back(screen_party(e));
    }
  return out;
}

// The first `count` names: real ones, then real words in new combinations.
std::vector<ScreenParty> parties_with(const std::vector<ScreenParty>& real, std::size_t count, std::mt19937& random) {
  std::vector<ScreenParty> out;
  std::size_t names = 0;
  for (const ScreenParty& p : real) {
    if (names + p.names.size() > count) break;
    names += p.names.size();
    out.push_back(p);
  }
  std::vector<std::string> words;
  for (const ScreenParty& p : real)
    for (const std::string& n : p.names)
      for (std::string& w : text::split(n, ' '))
        if (!w.empty()) words.push_back(std::move(w));
  for (; names < count; ++names) {
    std::string name;
    for (std::size_t i = 0, n = 2 + random() % 4; i < n; ++i) name += (i ? " " : "") + words[random() % words.size()];
    out.push_back({"made-" + std::to_string(names), ListId::entity_list, "", {name}});
  }
  return out;
}

std::string disturbed(const std::string& name, std::mt19937& random) {
  std::vector<std::string> words = screening::words_of(name);
  if (words.empty()) return name;
  switch (random() % 4) {
    case 0: {  // one letter wrong in the longest word
      auto longest = std::max_element(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
      if (longest->size() > 4) (*longest)[1 + random() % (longest->size() - 2)] = static_cast<char>('a' + random() % 26);
      break;
    }
    case 1:
      if (words.size() > 1) std::swap(words[0], words[1]);
      break;
    case 2: std::erase_if(words, [&](const std::string& w) { return words.size() > 1 && screening::word_factor(w) < 1; }); break;
    case 3: {  // two letters change places
      auto& w = words[random() % words.size()];
      if (w.size() > 4) std::swap(w[1], w[2]);
      break;
    }
  }
  return text::join(words, " ");
}

struct Timing {
  double mean = 0;
  double p99 = 0;
};

template <class Search>
Timing timed(const std::vector<std::string>& queries, Search search) {
  std::vector<double> each;
  double sum = 0;
  for (const std::string& q : queries) {
    const auto start = Steady::now();
    search(q);
    each.push_back(microseconds(start));
    sum += each.back();
  }
  std::sort(each.begin(), each.end());
  return {sum / static_cast<double>(each.size()), each[each.size() * 99 / 100]};
}

double scan(const std::vector<std::string>& names, const std::string& query) {
  const rapidfuzz::CachedJaroWinkler<char> scorer(query);
  double best = 0;
  for (const std::string& n : names) best = std::max(best, scorer.similarity(n));
  return best;
}

void recall(const std::vector<ScreenParty>& real, const ScreeningIndex& index, std::mt19937& random) {
  std::size_t in_ten = 0;
  std::size_t first = 0;
  constexpr std::size_t tries = 1000;
  for (std::size_t i = 0; i < tries; ++i) {
    const ScreenParty& party = real[random() % real.size()];
    const std::string& name = party.names[random() % party.names.size()];
    const std::string query = disturbed(name, random);
    const auto hits = index.search({query, "", {}, 0.5, 10});
    // Namesakes are right too: the list has many parties under one name.
    const auto right = [&](const ScreenHit& h) { return h.entry_id == party.entry_id || text::fold(h.matched_name) == text::fold(name); };
    const bool found = std::any_of(hits.begin(), hits.end(), right);
    in_ten += found ? 1 : 0;
    first += !hits.empty() && (right(hits.front()) || (found && std::find_if(hits.begin(), hits.end(), right)->score >= hits.front().score)) ? 1 : 0;
    if (!found && i < 200) std::printf("  missed: %-50s asked as %s\n", name.c_str(), query.c_str());
  }
  std::printf("recall of 1000 disturbed names: in the first ten %.3f, first %.3f\n", in_ten / 1000.0, first / 1000.0);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: screening_bench consolidated.csv\n"), 2;
  const auto real = real_parties(argv[1]);
  if (real.empty()) return std::fprintf(stderr, "no parties in %s\n", argv[1]), 1;
  std::mt19937 random(7);
  std::printf("%zu real parties\n%10s %12s %12s %12s %10s %10s %10s\n", real.size(), "names", "mean us", "p99 us", "scan us", "of scan", "build ms", "bytes/name");
  for (const std::size_t count : {2'000u, 20'000u, 200'000u, 2'000'000u}) {
    const auto parties = parties_with(real, count, random);
    const auto start = Steady::now();
    const ScreeningIndex index(parties);
    const double build = microseconds(start) / 1000;
    std::vector<std::string> queries;
    std::vector<std::string> keys;
    for (const ScreenParty& p : parties)
      for (const std::string& n : p.names) keys.push_back(text::search_key(n));
    for (int i = 0; i < 500; ++i) queries.push_back(disturbed(keys[random() % keys.size()], random));
    const Timing ours = timed(queries, [&](const std::string& q) { return index.search({q, "", {}, 0.8, 10}).size(); });
    std::vector<std::string> few(queries.begin(), queries.begin() + (count > 200'000 ? 10 : 50));
    const Timing theirs = timed(few, [&](const std::string& q) { return scan(keys, q); });
    std::printf("%10zu %12.1f %12.1f %12.1f %10.4f %10.0f %10.0f\n", index.names(), ours.mean, ours.p99, theirs.mean, ours.mean / theirs.mean, build,
                static_cast<double>(index.memory_bytes()) / static_cast<double>(index.names()));
  }
  recall(real, ScreeningIndex(real), random);
}
