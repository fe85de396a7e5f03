#include <catch2/catch_test_macros.hpp>

#include "notify/watchlist.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

TEST_CASE("a watchlist in the forms spreadsheets write") {
  const auto plain = parse_watchlist(
      "id,name,country,address\nV-1,\"Acme, Ltd.\",China,\"1 Road\nShenzhen\"\n\nV-2,Beta \"\"x,,\n");
  REQUIRE(plain);
  REQUIRE(plain->size() == 2);
  CHECK((*plain)[0] == Counterparty{"Acme, Ltd.", "CN", "1 Road Shenzhen", "V-1"});
  CHECK((*plain)[1].country.empty());
  const auto excel = parse_watchlist("\xEF\xBB\xBFName;Country\r\nAcme;CN\r\n");
  REQUIRE(excel);
  CHECK(excel->at(0) == Counterparty{"Acme", "CN", "", ""});
}

TEST_CASE("a watchlist that cannot be read names the line") {
  CHECK_FALSE(parse_watchlist("company,country\nAcme,CN\n"));
  CHECK_FALSE(parse_watchlist(""));
  const auto empty_name = parse_watchlist("name,id\nAcme,1\n,2\n");
  REQUIRE_FALSE(empty_name);
  CHECK(empty_name.error().message.find("line 3") != std::string::npos);
  CHECK_FALSE(parse_watchlist("name\n\"never closed\n"));
}

TEST_CASE("equal names match through aliases and across punctuation") {
  const EqualNames matcher(
      {{"vendors.csv", {{"ACME TRADING CO LTD", "CN", "", "V-1"}, {"Other", "", "", "V-2"}}}});
  Subscription subscription;
  subscription.watchlist = "vendors.csv";
  Change change = samples::change(ChangeKind::added, samples::chinese_party(1), samples::rule());
  CHECK(matcher.match(subscription, change).empty());
  change.entry->listing.aliases.push_back("Acme Trading Co., Ltd.");
  const auto matches = matcher.match(subscription, change);
  REQUIRE(matches.size() == 1);
  CHECK(matches[0] == WatchlistMatch{change.id, "ACME TRADING CO LTD", "V-1", 1.0, "Acme Trading Co., Ltd."});
  subscription.watchlist = "another.csv";
  CHECK(matcher.match(subscription, change).empty());
}
