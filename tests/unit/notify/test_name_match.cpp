#include <catch2/catch_test_macros.hpp>

#include "notify/name_match.hpp"

using namespace entitywatch::notify;

namespace {
bool matches(const std::string& pattern, const std::string& name) {
  return NamePatterns({pattern}).matches(name);
}
}  // namespace

TEST_CASE("whole words, whatever the case, accents and punctuation") {
  const std::string name = "Hangzhou Hikvision Digital Technology Co., Ltd.";
  for (const char* yes : {"hikvision", "HIKVISION", "Hikvision Digital", "digital technology co ltd",
                          "co., ltd.", "Hangzhou", "hangzhou hikvision digital technology co., ltd."})
    CHECK(matches(yes, name));
  for (const char* no : {"hik", "vision", "hikvision technology", "hikvisions", "digi"})
    CHECK_FALSE(matches(no, name));
}

TEST_CASE("globs") {
  CHECK(matches("semiconductor*", "Shanghai Semiconductors Manufacturing"));
  CHECK(matches("semiconductor*", "Semiconductor"));
  CHECK_FALSE(matches("semiconductor*", "Nonsemiconductor Works"));
  CHECK(matches("*conductor", "Shanghai Semiconductor Works"));
  CHECK_FALSE(matches("*conductor", "Semiconductors"));
  CHECK(matches("hik*sion", "Hikvision"));
  CHECK(matches("hikv?sion", "Hikvision"));
  CHECK_FALSE(matches("hikv?sion", "Hikvsion"));
  CHECK(matches("shenzhen *tech*", "Shenzhen HyperStrong Technology"));
  CHECK_FALSE(matches("shenzhen *tech*", "Shenzhentech"));
  CHECK(matches("co., *ltd", "Acme Co. Pte Ltd"));
  CHECK(matches("*", "Anything"));
}

TEST_CASE("other scripts, and names written in them") {
  CHECK(matches("海康威视", "海康威视 杭州"));
  CHECK(matches("gazprom*", "Газпромнефть"));
  CHECK(matches("uberlandia", "Überlândia Comércio"));
  CHECK(matches("ÜBERLÂNDIA", "überlândia comércio"));
}

TEST_CASE("an empty or meaningless pattern matches nothing; no patterns match all") {
  CHECK_FALSE(matches("", "Acme"));
  CHECK_FALSE(matches("...", "Acme"));
  CHECK_FALSE(matches("?", "Acme Works"));
  CHECK(NamePatterns({}).matches("Acme"));
}

TEST_CASE("one pattern of several is enough") { CHECK(NamePatterns({"nothing", "acme"}).matches("Acme")); }

TEST_CASE("globs take no time that grows with stars") {
  const std::string pattern = "a*a*a*a*a*a*a*a*a*a*a*a*b";
  CHECK_FALSE(glob(pattern, std::string(5000, 'a')));
}
