// Screening against a full scan with Jaro-Winkler, on the Consolidated Screening List of the corpus:
// cost a query at growing numbers of names, recall for disturbed names, memory, build time.
//   screening_bench PATH/consolidated.csv [SEED]
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <random>
#include <rapidfuzz/distance/JaroWinkler.hpp>

#include "core/screening.hpp"
#include "core/screening_words.hpp"
#include "core/text.hpp"
#include "parsers/csl.hpp"

using namespace entitywatch;
namespace {

// Processor time of this thread, so that what else the machine does is not counted.
double microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

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
std::vector<ScreenParty> parties_with(const std::vector<ScreenParty>& real, std::size_t count,
                                      std::mt19937& random) {
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
    for (std::size_t i = 0, n = 2 + random() % 4; i < n; ++i)
      name += (i ? " " : "") + words[random() % words.size()];
    out.push_back({"made-" + std::to_string(names), ListId::entity_list, "", {name}});
  }
  return out;
}

std::string edited(std::string word, std::mt19937& random) {
  const std::size_t at = random() % word.size();
  const char letter = static_cast<char>('a' + random() % 26);
  switch (random() % 4) {
    case 0:
      word[at] = letter;
      break;
    case 1:
      word.insert(at, 1, letter);
      break;
    case 2:
      word.erase(at, 1);
      break;
    default:
      if (at + 1 < word.size()) std::swap(word[at], word[at + 1]);
  }
  return word;
}

using Spellings = std::vector<std::pair<std::string_view, std::string_view>>;

std::string respelt(const std::string& name, const Spellings& spellings) {
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    const auto at = std::find_if(spellings.begin(), spellings.end(), [&](const auto& s) {
      return name.compare(i, s.first.size(), s.first) == 0;
    });
    out += at == spellings.end() ? std::string(1, name[i]) : std::string(at->second);
    i += at == spellings.end() ? 1 : at->first.size();
  }
  return out;
}

// One of the habits of writing the same sounds in Latin letters that makes a difference here.
std::string transliterated(const std::string& name, std::mt19937& random) {
  static const Spellings habits{{"kh", "h"},
                                {"zh", "j"},
                                {"sh", "sch"},
                                {"ya", "ia"},
                                {"yu", "iu"},
                                {"iy", "y"},
                                {"y", "i"},
                                {"ou", "u"},
                                {"oo", "u"},
                                {"ee", "i"},
                                {"v", "w"},
                                {"ov", "off"},
                                {"ks", "x"},
                                {"x", "ks"},
                                {"q", "k"},
                                {"ph", "f"},
                                {"mm", "m"},
                                {"ll", "l"},
                                {"ss", "s"},
                                {"dh", "d"},
                                {"th", "t"},
                                {"ay", "ai"},
                                {"muhammad", "mohamed"},
                                {"mohammad", "mohammed"},
                                {"ahmad", "ahmed"},
                                {"hussein", "husayn"},
                                {"abdul", "abdel"},
                                {"umar", "omar"},
                                {"usama", "osama"},
                                {"aleksandr", "alexander"}};
  Spellings fitting;
  for (const auto& habit : habits)
    if (name.find(habit.first) != std::string::npos) fitting.push_back(habit);
  return fitting.empty() ? name : respelt(name, {fitting[random() % fitting.size()]});
}

// As a Russian would write it, or the name itself where it holds letters that Russian has no habit for.
std::string in_cyrillic(const std::string& name) {
  static const Spellings letters{{"shch", "щ"}, {"zh", "ж"}, {"kh", "х"}, {"ts", "ц"}, {"ch", "ч"},
                                 {"sh", "ш"},   {"yu", "ю"}, {"ya", "я"}, {"ye", "е"}, {"a", "а"},
                                 {"b", "б"},    {"v", "в"},  {"g", "г"},  {"d", "д"},  {"e", "е"},
                                 {"z", "з"},    {"i", "и"},  {"k", "к"},  {"l", "л"},  {"m", "м"},
                                 {"n", "н"},    {"o", "о"},  {"p", "п"},  {"r", "р"},  {"s", "с"},
                                 {"t", "т"},    {"u", "у"},  {"f", "ф"},  {"h", "х"},  {"y", "й"}};
  return name.find_first_of("cjqwx") == std::string::npos || name.find("ch") != std::string::npos
             ? respelt(name, letters)
             : name;
}

constexpr const char* kinds[] = {"a letter",
                                 "a letter in two words",
                                 "words swapped",
                                 "legal forms left out",
                                 "other transliteration",
                                 "Cyrillic letters",
                                 "letter and words"};

std::string disturbed(const std::string& name, std::size_t kind, std::mt19937& random) {
  std::vector<std::string> words = screening::words_of(name);
  if (words.empty()) return name;
  // Words of three letters and less are nobody's to recognise with one of them wrong.
  const auto edit = [&] {
    std::string& word = words[random() % words.size()];
    if (word.size() > 3) word = edited(word, random);
  };
  switch (kind) {
    case 0:
      edit();
      break;
    case 1: {
      std::size_t left = 2;
      for (std::string& word : words)
        if (word.size() > 3 && left > 0) word = edited(word, random), --left;
      break;
    }
    case 2:
      std::shuffle(words.begin(), words.end(), random);
      break;
    case 3:
      std::erase_if(words, [&](const std::string& w) { return words.size() > 1 && screening::is_filler(w); });
      break;
    case 4:
      return transliterated(text::join(words, " "), random);
    case 5:
      return in_cyrillic(text::join(words, " "));
    default:
      std::shuffle(words.begin(), words.end(), random);
      edit();
  }
  return text::join(words, " ");
}

std::string disturbed(const std::string& name, std::mt19937& random) {
  return disturbed(name, random() % std::size(kinds), random);
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
    const double start = microseconds();
    search(q);
    each.push_back((microseconds() - start));
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

struct Recall {
  std::size_t tries = 0;
  std::size_t in_ten = 0;
  std::size_t first = 0;     // nothing scores higher
  std::size_t foremost = 0;  // nor stands before it with the same score
};

// 1,000 names of the list, disturbed, asked with what the endpoint takes when nothing is said: score 0.8, ten
// hits.
void recall(const std::vector<ScreenParty>& real, const ScreeningIndex& index, double least,
            std::mt19937 random) {
  Recall by_kind[std::size(kinds)];
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::size_t kind = i % std::size(kinds);
    const ScreenParty& party = real[random() % real.size()];
    const std::string& name = party.names[random() % party.names.size()];
    const std::string query = disturbed(name, kind, random);
    const auto hits = index.search({query, "", {}, least, 10});
    // Namesakes are right too: the list has many parties under one name.
    const auto right = [&](const ScreenHit& h) {
      return h.entry_id == party.entry_id || text::fold(h.matched_name) == text::fold(name);
    };
    const auto found = std::find_if(hits.begin(), hits.end(), right);
    Recall& r = by_kind[kind];
    ++r.tries;
    r.in_ten += found != hits.end() ? 1 : 0;
    r.first += found != hits.end() && found->score >= hits.front().score ? 1 : 0;
    r.foremost += found != hits.end() && found == hits.begin() ? 1 : 0;
    if (found == hits.end()) std::printf("  missed: %-50s asked as %s\n", name.c_str(), query.c_str());
  }
  std::printf("asked with a least score of %.1f\n%-24s %6s %8s %8s %10s\n", least, "disturbed by", "names",
              "in ten", "first", "foremost");
  Recall all;
  const auto row = [](const char* what, const Recall& r) {
    const auto of = [&](std::size_t n) { return static_cast<double>(n) / static_cast<double>(r.tries); };
    std::printf("%-24s %6zu %8.3f %8.3f %10.3f\n", what, r.tries, of(r.in_ten), of(r.first), of(r.foremost));
  };
  for (std::size_t k = 0; k < std::size(kinds); ++k) {
    row(kinds[k], by_kind[k]);
    all = {all.tries + by_kind[k].tries, all.in_ten + by_kind[k].in_ten, all.first + by_kind[k].first,
           all.foremost + by_kind[k].foremost};
  }
  row("all", all);
}

// Bytes the program holds on its heap.
std::size_t held() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// One line: cost of a query beside a scan of the same names, growth since the line before, build, memory.
double measure(const std::vector<ScreenParty>& parties, double mean_before, std::mt19937& random) {
  std::vector<std::string> keys;
  for (const ScreenParty& p : parties)
    for (const std::string& n : p.names) keys.push_back(text::search_key(n));
  std::vector<std::string> queries;
  for (int i = 0; i < 2000; ++i) queries.push_back(disturbed(keys[random() % keys.size()], random));
  const std::size_t before = held();
  const double start = microseconds();
  const ScreeningIndex index(parties);
  const double build = (microseconds() - start) / 1000;
  const std::size_t bytes = held() - before;
  std::size_t hits = 0;
  const Timing ours = timed(queries, [&](const std::string& q) {
    hits += index.search({q, "", {}, 0.8, 10}).size();
  });
  const std::vector<std::string> few(queries.begin(), queries.begin() + (keys.size() > 200'000 ? 20 : 200));
  double likeliest = 0;
  const Timing theirs = timed(few, [&](const std::string& q) { likeliest += scan(keys, q); });
  std::printf("%10zu %9.1f %7s %9.1f %7.1f %10.1f %9.4f %9.0f %10.0f\n", index.names(), ours.mean,
              mean_before > 0 ? fmt::format("x{:.1f}", ours.mean / mean_before).c_str() : "", ours.p99,
              ours.p99 / ours.mean, theirs.mean, ours.mean / theirs.mean, build,
              static_cast<double>(bytes) / static_cast<double>(index.names()));
  if (hits == 0 || likeliest == 0) std::exit(1);
  return ours.mean;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: screening_bench consolidated.csv [SEED]\n"), 2;
  const auto real = real_parties(argv[1]);
  if (real.empty()) return std::fprintf(stderr, "no parties in %s\n", argv[1]), 1;
  std::mt19937 random(argc > 2 ? static_cast<unsigned>(std::stoul(argv[2])) : 7u);
  std::printf("%zu real parties\n%10s %9s %7s %9s %7s %10s %9s %9s %10s\n", real.size(), "names", "mean us",
              "growth", "p99 us", "of mean", "scan us", "of scan", "build ms", "bytes/name");
  double mean = 0;
  for (const std::size_t count : {2'000u, 20'000u, 200'000u, 2'000'000u})
    mean = measure(parties_with(real, count, random), mean, random);
  const ScreeningIndex all(real);
  for (const double least : {0.8, 0.5}) recall(real, all, least, random);
}
