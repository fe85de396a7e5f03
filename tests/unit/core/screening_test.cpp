#include <catch2/catch_test_macros.hpp>

#include "core/screening.hpp"
#include "track_support.hpp"

using namespace entitywatch;
using test::listing;

namespace {

std::vector<Entry> watched() {
  const auto entry = [](const char* id, const char* country, const char* name, std::vector<std::string> aliases = {}) {
    Entry e;
    e.id = id;
    e.listing = listing(country, name);
    e.listing.aliases = std::move(aliases);
    return e;
  };
  return {entry("hik", "CHINA, PEOPLE'S REPUBLIC OF", "Hangzhou Hikvision Digital Technology Co., Ltd.", {"Hikvision"}),
          entry("dahua", "CHINA, PEOPLE'S REPUBLIC OF", "Zhejiang Dahua Technology"),
          entry("huawei", "CHINA, PEOPLE'S REPUBLIC OF", "Hua Wei Technologies Co., Ltd."),
          entry("i13", "CHINA, PEOPLE'S REPUBLIC OF", "China Electronics Technology Group Corporation 13th Research Institute (CETC 13)"),
          entry("i18", "CHINA, PEOPLE'S REPUBLIC OF", "China Electronics Technology Group Corporation 18th Research Institute (CETC 18)"),
          entry("rajabi", "IRAN", "Mohammad Reza Rajabi"),
          entry("svyaz", "RUSSIA", "Общество Связь", {"OOO Svyaz"}),
          entry("trading", "IRAN", "Global Trading Company")};
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
