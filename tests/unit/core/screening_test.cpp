#include "core/screening.hpp"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <thread>

#include "core/screening_words.hpp"
#include "track_support.hpp"

using namespace entitywatch;
using test::listing;

namespace {

std::vector<Entry> watched() {
  const auto entry = [](const char* id, const char* country, const char* name,
                        std::vector<std::string> aliases = {}) {
    Entry e;
    e.id = id;
    e.listing = listing(country, name);
    e.listing.aliases = std::move(aliases);
    return e;
  };
  return {entry("hik", "CHINA, PEOPLE'S REPUBLIC OF", "Hangzhou Hikvision Digital Technology Co., Ltd.",
                {"Hikvision"}),
          entry("dahua", "CHINA, PEOPLE'S REPUBLIC OF", "Zhejiang Dahua Technology"),
          entry("huawei", "CHINA, PEOPLE'S REPUBLIC OF", "Hua Wei Technologies Co., Ltd."),
          entry("i13", "CHINA, PEOPLE'S REPUBLIC OF",
                "China Electronics Technology Group Corporation 13th Research Institute (CETC 13)"),
          entry("i18", "CHINA, PEOPLE'S REPUBLIC OF",
                "China Electronics Technology Group Corporation 18th Research Institute (CETC 18)"),
          entry("rajabi", "IRAN", "Mohammad Reza Rajabi"),
          entry("svyaz", "RUSSIA", "Общество Связь", {"OOO Svyaz"}),
          entry("trading", "IRAN", "Global Trading Company"),
          entry("zhukov", "RUSSIA", "Zhukovskiy Machine-Building Plant JSC", {"ZMZ"}),
          entry("khalid", "SYRIA", "Khalid Muhammad al-Hussein"),
          entry("wenzl", "GERMANY", "George Wenzl"),
          entry("vessel", "IRAN", "YV3434"),
          entry("muller", "GERMANY", "Müller & Söhne Präzisionsgeräte GmbH"),
          entry("yashen", "HONG KONG", "Yashen (HK) Electronics L.L.C."),
          entry("initials", "IRAN", "A. B. Tehrani"),
          entry("zhu", "CHINA, PEOPLE'S REPUBLIC OF", "ZHU, Xiaodan"),
          entry("see", "MALAYSIA", "See Kee Chin"),
          entry("emma", "RUSSIA", "Emma LLC"),
          entry("zhengzhou", "CHINA, PEOPLE'S REPUBLIC OF", "Zhengzhou Baiwai Automation"),
          entry("szhd", "CHINA, PEOPLE'S REPUBLIC OF", "Shenzhen Huada Instrument")};
}

std::string best(const Screener& screener, const char* name, double least = 0.8) {
  const auto hits = screener.search({name, "", {}, least, 10});
  return hits.empty() ? "" : hits.front().entry_id;
}

}  // namespace

TEST_CASE("hard names find their party") {
  Screener screener;
  screener.load(watched());
  struct Case {
    const char* asked;
    const char* expected;
  };
  const Case cases[] = {{"Hikvision", "hik"},
                        {"HANGZHOU HIKVISION DIGITAL TECHNOLOGY", "hik"},
                        {"Hangzhou Hikvison Digital Technology Company Limited", "hik"},
                        {"Dahua Technology, Zhejiang", "dahua"},
                        {"Zhejiang Dauha Technology", "dahua"},
                        {"Huawei Technologies", "huawei"},
                        {"CETC 13", "i13"},
                        {"China Electronics Technology Group Corp. 18th Research Institute", "i18"},
                        {"M. R. Rajabi", "rajabi"},
                        {"Rajabi, Mohamad Reza", "rajabi"},
                        {"Obshchestvo Svyaz", "svyaz"},
                        {"OOO \"Svyaz\"", "svyaz"},
                        {"Жуковский машиностроительный завод", ""},  // its Latin name is a translation
                        {"Жуковский", ""},                           // one word of four
                        {"ZMZ", "zhukov"},
                        {"Zhukovsky Machine Building Plant", "zhukov"},
                        {"Žukovskij Machine-Building Plant", "zhukov"},
                        {"Plant Machine Building Zhukovskii, AO", "zhukov"},
                        {"Халид Мухаммад аль-Хусейн", "khalid"},
                        {"Halid Mohammed Al Husayn", "khalid"},
                        {"Geroe Wenzl", "wenzl"},  // two errors in six letters: by what is left over
                        {"YC3434", "vessel"},
                        {"YV3534", ""},        // another number
                        {"YV334", "vessel"},   // no number of its kind
                        {"YV34b4", "vessel"},  // nor is this
                        {"Ju Xiaodan", "zhu"},
                        {"Si Ki Chin", "see"},
                        {"Jengjou Baiwai Automation", "zhengzhou"},
                        {"Emma LC", "emma"},  // the legal form is damaged
                        {"Emma Ltd", "emma"},
                        {"Emma Qat", ""},
                        {"Mueller und Soehne Praezisionsgeraete", "muller"},
                        {"Muller Sohne Prazisionsgerate", "muller"},
                        {"MULLER & SOHNE PRAZISIONSGERATE G.m.b.H.", "muller"},
                        {"Yashen Electronics", "yashen"},
                        {"Yashen HK Electrunics LLC", "yashen"},
                        {"Ali Bagher Tehrani", "initials"},
                        {"Shen Zhen Hua Da Instrument", "szhd"},
                        {"ShenzhenHuada Instrument", "szhd"},
                        {"Hauwei Technologies", "huawei"},  // joined and misspelt
                        {"HangzhouHikvision Digital Technology", "hik"},
                        {"13th Research Institute of China Electronics Technology Group Corporation", "i13"},
                        {"Mohammad Ahmadi", ""},
                        {"Ltd.", ""},
                        {"Completely Unrelated Bakery", ""}};
  for (const Case& c : cases) {
    INFO(c.asked);
    CHECK(best(screener, c.asked) == c.expected);
  }
}

TEST_CASE("country and list filters hold") {
  Screener screener;
  screener.load(watched());
  CHECK(screener.search({"Hikvision", "IR", {}, 0.8, 10}).empty());
  CHECK(screener.search({"Hikvision", "CN", {ListId::entity_list}, 0.8, 10}).size() == 1);
  CHECK(screener.search({"Hikvision", "", {ListId::meu_list}, 0.8, 10}).empty());
}

TEST_CASE("a commit's entries are found at once and removed ones no longer") {
  Screener screener;
  screener.load(watched());
  auto entries = watched();
  entries[0].status = EntryStatus::removed;
  entries[1].listing.name = "Phoenix Cameras";
  screener.update({entries[0], entries[1]});
  CHECK(best(screener, "Hikvision").empty());
  CHECK(best(screener, "Zhejiang Dahua Technology").empty());
  CHECK(best(screener, "Phoenix Cameras") == "dahua");
}

TEST_CASE("words cut from names") {
  using screening::words_of;
  CHECK(words_of("Foo Bar, L.L.C.") == std::vector<std::string>{"foo", "bar", "llc"});
  CHECK(words_of("Grupo X, S.A. de C.V.") == std::vector<std::string>{"grupo", "x", "s", "a", "de", "cv"});
  CHECK(words_of("M. R. Rajabi") == std::vector<std::string>{"m", "r", "rajabi"});
  CHECK(words_of("13th Institute, 2nd Bureau, No. 100th") ==
        std::vector<std::string>{"13", "institute", "2", "bureau", "no", "100"});
  std::string endless;
  for (int i = 0; i < 300; ++i) endless += "word" + std::to_string(i) + " ";
  CHECK(words_of(endless).size() == 64);
}

TEST_CASE("likeness of words is symmetric and tells numbers apart") {
  const char* words[] = {"hikvision", "hikvison",  "mohammed",  "muhammad", "institute", "13",     "18",
                         "a13",       "ep",        "llc",       "cho",      "chp",       "yv3434", "yc3434",
                         "yv3534",    "zhukovsky", "zukovskij", "x",        "zhu",       "ju",     "li",
                         "lee",       "lees",      "xu",        "ksu",      "yv343",     "nur",    "noor"};
  for (const char* a : words)
    for (const char* b : words) {
      INFO(a << " " << b);
      CHECK(screening::Likeness(a).to(b) == screening::Likeness(b).to(a));
      CHECK((screening::Likeness(a).to(b) == 1.0) == (std::string(a) == b));
    }
  CHECK(screening::Likeness("13").to("18") == 0);
  CHECK(screening::Likeness("mohammed").to("muhammad") >= 0.8);
  CHECK(screening::Likeness("mahmoud").to("mohammed") == 0);
  CHECK(screening::Likeness("zhukovsky").to("zukovskij") >= 0.8);
  CHECK(screening::Likeness("yv3434").to("yv3534") == 0.7);
  CHECK(screening::Likeness("yv3434").to("yv343") == 0.85);
  CHECK(screening::Likeness("lee").to("li") == 0.78);
  CHECK(screening::Likeness("li").to("lu") == 0);
  CHECK(screening::Likeness("jalal").to("zhalal") >= 0.8);
  CHECK(screening::Likeness("jusuf").to("yusuf") >= 0.8);
}

namespace {

// A list of names over few words, so that most words are common and names overlap in every way.
std::vector<ScreenParty> crowd(std::mt19937& random, std::size_t count) {
  const char* words[] = {"hua",      "wei",         "huawei",     "shen",     "zhen",      "shenzhen",
                         "trading",  "tradings",    "company",    "ltd",      "institute", "instituto",
                         "mohammad", "muhammad",    "mohamed",    "m",        "a",         "al",
                         "hassan",   "hasan",       "research",   "resaerch", "13",        "18",
                         "no",       "electronics", "electronic", "bank",     "export",    "import",
                         "of",       "the",         "li",         "lee"};
  std::vector<ScreenParty> out;
  for (std::size_t i = 0; i < count; ++i) {
    ScreenParty party{"party" + std::to_string(i),
                      i % 3 == 0 ? ListId::meu_list : ListId::entity_list,
                      i % 2 == 0 ? "CN" : "IR",
                      {}};
    for (std::size_t n = 1 + random() % 2; n > 0; --n) {
      std::string name;
      for (std::size_t w = 1 + random() % 5; w > 0; --w)
        name.append(name.empty() ? "" : " ").append(words[random() % std::size(words)]);
      party.names.push_back(name);
    }
    out.push_back(std::move(party));
  }
  return out;
}

}  // namespace

// Asked for everything, a search leaves nothing out; asked for the ten best, it must find the same ten.
TEST_CASE("what a search leaves out could not have been among its hits") {
  std::mt19937 random(20);
  const ScreeningIndex index(crowd(random, 4000));
  for (const ScreenParty& asked : crowd(random, 150))
    for (const double least : {0.5, 0.8, 0.95})
      for (const std::size_t limit : {1u, 10u, 60u}) {
        ScreenQuery query{asked.names.front(), random() % 3 == 0 ? "CN" : "", {}, 0, 10'000};
        std::vector<ScreenHit> all = index.search(query);
        std::erase_if(all, [&](const ScreenHit& h) { return h.score < least; });
        if (all.size() > limit) all.resize(limit);
        query.min_score = least;
        query.limit = limit;
        const std::vector<ScreenHit> best = index.search(query);
        INFO(query.name << ", least " << least << ", limit " << limit);
        REQUIRE(best.size() == all.size());
        for (std::size_t i = 0; i < best.size(); ++i) {
          CHECK(best[i].entry_id == all[i].entry_id);
          CHECK(best[i].score == all[i].score);
        }
      }
}

TEST_CASE("an index gives back the parties it was made of") {
  std::mt19937 random(21);
  std::vector<ScreenParty> given = crowd(random, 50);
  given.push_back({"nameless", ListId::entity_list, "", {}});
  given.push_back({"empty", ListId::entity_list, "CN", {"", "…"}});
  std::sort(given.begin(), given.end(), [](const auto& a, const auto& b) { return a.entry_id < b.entry_id; });
  std::size_t at = 0;
  ScreeningIndex(given).each_party([&](const ScreenParty& p) {
    REQUIRE(at < given.size());
    CHECK(p.entry_id == given[at].entry_id);
    CHECK(p.list == given[at].list);
    CHECK(p.country_code == given[at].country_code);
    CHECK(p.names == given[at++].names);
  });
  CHECK(at == given.size());
}

namespace {

Entry entry_of(const ScreenParty& party) {
  Entry e;
  e.id = party.entry_id;
  e.list = party.list;
  e.listing.name = party.names.front();
  e.listing.aliases.assign(party.names.begin() + 1, party.names.end());
  e.listing.country_code = party.country_code;
  return e;
}

}  // namespace

// Past its bound the small index of changes is merged into the large one: nothing is lost or doubled there.
TEST_CASE("a list changed entry by entry answers as one loaded at once") {
  std::mt19937 random(22);
  const std::vector<ScreenParty> parties = crowd(random, 5000);
  std::vector<Entry> entries;
  for (const ScreenParty& p : parties) entries.push_back(entry_of(p));
  Screener grown;
  grown.load({entries.begin(), entries.begin() + 1000});
  for (std::size_t at = 500; at < entries.size(); at += 750) {  // some are said again
    std::vector<Entry> commit(
        entries.begin() + static_cast<std::ptrdiff_t>(at),
        entries.begin() + static_cast<std::ptrdiff_t>(std::min(entries.size(), at + 750)));
    grown.update(commit);
  }
  std::vector<Entry> removed(entries.begin(), entries.begin() + 300);
  for (Entry& e : removed) e.status = EntryStatus::removed;
  grown.update(removed);
  Screener loaded;
  loaded.load({entries.begin() + 300, entries.end()});
  CHECK(grown.names() >= loaded.names());
  for (std::size_t i = 0; i < entries.size(); i += 97) {
    const auto hits = [&](const Screener& s) {
      std::vector<std::string> ids;
      for (const ScreenHit& h : s.search({entries[i].listing.name, "", {}, 1.0, 100}))
        ids.push_back(h.entry_id);
      return ids;
    };
    INFO(entries[i].listing.name);
    CHECK(hits(grown) == hits(loaded));
  }
}

TEST_CASE("readers search while commits arrive") {
  std::mt19937 random(23);
  std::vector<Entry> entries;
  for (const ScreenParty& p : crowd(random, 2500)) entries.push_back(entry_of(p));
  Entry steady = entry_of({"steady", ListId::entity_list, "CN", {"Steadfast Observatory"}});
  Screener screener;
  screener.load({steady});
  std::atomic<bool> done{false};
  std::atomic<std::size_t> missed{0};
  std::atomic<std::size_t> asked{0};
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 2; ++i)
      readers.emplace_back([&] {
        do {
          missed += best(screener, "Steadfast Observatory") == "steady" ? 0 : 1;
          ++asked;
        } while (!done);
      });
    for (std::size_t at = 0; at < entries.size(); at += 50)
      screener.update({entries.begin() + static_cast<std::ptrdiff_t>(at),
                       entries.begin() + static_cast<std::ptrdiff_t>(at) + 50});
    done = true;
  }
  CHECK(asked > 0);
  CHECK(missed == 0);
}

TEST_CASE("a query of nothing but common words, repeated, ends soon and stays in order") {
  std::mt19937 random(24);
  const ScreeningIndex index(crowd(random, 2000));
  std::string name;
  for (int i = 0; i < 200; ++i) name += i % 2 == 0 ? "trading " : "bank ";
  const auto hits = index.search({name, "", {}, 0, 1000});
  REQUIRE(hits.size() > 500);
  CHECK(std::is_sorted(hits.begin(), hits.end(), [](const ScreenHit& a, const ScreenHit& b) {
    return a.score != b.score ? a.score > b.score : a.entry_id < b.entry_id;
  }));
}

TEST_CASE("scores lie between 0 and 1 and an equal name scores 1") {
  Screener screener;
  screener.load(watched());
  const auto hits = screener.search({"Mohammad Reza Rajabi", "", {}, 0, 10});
  REQUIRE_FALSE(hits.empty());
  CHECK(hits.front().score == 1.0);
  CHECK(hits.front().reason == "same words");
  for (const ScreenHit& h : hits) CHECK((h.score >= 0 && h.score <= 1));
  CHECK(screener.search({"", "", {}, 0, 10}).empty());
  CHECK(screener.search({"…", "", {}, 0, 10}).empty());
}
