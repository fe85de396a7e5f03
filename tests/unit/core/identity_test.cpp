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

TEST_CASE("ids depend on list, country and name, not on spelling") {
  CHECK(entry_id(ListId::entity_list, "TURKEY", "Alpha Co., Ltd.") == entry_id(ListId::entity_list, "TÜRKIYE", "ALPHA CO LTD"));
  CHECK(entry_id(ListId::entity_list, "IRAN", "Alpha") != entry_id(ListId::meu_list, "IRAN", "Alpha"));
  CHECK(entry_id(ListId::entity_list, "IRAN", "Alpha").size() == 20);
}
