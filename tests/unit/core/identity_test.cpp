#include <catch2/catch_test_macros.hpp>

#include "core/identity.hpp"
#include "track_support.hpp"

using namespace entitywatch;
using test::listing;

namespace {

Matching match(const std::vector<Listing>& before, const std::vector<Listing>& after) {
  std::vector<const Listing*> b;
  std::vector<const Listing*> a;
  for (const Listing& l : before) b.push_back(&l);
  for (const Listing& l : after) a.push_back(&l);
  return match_rows(b, a);
}

}  // namespace

TEST_CASE("rows of one name pair whatever their order and spelling") {
  const Matching m = match({listing("IRAN", "Alpha Co."), listing("IRAN", "Beta")}, {listing("IRAN", "BETA"), listing("IRAN", "Alpha Co")});
  CHECK(m.pairs.size() == 2);
  CHECK(m.pairs[0].before == 1);
  CHECK(m.gone.empty());
  CHECK(m.fresh.empty());
}

TEST_CASE("namesakes pair by address") {
  const Matching m = match({listing("IRAN", "Ali", "1 A St"), listing("IRAN", "Ali", "2 B St")}, {listing("IRAN", "Ali", "2 B St"), listing("IRAN", "Ali", "1 A St")});
  REQUIRE(m.pairs.size() == 2);
  CHECK(m.pairs[0].before == 1);
  CHECK(m.pairs[1].before == 0);
}

TEST_CASE("one name under two countries is two entries") {
  const Matching m = match({listing("IRAN", "Alpha")}, {listing("IRAQ", "Alpha")});
  CHECK(m.pairs.empty());
  CHECK(m.gone.size() == 1);
  CHECK(m.fresh.size() == 1);
}

TEST_CASE("unrelated parties at one address do not pair") {
  const Matching m = match({listing("IRAN", "Ghatran Kaveh Motor", "7 X St")}, {listing("IRAN", "Simin Electronics", "7 X St")});
  CHECK(m.pairs.empty());
}

namespace {

Listing cited(Listing l, int volume, int page) {
  Citation c;
  c.volume = volume;
  c.page = page;
  l.citations.push_back(c);
  l.raw = {};  // of sources that print cells otherwise
  return l;
}

}  // namespace

TEST_CASE("what one source counts to the name and another to the address is one party") {
  const Matching m = match({cited(listing("CHINA", "Alpha Device Co., Limited, Tsim Sha Tsui", "Kowloon, Hong Kong"), 84, 22961)},
                           {cited(listing("CHINA", "Alpha Device Co., Limited", "Tsim Sha Tsui, Kowloon, Hong Kong"), 84, 22963)});
  REQUIRE(m.pairs.size() == 1);
  CHECK(m.pairs[0].reason == "the same words, parted elsewhere into name and address");
}

TEST_CASE("an address in another order is the same address") {
  const Matching m = match({listing("RUSSIA", "Dmitry Moroz", "Pr. Yuria Gagarina 2, Office 801, St. Petersburg, 196105, Russia")},
                           {listing("RUSSIA", "Dmitriy Moroz", "Pr. Yuria Gagarina 2, Office 801, St. Petersburg, Russia 196105")});
  CHECK(m.pairs.size() == 1);
}

TEST_CASE("a source that does not know the country says nothing against it") {
  const Matching m = match({cited(listing("", "Alpha Morocco", "Plateaux 11, 12 et 13, Hay Riad, Rabat"), 85, 51603)},
                           {cited(listing("MOROCCO", "Alpha Morocco", "Plateaux 11, 12 et 13, Hay Riad, Rabat, Morocco"), 85, 51603)});
  CHECK(m.pairs.size() == 1);
}

TEST_CASE("another number in the name is another institute, cited by one rule or not") {
  const Matching m = match({cited(listing("CHINA", "First Academy 702 Research Institute", "1 South Road, Fengtai, Beijing"), 66, 24266)},
                           {cited(listing("CHINA", "First Academy 772 Research Institute", "2 North Lane, Haidian, Beijing"), 66, 24266)});
  CHECK(m.pairs.empty());
}

TEST_CASE("ids depend on list, country and name, not on spelling") {
  CHECK(entry_id(ListId::entity_list, "TURKEY", "Alpha Co., Ltd.") == entry_id(ListId::entity_list, "TÜRKIYE", "ALPHA CO LTD"));
  CHECK(entry_id(ListId::entity_list, "IRAN", "Alpha") != entry_id(ListId::meu_list, "IRAN", "Alpha"));
  CHECK(entry_id(ListId::entity_list, "IRAN", "Alpha").size() == 20);
}
